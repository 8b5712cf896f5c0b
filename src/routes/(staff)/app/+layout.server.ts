import { requireEmployee } from '$lib/access/require.ts';
import { loadCompany } from '$lib/settings/settings.data.ts';
import { config } from '$lib/supabase/config.server.ts';

export async function load({ locals }) {
	const actor = requireEmployee(locals);
	const { demo, supabaseUrl, supabaseKey } = config();
	return { actor, company: await loadCompany(locals.supabase), demo, supabaseUrl, supabaseKey };
}
