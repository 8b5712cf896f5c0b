/** The environment a function sees: Supabase's variables and the user's secrets, nothing of ours. */
import type { Secrets } from '../secrets.ts';

/**
 * @param place the gateway's and the database's address as functions reach them
 * @param userSecrets of `supabase/functions/.env`
 */
export function functionEnvironment(
	place: { url: string; dbUrl: string },
	secrets: Secrets,
	userSecrets: Record<string, string>
): Record<string, string> {
	return {
		// as anywhere else they are secrets of the functions, so somebody's own go first
		VAPID_PUBLIC_KEY: secrets.vapid.publicKey,
		VAPID_PRIVATE_KEY: secrets.vapid.privateKey,
		...userSecrets,
		SUPABASE_URL: place.url,
		SUPABASE_DB_URL: place.dbUrl,
		SUPABASE_ANON_KEY: secrets.anonKey,
		SUPABASE_SERVICE_ROLE_KEY: secrets.serviceRoleKey,
		SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: secrets.publishableKey }),
		SUPABASE_SECRET_KEYS: JSON.stringify({ default: secrets.secretKey }),
		SUPABASE_JWKS: JSON.stringify({ keys: [symmetricKey(secrets)] })
	};
}

/** `@supabase/server` verifies a user's token with it (supabase-facts §6). */
function symmetricKey({ keyId, jwtSecret }: Secrets) {
	return { kty: 'oct', kid: keyId, alg: 'HS256', k: Buffer.from(jwtSecret).toString('base64url') };
}
