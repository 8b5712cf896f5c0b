/**
 * What hosted Supabase would refuse or a reviewer should, found in the text of a migration. The
 * embedded stack would let some of it pass, so the text is asked, not the database.
 */
const EXTENSIONS = ['pgcrypto', 'pg_trgm', 'unaccent', 'citext', 'btree_gin', 'btree_gist'];
const SUPABASE =
	'(auth|storage|realtime|vault|extensions|graphql|graphql_public|pgbouncer|net|cron)';
/** tables of Supabase that hosted lets us put triggers on (where the privilege is there) and policies */
const TRIGGERS_ON =
	/^(auth\.(users|sessions|mfa_factors|mfa_amr_claims)|storage\.(objects|buckets))$/;
const POLICIES_ON = /^(realtime\.messages|storage\.(objects|buckets))$/;

type Rule = { name: string; breaks: (sql: string) => boolean };

const never = (name: string, pattern: RegExp): Rule => ({
	name,
	breaks: (sql) => pattern.test(sql)
});

/** Tables of Supabase a statement names that it may not. */
const outside = (name: string, statement: RegExp, allowed: RegExp): Rule => ({
	name,
	breaks: (sql) =>
		[...sql.matchAll(statement)].some(
			([, table]) => new RegExp(`^${SUPABASE}\\.`).test(table ?? '') && !allowed.test(table ?? '')
		)
});

const object =
	'(table|function|procedure|aggregate|index|view|materialized\\s+view|type|domain|sequence|schema|rule|trigger\\s+\\S+\\s+on|policy\\s+"[^"]*"\\s+on)';

export const lintRules: Rule[] = [
	never(
		'makes or drops things in schemas of Supabase',
		new RegExp(
			`\\b(create|drop)\\s+(or\\s+replace\\s+)?(unique\\s+|temp\\w*\\s+|unlogged\\s+)?(table|function|procedure|aggregate|index|view|materialized\\s+view|type|domain|sequence|schema)\\s+(if\\s+(not\\s+)?exists\\s+)?(concurrently\\s+)?${SUPABASE}\\b`
		)
	),
	never(
		'alters things in schemas of Supabase',
		new RegExp(`\\balter\\s+${object}\\s+(if\\s+exists\\s+)?(only\\s+)?${SUPABASE}\\b`)
	),
	never(
		'indexes, comments on or grants what belongs to Supabase',
		new RegExp(
			`\\bcreate\\s+(unique\\s+)?index\\b[^;]*\\bon\\s+(only\\s+)?${SUPABASE}\\.|\\bcomment\\s+on\\s+\\w+\\s+${SUPABASE}\\.|\\b(grant|revoke)\\b[^;]*\\bon\\s+((table|function|schema|all\\s+\\w+\\s+in\\s+schema)\\s+)?${SUPABASE}\\b`
		)
	),
	outside(
		'puts triggers on tables of Supabase other than those for it',
		/create\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\s+\S+\s[^;]*?\son\s+([\w.]+)/g,
		TRIGGERS_ON
	),
	outside(
		'puts policies on tables of Supabase other than those for it',
		/create\s+policy\s+"[^"]*"\s+on\s+([\w.]+)/g,
		POLICIES_ON
	),
	never(
		'writes into tables of Auth or Realtime',
		/\b(insert\s+into|update|delete\s+from|truncate)\s+(only\s+)?(auth|realtime)\./
	),
	{
		name: 'needs an extension that hosted or embedded lacks',
		breaks: (sql) =>
			[...sql.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)/g)].some(
				([, extension]) =>
					!EXTENSIONS.includes(extension as string) &&
					// where it is there, it is used; where it is not, the migration still works
					!sql.includes(
						`if exists (select from pg_catalog.pg_available_extensions where name = '${extension}') then`
					)
			)
	},
	never(
		'needs what only the embedded stack has',
		/\bgateway\.|\bsupabase_admin\b|\bauthenticator\b/
	),
	never(
		'needs a superuser',
		/\b(superuser|alter\s+system|session_replication_role|(create|alter|drop)\s+(role|user|database|tablespace|event\s+trigger|server|publication|subscription)|copy\s+[^;]*\b(from|to)\s+(program|'\/)|pg_read_file|lo_import|security\s+label|language\s+(c|internal|plpython\w*|plperlu)\b)/
	),
	never(
		'runs code with its owner’s rights in an exposed schema',
		/create\s+(or\s+replace\s+)?(function|procedure)\s+(public|graphql_public)\.[^;]*?\bsecurity\s+definer\b/
	),
	never(
		'makes a view that ignores the rights of who asks',
		/create\s+(or\s+replace\s+)?view\s+public\.\w+\s+(?!with\s*\(\s*security_invoker\s*=\s*true)/
	),
	never(
		'opens tables to everybody',
		/\bdisable\s+row\s+level\s+security|\bno\s+force\s+row\s+level\s+security|\bgrant\s+[^;]*\bto\s+([\w,\s]*\b)?public\b|\bgrant\s+all\b[^;]*\bto\b[^;]*\b(anon|authenticated)\b|alter\s+default\s+privileges/
	),
	never(
		'takes another role',
		/(^|;|\b(begin|then|else|loop)\b|\$\$|')\s*set\s+(local\s+|session\s+)?(role|session\s+authorization)\b/
	),
	never('trusts what users write about themselves', /user_metadata/)
];

const withoutComments = (sql: string) =>
	sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '');

/** Names of the rules a migration breaks. */
export function lintMigration(sql: string): string[] {
	const text = withoutComments(sql).toLowerCase();
	return lintRules.filter(({ breaks }) => breaks(text)).map(({ name }) => name);
}
