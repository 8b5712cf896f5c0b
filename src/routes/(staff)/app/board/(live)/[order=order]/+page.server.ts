import { requirePermission } from '$lib/access/require.ts';
import { loadOrder } from '$lib/orders/order.data.ts';

export async function load({ locals, params }) {
	requirePermission(locals, 'board.read');
	return { details: await loadOrder(locals.supabase, Number(params.order)) };
}
