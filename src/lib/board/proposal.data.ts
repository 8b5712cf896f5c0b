/** Who could do an order, asked of the server. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { suggestionsSchema, type Suggestion } from './proposal.ts';

/** Masters who could take the order, best first; its present one is left out. */
export async function suggestMasters(
	client: Client,
	order_id: number
): Promise<Result<Suggestion[]>> {
	const { data, error, status } = await client.rpc('suggest_masters', { order_id });
	if (error) return failed(error, status);
	const parsed = suggestionsSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}
