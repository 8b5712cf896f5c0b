/** The rows behind objects: finding, writing, removing, moving and copying them, as the caller. */
import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import { z } from 'zod';
import { parse, type Buckets } from './buckets.ts';
import { asCaller, become, ownerOf, rehearse, transaction, type Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import type { ObjectFiles } from './files.ts';
import { checkKey } from './limits.ts';

export type StoredObject = {
	id: string;
	bucket_id: string;
	name: string;
	/** name of the file with the bytes */
	version: string;
	metadata: Record<string, unknown> | null;
	user_metadata: Record<string, unknown> | null;
	created_at: Date;
	updated_at: Date;
};

export type NewObject = Omit<StoredObject, 'id' | 'created_at' | 'updated_at'> & {
	owner?: string | null;
	owner_id?: string | null;
};

/** `insert` refuses a taken name, `upsert` replaces, `update` refuses a free name */
export type How = 'insert' | 'upsert' | 'update';

const Relocation = z.object({
	bucketId: z.string(),
	sourceKey: z.string(),
	destinationBucket: z.string().optional(),
	destinationKey: z.string(),
	metadata: z.record(z.string(), z.unknown()).optional()
});

export class Objects {
	#sql: Sql;
	#files: ObjectFiles;
	#buckets: Buckets;

	constructor(sql: Sql, files: ObjectFiles, buckets: Buckets) {
		this.#sql = sql;
		this.#files = files;
		this.#buckets = buckets;
	}

	/** @param caller who must be allowed to see it; null looks above row-level security */
	async find(caller: Caller | null, bucket: string, name: string): Promise<StoredObject> {
		const read = (tx: TransactionSql) => tx<StoredObject[]>`
			select id, bucket_id, name, version, metadata, user_metadata, created_at, updated_at
			from storage.objects where bucket_id = ${bucket} and name = ${name}`;
		const [row] = await (caller ? asCaller(this.#sql, caller, read) : transaction(this.#sql, read));
		if (!row) throw storageErrors.noObject();
		return row;
	}

	/** Removes what the caller may see and delete; answers the removed rows. */
	async remove(caller: Caller, bucket: string, names: string[]): Promise<StoredObject[]> {
		const rows = await asCaller(
			this.#sql,
			caller,
			(tx) => tx<StoredObject[]>`
				delete from storage.objects where bucket_id = ${bucket} and name in ${tx(names)}
				returning id, bucket_id, name, owner, owner_id, version, metadata, user_metadata,
					created_at, updated_at, last_accessed_at`
		);
		await this.#files.remove(rows.map(({ version }) => version));
		return [...rows];
	}

	/** The bytes stay where they are; only the row changes, in one statement. */
	async move(caller: Caller, body: unknown): Promise<unknown> {
		const { bucketId, sourceKey, destinationKey, destinationBucket } = parse(Relocation, body);
		const target = { bucket_id: destinationBucket ?? bucketId, name: checkKey(destinationKey) };
		const source = await this.find(caller, bucketId, sourceKey);
		const changes = { ...target, ...ownerOf(caller), updated_at: new Date() };
		const { count } = await asCaller(
			this.#sql,
			caller,
			(tx) => tx`update storage.objects set ${tx(changes)} where id = ${source.id}`
		);
		if (count === 0) throw storageErrors.denied();
		const Key = `${target.bucket_id}/${target.name}`;
		return { message: 'Successfully moved', Id: source.id, Key };
	}

	async copy(caller: Caller, body: unknown, upsert: boolean): Promise<unknown> {
		const { bucketId, sourceKey, destinationKey, ...asked } = parse(Relocation, body);
		const bucket_id = asked.destinationBucket ?? bucketId;
		const name = checkKey(destinationKey);
		const how = upsert ? 'upsert' : 'insert';
		const source = await this.find(caller, bucketId, sourceKey);
		if (!(await this.#buckets.rules(bucket_id))) throw storageErrors.noRelated();
		const row = {
			bucket_id,
			name,
			metadata: { ...source.metadata, lastModified: new Date().toISOString() },
			user_metadata: asked.metadata ?? source.user_metadata
		};
		await this.mayPut(caller, row, how);
		const version = await this.#files.copy(source.version);
		const { Id, Key } = await this.put(caller, { ...row, version }, how);
		return { Id, Key, name, bucket_id, version };
	}

	/**
	 * Records a stored file as an object: the moment an upload becomes visible. When the caller may
	 * not, or the name is taken, the file is removed again.
	 * @param caller null for a signed upload, which was allowed when it was signed
	 */
	async put(caller: Caller | null, object: NewObject, how: How) {
		const row = { ...object, ...(caller ? ownerOf(caller) : {}) };
		try {
			const [previous, id] = await transaction(this.#sql, async (tx) => {
				const old = await lockName(tx, row.bucket_id, row.name);
				if (caller) await become(tx, caller);
				return [old, await writeRow(tx, row, how, old?.id)] as const;
			});
			if (previous?.version) await this.#files.remove([previous.version]);
			return { Id: id, Key: `${row.bucket_id}/${row.name}` };
		} catch (error) {
			await this.#files.remove([row.version]);
			throw error;
		}
	}

	/** Asks whether the caller may put an object here, before its bytes are read. */
	async mayPut(caller: Caller, object: Omit<NewObject, 'version'>, how: How): Promise<void> {
		const row = { ...object, version: randomUUID(), ...ownerOf(caller) };
		await rehearse(this.#sql, caller, (tx) => writeRow(tx, row, how));
	}
}

/** One writer per name at a time, so that no replaced file is forgotten. */
async function lockName(tx: TransactionSql, bucket: string, name: string) {
	await tx`select pg_advisory_xact_lock(hashtextextended(${`storage ${bucket}/${name}`}, 0))`;
	const [row] = await tx<{ id: string; version: string | null }[]>`
		select id, version from storage.objects where bucket_id = ${bucket} and name = ${name}`;
	return row;
}

/** Reads nothing back: who may only write needs no right to read. */
async function writeRow(
	tx: TransactionSql,
	object: NewObject,
	how: How,
	knownId: string = randomUUID()
): Promise<string> {
	const { bucket_id, name, metadata, user_metadata, ...rest } = object;
	const values = {
		...rest,
		metadata: tx.json(metadata as never),
		user_metadata: user_metadata && tx.json(user_metadata as never),
		updated_at: new Date()
	};
	if (how === 'update') {
		const { count } = await tx`update storage.objects set ${tx(values)}
			where bucket_id = ${bucket_id} and name = ${name}`;
		if (count === 0) throw storageErrors.noObject();
		return knownId;
	}
	const id = how === 'upsert' ? knownId : randomUUID();
	const row = { id, bucket_id, name, ...values };
	const onConflict =
		how === 'upsert' ? tx`on conflict (bucket_id, name) do update set ${tx(values)}` : tx``;
	await tx`insert into storage.objects ${tx(row)} ${onConflict}`;
	return id;
}
