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
		{
			name: 'bulk_assign',
			needs: 'orders.assign',
			statement: `select public.bulk_assign('[{"order_id": 0, "seen_version": 1}]', null, gen_random_uuid())`
		},
		{
			name: 'bulk_move',
			needs: 'orders.move|orders.work',
			statement: `select public.bulk_move('[{"order_id": 0, "seen_version": 1}]', :waiting, gen_random_uuid())`
		},
		{
			name: 'create_order',
			needs: 'orders.create',
			statement: `select public.create_order('{}', gen_random_uuid())`
		},
		{
			name: 'edit_order',
			needs: 'orders.update|orders.work',
			statement: `select public.edit_order(:order, '{}', '{}', gen_random_uuid())`
		},
		{
			name: 'find_orders',
			needs: 'orders.read|orders.work',
			statement: 'select public.find_orders()'
		},
		{
			name: 'finish_order',
			needs: 'orders.work',
			statement: `select public.finish_order(:order, 'Done', 1, gen_random_uuid())`
		},
		// one's own order is a matter of who its master is: tests/database/handshake.test.ts
		{
			name: 'mark_order_seen',
			needs: 'employee',
			statement: 'select public.mark_order_seen(:order)'
		},
		{
			name: 'move_order',
			needs: 'orders.move|orders.work',
			statement: `select public.move_order(:order, :waiting, null, null, 1, gen_random_uuid())`
		},
		{
			name: 'respond_to_assignment',
			needs: 'employee',
			statement: 'select public.respond_to_assignment(:order, true)'
		},
		{
			name: 'suggest_masters',
			needs: 'orders.assign',
			statement: 'select public.suggest_masters(:order)'
		},
		{
			name: 'undo_move',
			needs: 'orders.move|orders.work',
			statement: 'select public.undo_move(:order, gen_random_uuid(), gen_random_uuid())'
		}
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
