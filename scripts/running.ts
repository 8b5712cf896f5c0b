/** `<home>/running.json`: what is running, for `npm run status` and against a second start. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from './settings.ts';

const Running = z.object({
	pid: z.number(),
	app: z.string(),
	api: z.string(),
	db: z.string(),
	/** the mail catcher's page; null when mail is really delivered */
	mail: z.string().nullable(),
	publishable_key: z.string()
});
export type Running = z.infer<typeof Running>;

const fileIn = (home: string) => join(home, 'running.json');

/** The stack running in this home, or null. A file left by a killed process does not count. */
export function findRunning(home: string): Running | null {
	if (!existsSync(fileIn(home))) return null;
	const parsed = Running.safeParse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
	return parsed.success && isAlive(parsed.data.pid) ? parsed.data : null;
}

export function recordRunning(home: string, running: Running): void {
	writeFileSync(fileIn(home), JSON.stringify(running, null, '\t'), { mode: 0o600 });
}

export function forgetRunning(home: string): void {
	rmSync(fileIn(home), { force: true });
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
	try {
		// after a reboot the number may belong to anything
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.ts');
	} catch {
		return process.platform !== 'linux';
	}
}

/** @throws Error naming the busy port and the variable that chooses another */
export async function refuseBusyPorts(settings: Settings): Promise<void> {
	const ports = [
		['app', 'VERSTAK_PORT', settings.appPort],
		['API', 'VERSTAK_API_PORT', settings.apiPort],
		['mail page', 'VERSTAK_MAIL_PORT', settings.mailPort],
		['mail catcher (SMTP)', 'VERSTAK_SMTP_PORT', settings.smtpPort]
	] as const;
	for (const [what, variable, port] of ports) {
		if (settings.mail.smtpUrl && what.startsWith('mail')) continue;
		if (await isBusy(port)) {
			throw new Error(
				`Port ${port} for the ${what} is in use by another program. ` +
					`Stop that program, or choose another port: ${variable}=${port + 100} npm start`
			);
		}
	}
}

function isBusy(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({ port, host: '127.0.0.1' });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
