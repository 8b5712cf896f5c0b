/**
 * @supabase/lite's Postgres connection on a leash.
 *
 * Three corrections, held by tests/api on every upgrade of lite: it must not grant anything to
 * anybody, it sends a caller's identity in one round trip, and it prints no row of anybody's data
 * when a statement fails.
 */
import { inspect } from 'node:util';
import { PostgresConnection } from '@supabase/lite/postgres';
import { sql, type Kysely } from 'kysely';

type CallerContext = {
	auth?: { role?: string; uid?: unknown; jwt?: unknown };
	storage?: { operation?: unknown };
};

/** What lite declares private and we have to reach; a version of lite without it fails tests/api. */
type Inside = {
	rlsState: 'unknown' | 'inactive' | 'active';
	applyJwtSessionContext(db: Kysely<unknown>, context: CallerContext): Promise<void>;
};

export class LeashedConnection extends PostgresConnection {
	constructor(url: string) {
		super({ url, postgresOptions: { max: 10, onnotice: () => {}, idle_timeout: 60 } });
		const inside = this as unknown as Inside;
		// anything but 'active' makes lite run GRANT ALL … TO anon for every schema with row-level security
		inside.rlsState = 'active';
		inside.applyJwtSessionContext = becomeCaller;
	}

	/** lite prints every failed statement; what it prints must not carry values from rows. */
	override normalizeDbError(error: unknown): unknown {
		const normalised = super.normalizeDbError(error);
		if (typeof normalised === 'object' && normalised !== null) {
			const { code = 'unknown' } = normalised as { code?: string };
			const short = JSON.stringify({ at: new Date().toISOString(), event: 'rest_error', code });
			Object.defineProperty(normalised, inspect.custom, { value: () => short, enumerable: false });
		}
		return normalised;
	}
}

/** Replaces lite's five or six statements per request by a single one of the same effect. */
async function becomeCaller(db: Kysely<unknown>, context: CallerContext): Promise<void> {
	const role = context.auth?.role || 'anon';
	const claims = context.auth?.jwt;
	await sql`select
		set_config('role', ${role}, true),
		set_config('request.jwt.claim.sub', ${String(context.auth?.uid ?? '')}, true),
		set_config('request.jwt.claim.role', ${role}, true),
		set_config('storage.operation', ${String(context.storage?.operation ?? '')}, true),
		set_config('request.jwt.claims', ${claims ? JSON.stringify(claims) : ''}, true)`.execute(db);
}
