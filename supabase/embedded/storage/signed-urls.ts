/** Addresses that let their holder read or write one object for a while without signing in. */
import type { Sql } from 'postgres';
import { z } from 'zod';
import { parse, type Buckets } from './buckets.ts';
import { asCaller, ownerOf, type Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import { checkKey } from './limits.ts';
import type { Objects } from './objects.ts';
import type { Signatures } from './signing.ts';

const seconds = z.number().int().min(1);
const One = z.object({ expiresIn: seconds });
const Many = z.object({ expiresIn: seconds, paths: z.array(z.string()).min(1).max(1000) });

/** How long an upload address is good, as on hosted. */
const UPLOAD_SECONDS = 7_200;
const REFUSED = 'Either the object does not exist or you do not have access to it';

export class SignedUrls {
	#sql: Sql;
	#objects: Objects;
	#buckets: Buckets;
	#signatures: Signatures;

	constructor(sql: Sql, objects: Objects, buckets: Buckets, signatures: Signatures) {
		this.#sql = sql;
		this.#objects = objects;
		this.#buckets = buckets;
		this.#signatures = signatures;
	}

	/** For an object the caller may see. */
	async one(caller: Caller, bucket: string, name: string, body: unknown): Promise<unknown> {
		const { expiresIn } = parse(One, body);
		await this.#objects.find(caller, bucket, name);
		return { signedURL: await this.#path(bucket, name, expiresIn) };
	}

	/** For many at once; what the caller may not see is answered like what does not exist. */
	async many(caller: Caller, bucket: string, body: unknown): Promise<unknown> {
		const { expiresIn, paths } = parse(Many, body);
		const rows = await asCaller(
			this.#sql,
			caller,
			(tx) => tx<{ name: string }[]>`
				select name from storage.objects where bucket_id = ${bucket} and name in ${tx(paths)}`
		);
		const seen = new Set(rows.map(({ name }) => name));
		return Promise.all(
			paths.map(async (path) =>
				seen.has(path)
					? { error: null, path, signedURL: await this.#path(bucket, path, expiresIn) }
					: { error: REFUSED, path, signedURL: null }
			)
		);
	}

	/** For an upload the caller would be allowed to make. */
	async upload(caller: Caller, bucket: string, name: string, upsert: boolean): Promise<unknown> {
		checkKey(name);
		if (!(await this.#buckets.rules(bucket))) throw storageErrors.noRelated();
		const object = { bucket_id: bucket, name, metadata: {}, user_metadata: null };
		await this.#objects.mayPut(caller, object, upsert ? 'upsert' : 'insert');
		const { owner_id: owner } = ownerOf(caller);
		const token = await this.#signatures.sign('upload', `${bucket}/${name}`, UPLOAD_SECONDS, {
			owner,
			upsert
		});
		return { url: `/object/upload/sign/${bucket}/${name}?token=${token}`, token };
	}

	async #path(bucket: string, name: string, lifetime: number): Promise<string> {
		const token = await this.#signatures.sign('download', `${bucket}/${name}`, lifetime);
		return `/object/sign/${bucket}/${name}?token=${token}`;
	}
}
