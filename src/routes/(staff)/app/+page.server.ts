import { redirect } from '@sveltejs/kit';
import { homeOf } from '$lib/access/pages.ts';
import { requireEmployee } from '$lib/access/require.ts';

export function load({ locals, url }) {
	const home = homeOf(requireEmployee(locals));
	if (home !== url.pathname) redirect(303, home);
}
