/** Running the project's commands as a person would, against a test's own home. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export type Outcome = { code: number; out: string };

export function run(
	program: string,
	arguments_: string[],
	env: Record<string, string> = {}
): Promise<Outcome> {
	return new Promise((resolve) => {
		const options = { cwd: PROJECT, env: { ...process.env, ...env } };
		execFile(program, arguments_, options, (error, stdout, stderr) =>
			resolve({ code: error ? Number(error.code ?? 1) : 0, out: stdout + stderr })
		);
	});
}

/** `npm run <name>` for the installation in a home. */
export const script = (name: string, home: string, ...arguments_: string[]): Promise<Outcome> =>
	run('node', [`scripts/${name}.ts`, ...arguments_], { VERSTAK_HOME: home });
