import { makeOrder } from '../database.ts';
import type { RightsTopic } from './rights.ts';

export const invoicesRights: RightsTopic = {
	calls: [
		{
			name: 'issue_invoice',
			needs: 'invoices.manage',
			statement: 'select public.issue_invoice(:billed, gen_random_uuid())'
		},
		{
			name: 'issue_contract_invoice',
			needs: 'invoices.manage',
			statement: 'select public.issue_contract_invoice(1, gen_random_uuid())'
		},
		{
			name: 'void_invoice',
			needs: 'invoices.manage',
			statement: `select public.void_invoice(:invoice, 'Wrong sum')`
		}
	],
	helpers: ['private.sees_contract'],
	make: async (sql, { location, client }) => {
		const { id } = await makeOrder(sql, { location: Number(location), client: Number(client) });
		await sql`update public.orders set total = 500 where id = ${id}`;
		const [row] = await sql`insert into public.invoices (order_id, number, amount, currency)
			values (${id}, ${`${id}-1`}, 500, 'UAH') returning id`;
		return { billed: id, invoice: row?.id };
	},
	attempts: `
invoices | select | orders.money orders.read | select * from public.invoices where id = :invoice
invoices | insert | nobody | insert into public.invoices (order_id, number, amount, currency) values (:order, 'X-1', 5, 'UAH') returning id
invoices | update | nobody | update public.invoices set void_reason = 'New', state = 'void' where id = :invoice returning id
invoices | delete | nobody | delete from public.invoices where id = :invoice returning id
`
};
