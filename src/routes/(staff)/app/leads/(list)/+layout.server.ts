import { requirePage } from '$lib/access/require.ts';
import { filtersOf, queryOf } from '$lib/leads/lead-filters.ts';
import { findLeads, loadLeadChoices, loadSummary } from '$lib/leads/leads.data.ts';

export async function load({ locals, url, parent }) {
	requirePage(locals, 'leads');
	const filters = filtersOf(url.searchParams);
	const { company } = await parent();
	const [found, summary, choices] = await Promise.all([
		findLeads(locals.supabase, queryOf(filters, company.timeZone), null, 50),
		loadSummary(locals.supabase),
		loadLeadChoices(locals.supabase)
	]);
	return { filters, found, summary: summary.ok ? summary.value : null, choices };
}
