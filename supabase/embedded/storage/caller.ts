/** Statements as the caller, so that row-level security on `storage` decides, as on hosted. */
import type { Sql, TransactionSql } from 'postgres';
import type { Identity } from '../gateway/identity.ts';
import { toStorageError } from './errors.ts';

export type Caller = Identity & {
	/** what policies read with storage.operation(), such as `storage.object.upload` */
	operation: string;
};

/** Who an object made by this caller belongs to. The secret key owns nothing. */
export function ownerOf(caller: Caller): { owner: string | null; owner_id: string | null } {
	const id = caller.role === 'service_role' ? undefined : caller.claims.sub;
	const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id ?? '');
	return { owner: isUuid ? (id as string) : null, owner_id: id ?? null };
}

/** Makes the rest of the transaction the caller's. */
export async function become(tx: TransactionSql, caller: Caller): Promise<void> {
	await tx`select
		set_config('role', ${caller.role}, true),
		set_config('request.jwt.claims', ${JSON.stringify(caller.claims)}, true),
		set_config('request.jwt.claim.sub', ${caller.claims.sub ?? ''}, true),
		set_config('request.jwt.claim.role', ${caller.role}, true),
		set_config('storage.operation', ${caller.operation}, true),
		set_config('storage.allow_delete_query', 'true', true),
		set_config('statement_timeout', '15s', true)`;
}

/** One transaction as the caller. */
export function asCaller<T>(
	sql: Sql,
	caller: Caller,
	work: (tx: TransactionSql) => Promise<T>
): Promise<T> {
	return transaction(sql, async (tx) => {
		await become(tx, caller);
		return work(tx);
	});
}

/** One transaction above row-level security, errors as the Storage API tells them. */
export async function transaction<T>(
	sql: Sql,
	work: (tx: TransactionSql) => Promise<T>
): Promise<T> {
	try {
		return (await sql.begin(work)) as T;
	} catch (error) {
		throw toStorageError(error);
	}
}

class Undo extends Error {}

/** Tries a statement as the caller and takes it back: may they do this? */
export async function rehearse(
	sql: Sql,
	caller: Caller,
	work: (tx: TransactionSql) => Promise<unknown>
): Promise<void> {
	try {
		await sql.begin(async (tx) => {
			await become(tx, caller);
			await work(tx);
			throw new Undo();
		});
	} catch (error) {
		if (!(error instanceof Undo)) throw toStorageError(error);
	}
}
