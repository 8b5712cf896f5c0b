import type { RightsTopic } from './rights.ts';

export const boardRights: RightsTopic = {
	calls: [
		{
			name: 'plan_order',
			needs: 'orders.assign',
			statement: `select public.plan_order(:order, null, now() + interval '1 hour', 30, 1, gen_random_uuid())`
		},
		{
			name: 'dispatch_day',
			needs: 'masters.read',
			statement: `select public.dispatch_day(now(), now() + interval '1 day')`
		},
		{
			name: 'place_order',
			needs: 'orders.assign orders.move',
			statement: `select public.place_order(:order, :waiting, null, null, null, 1, gen_random_uuid())`
		}
	],
	// the body of move_order, assign_order and place_order, which asks for the right itself
	helpers: ['private.place'],
	attempts: ''
};
