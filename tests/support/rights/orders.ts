import { makeOrder, stageOf } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const ordersRights: RightsTopic = {
	calls: [
		{
			name: 'assign_order',
			needs: 'orders.assign',
			statement: 'select public.assign_order(:order, null, 1, gen_random_uuid())'
		},
		{ name: 'board_changes', needs: 'board.read', statement: `select public.board_changes('{}')` },
		{
			name: 'board_more',
			needs: 'board.read',
			statement: 'select public.board_more(:waiting, now(), 1)'
		},
		{ name: 'board_snapshot', needs: 'board.read', statement: 'select public.board_snapshot()' },
		'bulk_assign',
		'bulk_move',
		'create_order',
		'edit_order',
		'find_orders',
		'finish_order',
		'mark_order_seen',
		{
			name: 'move_order',
			needs: 'orders.move|orders.work',
			statement: `select public.move_order(:order, :waiting, null, null, 1, gen_random_uuid())`
		},
		'respond_to_assignment',
		'suggest_masters',
		'undo_move'
	],
	helpers: ['private.new_tracking_token'],
	make: async (sql, { location, client }) => ({
		order: (await makeOrder(sql, { location: Number(location), client: Number(client) })).id,
		waiting: await stageOf(sql, 'waiting')
	}),
	attempts: `
orders | select | orders.read | select * from public.orders where id = :order
orders | insert | orders.create orders.read | insert into public.orders (location_id, client_id, problem) values (:location, :client, 'New') returning id
orders | update | orders.update orders.read | update public.orders set problem = 'New', address = 'New', priority = 1, promised_at = now(), type = 'other', result = 'New', planned_at = now(), planned_minutes = 30, asset_id = null, service_id = null, campaign_id = null where id = :order returning id
orders | delete | nobody | delete from public.orders where id = :order returning id
order_events | select | orders.read | select * from public.order_events where order_id = :order
order_events | insert | nobody | insert into public.order_events (order_id, version, kind) values (:order, 9, 'changed') returning id
order_events | update | nobody | update public.order_events set kind = 'changed' where order_id = :order returning id
order_events | delete | nobody | delete from public.order_events where order_id = :order returning id
`
};
