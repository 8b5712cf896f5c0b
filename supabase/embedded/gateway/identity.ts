/**
 * Who is calling: API key and bearer token to a database role and claims, as Supabase's gateway and
 * PostgREST decide it. Keys: `sb_publishable_…`, `sb_secret_…` and the older JWT pair.
 */
import { timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Secrets } from '../secrets.ts';

export type ApiRole = 'anon' | 'authenticated' | 'service_role';
export type Identity = { role: ApiRole; claims: JWTPayload & { role: ApiRole } };

const ROLES = new Set<unknown>(['anon', 'authenticated', 'service_role']);
const REMEMBERED_TOKENS = 5_000;

function same(a: string, b: string): boolean {
	const [given, wanted] = [Buffer.from(a), Buffer.from(b)];
	return given.length === wanted.length && timingSafeEqual(given, wanted);
}

const bearerOf = (authorization: string | undefined) =>
	/^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1]?.trim();

export class Identities {
	#secrets: Secrets;
	#verificationKey: Uint8Array;
	#verified = new Map<string, JWTPayload>();

	constructor(secrets: Secrets) {
		this.#secrets = secrets;
		this.#verificationKey = new TextEncoder().encode(secrets.jwtSecret);
	}

	/** The key of a caller who shows none, where a service asks for none. */
	get publishableKey(): string {
		return this.#secrets.publishableKey;
	}

	/** The role an API key stands for, or null for a key that is not ours. */
	roleOfKey(key: string | undefined): 'anon' | 'service_role' | null {
		if (!key) return null;
		const { publishableKey, anonKey, secretKey, serviceRoleKey } = this.#secrets;
		if (same(key, publishableKey) || same(key, anonKey)) return 'anon';
		if (same(key, secretKey) || same(key, serviceRoleKey)) return 'service_role';
		return null;
	}

	/**
	 * Whether a bearer is to be refused before lite sees it: neither one of our keys nor a token that
	 * verifies and names a role of this API. lite takes some of them for nobody, and would become
	 * whatever role a signed token names. An expired token passes: lite says so as PostgREST does.
	 */
	async refuses(authorization: string | undefined): Promise<boolean> {
		const bearer = bearerOf(authorization);
		if (!bearer || this.roleOfKey(bearer)) return false;
		try {
			return !ROLES.has((await this.verify(bearer)).role);
		} catch (error) {
			return !(error instanceof errors.JWTExpired);
		}
	}

	/** The verified claims of a token; throws jose's errors when it is forged or expired. */
	async verify(token: string): Promise<JWTPayload> {
		const known = this.#verified.get(token);
		if (known && (known.exp ?? 0) * 1000 > Date.now()) return known;
		const { payload } = await jwtVerify(token, this.#verificationKey, { algorithms: ['HS256'] });
		if (this.#verified.size >= REMEMBERED_TOKENS) this.#verified.clear();
		this.#verified.set(token, payload);
		return payload;
	}

	/**
	 * The caller's role and claims, or null when the key or the token is not good. Why it is not good
	 * is lite's to say: the gateway then passes the request on and lite refuses it as PostgREST would.
	 * @param apiKey value of the `apikey` header or query parameter
	 * @param authorization value of the `Authorization` header
	 */
	async identify(apiKey?: string, authorization?: string): Promise<Identity | null> {
		const keyRole = this.roleOfKey(apiKey);
		if (!keyRole) return null;
		const bearer = bearerOf(authorization);
		if (!bearer || bearer === apiKey || this.roleOfKey(bearer)) {
			return { role: keyRole, claims: { role: keyRole } };
		}
		const claims = await this.verify(bearer).catch(() => null);
		if (!claims || !ROLES.has(claims.role)) return null;
		return { role: claims.role as ApiRole, claims: claims as Identity['claims'] };
	}
}
