/**
 * Lints of Supabase's advisors that the pinned CLI does not have yet (it ends at 0024), written from
 * their documentation. Drop one from here when the CLI brings it.
 */
import type { Sql, TransactionSql } from 'postgres';

const CALLABLE = (role: string) => `
	select p.oid::regprocedure::text as subject from pg_proc p
	where p.pronamespace = 'public'::regnamespace and p.prosecdef
		and has_function_privilege('${role}', p.oid, 'execute')`;

const IN_GRAPHQL = (role: string) => `
	select c.oid::regclass::text as subject from pg_class c
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
		and exists (select from pg_extension e where e.extname = 'pg_graphql')
		and has_any_column_privilege('${role}', c.oid, 'select')`;

/* policies as Postgres writes them back: (auth.uid() IS NULL), each operand of OR in brackets */
const NULL_AUTH = String.raw`^\(*(\( ?SELECT )?(auth\.(uid|jwt|role)\(\)|current_setting\([^)]*, true\))[^()]*\)* IS NULL\) OR |\) OR \((\( ?SELECT )?(auth\.(uid|jwt|role)\(\)|current_setting\([^)]*, true\))[^()]*\)* IS NULL\)+$`;

const LINTS: Record<string, string> = {
	'0025 public bucket can be listed': `
		select format('%s: %s', b.id, p.policyname) as subject
		from storage.buckets b
		join pg_policies p on p.schemaname = 'storage' and p.tablename = 'objects'
		where b.public and p.permissive = 'PERMISSIVE' and p.cmd in ('SELECT', 'ALL')
			and p.roles && '{public,anon,authenticated}'::name[]
			and regexp_replace(p.qual, '[()\\s]|::text', '', 'g') in ('true', '1=1', format('bucket_id=%L', b.id))`,
	'0026 strangers see it in GraphQL': IN_GRAPHQL('anon'),
	'0027 signed-in users see it in GraphQL': IN_GRAPHQL('authenticated'),
	'0028 strangers may call definer code': CALLABLE('anon'),
	'0029 signed-in users may call definer code': CALLABLE('authenticated'),
	'0030 policy is true for nobody': `
		select format('%s.%s: %s', schemaname, tablename, policyname) as subject from pg_policies
		where permissive = 'PERMISSIVE' and cmd in ('SELECT', 'ALL')
			and regexp_replace(qual, ' AS \\w+', '', 'g') ~* '${NULL_AUTH}'`,
	'0030 index is invalid': `
		select i.indexrelid::regclass::text as subject from pg_index i
		join pg_class c on c.oid = i.indexrelid
		where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and not i.indisvalid`
};

/** @returns a line for each finding */
export async function newerLints(sql: Sql | TransactionSql): Promise<string[]> {
	const found: string[] = [];
	for (const [name, query] of Object.entries(LINTS)) {
		const rows = await sql.unsafe(query);
		found.push(...rows.map(({ subject }) => `${name}: ${subject}`));
	}
	return found;
}
