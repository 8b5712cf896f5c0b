import type { RightsTopic } from './rights.ts';

/** Time travel and an order's panel: calls only, no tables. */
export const replayRights: RightsTopic = {
	calls: ['board_at', 'board_day', 'order_details'],
	helpers: ['private.names_of'],
	attempts: ''
};
