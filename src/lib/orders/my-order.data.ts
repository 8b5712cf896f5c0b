/**
 * A master's own orders. The board's snapshot shows a master exactly these, with the client's name;
 * the clients table itself is not open to masters.
 */
import type { Client } from '$lib/supabase/types.ts';
import { myOrdersOf, type MyOrder } from './my-order.ts';

/** @throws the request's error */
export async function listMyOrders(supabase: Client, masterId: string): Promise<MyOrder[]> {
	const { data } = await supabase.rpc('board_snapshot').throwOnError();
	return myOrdersOf(data, masterId);
}
