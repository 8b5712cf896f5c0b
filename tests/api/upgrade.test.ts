// `npm start` of a newer Verstak on an installation with data
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { buildApp } from '../../scripts/build-app.ts';
import { loadSecrets } from '../../supabase/embedded/secrets.ts';
import { databaseUrls } from '../../supabase/embedded/bootstrap/bootstrap.ts';
import { PROJECT, run } from '../support/command.ts';
import { copyTemplate, prepareTemplates, removeHome } from '../support/template.ts';

const READY_MS = 180_000;
const COPIED =
	'build scripts supabase src static messages project.inlang svelte.config.js vite.config.ts languages.config.ts package.json package-lock.json'.split(
		' '
	);

let tree: string;
let home: string;
let environment: NodeJS.ProcessEnv;
let child: ChildProcess | undefined;

beforeAll(async () => {
	await Promise.all([prepareTemplates(), buildApp()]);
	home = copyTemplate('demo');
	tree = mkdtempSync(join(tmpdir(), 'verstak-test-'));
	execFileSync('chmod', ['755', tree]);
	for (const name of COPIED) {
		if (existsSync(join(PROJECT, name)))
			cpSync(join(PROJECT, name), join(tree, name), { recursive: true });
	}
	symlinkSync(join(PROJECT, 'node_modules'), join(tree, 'node_modules'));
	environment = {
		...process.env,
		VERSTAK_HOME: home,
		VERSTAK_PORT: String(await freePort()),
		VERSTAK_API_PORT: String(await freePort()),
		VERSTAK_DB_PORT: String(await freePort()),
		VERSTAK_MAIL_PORT: String(await freePort()),
		VERSTAK_SMTP_PORT: String(await freePort())
	};
}, READY_MS);
afterAll(async () => {
	await end();
	rmSync(tree, { recursive: true, force: true });
	removeHome(home);
});

/** Starts the newer tree; resolves with what it said when it is ready or has given up. */
async function start(): Promise<{ said: string; code: number | null }> {
	let said = '';
	let code: number | null = null;
	child = spawn(process.execPath, ['scripts/start.ts'], { cwd: tree, env: environment });
	const hear = (chunk: Buffer) => (said += chunk.toString());
	child.stdout?.on('data', hear);
	child.stderr?.on('data', hear);
	child.once('exit', (exit) => (code = exit ?? -1));
	for (let waited = 0; waited < READY_MS; waited += 100) {
		if (code !== null || said.includes('Ctrl-C')) return { said, code };
		await sleep(100);
	}
	throw new Error(`neither ready nor ended:\n${said}`);
}

async function end(): Promise<void> {
	const running = child;
	if (!running || running.exitCode !== null || running.signalCode !== null) return;
	const ended = new Promise((resolve) => running.once('exit', resolve));
	running.kill('SIGTERM');
	await ended;
}

const migration = (version: string, sql: string) =>
	writeFileSync(join(tree, `supabase/migrations/${version}_test.sql`), sql);

async function ask<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
	const { owner } = databaseUrls(Number(environment.VERSTAK_DB_PORT), await loadSecrets(home));
	const sql = postgres(owner, { max: 1, onnotice: () => {} });
	return work(sql).finally(() => sql.end());
}

let orders: number;

it(
	'saves the data first, then applies what is new; the data is there',
	async () => {
		migration('29990101000001', 'alter table public.orders add column upgraded int default 7;');
		const { said, code } = await start();
		expect(code, said).toBeNull();
		expect(said.indexOf('✓ Backup before the upgrade')).toBeGreaterThan(0);
		expect(said.indexOf('✓ Migrations')).toBeGreaterThan(said.indexOf('✓ Backup'));
		const [row] = await ask(
			(sql) => sql<{ count: number; seven: number }[]>`
			select count(*)::int as count, count(*) filter (where upgraded = 7)::int as seven
			from public.orders`
		);
		orders = row?.count ?? 0;
		expect(orders).toBeGreaterThan(10);
		expect(row?.seven).toBe(orders);
		await end();
	},
	READY_MS
);

it(
	'a migration that fails is named, with the way back, and the data stays as it was',
	async () => {
		migration(
			'29990101000002',
			'alter table public.orders drop column upgraded; create table public.half (); select 1 / 0;'
		);
		const { said, code } = await start();
		expect(code).toBe(1);
		expect(said).toContain('✗ Migrations');
		expect(said).toContain('29990101000002');
		expect(said).toContain('division by zero');
		const backup = /npm run restore -- (\S+)/.exec(said)?.[1] ?? '';
		expect(existsSync(join(home, 'backups', backup))).toBe(true);
		rmSync(join(tree, 'supabase/migrations/29990101000002_test.sql'));
		const again = await start();
		expect(again.code, again.said).toBeNull();
		expect(again.said).not.toContain('Backup before the upgrade');
		const [row] = await ask(
			(sql) => sql<{ count: number; seven: number; half: string | null }[]>`
			select count(*)::int as count, count(*) filter (where upgraded = 7)::int as seven,
				to_regclass('public.half') as half
			from public.orders`
		);
		expect(row).toEqual({ count: orders, seven: orders, half: null });
		await end();
		// the way back, as it was told
		const restored = await run('node', [join(tree, 'scripts/restore.ts'), backup, '--yes'], {
			VERSTAK_HOME: home
		});
		expect(restored.code, restored.out).toBe(0);
	},
	2 * READY_MS
);
