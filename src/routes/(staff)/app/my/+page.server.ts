import { requirePage } from '$lib/access/require.ts';
import { listMyOrders } from '$lib/orders/my-order.data.ts';

export async function load({ locals }) {
	const actor = requirePage(locals, 'my');
	return { orders: await listMyOrders(locals.supabase, actor.id) };
}
