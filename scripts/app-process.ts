/** The app as a child process: the built server, or Vite's development server. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../supabase/embedded/start.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

export type AppProcess = { ended: Promise<number | null>; stop(): Promise<void> };

export type AppOptions = { stack: Stack; host: string; port: number; demo: boolean };

/** The variables by which the app finds its Supabase; the same ones point it at a hosted one. */
export function appEnvironment({ stack, host, port, demo }: AppOptions): NodeJS.ProcessEnv {
	return {
		...process.env,
		PORT: String(port),
		HOST: host,
		PROTOCOL_HEADER: 'x-forwarded-proto',
		PUBLIC_SUPABASE_URL: stack.url,
		PUBLIC_SUPABASE_KEY: stack.keys.publishable,
		PUBLIC_VERSTAK_DEMO: demo ? '1' : '',
		// somebody who brings VAPID keys of his own says so to the functions and here
		PUBLIC_VERSTAK_PUSH_KEY: process.env.PUBLIC_VERSTAK_PUSH_KEY ?? stack.secrets.vapid.publicKey
	};
}

/** Serves the built app; resolves when it listens. */
export const serveApp = (options: AppOptions, quiet = false) =>
	launch('app-server.ts', { ...appEnvironment(options), NODE_ENV: 'production' }, quiet);

/** Runs Vite's development server with hot reload; resolves when it listens. */
export const serveDevelopment = (options: AppOptions) =>
	launch('dev-server.ts', appEnvironment(options), false);

async function launch(script: string, env: NodeJS.ProcessEnv, quiet: boolean): Promise<AppProcess> {
	const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
		cwd: PROJECT,
		env,
		stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit', 'ipc']
	});
	await new Promise<void>((resolve, reject) => {
		child.once('message', (message: { ready?: boolean; failed?: string }) =>
			message.ready ? resolve() : reject(new Error(message.failed))
		);
		child.once('exit', (code) => reject(new Error(`${script} ended with code ${code}.`)));
	});
	return supervise(child);
}

function supervise(child: ChildProcess): AppProcess {
	const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
	return {
		ended,
		stop: async () => {
			if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
			await ended;
		}
	};
}
