import { can } from '$lib/access/actor.ts';
import { requirePage } from '$lib/access/require.ts';
import { listCampaigns } from '$lib/campaigns/campaign.data.ts';
import { filtersOf } from '$lib/campaigns/campaign.ts';
import { rangeOf, todayIn } from '$lib/statistics/period.ts';

export async function load({ locals, url, parent }) {
	const actor = requirePage(locals, 'campaigns');
	const filters = filtersOf(url.searchParams);
	const { company } = await parent();
	const today = todayIn(company.timeZone);
	const range = filters.span === 'ever' ? null : rangeOf(filters.span, today);
	const may = { manage: can(actor, 'campaigns.manage'), money: can(actor, 'campaigns.money') };
	return { campaigns: await listCampaigns(locals.supabase, range), filters, range, today, may };
}
