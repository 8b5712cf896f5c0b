/** postgres_changes that cannot be had: which sentence the client is told. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { client, dropClients, startBench, subscribe, token, until, type Bench } from './support.ts';

let bench: Bench;
let north: string;
beforeAll(async () => {
	bench = await startBench();
	north = await token(bench);
	await bench.owner.unsafe(`
		create table public.jobs (id bigint primary key, title text, done boolean, secret text);
		grant select (id, title, done) on public.jobs to authenticated;
		create table public.unpublished (id int primary key);
		grant select on public.unpublished to authenticated;
		alter publication supabase_realtime add table public.jobs;`);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

const refusal = async (filter: Record<string, unknown>, jwt = north) => {
	const supabase = await client(bench, () => jwt);
	const told: { status: string; message: string }[] = [];
	const channel = supabase
		.channel('refused')
		.on('postgres_changes', { event: '*', ...filter } as never, () => {})
		.on('system', {}, (payload) => void told.push(payload));
	expect((await subscribe(channel)).status).toBe('SUBSCRIBED');
	await until(() => told.length > 0);
	return `${told[0]?.status}: ${told[0]?.message}`;
};

test('what cannot be subscribed to is refused in hosted’s words', async () => {
	const given = 'Unable to subscribe to changes with given parameters.';
	expect(await refusal({ schema: 'public', table: 'unpublished' })).toBe(
		`error: ${given} Please check Realtime is enabled for the given connect parameters: ` +
			'[event: *, schema: public, table: unpublished, filters: [], select: nil]'
	);
	const jobs = { schema: 'public', table: 'jobs' };
	expect(await refusal({ ...jobs, filter: 'nope=eq.1' })).toBe(
		`error: ${given} An exception happened so please check your connect parameters: ` +
			'[event: *, schema: public, table: jobs, filters: [{"nope", "eq", "1", false}], select: nil]. ' +
			'Exception: ERROR P0001 (raise_exception) invalid column for filter nope'
	);
	expect(await refusal({ ...jobs, filter: 'secret=eq.1' })).toMatch(
		/invalid column for filter secret$/
	);
	expect(await refusal({ ...jobs, select: ['id', 'secret'] })).toMatch(
		/invalid column for select secret$/
	);
	expect(await refusal({ ...jobs, filter: 'id=eq.x' })).toMatch(
		/invalid input syntax for type bigint/
	);
	expect(await refusal({ ...jobs, filter: 'id=like.1' })).toMatch(
		/requires a text-compatible column type, got bigint$/
	);
	expect(await refusal({ ...jobs, filter: 'title=match.(' })).toMatch(
		/invalid regular expression for match filter/
	);
	expect(await refusal({ ...jobs, filter: 'title=is.true' })).toMatch(
		/is true filter requires a boolean column, got text$/
	);
	expect(await refusal({ ...jobs, filter: 'title=is.1;drop' })).toMatch(
		/must be null, true, false, or unknown$/
	);
	const many = Array.from({ length: 101 }, (_, n) => n).join();
	expect(await refusal({ ...jobs, filter: `id=in.(${many})` })).toMatch(
		/too many values for `in` filter. Maximum 100$/
	);
	expect(await refusal({ ...jobs, filter: 'id=near.1' })).toBe(
		'error: Error parsing `filter` params: ["near", "1"]'
	);
	expect(await refusal({ ...jobs, filter: 'undefined' })).toBe(
		'error: Error parsing `filter` params: ["undefined"]'
	);
	expect(await refusal({ filter: 'id=eq.1' })).toMatch(
		/^error: No subscription params provided\. .* subscribe to: %\{"event" => "\*"/
	);
	expect(await refusal({ schema: 'public', select: ['id'] })).toMatch(/not supported for wildcard/);
	expect(await refusal(jobs, await token(bench, { role: 'supabase_admin' }))).toMatch(
		/may not subscribe$/
	);
	const [row] = await bench.admin`select count(*)::int as n from realtime.subscription`;
	expect(row?.n).toBe(0);
});

test('with wait the answer to the join is held back, or says why not', async () => {
	const wait = (table: string, timeout?: number) =>
		client(bench, () => north).then((supabase) =>
			subscribe(
				supabase
					.channel('wait', { config: { postgres_changes_options: { wait: true, timeout } } })
					.on('postgres_changes', { event: '*', schema: 'public', table }, () => {})
			)
		);
	expect(await wait('jobs')).toEqual({ status: 'SUBSCRIBED' });
	const [row] = await bench.admin`select count(*)::int as n from realtime.subscription`;
	expect(row?.n).toBe(1);
	expect((await wait('unpublished')).error).toMatch(
		/^RealtimeDisabledForConfiguration: Unable to subscribe/
	);
});
