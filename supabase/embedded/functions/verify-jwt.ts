/**
 * `verify_jwt` as the CLI's functions gateway decides it, with its words
 * (supabase/cli, functions/serve/templates/main.ts and start/templates/kong.yml).
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Identities } from '../gateway/identity.ts';

/** Why the request is refused, as the body's `msg`, or null when it may pass. */
export async function refusal(
	headers: IncomingHttpHeaders,
	identities: Identities
): Promise<string | null> {
	const { authorization } = headers;
	const apiKey = Array.isArray(headers.apikey) ? headers.apikey[0] : headers.apikey;
	if (!authorization && !apiKey) return 'Error: Missing authorization header';
	const bearer = /^Bearer ([^ ]+)$/.exec(authorization ?? '')?.[1];
	if (!bearer && !apiKey) return `Error: Auth header is not 'Bearer {token}'`;
	if (bearer && !bearer.startsWith('sb_')) return verified(bearer, identities);
	// a new-style key stands for the token the proxy in front of hosted's functions makes of it
	if (identities.roleOfKey(apiKey ?? bearer)) return null;
	return apiKey && !apiKey.startsWith('sb_') ? verified(apiKey, identities) : 'Invalid JWT';
}

const verified = (token: string, identities: Identities) =>
	identities.verify(token).then(
		() => null,
		() => 'Invalid JWT'
	);
