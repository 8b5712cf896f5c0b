import { requirePage, requirePermission } from '$lib/access/require.ts';
import { loadLeadChoices } from '$lib/leads/leads.data.ts';

export async function load({ locals }) {
	requirePage(locals, 'leads');
	requirePermission(locals, 'leads.work');
	requirePermission(locals, 'data.import');
	return { choices: await loadLeadChoices(locals.supabase) };
}
