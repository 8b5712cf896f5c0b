import { error } from '@sveltejs/kit';
import { can } from '$lib/access/actor.ts';
import { requirePage } from '$lib/access/require.ts';
import { fetchNews, loadCampaign, loadChoices } from '$lib/campaigns/campaign.data.ts';
import { statusOf } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { m } from '$lib/paraglide/messages.js';
import { bucketOf, todayIn } from '$lib/statistics/period.ts';
import { choicesOf } from '../choices.ts';

export async function load({ locals, params, parent }) {
	const actor = requirePage(locals, 'campaigns');
	const { supabase } = locals;
	const id = /^[1-9]\d{0,14}$/.test(params.id) ? Number(params.id) : 0;
	const campaign = await loadCampaign(supabase, id);
	if (!campaign) error(404, m.error_campaign_not_found());
	const { company } = await parent();
	const today = todayIn(company.timeZone);
	const may = {
		manage: can(actor, 'campaigns.manage'),
		money: can(actor, 'campaigns.money'),
		readOrders: can(actor, 'orders.read'),
		readLeads: can(actor, 'leads.read'),
		makeTokens: can(actor, 'tokens.manage')
	};
	const asked = {
		id,
		money: may.money,
		bucket: bucketOf({ from: campaign.starts_on, to: today })
	};
	const [news, choices] = await Promise.all([fetchNews(supabase, asked), loadChoices(supabase)]);
	if (!news.ok) error(statusOf(news.error), errorSentence(news.error));
	const shown = may.money ? campaign : { ...campaign, budget: null };
	const offered = choicesOf(choices, campaign.service_id);
	return { campaign: shown, news: news.value, choices: offered, asked, today, may };
}
