/**
 * What every table, view and function of the schema must have, read from the catalogue, so that none
 * is forgotten. Each rule answers with what breaks it; no answer is a clean house.
 */
import type { Sql, TransactionSql } from 'postgres';
import {
	attempts,
	callNames,
	helperNames,
	publicCallNames,
	publicHelperNames
} from './rights/rights.ts';

type Connection = Sql | TransactionSql;
type Rule = (sql: Connection) => Promise<string[]>;

const names = async (rows: PromiseLike<readonly Record<string, unknown>[]>) =>
	(await rows).map((row) => row.name as string);

/** A rule that is one query for the names of what breaks it. */
const query =
	(text: string): Rule =>
	(sql) =>
		names(sql.unsafe(text));

const ours = `in ('public'::regnamespace, 'private'::regnamespace)`;
const tables = `from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;
const functions = `p.oid::regprocedure::text as name from pg_proc p where p.pronamespace`;

export const rules: Record<string, Rule> = {
	'tables have row-level security': query(
		`select c.relname as name ${tables} and not c.relrowsecurity`
	),
	'tables have a policy': query(
		`select c.relname as name ${tables} and not exists (select from pg_policy p where p.polrelid = c.oid)`
	),
	'tables and views say what they are for': query(
		`select c.oid::regclass::text as name from pg_class c
		where c.relnamespace ${ours} and c.relkind in ('r', 'p', 'v', 'm') and obj_description(c.oid) is null`
	),
	'tables have a primary key': query(
		`select c.oid::regclass::text as name from pg_class c
		where c.relnamespace ${ours} and c.relkind in ('r', 'p')
			and not exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary)`
	),
	'tables and views are granted to those they are for': query(
		`select c.relname as name from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
			and not has_any_column_privilege('authenticated', c.oid, 'select')`
	),
	'nothing private is granted': query(
		`select format('%s %s', c.oid::regclass, who) as name from pg_class c
		cross join unnest('{anon,authenticated,service_role}'::text[]) who
		where c.relnamespace = 'private'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
			and has_any_column_privilege(who, c.oid, 'select,insert,update')
			-- what the views of statistics add up, under row-level security of its own
			and not (who = 'authenticated' and c.relrowsecurity
				and c.relname ~ '^(stat|money|stage)_(sums|days|deltas)$'
				and not has_any_column_privilege(who, c.oid, 'insert,update'))`
	),
	'nobody may truncate, refer to or put triggers on tables': query(
		`select format('%s %s', c.oid::regclass, who) as name from pg_class c
		cross join unnest('{anon,authenticated,service_role}'::text[]) who
		where c.relnamespace ${ours} and c.relkind in ('r', 'p')
			and has_table_privilege(who, c.oid, 'truncate,references,trigger')`
	),
	'views obey the rights of who asks': query(
		`select c.relname as name from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
			and not coalesce('security_invoker=true' = any (c.reloptions), false)`
	),
	'one permissive policy per table, role and verb': query(
		`select format('%s %s', polrelid::regclass, polcmd) as name from pg_policy
		where polpermissive group by polrelid, polcmd, polroles having count(*) > 1`
	),
	'policies ask for a right once per statement, not once per row': query(
		`select format('%s %s', p.polrelid::regclass, p.polname) as name from pg_policy p
		where concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
			~ '(?<!SELECT )(private\\.can|private\\.my_locations|auth\\.uid)\\('`
	),
	'foreign keys have an index': query(
		`select format('%s %s', k.conrelid::regclass, k.conname) as name from pg_constraint k
		where k.contype = 'f' and k.connamespace ${ours}
			and not exists (
				select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
					and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
			)`
	),
	'definer code stays out of the exposed schema': query(
		`select ${functions} = 'public'::regnamespace and p.prosecdef`
	),
	'functions pin their search path': query(
		`select ${functions} ${ours} and not coalesce('search_path=""' = any (p.proconfig), false)`
	),
	'functions say what they are for': query(
		`select ${functions} ${ours} and obj_description(p.oid) is null`
	),
	'strangers call only what is for them': (sql) => callable(sql, 'anon'),
	'signed-in users call exactly what the topics of tests/support/rights name': (sql) =>
		callable(sql, 'authenticated'),
	'strangers are granted no more columns than those of the catalogue': strangersColumns,
	'every table is tried with every verb, every view is read': untried
};

/** Functions a role may call although no topic names them, and the reverse. */
async function callable(sql: Connection, role: 'anon' | 'authenticated'): Promise<string[]> {
	const calls = role === 'anon' ? publicCallNames : callNames;
	const helpers = role === 'anon' ? publicHelperNames : [...helperNames, ...publicHelperNames];
	const expected = [
		...calls,
		...helpers,
		...(await names(sql`select 'private.' || p.proname as name from pg_proc p
			where p.pronamespace = 'private'::regnamespace and p.proname = any (${calls})`))
	];
	const granted = await names(sql`
		select distinct p.oid::regproc::text as name from pg_proc p
		where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
			and has_function_privilege(${role}, p.oid, 'execute')`);
	return [
		...granted.filter((name) => !expected.includes(name)).map((name) => `${name} is open`),
		...expected.filter((name) => !granted.includes(name)).map((name) => `${name} is closed`)
	].sort();
}

/** Tables themselves give strangers only what the public site says of the company. */
const publicSettings =
	'company_name currency language logo_path opening_hours public_address public_email public_phone';

async function strangersColumns(sql: Connection): Promise<string[]> {
	const open = publicSettings.split(' ').map((column) => `settings.${column} select`);
	const views = attempts
		.filter(({ needs, verb }) => needs === 'anybody' && verb === 'select')
		.map(({ table }) => table);
	const granted = await names(sql`
		select format('%s.%s %s', c.relname, a.attname, verb) as name
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		cross join unnest('{select,insert,update,references}'::text[]) verb
		where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
			and c.relkind in ('r', 'p', 'v', 'm')
			and not (c.relkind = 'v' and verb = 'select' and c.relname = any (${views}))
			and has_column_privilege('anon', c.oid, a.attnum, verb)`);
	return granted.filter((name) => !open.includes(name));
}

/** Tables and views the access proof leaves out. */
async function untried(sql: Connection): Promise<string[]> {
	const relations = await sql`
		select c.relname as name, c.relkind = 'v' as view from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`;
	return relations.flatMap(({ name, view }) =>
		(view ? ['select'] : ['select', 'insert', 'update', 'delete'])
			.filter((verb) => !attempts.some((one) => one.table === name && one.verb === verb))
			.map((verb) => `${verb} ${name}`)
	);
}
