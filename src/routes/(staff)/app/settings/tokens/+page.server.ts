import { requirePage } from '$lib/access/require.ts';
import { listCampaigns, listTokens } from '$lib/tokens/tokens.data.ts';

export async function load({ locals, url }) {
	requirePage(locals, 'tokens');
	const [tokens, campaigns] = await Promise.all([
		listTokens(locals.supabase),
		listCampaigns(locals.supabase)
	]);
	return { tokens, campaigns, origin: url.origin };
}
