import { can } from '$lib/access/actor.ts';
import { requirePage } from '$lib/access/require.ts';
import { parseColumns } from '$lib/orders/list/columns.ts';
import { findOrders, loadListChoices } from '$lib/orders/list/order-list.data.ts';
import { filtersOf, parseQuery } from '$lib/orders/list/order-list.ts';

export async function load({ locals, url, parent }) {
	const actor = requirePage(locals, 'orders');
	const query = parseQuery((field) => url.searchParams.get(field));
	const columns = parseColumns(url.searchParams.get('cols'), can(actor, 'orders.money'));
	const { company } = await parent();
	const [found, choices] = await Promise.all([
		findOrders(locals.supabase, filtersOf(query, company.timeZone), null, 50),
		loadListChoices(locals.supabase)
	]);
	return { query, columns, found, choices };
}
