// a backup is whole, of one moment and sealed, or it is not made
import {
	appendFileSync,
	copyFileSync,
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backUp } from '../../scripts/backing-up.ts';
import { createBackup, type Backup } from '../../supabase/embedded/backup/backup.ts';
import { checkBackup } from '../../supabase/embedded/backup/check.ts';
import { listBackups, nextName } from '../../supabase/embedded/backup/shelf.ts';
import type { Stack } from '../../supabase/embedded/start.ts';
import { run, script } from '../support/command.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let sql: Sql;
let backup: Backup;
/** fresh homes and copies, removed at the end */
let work: string;

const AWKWARD = 'Ґалаґан "Є" \\ \t\n\\.\n№ 7';
const backupsOf = (home: string) => join(home, 'backups');

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

const secretOf = (of: Stack) => of.secrets.jwtSecret;
const check = (path: string) => checkBackup(path, secretOf(stack));

/** A copy of the backup that a test may spoil. */
function copyOf(name: string): string {
	const path = join(work, name);
	cpSync(backup.path, path, { recursive: true });
	return path;
}

describe('a backup', () => {
	it('holds all data, the files and no secrets, for its owner only', () => {
		const names = backup.manifest.tables.map(({ schema, name }) => `${schema}.${name}`);
		expect(names).toEqual(
			expect.arrayContaining([
				'auth.users',
				'public.orders',
				'private.access_epoch',
				'storage.objects'
			])
		);
		expect(names.filter((name) => name.startsWith('realtime.'))).toEqual([]);
		expect(backup.manifest.objects).toHaveLength(2);
		expect(backup.manifest.tables.find(({ name }) => name === 'orders')?.rows).toBeGreaterThan(20);
		expect(statSync(backup.path).mode & 0o777).toBe(0o700);
		const files = readdirSync(backup.path, { recursive: true, withFileTypes: true });
		for (const file of files.filter((entry) => entry.isFile())) {
			const path = join(file.parentPath, file.name);
			expect(statSync(path).mode & 0o077).toBe(0);
			expect(readFileSync(path).includes(secretOf(stack))).toBe(false);
		}
	});

	it('is one moment, however much is written meanwhile', async () => {
		await sql`create table public.left_side (n int primary key)`;
		await sql`create table public.right_side (n int primary key)`;
		let going = true;
		const writer = (async () => {
			for (let n = 1; going; n++) {
				await sql.begin(async (tx) => {
					await tx`insert into public.left_side values (${n})`;
					await tx`insert into public.right_side values (${n})`;
				});
			}
		})();
		const files = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
		const replacing = (async () => {
			for (let n = 0; going; n++) {
				await files.storage.from('papers').upload('busy.txt', `version ${n}`, { upsert: true });
			}
		})();
		try {
			for (let i = 0; i < 3; i++) {
				const busy = await backUp(stack.home, stack.dbUrl, 'busy');
				const rows = (table: string) =>
					busy.manifest.tables.find(({ name }) => name === table)?.rows;
				expect(rows('left_side')).toBe(rows('right_side'));
				await check(busy.path);
			}
		} finally {
			going = false;
			await Promise.all([writer, replacing]);
			await sql`drop table public.left_side, public.right_side`;
			await files.storage.from('papers').remove(['busy.txt']);
		}
	});

	it('replaces the oldest ones beyond those kept', async () => {
		const before = await listBackups(backupsOf(stack.home));
		const { removed } = await backUp(stack.home, stack.dbUrl, 'kept', before.length);
		expect(removed).toEqual([before[0]]);
		// the first one is needed below
		backup = await backUp(stack.home, stack.dbUrl, 'test', 2);
		expect(await listBackups(backupsOf(stack.home))).toHaveLength(2);
	});

	it('is named later than all others, even when the clock was set back', async () => {
		const directory = join(work, 'names');
		mkdirSync(join(directory, '20991231-235959-999'), { recursive: true });
		mkdirSync(join(directory, 'something else'));
		expect(await nextName(directory)).toBe('21000101-000000-000');
		expect(await listBackups(directory)).toEqual(['20991231-235959-999']);
	});

	it('that cannot be finished leaves nothing', async () => {
		const broken = createBackup({
			dbUrl: `${stack.dbUrl}_none`,
			directory: join(work, 'none'),
			storage: join(stack.home, 'storage'),
			secret: secretOf(stack),
			reason: 'test'
		});
		await expect(broken).rejects.toThrow(/The backup was not made/);
		expect(readdirSync(join(work, 'none'))).toEqual([]);
	});
});

