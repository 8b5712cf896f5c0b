import { requirePage } from '$lib/access/require.ts';
import { loadWork } from '$lib/masters/my-work.data.ts';
import { config } from '$lib/supabase/config.server.ts';

export async function load({ locals }) {
	const actor = requirePage(locals, 'my');
	return { start: await loadWork(locals.supabase, actor.id), pushKey: config().pushKey };
}
