/**
 * @supabase/lite's Postgres connection on a leash.
 *
 * Two corrections, both held by tests/api/leash.test.ts on every upgrade of lite:
 * it must not grant anything to anybody, and it sends a caller's identity in one round trip.
 */
import { PostgresConnection } from '@supabase/lite/postgres';
import { sql, type Kysely } from 'kysely';

type CallerContext = {
	auth?: { role?: string; uid?: unknown; jwt?: unknown };
	storage?: { operation?: unknown };
};

export class LeashedConnection extends PostgresConnection {
	constructor(url: string) {
		super({ url, postgresOptions: { max: 10, onnotice: () => {}, idle_timeout: 60 } });
		// anything but 'active' makes lite run GRANT ALL … TO anon for every schema with row-level security
		(this as unknown as { rlsState: string }).rlsState = 'active';
	}

	/** Replaces lite's five or six statements per request by a single one of the same effect. */
	async applyJwtSessionContext(db: Kysely<unknown>, context: CallerContext): Promise<void> {
		const role = context.auth?.role || 'anon';
		const claims = context.auth?.jwt;
		await sql`select
			set_config('role', ${role}, true),
			set_config('request.jwt.claim.sub', ${String(context.auth?.uid ?? '')}, true),
			set_config('request.jwt.claim.role', ${role}, true),
			set_config('storage.operation', ${String(context.storage?.operation ?? '')}, true),
			set_config('request.jwt.claims', ${claims ? JSON.stringify(claims) : ''}, true)`.execute(db);
	}
}