describe('a damaged or changed backup is refused by name', () => {
	it('when bytes of a table are gone or different', async () => {
		const short = copyOf('short');
		const file = join(short, 'public.orders.copy.gz');
		writeFileSync(file, readFileSync(file).subarray(0, -20));
		await expect(check(short)).rejects.toThrow(/table public\.orders does not fit/);
		const changed = copyOf('changed');
		const users = join(changed, 'auth.users.copy.gz');
		const text = gunzipSync(readFileSync(users)).toString().replace('admin@', 'owner@');
		writeFileSync(users, gzipSync(text));
		await expect(check(changed)).rejects.toThrow(/table auth\.users does not fit/);
		const missing = copyOf('missing');
		rmSync(join(missing, 'public.stages.copy.gz'));
		await expect(check(missing)).rejects.toThrow(/table public\.stages/);
	});

	it('when a stored file or the migrations differ', async () => {
		const files = copyOf('files');
		const [object] = backup.manifest.objects.filter(({ size }) => size > 0);
		const path = join(files, 'objects', object?.version ?? '');
		rmSync(path);
		writeFileSync(path, 'forged');
		await expect(check(files)).rejects.toThrow(/storage\.objects/);
		const migrations = copyOf('migrations');
		appendFileSync(join(migrations, 'migrations.json'), ' ');
		await expect(check(migrations)).rejects.toThrow(/migrations/);
	});

	it('when the manifest was made to fit', async () => {
		const forged = copyOf('forged');
		const file = join(forged, 'manifest.json');
		writeFileSync(file, readFileSync(file, 'utf8').replace('"reason": "test"', '"reason": "none"'));
		await expect(check(forged)).rejects.toThrow(/seal/);
		// trusted on purpose, it is only as good as its checksums
		await expect(checkBackup(forged, null)).resolves.toBeTruthy();
		writeFileSync(file, '{"format": 1');
		await expect(checkBackup(forged, null)).rejects.toThrow(/manifest/);
		writeFileSync(file, '{"format": 99}');
		await expect(checkBackup(forged, null)).rejects.toThrow(/newer Verstak/);
		await expect(check(work)).rejects.toThrow(/is no backup/);
	});

	it('by the command, too, and nothing is touched', async () => {
		const home = join(work, 'untouched');
		mkdirSync(home);
		copyFileSync(join(stack.home, 'secrets.json'), join(home, 'secrets.json'));
		const { code, out } = await script('restore', home, join(work, 'short'), '--yes');
		expect(code).toBe(1);
		expect(out).toContain('table public.orders does not fit');
		expect(readdirSync(home)).toEqual(['secrets.json']);
	});
});

describe('a full disk', async () => {
	const disk = mkdtempSync(join(tmpdir(), 'verstak-test-disk-'));
	const size = 'size=256k,mode=755';
	const mount = await run('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', disk]);
	const mounted = mount.code === 0;
	afterAll(async () => {
		if (mounted) await run('umount', ['-l', disk]);
		rmSync(disk, { recursive: true, force: true });
	});

	it.skipIf(!mounted)('leaves no half backup, says so, and the stack works on', async () => {
		const bulk = () => Buffer.from(Array.from({ length: 400_000 }, () => Math.random() * 256));
		await sql`create table public.bulk (id int primary key, noise bytea)`;
		await sql`insert into public.bulk values (1, ${bulk()})`;
		const options = {
			dbUrl: stack.dbUrl,
			directory: join(disk, 'backups'),
			storage: join(stack.home, 'storage'),
			secret: secretOf(stack),
			reason: 'test'
		};
		await expect(createBackup(options)).rejects.toThrow('no space is left');
		expect(readdirSync(join(disk, 'backups'))).toEqual([]);
		// also when it is the files that do not fit
		await sql`drop table public.bulk`;
		const service = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
		await service.storage.from('papers').upload('bulk.bin', bulk());
		await expect(createBackup(options)).rejects.toThrow('no space is left');
		expect(readdirSync(join(disk, 'backups'))).toEqual([]);
		await service.storage.from('papers').remove(['bulk.bin']);

		expect(await (await fetch(`${stack.url}/health`)).json()).toMatchObject({ ok: true });
		const client = await stack.signIn('coordinator');
		expect((await client.rpc('board_snapshot')).error).toBeNull();
		await expect(backUp(stack.home, stack.dbUrl, 'after', 3)).resolves.toBeTruthy();
	});
});
