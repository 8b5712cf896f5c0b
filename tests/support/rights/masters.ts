import type { RightsTopic } from './rights.ts';

/* calls of masters' phones and of the team page; push_targets is the worker's alone */
export const mastersRights: RightsTopic = {
	calls: [
		{
			name: 'add_order_lines',
			needs: 'orders.update|orders.work',
			statement: `select public.add_order_lines(:order,
				'[{"title": "Strings", "unit_price": 5}]', gen_random_uuid())`
		},
		{ name: 'team', needs: 'masters.read', statement: 'select public.team()' }
	],
	attempts: ''
};
