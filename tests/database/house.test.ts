// what every table, foreign key and function must have, read from the catalogue, so that none is forgotten
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDatabase, type Database } from '../support/database.ts';
import { topics } from '../support/rights/rights.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

const names = async (rows: Promise<readonly Record<string, unknown>[]>) =>
	(await rows).map((row) => row.name as string);

it('has the tables of the first cut, each with row-level security, a policy and a comment', async () => {
	const tables = await db.owner`
		select c.relname as name, c.relrowsecurity as rls, obj_description(c.oid) is not null as comment,
			(select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
		from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
		order by 1`;
	expect(tables.map((table) => table.name)).toEqual(
		expect.arrayContaining(
			'client_phones clients employees locations order_events orders role_permissions settings stage_transitions stages'.split(
				' '
			)
		)
	);
	for (const table of tables) {
		expect(table, table.name).toMatchObject({ rls: true, comment: true });
		expect(table.policies, table.name).toBeGreaterThan(0);
	}
});

it('grants something on every table to signed-in users, and to strangers the company name only', async () => {
	expect(
		await names(db.owner`
			select c.relname as name from pg_class c
			where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
				and not has_any_column_privilege('authenticated', c.oid, 'select')`)
	).toEqual([]);
	expect(
		await names(db.owner`
			select format('%s.%s %s', c.relname, a.attname, verb) as name
			from pg_class c
			join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
			cross join unnest('{select,insert,update,references}'::text[]) verb
			where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v')
				and has_column_privilege('anon', c.oid, a.attnum, verb)
			order by 1`)
	).toEqual(['settings.company_name select', 'settings.language select']);
});

it('has one permissive policy per table, role and verb', async () => {
	expect(
		await names(db.owner`
			select format('%s %s', polrelid::regclass, polcmd) as name from pg_policy
			where polpermissive group by polrelid, polcmd, polroles having count(*) > 1`)
	).toEqual([]);
});

it('has an index under every foreign key', async () => {
	expect(
		await names(db.owner`
			select format('%s %s', k.conrelid::regclass, k.conname) as name
			from pg_constraint k
			where k.contype = 'f' and k.connamespace in ('public'::regnamespace, 'private'::regnamespace)
				and not exists (
					select from pg_index i
					where i.indrelid = k.conrelid and i.indpred is null
						and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
				)`)
	).toEqual([]);
});

it('keeps definer code out of the exposed schema and pins every search path', async () => {
	expect(
		await names(db.owner`
			select p.oid::regprocedure::text as name from pg_proc p
			where p.pronamespace = 'public'::regnamespace and p.prosecdef`)
	).toEqual([]);
	expect(
		await names(db.owner`
			select p.oid::regprocedure::text as name from pg_proc p
			where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
				and not coalesce('search_path=""' = any (p.proconfig), false)`)
	).toEqual([]);
});

it('lets strangers call only the public calls and documents every function', async () => {
	const calls = topics.flatMap((topic) => topic.publicCalls ?? []);
	const callable = await names(db.owner`
		select distinct p.oid::regproc::text as name from pg_proc p
		where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
			and has_function_privilege('anon', p.oid, 'execute')`);
	expect(callable.sort()).toEqual([...calls, ...(await privateTwins(calls))].sort());
	expect(
		await names(db.owner`
			select p.oid::regprocedure::text as name from pg_proc p
			where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
				and obj_description(p.oid) is null`)
	).toEqual([]);
});

const privateTwins = async (calls: string[]) =>
	names(db.owner`
		select 'private.' || p.proname as name from pg_proc p
		where p.pronamespace = 'private'::regnamespace and p.proname = any (${calls})`);

it('lets signed-in users call exactly what the topics of tests/support/rights name', async () => {
	const calls = topics.flatMap((topic) => [...(topic.calls ?? []), ...(topic.publicCalls ?? [])]);
	const helpers = topics.flatMap((topic) => topic.helpers ?? []);
	const callable = await names(db.owner`
		select distinct p.oid::regproc::text as name from pg_proc p
		where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
			and has_function_privilege('authenticated', p.oid, 'execute')`);
	expect(callable.sort()).toEqual(
		[...new Set([...calls, ...helpers, ...(await privateTwins(calls))])].sort()
	);
});

it('accepts only what a name, a colour and a phone may be', async () => {
	const accepts = async (type: string, value: string) =>
		db.owner.unsafe(`select $1::text::${type}`, [value]).then(
			() => true,
			() => false
		);
	expect(await accepts('public.e164', '+380671234567')).toBe(true);
	for (const phone of ['380671234567', '+0671234567', '+38067 123', '+3806712345678901', '']) {
		expect(await accepts('public.e164', phone), phone).toBe(false);
	}
	expect(await accepts('public.colour', '#a0b1c2')).toBe(true);
	for (const colour of ['#A0B1C2', '#abc', 'red', '#a0b1c2; }']) {
		expect(await accepts('public.colour', colour), colour).toBe(false);
	}
	expect(await accepts('public.translation', '{"en":"A","ru":"Б","uk":"В"}')).toBe(true);
	for (const name of [
		'{"en":"A","ru":"Б"}',
		'{"en":"A","ru":"Б","uk":" "}',
		'{"en":"A","ru":"Б","uk":1}',
		'{"en":"A","ru":"Б","uk":"В","de":"D"}',
		'[]',
		'null'
	]) {
		expect(await accepts('public.translation', name), name).toBe(false);
	}
});
