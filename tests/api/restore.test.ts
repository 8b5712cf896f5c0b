// a restore proves itself before it replaces anything
import { spawn } from 'node:child_process';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import pg from 'pg';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { backUp, upgradeAhead } from '../../scripts/backing-up.ts';
import { recordRunning } from '../../scripts/running.ts';
import type { Backup } from '../../supabase/embedded/backup/backup.ts';
import { checkBackup } from '../../supabase/embedded/backup/check.ts';
import { pendingMigrations } from '../../supabase/embedded/backup/pending.ts';
import { finishReplacement } from '../../supabase/embedded/backup/replace.ts';
import { restoreBackup } from '../../supabase/embedded/backup/restore.ts';
import { tableName } from '../../supabase/embedded/backup/manifest.ts';
import { listTables, STABLE_TEXT } from '../../supabase/embedded/backup/tables.ts';
import { verifyNextIds, verifyTables } from '../../supabase/embedded/backup/verify.ts';
import { start, type Stack } from '../../supabase/embedded/start.ts';
import { PROJECT, run, script } from '../support/command.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let sql: Sql;
let backup: Backup;
/** fresh homes and copies, removed at the end */
let work: string;

const AWKWARD = 'Ґалаґан "Є" \\ \t\n\\.\n№ 7';

beforeAll(async () => {
	work = mkdtempSync(join(tmpdir(), 'verstak-test-backup-'));
	await run('chmod', ['755', work]);
	stack = await startTestStack('demo');
	sql = postgres(stack.dbUrl, { max: 4, onnotice: () => {} });
	await sql`insert into public.clients (first_name, address) values ('Ніка', ${AWKWARD})`;
	const service = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
	await service.storage.createBucket('papers');
	await service.storage.from('papers').upload('a/contract.txt', 'signed');
	await service.storage.from('papers').upload('empty.txt', '');
	backup = await backUp(stack.home, stack.dbUrl, 'test');
});
afterAll(async () => {
	await sql.end();
	await stack.dispose();
	rmSync(work, { recursive: true, force: true });
});

const freshPorts = async () => ({ api: await freePort(), db: await freePort() });
const secretOf = (of: Stack) => of.secrets.jwtSecret;
const check = (path: string) => checkBackup(path, secretOf(stack));

