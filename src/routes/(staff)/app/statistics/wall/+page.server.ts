import { requirePage } from '$lib/access/require.ts';
import { loadStatistics } from '$lib/statistics/statistics.server.ts';

export async function load({ locals, url, parent }) {
	const actor = requirePage(locals, 'statistics');
	const { company } = await parent();
	return loadStatistics(locals.supabase, actor, url, company.timeZone);
}
