// Postgres is killed again and again under load: the stack goes on, and nobody hangs
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

const READERS = 60;
const WRITERS = 10;
const KILLS = 3;
/** how long anybody may wait for an answer while Postgres is away, and until all is well again */
const ANSWER_MS = 20_000;
const RECOVER_MS = 15_000;

let stack: TestStack;
let client: SupabaseClient;

beforeAll(async () => {
	stack = await startTestStack('demo');
	client = await stack.signIn('coordinator');
	const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await sql`create table public.kept (id uuid primary key, owner uuid default auth.uid())`;
	await sql`alter table public.kept enable row level security`;
	await sql`grant select, insert on public.kept to authenticated`;
	await sql`create policy "people see their own" on public.kept for select to authenticated
		using (owner = (select auth.uid()))`;
	await sql`create policy "people add their own" on public.kept for insert to authenticated
		with check (owner = (select auth.uid()))`;
	await sql.end();
	await stack.reloadSchema();
});
afterAll(() => stack.dispose());

const health = async () => {
	const answer = await fetch(`${stack.url}/health`);
	return { status: answer.status, ...((await answer.json()) as object) };
};

type Seen = { status: number; ms: number; retryAfter: string | null; text: string };

/** One request as a signed-in person, timed; anything but an answer is a failure of the test. */
async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
	const { data } = await client.auth.getSession();
	const began = performance.now();
	const answer = await fetch(`${stack.url}${path}`, {
		...init,
		signal: AbortSignal.timeout(ANSWER_MS),
		headers: {
			apikey: stack.keys.publishable,
			authorization: `Bearer ${data.session?.access_token}`,
			'content-type': 'application/json',
			...init.headers
		}
	});
	const text = await answer.text();
	const retryAfter = answer.headers.get('retry-after');
	return { status: answer.status, ms: performance.now() - began, retryAfter, text };
}

describe('Postgres is killed under load', () => {
	const seen: Seen[] = [];
	const acknowledged: string[] = [];
	let running = true;
	let load: Promise<unknown>;

	const READS = [
		'/rest/v1/orders?select=id,title:problem,clients!orders_client_id_fkey(last_name)&limit=5',
		'/rest/v1/stages?select=*',
		'/auth/v1/user',
		'/storage/v1/bucket'
	];

	async function read(path: string): Promise<void> {
		while (running) seen.push(await ask(path));
	}

	async function write(): Promise<void> {
		while (running) {
			const id = crypto.randomUUID();
			const answer = await ask('/rest/v1/kept', { method: 'POST', body: JSON.stringify({ id }) });
			seen.push(answer);
			if (answer.status === 201) acknowledged.push(id);
			await sleep(5);
		}
	}

	beforeAll(() => {
		const readers = Array.from({ length: READERS }, (_, i) => read(READS[i % READS.length] ?? ''));
		load = Promise.all([...readers, ...Array.from({ length: WRITERS }, write)]);
		load.catch(() => (running = false));
	});

	it.each(Array.from({ length: KILLS }, (_, i) => i + 1))(
		'kill %i: healthy again, and reads succeed',
		async () => {
			await sleep(700);
			const before = seen.length;
			process.kill(stack.postgresPid(), 'SIGKILL');
			await expect.poll(() => seen.slice(before).some(({ status }) => status === 503)).toBe(true);
			await expect
				.poll(health, { timeout: RECOVER_MS, interval: 100 })
				.toMatchObject({ status: 200, ok: true, rest: 'ok', auth: 'ok' });
			const [answers, writes] = [seen.length, acknowledged.length];
			const succeeded = () => seen.slice(answers).filter(({ status }) => status === 200).length;
			await expect.poll(succeeded, { timeout: ANSWER_MS }).toBeGreaterThan(READERS);
			await expect
				.poll(() => acknowledged.length, { timeout: ANSWER_MS })
				.toBeGreaterThanOrEqual(writes + WRITERS);
		},
		RECOVER_MS + 2 * ANSWER_MS
	);

	it('a killed worker of Postgres, which takes all connections with it, is no different', async () => {
		const sql = postgres(stack.urls.admin, { max: 1, onnotice: () => {} });
		const [worker] = await sql<{ pid: number }[]>`
			select pid from pg_stat_activity
			where pid <> pg_backend_pid() and backend_type = 'client backend' limit 1`;
		process.kill(worker?.pid ?? 0, 'SIGKILL');
		await sql.end({ timeout: 0 });
		await sleep(300);
		await expect.poll(health, { timeout: RECOVER_MS }).toMatchObject({ ok: true });
	});

	it('nobody waited long, and whoever was refused was told to come again', async () => {
		running = false;
		await load;
		const refused = seen.filter(({ status }) => status !== 200 && status !== 201);
		expect(
			new Set(refused.map(({ status, text }) => `${status} ${status === 503 ? '' : text}`))
		).toEqual(new Set(['503 ']));
		expect(refused.filter(({ retryAfter }) => Number(retryAfter) < 1)).toEqual([]);
		expect(Math.max(...seen.map(({ ms }) => ms))).toBeLessThan(ANSWER_MS);
	});

	it('nothing acknowledged is lost', async () => {
		expect(acknowledged.length).toBeGreaterThanOrEqual(KILLS * WRITERS);
		const sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
		const rows = await sql<{ id: string }[]>`select id from public.kept`;
		await sql.end();
		const there = new Set(rows.map(({ id }) => id));
		expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
	});
});
