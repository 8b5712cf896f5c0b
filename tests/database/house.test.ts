// what every table, view and function must have; and that a forgetful new table is noticed
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDatabase, type Database } from '../support/database.ts';
import { rules } from '../support/house.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

describe('in this house', () => {
	it.each(Object.entries(rules))('%s', async (_, rule) => {
		expect(await rule(db.owner)).toEqual([]);
	});

	it('live the tables of the first cut', async () => {
		const rows = await db.owner`
			select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
		const tables =
			'client_phones clients employees locations order_events orders role_permissions settings stage_transitions stages';
		expect(rows.map(({ relname }) => relname)).toEqual(expect.arrayContaining(tables.split(' ')));
	});
});

/** what somebody in a hurry might write, and the rules that must notice */
const mistakes: [string, string, string[]][] = [
	[
		'a table and nothing else',
		'create table public.forgotten (client_id bigint references public.clients (id))',
		[
			'tables have row-level security',
			'tables have a policy',
			'tables and views say what they are for',
			'tables have a primary key',
			'tables and views are granted to those they are for',
			'foreign keys have an index',
			'every table is tried with every verb, every view is read'
		]
	],
	[
		'a table with everything but a line in the access proof',
		`create table public.unproved (id int primary key);
		comment on table public.unproved is 'x';
		grant select on public.unproved to authenticated;
		alter table public.unproved enable row level security;
		create policy "Everybody reads it" on public.unproved for select to authenticated using (true)`,
		['every table is tried with every verb, every view is read']
	],
	[
		'grants to everybody',
		`grant all on public.clients to anon, authenticated`,
		[
			'nobody may truncate, refer to or put triggers on tables',
			'strangers are granted no more columns than those of the catalogue'
		]
	],
	[
		'a private table granted',
		'grant select on private.mutations to authenticated',
		['nothing private is granted']
	],
	[
		'a view with its owner’s rights',
		`create view public.all_phones as select phone from public.client_phones;
		comment on view public.all_phones is 'x';
		grant select on public.all_phones to anon, authenticated`,
		[
			'views obey the rights of who asks',
			'strangers are granted no more columns than those of the catalogue',
			'every table is tried with every verb, every view is read'
		]
	],
	[
		'two policies for one verb, asked for each row',
		`create policy "Second" on public.clients for select to authenticated using (private.can('clients.read'))`,
		[
			'one permissive policy per table, role and verb',
			'policies ask for a right once per statement, not once per row'
		]
	],
	[
		'a definer function for all',
		`create function public.leak() returns setof public.clients language sql security definer
			as 'select * from public.clients';
		grant execute on function public.leak to anon, authenticated`,
		[
			'definer code stays out of the exposed schema',
			'functions pin their search path',
			'functions say what they are for',
			'strangers call only what is for them',
			'signed-in users call exactly what the topics of tests/support/rights name'
		]
	]
];

describe('noticed is', () => {
	it.each(mistakes)('%s', async (_, statement, noticed) => {
		expect(await broken(statement)).toEqual(noticed);
	});

	it('by somebody, each of the rules', () => {
		const all = new Set(mistakes.flatMap(([, , noticed]) => noticed));
		expect(Object.keys(rules).filter((rule) => !all.has(rule))).toEqual([]);
	});
});

/** The rules a statement would break, were it committed. */
async function broken(statement: string): Promise<string[]> {
	const rollback = new Error('rollback');
	const found: string[] = [];
	await db.owner
		.begin(async (tx: TransactionSql) => {
			const before: Record<string, string[]> = {};
			for (const [name, rule] of Object.entries(rules)) before[name] = await rule(tx);
			await tx.unsafe(statement);
			for (const [name, rule] of Object.entries(rules)) {
				const news = (await rule(tx)).filter((one) => !before[name]?.includes(one));
				if (news.length > 0) found.push(name);
			}
			throw rollback;
		})
		.catch((error: unknown) => {
			if (error !== rollback) throw error;
		});
	return found;
}
