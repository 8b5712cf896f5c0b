// the pool under every service of the stack: nothing is stuck, doubled or run outside of its transaction
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPool } from '../../supabase/embedded/postgres/pool.ts';
import { isUnavailable } from '../../supabase/embedded/postgres/unavailable.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let sql: Sql;
let other: Sql;

beforeAll(async () => {
	stack = await startTestStack('empty');
	sql = openPool(stack.urls.admin, { max: 2, connection: { application_name: 'pool under test' } });
	other = openPool(stack.urls.admin, { max: 1 });
	await sql`create table public.pool_test (n int primary key)`;
});
afterAll(async () => {
	await Promise.all([sql.end({ timeout: 1 }), other.end({ timeout: 1 })]);
	await stack.dispose();
});
beforeEach(() => other`truncate public.pool_test`);

const rows = async () => (await other`select n from public.pool_test order by n`).map(({ n }) => n);
const caught = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);

/** Ends the connections of the pool under test, as a crash of Postgres does. */
async function endConnections(): Promise<void> {
	await other`select pg_terminate_backend(pid) from pg_stat_activity
		where application_name = 'pool under test'`;
}

describe('statements', () => {
	it('take parameters, fragments, names and JSON as postgres.js does', async () => {
		const where = sql`where n = ${7}`;
		await sql`insert into ${sql('public.pool_test')} ${sql([{ n: 7 }, { n: 8 }])}`;
		expect(await sql`select n from public.pool_test ${where}`).toMatchObject([{ n: 7 }]);
		const [row] =
			await sql`select ${sql.json({ a: [1] })}::jsonb as data, ${[1, 2]}::int[] as list`;
		expect(row).toEqual({ data: { a: [1] }, list: [1, 2] });
		expect(await sql.unsafe('select $1::int as n', [5])).toMatchObject([{ n: 5 }]);
	});

	it('wait for their turn when all connections are taken', async () => {
		const pids = await Promise.all(
			Array.from({ length: 12 }, () => sql`select pg_backend_pid() as pid, pg_sleep(0.02)`)
		);
		expect(new Set(pids.map(([row]) => row?.pid as number)).size).toBe(2);
	});

	it('fail when their connection ends, and the next ones get a new one', async () => {
		const running = [1, 2].map(() => caught(sql`select pg_sleep(5)`));
		await expect
			.poll(() => other`select from pg_stat_activity where query like 'select pg_sleep(5)%'`)
			.toHaveLength(2);
		await endConnections();
		expect((await Promise.all(running)).map(isUnavailable)).toEqual([true, true]);
		await expect(sql`select 1 as one`.then(([row]) => row)).resolves.toEqual({ one: 1 });
	});
});

describe('a transaction', () => {
	it('is there as a whole or not at all', async () => {
		expect(
			await sql.begin((tx) => tx`insert into public.pool_test values (1) returning n`)
		).toEqual([{ n: 1 }]);
		const failed = sql.begin(async (tx) => {
			await tx`insert into public.pool_test values (2)`;
			throw new Error('changed my mind');
		});
		await expect(failed).rejects.toThrow('changed my mind');
		expect(await rows()).toEqual([1]);
	});

	it('does not say it succeeded when it swallowed the error of a statement', async () => {
		const swallowed = sql.begin(async (tx) => {
			await tx`insert into public.pool_test values (3)`;
			await caught(tx`select 1 / 0`);
		});
		await expect(swallowed).rejects.toThrow();
		expect(await rows()).toEqual([]);
	});

	it('never continues outside of itself when its connection ends', async () => {
		const broken = sql.begin(async (tx) => {
			await tx`select set_config('role', 'anon', true)`;
			await endConnections();
			for (let n = 10; n < 15; n++) {
				await caught(tx`insert into public.pool_test values (${n})`);
			}
		});
		expect(isUnavailable(await caught(broken))).toBe(true);
		// whatever the work still tries has been tried by then
		await sleep(300);
		await sql`insert into public.pool_test values (20)`;
		expect(await rows()).toEqual([20]);
		const [row] = await sql`select current_user::text as who`;
		expect(row?.who).toBe('supabase_admin');
	});
});

it('an ended pool refuses whoever waits', async () => {
	const short = openPool(stack.urls.admin, { max: 1 });
	const running = caught(short`select pg_sleep(20)`);
	const waiting = caught(short`select 1`);
	await expect
		.poll(() => other`select from pg_stat_activity where query like 'select pg_sleep(20)%'`)
		.toHaveLength(1);
	await short.end({ timeout: 0.1 });
	expect(isUnavailable(await waiting)).toBe(true);
	expect(isUnavailable(await running)).toBe(true);
	expect(isUnavailable(await caught(short`select 1`))).toBe(true);
});
