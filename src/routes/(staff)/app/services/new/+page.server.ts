import { requirePermission } from '$lib/access/require.ts';
import { listLocations } from '$lib/services/service.data.ts';

export async function load({ locals }) {
	requirePermission(locals, 'services.manage');
	return { locations: await listLocations(locals.supabase) };
}