describe('restoring', () => {
	it('into a fresh database brings everything back and proves it', async () => {
		const fresh = await start({ home: join(work, 'fresh'), ports: await freshPorts() });
		try {
			const report = await restoreBackup(await check(backup.path), {
				adminUrl: fresh.urls.admin,
				ownerUrl: fresh.dbUrl,
				storage: join(work, 'fresh/storage')
			});
			expect(report.tables).toBe(backup.manifest.tables.length);
			expect(report.foreignKeys).toBeGreaterThan(5);
			expect(report.sequences).toBeGreaterThan(3);
			expect(report.objects).toBe(2);
			await fresh.reloadSchema();
			const restored = postgres(fresh.dbUrl, { max: 1, onnotice: () => {} });
			const [client] = await restored`select address from public.clients where first_name = 'Ніка'`;
			expect(client?.address).toBe(AWKWARD);
			const [was] = await sql`select max(id)::int as id, count(*)::int as events,
				(select count(*)::int from public.order_events) as history from public.clients`;
			const [is] = await restored`select max(id)::int as id, count(*)::int as events,
				(select count(*)::int from public.order_events) as history from public.clients`;
			expect(is).toEqual(was);
			const [next] =
				await restored`insert into public.clients (first_name) values ('x') returning id::int`;
			expect(next?.id).toBeGreaterThan(was?.id as number);
			expect((await pendingMigrations(fresh.dbUrl)).pending).toEqual([]);
			await restored.end();
			// people, their passwords and files
			const person = createClient(fresh.url, fresh.keys.publishable, {
				auth: { persistSession: false }
			});
			const { error } = await person.auth.signInWithPassword({
				email: 'coordinator@demo.verstak.test',
				password: 'Verstak-demo-1'
			});
			expect(error).toBeNull();
			expect((await person.rpc('board_snapshot')).error).toBeNull();
			const service = createClient(fresh.url, fresh.keys.secret, {
				auth: { persistSession: false }
			});
			const file = await service.storage.from('papers').download('a/contract.txt');
			expect(await file.data?.text()).toBe('signed');
			// never over data
			const again = restoreBackup(await check(backup.path), {
				adminUrl: fresh.urls.admin,
				ownerUrl: fresh.dbUrl,
				storage: join(work, 'fresh/storage')
			});
			await expect(again).rejects.toThrow(/fresh database only/);
		} finally {
			await fresh.stop();
		}
	});

	it('refuses data whose references hang, naming the table', async () => {
		await sql.unsafe(`create table public.parents (id int primary key);
			create table public.children (id int primary key, parent int references public.parents (id))`);
		const admin = postgres(stack.urls.admin, { max: 1 });
		await admin.unsafe(`begin; set local session_replication_role = 'replica';
			insert into public.children values (1, 42); commit`);
		await admin.end();
		const hanging = await backUp(stack.home, stack.dbUrl, 'hanging');
		await sql`drop table public.children, public.parents`;
		const checked = await check(hanging.path);
		checked.migrations.push({
			version: '99990101000000',
			name: 'test',
			statements: [
				'create table public.parents (id int primary key)',
				'create table public.children (id int primary key, parent int references public.parents (id))'
			]
		});
		const fresh = await start({ home: join(work, 'hanging'), ports: await freshPorts() });
		try {
			const storage = join(work, 'hanging/storage');
			const target = { adminUrl: fresh.urls.admin, ownerUrl: fresh.dbUrl, storage };
			await expect(restoreBackup(checked, target)).rejects.toThrow(
				/Table (public\.)?children breaks/
			);
		} finally {
			await fresh.stop();
			rmSync(hanging.path, { recursive: true });
		}
	});
});

it('notices rows that differ and ids that would come twice', async () => {
	const client = new pg.Client({ connectionString: stack.urls.admin });
	await client.connect();
	try {
		await client.query(`begin; ${STABLE_TEXT}`);
		const shapes = new Map((await listTables(client)).map((table) => [tableName(table), table]));
		const [stages] = backup.manifest.tables.filter(({ name }) => name === 'stages');
		const entry = stages as NonNullable<typeof stages>;
		await expect(verifyTables(client, [entry], shapes)).resolves.toBeUndefined();
		await client.query(`update public.stages set colour = '#000000' where position = 1`);
		await expect(verifyTables(client, [entry], shapes)).rejects.toThrow(
			/public\.stages is not what/
		);
		await client.query(`select setval('public.clients_id_seq', 1)`);
		await expect(verifyNextIds(client)).rejects.toThrow(/next id of table (public\.)?clients/);
		await client.query('rollback');
		// not undone by a rollback
		await client.query(`select setval('public.clients_id_seq', max(id)) from public.clients`);
	} finally {
		await client.end();
	}
});

