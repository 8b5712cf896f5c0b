import type { RightsTopic } from './rights.ts';

/** Time travel and an order's panel: calls only, no tables. */
export const replayRights: RightsTopic = {
	calls: [
		{
			name: 'board_at',
			needs: 'board.read orders.read',
			statement: 'select public.board_at(now())'
		},
		{
			name: 'board_day',
			needs: 'board.read orders.read',
			statement: 'select public.board_day(current_date)'
		},
		// an order one does not see is not found, whoever asks
		{ name: 'order_details', needs: 'everybody', statement: 'select public.order_details(:order)' }
	],
	helpers: ['private.names_of'],
	attempts: ''
};
