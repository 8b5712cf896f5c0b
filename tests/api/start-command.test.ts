// `npm start` as a newcomer and a saboteur use it
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 120_000;

let directory: string;
let environment: NodeJS.ProcessEnv;
let child: ChildProcess | undefined;
let said = '';

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'verstak-test-'));
	execFileSync('chmod', ['755', directory]);
	environment = {
		...process.env,
		VERSTAK_HOME: join(directory, 'home'),
		VERSTAK_PORT: String(await freePort()),
		VERSTAK_API_PORT: String(await freePort()),
		VERSTAK_DB_PORT: String(await freePort()),
		VERSTAK_MAIL_PORT: String(await freePort()),
		VERSTAK_SMTP_PORT: String(await freePort())
	};
});
afterAll(async () => {
	await stop('SIGTERM');
	rmSync(directory, { recursive: true, force: true });
});

const script = (name: string, ...options: string[]) => [`scripts/${name}.ts`, ...options];

/** Starts and waits for the ready line, or for the end. */
async function start(): Promise<number | null> {
	said = '';
	const started = spawn(process.execPath, script('start'), { cwd: PROJECT, env: environment });
	child = started;
	const hear = (chunk: Buffer) => (said += chunk.toString());
	started.stdout.on('data', hear);
	started.stderr.on('data', hear);
	let code: number | null = null;
	started.once('exit', (exit) => (code = exit ?? -1));
	for (let waited = 0; waited < READY_MS; waited += 100) {
		if (code !== null || said.includes('Ctrl-C')) return code;
		await sleep(100);
	}
	throw new Error(`not ready after ${READY_MS} ms:\n${said}`);
}

async function stop(signal: NodeJS.Signals): Promise<void> {
	const running = child;
	if (!running || running.exitCode !== null || running.signalCode !== null) return;
	const ended = new Promise((resolve) => running.once('exit', resolve));
	running.kill(signal);
	await ended;
}

function run(name: string, ...options: string[]): { code: number; out: string } {
	try {
		const out = execFileSync(process.execPath, script(name, ...options), {
			cwd: PROJECT,
			env: environment,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'pipe']
		});
		return { code: 0, out };
	} catch (error) {
		const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
		return { code: status, out: stdout + stderr };
	}
}

/** Processes whose command line or environment names this installation. */
function leftovers(): string[] {
	return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
		.split('\n')
		.filter((line) => line.includes(directory));
}

const page = async () =>
	(await fetch(`http://localhost:${environment.VERSTAK_PORT}/signin`)).status;

const health = async () =>
	(await fetch(`http://127.0.0.1:${environment.VERSTAK_API_PORT}/health`)).status;

function postgresPid(): number {
	const file = join(environment.VERSTAK_HOME ?? '', 'postgres/data/postmaster.pid');
	return Number(readFileSync(file, 'utf8').split('\n')[0]);
}

describe('the start command', () => {
	it(
		'prints a line per step, the address and a sign-in per role',
		async () => {
			expect(await start()).toBeNull();
			for (const step of ['Supabase', 'Migrations', 'Demo company', 'App build', 'App server']) {
				expect(said).toMatch(new RegExp(`✓ ${step}.* \\d+\\.\\d s`));
			}
			expect(said).toContain(`http://localhost:${environment.VERSTAK_PORT}`);
			for (const role of ['admin', 'manager', 'marketer', 'operator', 'coordinator', 'master']) {
				expect(said).toContain(`${role}@demo.verstak.test`);
			}
			expect(await page()).toBe(200);
		},
		READY_MS
	);

	it('tells its addresses to scripts', () => {
		const { out } = run('status', '--json');
		const status = JSON.parse(out) as Record<string, string>;
		expect(Object.keys(status)).toEqual(['app', 'api', 'db', 'mail', 'publishable_key']);
		expect(status.app).toBe(`http://localhost:${environment.VERSTAK_PORT}`);
		expect(status.publishable_key).toMatch(/^sb_publishable_/);
	});

	it('refuses to run twice in one home, and the first goes on', async () => {
		const second = run('start');
		expect(second.code).toBe(1);
		expect(second.out).toContain('already runs');
		expect(run('status').code).toBe(0);
		expect(await page()).toBe(200);
	});

	it('explains a busy port and names the variable', () => {
		const other = { ...environment, VERSTAK_HOME: join(directory, 'other') };
		const before = environment;
		environment = other;
		const { code, out } = run('start');
		environment = before;
		expect(code).toBe(1);
		expect(out).toContain(`Port ${environment.VERSTAK_PORT}`);
		expect(out).toContain('VERSTAK_PORT=');
	});

	it('does not reset what is running', () => {
		const { code, out } = run('reset', '--yes');
		expect(code).toBe(1);
		expect(out).toContain('Stop it');
	});

	it.each([
		['the app server', () => leftoversOf('app-server')],
		['Postgres', postgresPid],
		['Postgres again', postgresPid]
	])(
		'goes on when %s is killed under load',
		async (_what, pidOf) => {
			let running = true;
			const load = Array.from({ length: 30 }, async (_, i) => {
				while (running) await (i % 2 ? page() : health()).catch(() => sleep(20));
			});
			await sleep(500);
			process.kill(pidOf(), 'SIGKILL');
			await sleep(300);
			const state = async () => [await health().catch(() => 0), await page().catch(() => 0)];
			await expect.poll(state, { timeout: 15_000 }).toEqual([200, 200]);
			running = false;
			await Promise.all(load);
			expect(child?.exitCode).toBeNull();
		},
		30_000
	);

	it(
		'leaves no process behind when it is killed, and starts again from there',
		async () => {
			await stop('SIGKILL');
			await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
			expect(await start()).toBeNull();
			expect(await page()).toBe(200);
		},
		READY_MS
	);

	it('ends everything at Ctrl-C', async () => {
		await stop('SIGINT');
		expect(child?.exitCode).toBe(0);
		await expect.poll(leftovers, { timeout: 10_000 }).toEqual([]);
		expect(run('status').code).toBe(1);
	});

	it('resets only after a yes', () => {
		expect(run('reset').out).toContain('Nobody can be asked');
		expect(readFileSync(join(directory, 'home/secrets.json'), 'utf8')).toContain('sb_secret_');
		expect(run('reset', '--yes').code).toBe(0);
		expect(() => readFileSync(join(directory, 'home/secrets.json'))).toThrow();
	});
});

/** The process id of the app server that belongs to our child. */
function leftoversOf(name: string): number {
	const line = execFileSync('ps', ['-eo', 'pid,ppid,args'], { encoding: 'utf8' })
		.split('\n')
		.map((row) => row.trim().split(/\s+/))
		.find(([, parent, ...args]) => Number(parent) === child?.pid && args.join(' ').includes(name));
	return Number(line?.[0]);
}