describe('the commands', () => {
	it(
		'back up a stopped installation, lose it, and bring it back',
		{ timeout: 120_000 },
		async () => {
			const home = join(work, 'shop');
			let shop = await start({ home, ports: await freshPorts() });
			await restoreBackup(await checkBackup(backup.path, null), {
				adminUrl: shop.urls.admin,
				ownerUrl: shop.dbUrl,
				storage: join(home, 'storage')
			});
			const { publishable } = shop.keys;
			await shop.stop();

			const made = await script('backup', home, '--keep', '3');
			expect(made.out).toContain('Backup made: ');
			expect(made.code).toBe(0);

			shop = await start({ home, ports: await freshPorts() });
			const owner = postgres(shop.dbUrl, { max: 1 });
			await owner`update public.orders set problem = 'lost'`;
			await owner.end();
			await shop.stop();

			const { code, out } = await script('restore', home, 'latest', '--yes');
			expect(out).toContain('Data restored and verified');
			expect(out).toContain('Restored.');
			expect(code).toBe(0);
			expect(existsSync(join(home, 'storage.previous'))).toBe(true);
			expect(existsSync(join(home, '.restoring'))).toBe(false);

			shop = await start({ home, ports: await freshPorts() });
			try {
				expect(shop.keys.publishable).toBe(publishable);
				const restored = postgres(shop.dbUrl, { max: 1 });
				const [{ orders } = { orders: 0 }] = await restored<{ orders: number }[]>`
				select count(*)::int as orders from public.orders where problem is distinct from 'lost'`;
				await restored.end();
				expect(orders).toBe(backup.manifest.tables.find(({ name }) => name === 'orders')?.rows);
				const health = await (await fetch(`${shop.url}/health`)).json();
				expect(health).toMatchObject({ ok: true });
			} finally {
				await shop.stop();
			}
		}
	);

	it('restore on a new machine only what is trusted', { timeout: 120_000 }, async () => {
		const home = join(work, 'new-machine');
		const refused = await script('restore', home, backup.path);
		expect(refused.code).toBe(1);
		expect(refused.out).toContain('--trust');
		const { code, out } = await script('restore', home, backup.path, '--trust');
		expect(out).toContain('Restored.');
		expect(code).toBe(0);
		const moved = await start({ home, ports: await freshPorts() });
		const restored = postgres(moved.dbUrl, { max: 1 });
		expect((await restored`select from public.orders limit 1`).count).toBe(1);
		await restored.end();
		await moved.stop();
	});

	it('refuse to restore under a running stack and say what to do', async () => {
		const home = join(work, 'running');
		mkdirSync(home);
		// what findRunning takes for a running start command
		const pretender = spawn('node', ['-e', 'setTimeout(() => {}, 60000)', 'start.ts']);
		try {
			recordRunning(home, {
				pid: pretender.pid as number,
				app: '',
				api: '',
				db: stack.dbUrl,
				mail: null,
				publishable_key: ''
			});
			const { code, out } = await script('restore', home, 'latest');
			expect(code).toBe(1);
			expect(out).toContain('Stop it with Ctrl-C first');
		} finally {
			pretender.kill();
		}
	});

	it('finish a replacement that was interrupted, at the next start', async () => {
		const home = join(work, 'interrupted');
		mkdirSync(join(home, '.restoring/storage/objects'), { recursive: true });
		mkdirSync(join(home, 'storage'));
		writeFileSync(join(home, '.restoring/storage/objects/new'), 'new');
		writeFileSync(join(home, 'storage/old'), 'old');
		expect(finishReplacement(home)).toBe(false);
		writeFileSync(join(home, 'restored.json'), '{}');
		expect(finishReplacement(home)).toBe(true);
		expect(readFileSync(join(home, 'storage/objects/new'), 'utf8')).toBe('new');
		expect(readFileSync(join(home, 'storage.previous/old'), 'utf8')).toBe('old');
		expect(finishReplacement(home)).toBe(false);
	});
});

describe('before an upgrade', () => {
	it('of data a backup is due when something is pending, and a newer version’s data is refused', async () => {
		const migrations = join(work, 'next-version');
		cpSync(join(PROJECT, 'supabase/migrations'), migrations, { recursive: true });
		expect(await upgradeAhead(stack.dbUrl, migrations)).toBeNull();
		writeFileSync(join(migrations, '99990101000000_next.sql'), 'select 1;');
		expect(await upgradeAhead(stack.dbUrl, migrations)).toBe('99990101000000');
		const [newest = ''] = readdirSync(migrations).sort().slice(-2);
		rmSync(join(migrations, newest));
		await expect(upgradeAhead(stack.dbUrl, migrations)).rejects.toThrow(/newer Verstak/);
	});

	it('of a new installation none is due', async () => {
		const fresh = await start({ home: join(work, 'new'), ports: await freshPorts() });
		try {
			const { applied, pending } = await pendingMigrations(fresh.dbUrl);
			expect([applied.length, pending.length > 5]).toEqual([0, true]);
			expect(await upgradeAhead(fresh.dbUrl)).toBeNull();
		} finally {
			await fresh.stop();
		}
	});
});
