/** Tokens of other programs, and the ready examples for the one that was just made. */
import * as z from 'zod/mini';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const text = z.nullable(z.string());

export const tokenSchema = z.object({
	id: z.number(),
	name: z.string(),
	/** the first characters, by which people tell tokens apart */
	prefix: z.string(),
	scopes: z.array(z.string()),
	campaign_id: z.nullable(z.number()),
	source: text,
	expires_at: text,
	revoked_at: text,
	last_used_at: text,
	created_at: z.string()
});
export type Token = z.infer<typeof tokenSchema>;

/** `token` is the secret itself: it comes this once. */
export const madeSchema = z.extend(tokenSchema, { token: z.string() });
export type MadeToken = z.infer<typeof madeSchema>;

export type TokenState = 'active' | 'expired' | 'revoked';

export function stateOf({ expires_at, revoked_at }: Token, now: number): TokenState {
	if (revoked_at) return 'revoked';
	return expires_at && Date.parse(expires_at) <= now ? 'expired' : 'active';
}

export interface TokenWish {
	name: string;
	campaign: number | null;
	source: string;
	/** null: never */
	days: number | null;
}

export const lifetimes = [null, 30, 90, 365] as const;

const lead = (campaign: number | null) => ({
	first_name: 'Eduard',
	last_name: 'Komarov',
	phone_number: '+380671234567',
	email: 'eduard@example.com',
	...(campaign === null ? {} : { advertising_company: campaign }),
	message: 'The neck is bent',
	utm_source: 'site'
});

/** A call of the intake, ready to be pasted into a shell. `api` is the gateway's address. */
export const modernExample = (api: string, token: string, campaign: number | null): string =>
	curl(`${api}/functions/v1/lead-intake`, `Authorization: Bearer ${token}`, lead(campaign));

/** The same on the app's own address, as callers of older CRM sites do it: all of these fields are demanded. */
export function legacyExample(app: string, token: string, campaign: number | null): string {
	const { message: _, utm_source: __, ...fields } = lead(campaign ?? 1);
	return curl(`${app}/clients/potential/api/`, `Token: ${token}`, fields);
}

const curl = (url: string, header: string, body: object) =>
	[
		`curl -X POST '${url}'`,
		`  -H '${header}'`,
		`  -H 'Content-Type: application/json'`,
		`  -d '${JSON.stringify(body)}'`
	].join(' \\\n');
