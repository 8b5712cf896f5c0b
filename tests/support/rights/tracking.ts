import type { RightsTopic } from './rights.ts';

/** Clients and strangers: no tables of their own, but calls, a topic and views that begin at auth.uid(). */
export const trackingRights: RightsTopic = {
	publicCalls: [
		{
			name: 'find_payable_order',
			needs: 'anybody',
			statement: `select public.find_payable_order('1', '0000')`
		},
		{
			name: 'track_order',
			needs: 'anybody',
			statement: `select public.track_order(repeat('A', 24))`
		}
	],
	publicHelpers: ['private.may_hear_as_client'],
	helpers: ['private.my_client_orders', 'private.my_client_payments'],
	/* the portal's views: no employee is a client */
	attempts: `
my_client_orders | select | nobody | select * from public.my_client_orders
my_client_payments | select | nobody | select * from public.my_client_payments
`
};
