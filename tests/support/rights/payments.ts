import type { RightsTopic } from './rights.ts';

export const paymentsRights: RightsTopic = {
	calls: [
		{
			name: 'record_payment',
			needs: 'payments.record',
			statement: `select public.record_payment(:invoice, 1, 'cash', gen_random_uuid())`
		},
		{
			name: 'refund_payment',
			needs: 'payments.refund',
			statement: `select public.refund_payment(:payment, 1, 'Wrong till', gen_random_uuid())`
		}
	],
	make: async (sql, { invoice }) => {
		const [payment] = await sql`insert into public.payments (invoice_id, amount, method)
			values (${Number(invoice)}, 100, 'cash') returning id`;
		const [event] = await sql`
			insert into public.payment_events (provider, event_key, order_ref, status)
			values ('sandbox', ${`rights ${invoice}`}, 'inv_1-1_1', 'pending') returning id`;
		return { payment: payment?.id, payment_event: event?.id };
	},
	attempts: `
payments | select | orders.money | select * from public.payments where id = :payment
payments | insert | nobody | insert into public.payments (invoice_id, amount, method) values (:invoice, 1, 'cash') returning id
payments | update | nobody | update public.payments set amount = 1 where id = :payment returning id
payments | delete | nobody | delete from public.payments where id = :payment returning id
payment_events | select | audit.read | select * from public.payment_events where id = :payment_event
payment_events | insert | nobody | insert into public.payment_events (provider, event_key, order_ref, status) values ('x', 'x', 'x', 'paid') returning id
payment_events | update | nobody | update public.payment_events set error = 'x' where id = :payment_event returning id
payment_events | delete | nobody | delete from public.payment_events where id = :payment_event returning id
`
};
