import { redirect } from '@sveltejs/kit';
import { homeOf } from '$lib/access/pages.ts';
import { loadCompanyName } from '$lib/settings/settings.data.ts';
import { config } from '$lib/supabase/config.server.ts';

// a page to read: it needs no JavaScript
export const csr = false;

export async function load({ locals }) {
	const { visitor, supabase } = locals;
	if (visitor.kind === 'employee') redirect(303, homeOf(visitor.actor));
	return {
		company: await loadCompanyName(supabase),
		demo: config().demo,
		outsider: visitor.kind === 'outsider' ? visitor.email : null
	};
}
