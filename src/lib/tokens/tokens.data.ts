/** Tokens of other programs: listed, made, revoked. Expected failures are values. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { madeSchema, tokenSchema, type MadeToken, type Token, type TokenWish } from './token.ts';

const DAY = 24 * 3_600_000;
/** never the hash: it is of no use here */
const COLUMNS =
	'id, name, prefix, scopes, campaign_id, source, expires_at, revoked_at, last_used_at, created_at';

/** The newest first. */
export async function listTokens(client: Client): Promise<Result<Token[]>> {
	const { data, error, status } = await client
		.from('api_tokens')
		.select(COLUMNS)
		.order('id', { ascending: false });
	return error ? failed(error, status) : ok(z.array(tokenSchema).parse(data));
}

export interface Campaign {
	id: number;
	name: string;
	/** leads are taken for it */
	open: boolean;
}

/** What a token may be limited to. @throws the request's error */
export async function listCampaigns(client: Client): Promise<Campaign[]> {
	const { data } = await client
		.from('campaign_names')
		.select('id, name, ends_on, archived_at')
		.order('name')
		.throwOnError();
	const today = new Date().toISOString().slice(0, 10);
	return data.flatMap(({ id, name, ends_on, archived_at }) => {
		const open = archived_at === null && (ends_on === null || ends_on >= today);
		return id === null || name === null ? [] : [{ id, name, open }];
	});
}

export async function createToken(client: Client, wish: TokenWish): Promise<Result<MadeToken>> {
	const { data, error, status } = await client.rpc('create_api_token', {
		name: wish.name,
		scopes: ['leads.create'],
		...(wish.campaign === null ? {} : { campaign_id: wish.campaign }),
		...(wish.source.trim() ? { source: wish.source.trim() } : {}),
		...(wish.days === null
			? {}
			: { expires_at: new Date(Date.now() + wish.days * DAY).toISOString() })
	});
	if (error) return failed(error, status);
	const parsed = madeSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

export async function revokeToken(client: Client, id: number): Promise<Result<Token>> {
	const { data, error, status } = await client.rpc('revoke_api_token', { token_id: id });
	if (error) return failed(error, status);
	const parsed = tokenSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}
