/** The calls about money as typed functions of a transaction, with a fresh mutation id unless given. */
import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';
import { makeOrder } from './database.ts';

export type Invoice = {
	id: number;
	number: string;
	amount: number;
	state: 'open' | 'paid' | 'void';
	received: number;
	due: number;
	currency: string;
};
export type Receipt = {
	payment: { id: number; amount: number; kind: string; client_id: number; location_id: number };
	invoice: Invoice;
	order: { id: number; stage_id: number; total: number; paid: number; payment_state: string };
};

type Options = { mutation?: string };

export async function issueInvoice(tx: TransactionSql, order: number, { mutation }: Options = {}) {
	const [row] =
		await tx`select public.issue_invoice(${order}, ${mutation ?? randomUUID()}) as answer`;
	return row?.answer as Invoice;
}

export async function recordPayment(
	tx: TransactionSql,
	invoice: number,
	amount: number | string,
	{ mutation, method = 'cash' }: Options & { method?: string } = {}
) {
	const [row] = await tx`select public.record_payment(
		${invoice}, ${amount}, ${method}, ${mutation ?? randomUUID()}) as answer`;
	return row?.answer as Receipt;
}

export async function refundPayment(
	tx: TransactionSql,
	payment: number,
	amount: number | string,
	{ mutation, reason = 'Wrong till' }: Options & { reason?: string } = {}
) {
	const [row] = await tx`select public.refund_payment(
		${payment}, ${amount}, ${reason}, ${mutation ?? randomUUID()}) as answer`;
	return row?.answer as Receipt;
}

/** An order whose lines come to a total. */
export async function makeBillable(
	sql: Sql,
	options: Parameters<typeof makeOrder>[1] & { total: number | string }
) {
	const order = await makeOrder(sql, options);
	await setTotal(sql, order.id, options.total);
	return order;
}

/** Lets an order cost so much, by one line of work. */
export async function setTotal(sql: Sql, order: number, total: number | string): Promise<void> {
	await sql`delete from public.order_lines where order_id = ${order}`;
	if (Number(total) === 0) return;
	await sql`insert into public.order_lines (order_id, kind, title, quantity, unit_price)
		values (${order}, 'work', 'Work', 1, ${total})`;
}

/** What an order says of its money, as exact texts. */
export async function moneyOf(sql: Sql, order: number) {
	const [row] = await sql`select o.total::text, o.paid::text, o.payment_state, s.kind as stage
		from public.orders o join public.stages s on s.id = o.stage_id where o.id = ${order}`;
	return row as { total: string; paid: string; payment_state: string; stage: string };
}
