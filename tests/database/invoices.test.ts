// invoices: what is asked for, once, by whom, and how it shows on the order
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import {
	issueInvoice,
	makeBillable,
	moneyOf,
	recordPayment,
	setTotal,
	type Invoice
} from '../support/money.ts';

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let local: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator');
	local = await makeEmployee(db.owner, 'coordinator', { location: there });
});
afterAll(() => db?.stop());

const billable = (total: number | string) => makeBillable(db.owner, { location: here, total });
const issue = (order: number, options = {}) =>
	db.commitAs(coordinator, (tx) => issueInvoice(tx, order, options));
const voided = (who: string, invoice: number, reason: string | null = 'Typo') =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`select public.void_invoice(${invoice}, ${reason}) as answer`;
		return row?.answer as Invoice;
	});
const eventsOf = async (order: number) =>
	(await db.owner`select kind from public.order_events where order_id = ${order} order by id`).map(
		({ kind }) => kind as string
	);

describe('issuing', () => {
	it('asks for the exact total, under the number of the order, and shows on the order', async () => {
		const order = await billable('12345678.91');
		const invoice = await issue(order.id);
		expect(invoice).toMatchObject({
			number: `${order.id}-1`,
			amount: 12345678.91,
			due: 12345678.91,
			received: 0,
			state: 'open',
			currency: 'UAH',
			issued_by: coordinator
		});
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ payment_state: 'unpaid' });
		expect((await eventsOf(order.id)).at(-1)).toBe('invoiced');
	});

	it('keeps its amount when lines are added, and the next asks for the rest', async () => {
		const order = await billable('100.10');
		const first = await issue(order.id);
		await setTotal(db.owner, order.id, '150.30');
		await db.commitAs(coordinator, (tx) => recordPayment(tx, first.id, '100.10'));
		expect(await moneyOf(db.owner, order.id)).toMatchObject({
			paid: '100.10',
			payment_state: 'part'
		});
		expect(await issue(order.id)).toMatchObject({ number: `${order.id}-2`, amount: 50.2 });
	});

	it('is done once for a mutation, and never beside an open one', async () => {
		const order = await billable(10);
		const mutation = randomUUID();
		const answers = await Promise.all(
			Array.from({ length: 10 }, () => issue(order.id, { mutation }))
		);
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect(await refusal(issue(order.id))).toMatchObject({
			code: 'VK422',
			message: 'invoice_open',
			details: { invoice_id: answers[0]?.id, number: `${order.id}-1` }
		});
		const other = await billable(10);
		expect(await refusal(issue(other.id, { mutation }))).toMatchObject({
			code: 'VK409',
			message: 'mutation_reused'
		});
	});

	it('by many at once makes one invoice', async () => {
		const order = await billable(10);
		const results = await Promise.allSettled(Array.from({ length: 20 }, () => issue(order.id)));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	});

	it('is refused for nothing, for what is not there and without the right', async () => {
		const order = await billable(0);
		expect(await refusal(issue(order.id))).toMatchObject({ message: 'nothing_to_invoice' });
		expect(await refusal(issue(1))).toMatchObject({ code: 'VK404', message: 'order_not_found' });
		const foreign = db.commitAs(local, (tx) => issueInvoice(tx, order.id));
		expect(await refusal(foreign)).toMatchObject({ code: 'VK404', message: 'order_not_found' });
		const operator = await makeEmployee(db.owner, 'operator');
		expect(await refusal(db.commitAs(operator, (tx) => issueInvoice(tx, order.id)))).toMatchObject({
			code: 'VK403',
			details: { permission: 'invoices.manage' }
		});
	});

	it('by hand keeps one open invoice for an order, one subject and an amount above zero', async () => {
		const order = await billable(10);
		await issue(order.id);
		const insert = (columns: string, values: string) =>
			refusal(
				db.owner.unsafe(`insert into public.invoices (number, currency, ${columns})
				values ('${randomUUID()}', 'UAH', ${values})`) as never
			);
		expect((await insert('order_id, amount', `${order.id}, 5`)).code).toBe('23505');
		expect((await insert('amount', '5')).code).toBe('23514');
		expect((await insert('contract_id, order_id, amount', `1, ${order.id}, 5`)).code).toBe('23514');
		const free = await billable(10);
		expect((await insert('order_id, amount', `${free.id}, 0`)).code).toBe('23514');
	});
});

describe('voiding', () => {
	it('takes the invoice off the order, says why, and makes room for another', async () => {
		const order = await billable(10);
		const invoice = await issue(order.id);
		const gone = await voided(coordinator, invoice.id, '  Wrong lines ');
		expect(gone).toMatchObject({ state: 'void', void_reason: 'Wrong lines', due: 0 });
		expect(await voided(coordinator, invoice.id)).toEqual(gone);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ payment_state: 'none' });
		expect((await eventsOf(order.id)).at(-1)).toBe('changed');
		expect(await issue(order.id)).toMatchObject({ number: `${order.id}-2` });
	});

	it('is refused once money came, in whole or in part', async () => {
		for (const amount of [10, 4]) {
			const order = await billable(10);
			const invoice = await issue(order.id);
			await db.commitAs(coordinator, (tx) => recordPayment(tx, invoice.id, amount));
			expect(await refusal(voided(coordinator, invoice.id))).toMatchObject({
				code: 'VK422',
				message: 'invoice_paid'
			});
		}
	});

	it('is refused without a reason, from another location and for none', async () => {
		const invoice = await issue((await billable(10)).id);
		for (const reason of [null, ' ', '\u200b', 'x'.repeat(301)]) {
			expect(await refusal(voided(coordinator, invoice.id, reason))).toMatchObject({
				message: 'invalid_argument',
				details: { field: 'reason' }
			});
		}
		const missing = await refusal(voided(coordinator, 999_999));
		const foreign = await refusal(voided(local, invoice.id));
		expect(missing).toMatchObject({ code: 'VK404', message: 'invoice_not_found' });
		expect(foreign).toEqual({ ...missing, details: { invoice_id: invoice.id } });
	});
});

it('keeps facts and final states from everybody, the owner included', async () => {
	const invoice = await issue((await billable(10)).id);
	const set = (what: string) =>
		refusal(
			db.owner.unsafe(`update public.invoices set ${what} where id = ${invoice.id}`) as never
		);
	expect(await set('amount = 1')).toMatchObject({ message: 'invoice_final' });
	await voided(coordinator, invoice.id);
	expect(await set(`state = 'open', void_reason = null`)).toMatchObject({
		message: 'invoice_final'
	});
	const deleted = db.owner`delete from public.invoices where id = ${invoice.id}`;
	expect((await refusal(deleted as never)).code).toBe('42501');
});

describe('a stranger is refused', () => {
	it('rows and calls: another location, a marketer, a client, nobody', async () => {
		const invoice = await issue((await billable(10)).id);
		const seen = (who: string | null) =>
			db.asRole(who, (tx) => tx`select id from public.invoices where id = ${invoice.id}`);
		expect(await seen(coordinator)).toHaveLength(1);
		for (const who of [
			local,
			await makeEmployee(db.owner, 'marketer'),
			await makeEmployee(db.owner, 'master', { location: here }),
			await makeUser(db.owner)
		]) {
			expect(await seen(who)).toEqual([]);
			expect((await refusal(voided(who, invoice.id))).code).toMatch(/^VK40[34]$/);
		}
		expect((await refusal(seen(null))).code).toBe('42501');
	});
});
