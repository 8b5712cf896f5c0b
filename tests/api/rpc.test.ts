// the one-round-trip door for calls must answer as lite (and so PostgREST) does
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;
let token: string;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await owner.unsafe(`
		create function public.t_json(a bigint, b text default 'x') returns jsonb language sql set search_path = ''
			as $$ select jsonb_build_object('a', a, 'b', b, 'uid', auth.uid(), 'role', current_user) $$;
		create function public.t_scalar(a int) returns int language sql set search_path = '' as 'select a + 1';
		create function public.t_null() returns text language sql set search_path = '' as 'select null::text';
		create function public.t_void() returns void language sql set search_path = '' as 'select';
		create function public.t_set(n int) returns setof int language sql set search_path = '' as 'select generate_series(1, n)';
		create function public.t_table(n int) returns table (id int, name text) language sql set search_path = ''
			as $$ select i, 'n' || i from generate_series(1, n) i $$;
		create function public.t_arrays(list bigint[], document jsonb) returns jsonb language sql set search_path = ''
			as $$ select jsonb_build_object('sum', (select sum(i) from unnest(list) i), 'document', document) $$;
		create function public.t_raise(code text) returns void language plpgsql set search_path = ''
			as $$ begin raise exception using errcode = code, message = 'told', detail = '{"why":1}', hint = 'do'; end $$;
		create function public.t_headers() returns text language sql set search_path = ''
			as $$ select current_setting('request.headers', true)::json ->> 'apikey' $$;
		create function public.t_values() returns table (at timestamptz, money numeric(12, 2), moods text[], yes boolean[])
			language sql set search_path = ''
			as $$ select '2026-01-31 10:00:00.1+02'::timestamptz, 5000.00, array[null, 'a,b'], array[true, null] $$;
		grant execute on all functions in schema public to authenticated;
	`);
	await stack.reloadSchema();
	const client = await stack.signIn('coordinator');
	token = (await client.auth.getSession()).data.session?.access_token ?? '';
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

async function call(name: string, body: string, extra: Record<string, string> = {}) {
	const answer = await fetch(`${stack.url}/rest/v1/rpc/${name}`, {
		method: 'POST',
		headers: {
			apikey: stack.keys.publishable,
			authorization: `Bearer ${token}`,
			'content-type': 'application/json',
			...extra
		},
		body
	});
	const text = await answer.text();
	return { status: answer.status, body: text === '' ? '' : (JSON.parse(text) as unknown) };
}

// any Prefer header sends the same call through lite
const throughLite = (name: string, body: string) =>
	call(name, body, { prefer: 'params=multiple-objects' });

describe('the fast door answers as lite does', () => {
	it.each([
		['t_json', '{"a":7}'],
		['t_json', '{"a":"7","b":null}'],
		['t_json', '{"b":"Ё \\" \\\\ \\u0041","a":1}'],
		['t_scalar', '{"a":41}'],
		['t_null', '{}'],
		['t_set', '{"n":3}'],
		['t_set', '{"n":0}'],
		['t_table', '{"n":2}'],
		['t_table', '{"n":0}'],
		['t_scalar', '{"a":"not a number"}'],
		['t_raise', '{"code":"VK409"}'],
		['t_raise', '{"code":"P0001"}'],
		['t_raise', '{"code":"23505"}'],
		['t_raise', '{"code":"42501"}'],
		['t_scalar', '{}'],
		['t_scalar', '{"a":1,"unknown":2}'],
		['t_nowhere', '{}']
	])('%s %s', async (name, body) => {
		const fast = await call(name, body);
		expect(fast).toEqual(await throughLite(name, body));
	});

	it.each([
		['{"list":[1,2,3],"document":{"deep":[true,null]}}', { deep: [true, null] }],
		['{"list":[],"document":[true]}', [true]],
		['{"list":[1],"document":"a \\"text\\""}', 'a "text"'],
		['{"list":[1],"document":7}', 7],
		['{"list":[1],"document":false}', false]
	])('arrays and documents arrive as what they are: %s', async (body, document) => {
		const fast = await call('t_arrays', body);
		expect(fast).toMatchObject({ status: 200, body: { document } });
		expect(await throughLite('t_arrays', body)).toEqual(fast);
	});

	it('a table of values has the same texts for moments and money', async () => {
		const fast = await call('t_values', '{}');
		expect(fast.body).toEqual([
			{ at: '2026-01-31T08:00:00.1+00:00', money: 5000, moods: [null, 'a,b'], yes: [true, null] }
		]);
		expect(await throughLite('t_values', '{}')).toEqual(fast);
	});

	it('void answers 204 without a body', async () => {
		expect(await call('t_void', '{}')).toEqual({ status: 204, body: '' });
	});
});

it('runs as the caller, inside one transaction that ends with the call', async () => {
	const { body } = await call('t_json', '{"a":1}');
	expect(body).toMatchObject({
		role: 'authenticated',
		uid: expect.stringMatching(/^[0-9a-f-]{36}$/)
	});
	const anonymous = await fetch(`${stack.url}/rest/v1/rpc/t_json`, {
		method: 'POST',
		headers: { apikey: stack.keys.publishable, 'content-type': 'application/json' },
		body: '{"a":1}'
	});
	expect(anonymous.status).toBe(401);
});

it('does not hand the caller’s credentials to functions', async () => {
	expect((await call('t_headers', '{}')).body).toBeNull();
});

it('sees a function made after the start without a restart', async () => {
	await new Promise((resolve) => setTimeout(resolve, 1_100));
	await owner.unsafe(`create function public.t_late() returns int language sql set search_path = '' as 'select 5';
		grant execute on function public.t_late to authenticated`);
	expect(await call('t_late', '{}')).toEqual({ status: 200, body: 5 });
});

it('refuses text that is not JSON', async () => {
	expect((await call('t_scalar', '{"a":')).status).toBe(400);
});

it('calls that come while the catalogue is read wait for it, all of them', async () => {
	await owner.unsafe(`create function public.t_awaited(document jsonb) returns text language sql
		set search_path = '' as $$ select jsonb_typeof(document) $$;
		grant execute on function public.t_awaited to authenticated`);
	await new Promise((resolve) => setTimeout(resolve, 1_100));
	const answers = await Promise.all(
		Array.from({ length: 20 }, () => call('t_awaited', '{"document":{"a":1}}'))
	);
	expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
		new Set(['{"status":200,"body":"object"}'])
	);
});
