import { error } from '@sveltejs/kit';
import { requirePage } from '$lib/access/require.ts';
import { loadClient } from '$lib/clients/client-page.data.ts';
import { m } from '$lib/paraglide/messages.js';

export async function load({ locals, params }) {
	requirePage(locals, 'clients');
	const id = /^[1-9]\d{0,14}$/.test(params.id) ? Number(params.id) : null;
	const client = id === null ? null : await loadClient(locals.supabase, id);
	if (!client) error(404, m.error_client_not_found());
	return { client };
}
