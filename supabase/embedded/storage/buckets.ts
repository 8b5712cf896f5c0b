/** `/storage/v1/bucket`: making, changing and removing buckets, as the caller. */
import type { Sql } from 'postgres';
import { z } from 'zod';
import { asCaller, ownerOf, transaction, type Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import type { ObjectFiles } from './files.ts';
import { checkBucketName, checkTypes, parseSize } from './limits.ts';

export type Bucket = {
	id: string;
	public: boolean;
	file_size_limit: number | null;
	allowed_mime_types: string[] | null;
};

const Settings = z.object({
	public: z.boolean().nullish(),
	file_size_limit: z.union([z.number(), z.string()]).nullish(),
	allowed_mime_types: z.array(z.string()).nullish()
});
const NewBucket = Settings.extend({ id: z.string().optional(), name: z.string() });

/** The settings a client named, checked; those it left out stay out. */
function settingsOf(body: z.infer<typeof Settings>): Record<string, unknown> {
	const settings: Record<string, unknown> = {};
	if (typeof body.public === 'boolean') settings.public = body.public;
	if (body.file_size_limit !== undefined)
		settings.file_size_limit = parseSize(body.file_size_limit);
	if (body.allowed_mime_types !== undefined)
		settings.allowed_mime_types = checkTypes(body.allowed_mime_types);
	return settings;
}

export class Buckets {
	#sql: Sql;
	#files: ObjectFiles;

	constructor(sql: Sql, files: ObjectFiles) {
		this.#sql = sql;
		this.#files = files;
	}

	/** A bucket's rules, whoever asks; undefined when there is none of that name. */
	async rules(id: string): Promise<Bucket | undefined> {
		const [row] = await transaction(
			this.#sql,
			(tx) => tx<Bucket[]>`
				select id, public, file_size_limit::float8 as file_size_limit, allowed_mime_types
				from storage.buckets where id = ${id}`
		);
		return row;
	}

	async list(caller: Caller, query: URLSearchParams): Promise<unknown> {
		const number = (name: string) => Number.parseInt(query.get(name) ?? '', 10) || null;
		const column = query.get('sortColumn') ?? '';
		const sort = ['name', 'created_at', 'updated_at'].includes(column) ? column : 'id';
		const search = query.get('search') ?? '';
		return asCaller(
			this.#sql,
			caller,
			(
				tx
			) => tx`select id, name, owner, owner_id, public, 'STANDARD' as type, created_at, updated_at,
					file_size_limit::float8 as file_size_limit, allowed_mime_types
				from storage.buckets where strpos(lower(name), lower(${search})) > 0 or ${search} = ''
				order by ${tx(sort)} ${query.get('sortOrder') === 'desc' ? tx`desc` : tx`asc`}
				limit ${number('limit')} offset ${number('offset') ?? 0}`
		);
	}

	async get(caller: Caller, id: string): Promise<unknown> {
		const [row] = await asCaller(
			this.#sql,
			caller,
			(
				tx
			) => tx`select id, name, owner, owner_id, public, 'STANDARD' as type, created_at, updated_at,
					file_size_limit::float8 as file_size_limit, allowed_mime_types
				from storage.buckets where id = ${id}`
		);
		if (!row) throw storageErrors.noBucket();
		return row;
	}

	async create(caller: Caller, body: unknown): Promise<unknown> {
		const parsed = parse(NewBucket, body);
		const row = {
			id: checkBucketName(parsed.id ?? parsed.name),
			name: checkBucketName(parsed.name),
			...ownerOf(caller),
			...settingsOf(parsed)
		};
		await asCaller(this.#sql, caller, (tx) => tx`insert into storage.buckets ${tx(row)}`);
		return { name: parsed.name };
	}

	async update(caller: Caller, id: string, body: unknown): Promise<unknown> {
		const changes = { ...settingsOf(parse(Settings, body)), updated_at: new Date() };
		const { count } = await asCaller(
			this.#sql,
			caller,
			(tx) => tx`update storage.buckets set ${tx(changes)} where id = ${id}`
		);
		if (count === 0) throw storageErrors.noBucket();
		return { message: 'Successfully updated' };
	}

	async remove(caller: Caller, id: string): Promise<unknown> {
		const [objects] = await transaction(
			this.#sql,
			(tx) => tx`select from storage.objects where bucket_id = ${id} limit 1`
		);
		const removal = asCaller(this.#sql, caller, async (tx) => {
			// to be told that a bucket is full, one has to be allowed to see it
			const seen = await tx`select from storage.buckets where id = ${id}`;
			if (seen.count === 0) throw storageErrors.noBucket();
			if (objects) throw storageErrors.bucketNotEmpty();
			return tx`delete from storage.buckets where id = ${id}`;
		});
		if ((await removal).count === 0) throw storageErrors.noBucket();
		return { message: 'Successfully deleted' };
	}

	/** Deletes the objects the caller may delete. */
	async empty(caller: Caller, id: string): Promise<unknown> {
		const rows = await asCaller(this.#sql, caller, async (tx) => {
			const seen = await tx`select from storage.buckets where id = ${id}`;
			if (seen.count === 0) throw storageErrors.noBucket();
			return tx<{ version: string | null }[]>`
				delete from storage.objects where bucket_id = ${id} returning version`;
		});
		await this.#files.remove(rows.map(({ version }) => version));
		return { message: 'Successfully emptied' };
	}
}

/** A JSON body at the door. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
	const parsed = schema.safeParse(body);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	const where = issue?.path.join('/') ?? '';
	throw storageErrors.badRequest(`body${where ? `/${where}` : ''} ${issue?.message}`);
}
