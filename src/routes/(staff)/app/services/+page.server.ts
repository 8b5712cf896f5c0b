import { can } from '$lib/access/actor.ts';
import { requirePage } from '$lib/access/require.ts';
import { listServices } from '$lib/services/service.data.ts';

export async function load({ locals }) {
	const actor = requirePage(locals, 'services');
	return {
		services: await listServices(locals.supabase),
		manages: can(actor, 'services.manage')
	};
}
