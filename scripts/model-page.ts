/** docs/data-model.md, made whole from the comments, columns and foreign keys of the schema. */
import type { Sql } from 'postgres';
import { table } from './markdown.ts';

type Column = {
	relation: string;
	name: string;
	type: string;
	required: boolean;
	key: boolean;
	refers: string | null;
	fallback: string | null;
	comment: string | null;
};
type Relation = { name: string; kind: 'table' | 'view'; comment: string | null };
type Word = { name: string; comment: string | null; labels: string[] | null };

const INTRODUCTION = `# Data model

Made by \`npm run db:types\` from the comments of \`supabase/migrations\`; do not edit. Who may read and
write what is in [access.md](access.md).

Everything has \`created_at\` and \`updated_at\` unless it is history; rows people edit count their \`version\`.
Money is \`numeric(12,2)\` in the company's currency. Times are UTC.
`;

export async function modelPage(sql: Sql): Promise<string> {
	const [relations, columns, words] = await Promise.all([
		readRelations(sql),
		readColumns(sql),
		readWords(sql)
	]);
	const of = ({ name }: Relation) => columns.filter(({ relation }) => relation === name);
	const tables = relations.filter(({ kind }) => kind === 'table');
	const views = relations.filter(({ kind }) => kind === 'view');
	return [
		INTRODUCTION,
		'## How they hang together\n',
		diagram(tables, columns),
		'\n## Words\n',
		table(
			['type', 'is'],
			words.map(({ name, comment, labels }) => [
				`\`${name}\``,
				comment ?? (labels ?? []).join(', ')
			])
		),
		'\n## Tables\n',
		...tables.map((one) => section(one, of(one))),
		'\n## Views\n',
		...views.map((one) => section(one, of(one)))
	].join('\n');
}

function diagram(tables: Relation[], columns: Column[]): string {
	const known = new Set(tables.map(({ name }) => name));
	const lines = tables.flatMap(({ name }) => {
		const keys = columns.filter(
			({ relation, key, refers }) => relation === name && (key || refers)
		);
		const entity = keys.map(
			({ type, name: column, key, refers }) =>
				`		${type.replace(/\W+/g, '_')} ${column} ${[key && 'PK', refers && 'FK'].filter(Boolean).join(', ')}`
		);
		return [`	${name} {`, ...entity, '	}'];
	});
	const links = columns
		.filter(({ relation, refers }) => refers && known.has(refers) && known.has(relation))
		.map(
			({ relation, name, refers, required }) =>
				`	${refers} ${required ? '||' : '|o'}--o{ ${relation} : ${name}`
		);
	return ['```mermaid', 'erDiagram', ...lines, ...links, '```'].join('\n');
}

function section({ name, comment }: Relation, columns: Column[]): string {
	const rows = columns.map((column) => [
		`\`${column.name}\``,
		column.type,
		column.required ? 'yes' : '',
		column.fallback ? `\`${column.fallback}\`` : '',
		[column.key && 'key', column.refers && `→ ${column.refers}`, column.comment]
			.filter(Boolean)
			.join('; ')
	]);
	return `### ${name}\n\n${comment ?? ''}\n\n${table(['column', 'type', 'required', 'default', ''], rows)}\n`;
}

const readRelations = (sql: Sql): Promise<Relation[]> => sql<Relation[]>`
	select c.relname as name, case c.relkind when 'v' then 'view' else 'table' end as kind,
		obj_description(c.oid) as comment
	from pg_class c
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
	order by c.relname`;

const readColumns = (sql: Sql): Promise<Column[]> => sql<Column[]>`
	select c.relname as relation, a.attname as name, a.attnotnull as required,
		replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz') as type,
		coalesce(a.attnum = any (p.indkey), false) as key,
		f.confrelid::regclass::text as refers,
		case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'generated'
			else regexp_replace(pg_get_expr(d.adbin, d.adrelid), '::[\w. ]+', '', 'g') end as fallback,
		col_description(c.oid, a.attnum) as comment
	from pg_class c
	join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
	left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
	left join pg_index p on p.indrelid = c.oid and p.indisprimary
	left join lateral (
		select k.confrelid from pg_constraint k
		where k.contype = 'f' and k.conrelid = c.oid and k.conkey = array[a.attnum]
		order by k.conname limit 1
	) f on true
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
	order by c.relname, a.attnum`;

const readWords = (sql: Sql): Promise<Word[]> => sql<Word[]>`
	select t.typname as name, obj_description(t.oid, 'pg_type') as comment,
		(select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
	from pg_type t
	where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
	order by t.typname`;
