// A really full disk: the whole installation lives on a small file system of its own. Mounting one needs
// root, so elsewhere these tests are skipped; tests/api/storage-files.test.ts refuses uploads anywhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { demoEmail } from '../support/stack.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { start, type Stack } from '../../supabase/embedded/start.ts';
import { copyTemplate, removeHome } from '../support/template.ts';

const DISK = '600m';
/** left free when the disk is "full": less than a row or a file of the tests needs, several times */
const CRUMBS = 2_000_000;
const ROW = 'x'.repeat(400_000);
const RECOVER_MS = 20_000;

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && tryMount();

let disk: string;
let stack: Stack;
let client: SupabaseClient;

function tryMount(): boolean {
	const place = mkdtempSync(join(tmpdir(), 'verstak-test-'));
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place], { stdio: 'ignore' });
		execFileSync('umount', [place]);
		return true;
	} catch {
		return false;
	} finally {
		rmSync(place, { recursive: true, force: true });
	}
}

const filler = () => join(disk, 'filler');

function fill(): void {
	const { bavail, bsize } = statfsSync(disk);
	execFileSync('fallocate', ['-l', String(bavail * bsize - CRUMBS), filler()]);
}

const insert = (id: string) => client.from('kept').insert({ id, text: ROW });

describe.skipIf(!canMount)('a full disk', () => {
	beforeAll(async () => {
		disk = mkdtempSync(join(tmpdir(), 'verstak-test-'));
		const options = ['-t', 'tmpfs', '-o', `size=${DISK},mode=755`, 'tmpfs', disk];
		execFileSync('mount', options);
		const copy = copyTemplate('demo');
		execFileSync('cp', ['-a', copy, join(disk, 'home')]);
		removeHome(copy);
		const ports = { api: await freePort(), db: await freePort() };
		stack = await start({ home: join(disk, 'home'), ports });
		const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
		await sql`create table public.kept (id uuid primary key, text text)`;
		// compressed, the rows would need no room
		await sql`alter table public.kept alter column text set storage external`;
		await sql`grant select, insert on public.kept to service_role`;
		await sql.end();
		await stack.reloadSchema();
		client = createClient(stack.url, stack.keys.secret, { auth: { persistSession: false } });
		await client.storage.createBucket('papers');
	});
	afterAll(async () => {
		await stack?.stop();
		execFileSync('umount', ['-l', disk]);
		rmSync(disk, { recursive: true, force: true });
	});

	const stored: string[] = [];

	it('a write says so, in JSON and without a path, and is not half there', async () => {
		for (let i = 0; i < 3; i++) {
			const id = crypto.randomUUID();
			expect((await insert(id)).status).toBe(201);
			stored.push(id);
		}
		fill();
		const refused: { status: number; error: unknown }[] = [];
		for (let i = 0; i < 40 && refused.length < 3; i++) {
			const id = crypto.randomUUID();
			const { status, error } = await insert(id);
			if (status === 201) stored.push(id);
			else refused.push({ status, error });
		}
		expect(refused).toHaveLength(3);
		for (const { status, error } of refused) {
			// 503 when Postgres had to stop, because not even its log had room
			expect([503, 507]).toContain(status);
			expect(error).toMatchObject({ code: expect.stringMatching(/^(53100|PGRST001)$/) as string });
			expect(JSON.stringify(error)).not.toMatch(/base\/|pg_wal|\/tmp/);
		}
	});

	it('an upload says so and leaves nothing behind', async () => {
		const answer = await fetch(`${stack.url}/storage/v1/object/papers/big.bin`, {
			method: 'POST',
			headers: { authorization: `Bearer ${stack.keys.secret}`, apikey: stack.keys.secret },
			body: Buffer.alloc(8_000_000, 1)
		});
		expect([503, 507]).toContain(answer.status);
		expect(await answer.json()).toMatchObject({ message: expect.stringMatching(/\w/) as string });
		expect(readdirSync(join(disk, 'home/storage/incoming'))).toEqual([]);
	});

	it('goes on by itself when there is room again, with everything acknowledged', async () => {
		rmSync(filler());
		const health = async () => (await fetch(`${stack.url}/health`)).status;
		await expect.poll(health, { timeout: RECOVER_MS }).toBe(200);
		const { data, error } = await client.from('kept').select('id');
		expect(error).toBeNull();
		const there = (data ?? []).map(({ id }: { id: string }) => id);
		expect(stored.filter((id) => !there.includes(id))).toEqual([]);
		expect((await insert(crypto.randomUUID())).status).toBe(201);
		const again = await client.storage
			.from('papers')
			.upload('big.bin', new Blob(['x'.repeat(9_000)]));
		expect(again.error).toBeNull();
		const { data: signedIn } = await client.auth.signInWithPassword({
			email: demoEmail('coordinator'),
			password: DEMO_PASSWORD
		});
		expect(signedIn.session).not.toBeNull();
	}, 40_000);
});
