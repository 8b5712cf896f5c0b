import { requirePage } from '$lib/access/require.ts';
import { loadOrder } from '$lib/orders/order.data.ts';

export async function load({ locals, params }) {
	requirePage(locals, 'dispatch');
	return { details: await loadOrder(locals.supabase, Number(params.order)) };
}
