import { requirePage } from '$lib/access/require.ts';
import { listClients } from '$lib/clients/client.data.ts';
import { filtersOf } from '$lib/clients/client.ts';

export async function load({ locals, url }) {
	requirePage(locals, 'clients');
	const filters = filtersOf(url.searchParams);
	return { filters, first: await listClients(locals.supabase, filters) };
}
