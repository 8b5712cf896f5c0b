/** Listings: one folder's files and folders, or every object by prefix, page by page. */
import type { Sql } from 'postgres';
import { z } from 'zod';
import { parse } from './buckets.ts';
import { asCaller, type Caller } from './caller.ts';

const Listing = z.object({
	prefix: z.string().default(''),
	limit: z.number().int().min(1).max(10_000).default(100),
	offset: z.number().int().min(0).default(0),
	search: z.string().default(''),
	sortBy: z
		.object({
			column: z.enum(['name', 'updated_at', 'created_at', 'last_accessed_at']).default('name'),
			order: z.enum(['asc', 'desc']).default('asc')
		})
		.nullish()
});

/**
 * The files and folders directly in a folder. Names are relative to it; a folder has only a name.
 * @param body `prefix` names the folder, `search` what an entry's name begins with
 */
export async function listFolder(
	sql: Sql,
	caller: Caller,
	bucket: string,
	body: unknown
): Promise<unknown> {
	const { prefix, limit, offset, search, sortBy } = parse(Listing, body ?? {});
	const folder = prefix && !prefix.endsWith('/') ? `${prefix}/` : prefix;
	const { column, order } = sortBy ?? { column: 'name', order: 'asc' };
	return asCaller(
		sql,
		caller,
		(tx) => tx`
			with entries as (
				select split_part(rest, '/', 1) as entry, position('/' in rest) > 0 as is_folder, o.*
				from (
					select substr(name, length(${folder}) + 1) as rest, id, updated_at, created_at,
						last_accessed_at, metadata
					from storage.objects
					where bucket_id = ${bucket} and starts_with(name, ${folder})
				) as o
				where starts_with(lower(rest), lower(${search}))
			), listed as (
				select distinct entry as name, null::uuid as id, null::timestamptz as updated_at,
					null::timestamptz as created_at, null::timestamptz as last_accessed_at,
					null::jsonb as metadata
				from entries where is_folder
				union all
				select entry, id, updated_at, created_at, last_accessed_at, metadata
				from entries where not is_folder
			)
			select * from listed
			order by ${tx(column)} ${order === 'desc' ? tx`desc nulls last` : tx`asc nulls first`}, name
			limit ${limit} offset ${offset}`
	);
}

const Pages = z.object({
	prefix: z.string().default(''),
	limit: z.number().int().min(1).max(1_000).default(1_000),
	cursor: z.string().optional(),
	with_delimiter: z.boolean().default(false),
	sortBy: z.object({ column: z.string(), order: z.enum(['asc', 'desc']).optional() }).nullish()
});

type Page = { key: string; is_folder: boolean; id: string | null };

/** Every object below a prefix, or with `with_delimiter` its folders, continued by cursor. */
export async function listPage(
	sql: Sql,
	caller: Caller,
	bucket: string,
	body: unknown
): Promise<unknown> {
	const { prefix, limit, cursor, with_delimiter, sortBy } = parse(Pages, body ?? {});
	const after = cursor ? Buffer.from(cursor, 'base64url').toString() : null;
	const down = sortBy?.order === 'desc';
	const rows = await asCaller(
		sql,
		caller,
		(tx) => tx<(Page & Record<string, unknown>)[]>`
			with found as (
				select *, ${with_delimiter} and position('/' in substr(name, length(${prefix}) + 1)) > 0
					as is_folder
				from storage.objects where bucket_id = ${bucket} and starts_with(name, ${prefix})
			), keyed as (
				select case when is_folder
					then ${prefix} || split_part(substr(name, length(${prefix}) + 1), '/', 1) || '/'
					else name end collate "C" as key, * from found
			)
			select distinct on (key) key, is_folder, id, updated_at, created_at, last_accessed_at, metadata
			from keyed
			where ${after}::text is null or key ${down ? tx`<` : tx`>`} ${after}
			order by key ${down ? tx`desc` : tx`asc`} limit ${limit + 1}`
	);
	const page = rows.slice(0, limit);
	const last = page.at(-1)?.key;
	return {
		hasNext: rows.length > limit,
		...(rows.length > limit && last ? { nextCursor: Buffer.from(last).toString('base64url') } : {}),
		folders: page.filter((row) => row.is_folder).map(({ key }) => ({ key, name: key })),
		objects: page
			.filter((row) => !row.is_folder)
			.map(({ is_folder: _, key, ...object }) => ({ ...object, key, name: key }))
	};
}
