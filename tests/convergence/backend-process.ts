/** The whole backend as a process of its own, because it is to be killed like one. */
import { start, type Stack } from '../../supabase/embedded/start.ts';

export type Question =
	| { kind: 'start'; home: string; ports: { api: number; db: number } }
	| { kind: 'kill_postgres' }
	| { kind: 'restart_realtime' }
	| { kind: 'stop' };
export type Addresses = { url: string; dbUrl: string; key: string };

let stack: Stack | undefined;

async function answer(question: Question): Promise<Addresses | null> {
	if (question.kind === 'start') {
		const { home, ports } = question;
		stack = await start({ home, ports });
		await stack.reloadSchema();
		return { url: stack.url, dbUrl: stack.dbUrl, key: stack.keys.publishable };
	}
	if (question.kind === 'kill_postgres' && stack) process.kill(stack.postgresPid(), 'SIGKILL');
	if (question.kind === 'restart_realtime') await stack?.restartRealtime(300);
	if (question.kind === 'stop') await stack?.stop();
	return null;
}

process.on('message', (question: Question) => {
	answer(question).then(
		(reply) => process.send?.(reply),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		}
	);
});
process.once('disconnect', () => void stack?.stop().then(() => process.exit(0)));
