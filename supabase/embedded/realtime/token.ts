/**
 * Who a key or token speaks for. The three key forms of Supabase are accepted at connect:
 * `sb_publishable_…`, `sb_secret_…` and JWTs (also the legacy anon and service_role keys).
 * Messages and codes as hosted's (supabase-facts §1.1, §1.4).
 */
import { timingSafeEqual } from 'node:crypto';
import { compactVerify, errors } from 'jose';
import type { RealtimeSecrets } from './options.ts';

export type Claims = Record<string, unknown> & { role: string; sub?: string };

export type Identity = {
	claims: Claims;
	/** unix seconds; keys of the installation never expire */
	expiresAt: number;
	/** the token itself, to recognise it when it comes again */
	token: string;
};

type TokenCode = 'MalformedJWT' | 'JwtSignatureError' | 'InvalidJWTToken';

export class TokenError extends Error {
	readonly code: TokenCode;
	constructor(code: TokenCode, message: string) {
		super(message);
		this.code = code;
	}
}

export const now = (): number => Math.floor(Date.now() / 1000);

/** `Token has expired N seconds ago` as hosted says it on join and on expiry. */
export function expiredMessage(expiresAt: number): string {
	return `Token has expired ${Math.max(0, now() - expiresAt)} seconds ago`;
}

export class TokenVerifier {
	readonly #secret: Uint8Array;
	readonly #keys: readonly (readonly [key: Buffer, role: string])[];

	constructor(secrets: RealtimeSecrets) {
		this.#secret = new TextEncoder().encode(secrets.jwtSecret);
		this.#keys = [
			[Buffer.from(secrets.publishableKey), 'anon'],
			[Buffer.from(secrets.secretKey), 'service_role']
		];
	}

	/**
	 * The identity behind a key or token.
	 * @throws TokenError when it is malformed, forged, incomplete or expired
	 */
	async identify(token: string): Promise<Identity> {
		if (!token.startsWith('sb_')) return this.#verify(token);
		const given = Buffer.from(token);
		for (const [key, role] of this.#keys) {
			if (key.length === given.length && timingSafeEqual(key, given)) {
				return { claims: { role }, expiresAt: Infinity, token };
			}
		}
		throw new TokenError('MalformedJWT', 'The token provided is not a valid JWT');
	}

	async #verify(token: string): Promise<Identity> {
		const payload = await this.#signedPayload(token);
		const claims = parseClaims(payload);
		const expiresAt = Number(claims.exp);
		if (typeof claims.role !== 'string' || !claims.exp || !Number.isFinite(expiresAt)) {
			throw new TokenError('InvalidJWTToken', 'Fields `role` and `exp` are required in JWT');
		}
		if (expiresAt <= now()) throw new TokenError('InvalidJWTToken', expiredMessage(expiresAt));
		return { claims: claims as Claims, expiresAt, token };
	}

	async #signedPayload(token: string): Promise<Uint8Array> {
		try {
			const { payload } = await compactVerify(token, this.#secret, {
				algorithms: ['HS256', 'HS384', 'HS512']
			});
			return payload;
		} catch (error) {
			if (error instanceof errors.JWSInvalid) {
				throw new TokenError('MalformedJWT', 'The token provided is not a valid JWT');
			}
			throw new TokenError('JwtSignatureError', 'Failed to validate JWT signature');
		}
	}
}

function parseClaims(payload: Uint8Array): Record<string, unknown> {
	try {
		const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
		if (claims && typeof claims === 'object') return claims as Record<string, unknown>;
	} catch {
		// falls through to the same answer as any other non-object
	}
	throw new TokenError('MalformedJWT', 'The token provided is not a valid JWT');
}
