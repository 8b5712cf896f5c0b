import { can } from '$lib/access/actor.ts';
import { requirePermission } from '$lib/access/require.ts';
import { loadChoices } from '$lib/campaigns/campaign.data.ts';
import { todayIn } from '$lib/statistics/period.ts';
import { choicesOf } from '../choices.ts';

export async function load({ locals, parent }) {
	const actor = requirePermission(locals, 'campaigns.manage');
	const { company } = await parent();
	return {
		choices: choicesOf(await loadChoices(locals.supabase), null),
		today: todayIn(company.timeZone),
		money: can(actor, 'campaigns.money')
	};
}
