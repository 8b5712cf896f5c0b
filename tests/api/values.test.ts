// a value travels through REST as PostgREST would send it: as Postgres itself writes it in JSON
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;
let server: SupabaseClient;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await owner.unsafe(`
		create type public.mood as enum ('glad', 'sad');
		create domain public.document as jsonb;
		create table public.every_kind (
			id bigint primary key, small smallint, whole int, large bigint, money numeric(12, 2), precise numeric,
			half real, double double precision, yes boolean, words text, code char(3), short varchar(9),
			day date, hour time, hour_zone timetz, moment timestamp, moment_zone timestamptz, lasts interval,
			mood public.mood, raw json, doc jsonb, domained public.document, key uuid, bytes bytea, address inet,
			days daterange, numbers int[], amounts numeric[], texts text[], moods public.mood[], moments timestamptz[],
			docs jsonb[], keys uuid[], yeses boolean[]
		);
		alter table public.every_kind enable row level security;
		grant all on public.every_kind to service_role;
		insert into public.every_kind values
			(1, 1, 2, 9007199254740991, 5000, 0.10, 1.5, 2.25, true, 'a "quoted" word', 'ab', 'short',
			'2026-01-31', '10:00', '10:00:00.5+02', '2026-01-31 10:00:00.123456', '2026-01-31 10:00:00.1+02', '1 day 02:00',
			'glad', '{"b": 1,  "a": [null]}', '{"a": {"b": "c"}}', '{"d": 1}', gen_random_uuid(), '\\xdead', '10.0.0.1/24',
			'[2026-01-01,2026-02-01)', '{1,null}', '{1.50,2}', '{"a,b",null}', '{glad,sad}', '{2026-01-31 10:00+00}',
			array['{"a": 1}'::jsonb], array[gen_random_uuid()], '{t,f}'),
			(2, -1, -2, -3, -0.05, 123456789.123456789, -1.5, 1e300, false, '', '', '', 'infinity', '00:00', '00:00+00',
			'infinity', '-infinity', '-1 mon', 'sad', '"text"', '"text"', 'null', null, '', '::1', 'empty', '{}', '{}',
			'{}', '{}', '{}', '{}', '{}', '{}');
		insert into public.every_kind (id) values (3);
	`);
	await stack.reloadSchema();
	server = createClient(stack.url, stack.keys.secret, {
		auth: { persistSession: false, autoRefreshToken: false }
	});
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

/** The rows as Postgres writes them in JSON. */
async function written(
	table: string,
	order: string,
	sql: Pick<Sql, 'unsafe'> = owner
): Promise<unknown> {
	const [row] = await sql.unsafe<{ rows: string }[]>(
		`select coalesce(json_agg(to_json(t)), '[]')::text as rows
			from (select * from public.${table} order by ${order} limit 20) t`
	);
	return JSON.parse(row?.rows ?? '');
}

describe('a row of every kind of column', () => {
	it('is read as Postgres writes it', async () => {
		const { data, error } = await server.from('every_kind').select().order('id');
		expect(error).toBeNull();
		expect(data).toEqual(await written('every_kind', 'id'));
	});

	it('is written from what was read, and comes back', async () => {
		const rows = (await written('every_kind', 'id')) as { id: number }[];
		const copies = rows.map((row) => ({ ...row, id: row.id + 10 }));
		const { data, error } = await server.from('every_kind').insert(copies).select();
		expect(error).toBeNull();
		expect(data?.toSorted((a, b) => a.id - b.id)).toEqual(copies);
		await server.from('every_kind').delete().gt('id', 10);
	});
});

it('what an administrator may read is read as Postgres writes it', async () => {
	const admin = await stack.signIn('admin');
	const claims = JSON.stringify((await admin.auth.getClaims()).data?.claims);
	const tables = await owner<{ name: string; key: string }[]>`
		select c.relname as name, string_agg(quote_ident(a.attname), ',' order by a.attnum) as key
		from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
		join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
			and has_table_privilege('authenticated', c.oid, 'select')
		group by c.relname`;
	const compared: string[] = [];
	for (const { name, key } of tables) {
		let query = admin.from(name).select().limit(20);
		for (const column of key.split(',')) query = query.order(column);
		const { data, error } = await query;
		expect(error, name).toBeNull();
		const rows = await owner.begin(async (sql) => {
			await sql`select set_config('role', 'authenticated', true), set_config('request.jwt.claims', ${claims}, true)`;
			return written(name, key, sql);
		});
		expect(data, name).toEqual(rows);
		if (data?.length) compared.push(name);
	}
	expect(compared).toEqual(expect.arrayContaining(['invoices', 'orders', 'payments', 'shifts']));
	expect(compared.length).toBeGreaterThan(20);
});
