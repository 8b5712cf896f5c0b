import { requirePage } from '$lib/access/require.ts';
import { loadTeam } from '$lib/masters/team.data.ts';

export async function load({ locals }) {
	requirePage(locals, 'team');
	return { members: await loadTeam(locals.supabase) };
}
