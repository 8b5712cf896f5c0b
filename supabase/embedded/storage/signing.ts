/**
 * Signed addresses: a token stands for one object, one purpose and an end. The key is derived from
 * the installation's JWT secret, so that no session token is ever taken for a signature or the
 * other way round.
 */
import { createHmac } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { storageErrors } from './errors.ts';

export type Purpose = 'download' | 'upload';
export type Signed = { owner: string | null; upsert: boolean; expires: Date };

export class Signatures {
	#key: Uint8Array;

	constructor(jwtSecret: string) {
		this.#key = createHmac('sha256', jwtSecret).update('storage: signed addresses').digest();
	}

	/** @param seconds until the token ends */
	sign(
		purpose: Purpose,
		url: string,
		seconds: number,
		extra: { owner?: string | null; upsert?: boolean } = {}
	): Promise<string> {
		const now = Math.floor(Date.now() / 1000);
		return new SignJWT({ url, purpose, ...extra })
			.setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
			.setIssuedAt(now)
			.setExpirationTime(now + seconds)
			.sign(this.#key);
	}

	/** @throws StorageError unless the token was made for exactly this object and purpose */
	async verify(token: string | null, purpose: Purpose, url: string): Promise<Signed> {
		if (!token) throw storageErrors.badRequest("querystring must have required property 'token'");
		const { payload } = await jwtVerify(token, this.#key, { algorithms: ['HS256'] }).catch(
			(error: unknown) => {
				const known = error instanceof errors.JOSEError;
				throw storageErrors.badToken(known ? error.message : 'Invalid Compact JWS');
			}
		);
		if (payload.url !== url || payload.purpose !== purpose) throw storageErrors.badSignature();
		return {
			owner: typeof payload.owner === 'string' ? payload.owner : null,
			upsert: payload.upsert === true,
			expires: new Date((payload.exp ?? 0) * 1000)
		};
	}
}
