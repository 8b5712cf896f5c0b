/**
 * Completes lite's thin tokens to what GoTrue issues. lite signs {sub, aud, role, email, session_id,
 * iat, exp}; policies, supabase-js and functions rely on the rest (supabase-facts §0.2, §5.5).
 */
import { isIP } from 'node:net';
import { decodeJwt, SignJWT } from 'jose';
import type { Sql } from 'postgres';
import type { Secrets } from '../secrets.ts';
import type { AccessTokenHook } from './hook.ts';

type AccountRow = {
	email: string | null;
	phone: string | null;
	role: string | null;
	app_metadata: unknown;
	user_metadata: unknown;
	is_anonymous: boolean | null;
	banned: boolean;
	aal: string | null;
	methods: { method: string; timestamp: number }[];
};

export type CompletedToken =
	| { token: string; claims: Record<string, unknown> }
	| { refused: 'user_banned' | 'session_not_found' };

/** lite writes metadata as JSON text inside a jsonb string; other writers write the object. */
function asObject(metadata: unknown): Record<string, unknown> {
	const value: unknown = typeof metadata === 'string' ? JSON.parse(metadata) : metadata;
	return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Of a request that begins a session. */
export type Origin = { address: string; userAgent: string | null };

export class TokenCompleter {
	#sql: Sql;
	#secrets: Secrets;
	#issuer: string;
	#signingKey: Uint8Array;
	#hook: AccessTokenHook | null;

	constructor(sql: Sql, secrets: Secrets, apiUrl: string, hook: AccessTokenHook | null = null) {
		this.#sql = sql;
		this.#secrets = secrets;
		this.#issuer = `${apiUrl}/auth/v1`;
		this.#signingKey = new TextEncoder().encode(secrets.jwtSecret);
		this.#hook = hook;
	}

	/**
	 * @param thin the access token lite has just issued
	 * @param method how the session began (`password`, `otp`, …); null when it is only refreshed
	 * @param origin where a session that has just begun comes from
	 * @param step what the hook is told of a refresh: `totp` when it follows a second factor
	 * @throws AuthError when the hook refuses; a session that was just begun is ended again
	 */
	async complete(
		thin: string,
		method: string | null,
		origin: Origin,
		step = 'token_refresh'
	): Promise<CompletedToken> {
		const issued = decodeJwt(thin);
		const sessionId = String(issued.session_id);
		if (method) await this.#recordMethod(sessionId, method, origin);
		const account = await this.#account(String(issued.sub), sessionId);
		if (!account) return { refused: 'session_not_found' };
		if (account.banned) {
			await this.#endSession(sessionId);
			return { refused: 'user_banned' };
		}
		const claims = await this.#finalClaims(this.#claims(issued, account), method, step);
		const token = await new SignJWT(claims)
			.setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: this.#secrets.keyId })
			.sign(this.#signingKey);
		return { token, claims };
	}

	async #finalClaims(
		claims: Record<string, unknown>,
		method: string | null,
		step: string
	): Promise<Record<string, unknown>> {
		if (!this.#hook) return claims;
		try {
			const user_id = String(claims.sub);
			return await this.#hook.run({ user_id, claims, authentication_method: method ?? step });
		} catch (error) {
			if (method) await this.#endSession(String(claims.session_id));
			throw error;
		}
	}

	async #endSession(sessionId: string): Promise<void> {
		await this.#sql`delete from auth.sessions where id = ${sessionId}`;
	}

	#claims(issued: Record<string, unknown>, account: AccountRow): Record<string, unknown> {
		return {
			iss: this.#issuer,
			sub: issued.sub,
			aud: issued.aud ?? 'authenticated',
			exp: issued.exp,
			iat: issued.iat,
			email: account.email ?? '',
			phone: account.phone ?? '',
			app_metadata: asObject(account.app_metadata),
			user_metadata: asObject(account.user_metadata),
			role: account.role ?? 'authenticated',
			aal: account.aal ?? 'aal1',
			amr: account.methods,
			session_id: issued.session_id,
			is_anonymous: account.is_anonymous ?? false
		};
	}

	/** As GoTrue does: the session knows where it comes from before its method is noted. */
	async #recordMethod(sessionId: string, method: string, origin: Origin): Promise<void> {
		const address = isIP(origin.address) ? origin.address : null;
		await this.#sql`
			with session as (
				update auth.sessions s set ip = ${address}, user_agent = ${origin.userAgent}
				from auth.users u
				where s.id = ${sessionId} and u.id = s.user_id and not coalesce(u.banned_until > now(), false)
				returning s.id
			)
			insert into auth.mfa_amr_claims (id, session_id, created_at, updated_at, authentication_method)
			select gen_random_uuid(), session.id, now(), now(), ${method} from session
			on conflict (session_id, authentication_method) do update set updated_at = now()`;
	}

	async #account(userId: string, sessionId: string): Promise<AccountRow | undefined> {
		const [row] = await this.#sql<AccountRow[]>`
			select u.email, u.phone, u.role, u.raw_app_meta_data as app_metadata,
				u.raw_user_meta_data as user_metadata, u.is_anonymous,
				coalesce(u.banned_until > now(), false) as banned, s.aal,
				coalesce((
					select jsonb_agg(jsonb_build_object(
						'method', c.authentication_method,
						'timestamp', extract(epoch from c.updated_at)::bigint) order by c.updated_at desc)
					from auth.mfa_amr_claims c where c.session_id = s.id
				), '[]') as methods
			from auth.users u
			join auth.sessions s on s.user_id = u.id
			where u.id = ${userId} and s.id = ${sessionId} and u.deleted_at is null`;
		return row;
	}
}
