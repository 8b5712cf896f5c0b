/** A helper process with one pending question at a time. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Child = { ask<T>(question: unknown): Promise<T>; stop(): Promise<void> };

export function startChild(script: string, execArgv: string[] = []): Child {
	const child: ChildProcess = fork(fileURLToPath(new URL(script, import.meta.url)), {
		serialization: 'advanced',
		execArgv
	});
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	return {
		ask: <T>(question: unknown) =>
			new Promise<T>((resolve, reject) => {
				const fail = () => reject(new Error(`${script} ended`));
				child.once('exit', fail);
				child.once('message', (answer) => {
					child.off('exit', fail);
					resolve(answer as T);
				});
				child.send(question as object);
			}),
		stop: async () => {
			if (child.connected) child.disconnect();
			await ended;
		}
	};
}

/** The other side: answers each question; the process ends with its parent. */
export function answerQuestions(answer: (question: never) => Promise<unknown>): void {
	process.on('message', (question) => {
		answer(question as never).then(
			(reply) => process.send?.(reply ?? null),
			(error: unknown) => {
				console.error(error);
				process.exit(1);
			}
		);
	});
}
