import type { RightsTopic } from './rights.ts';

export const boardRights: RightsTopic = {
	calls: [
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
