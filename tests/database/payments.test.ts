// money received and given back: exact, once, in step with the order and the board
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeStage,
	refusal,
	stageOf,
	startDatabase,
	type Database,
	type Kind
} from '../support/database.ts';
import {
	issueInvoice,
	makeBillable,
	moneyOf,
	recordPayment,
	refundPayment,
	type Invoice,
	type Receipt
} from '../support/money.ts';

let db: Database;
let here: number;
let manager: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());
beforeEach(async () => {
	await db.owner`update public.settings set payment_closes_order = true`;
});

const pay = (invoice: Invoice, amount: number | string, options = {}, who = manager) =>
	db.commitAs(who, (tx) => recordPayment(tx, invoice.id, amount, options));
const refund = (receipt: Receipt, amount: number | string, options = {}, who = manager) =>
	db.commitAs(who, (tx) => refundPayment(tx, receipt.payment.id, amount, options));

async function invoiced(total: number | string, stage: Kind = 'waiting', location = here) {
	const order = await makeBillable(db.owner, {
		location,
		total,
		stage: await stageOf(db.owner, stage)
	});
	const invoice = await db.commitAs(manager, (tx) => issueInvoice(tx, order.id));
	return { order, invoice };
}

const count = async (order: number) =>
	(await db.owner`select count(*)::int as n from public.payments where order_id = ${order}`)[0]?.n;

describe('a payment', () => {
	it('of tenths and thirds adds up exactly and closes the invoice with the last hundredth', async () => {
		const { order, invoice } = await invoiced('100.30');
		for (const amount of ['0.10', '0.20', '33.33', '33.33']) await pay(invoice, amount);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({
			paid: '66.96',
			payment_state: 'part'
		});
		const almost = await pay(invoice, '33.33');
		expect(almost.invoice).toMatchObject({ state: 'open', received: 100.29, due: 0.01 });
		const last = await pay(invoice, '0.01');
		expect(last.invoice).toMatchObject({ state: 'paid', received: 100.3, due: 0 });
		expect(await moneyOf(db.owner, order.id)).toMatchObject({
			paid: '100.30',
			payment_state: 'paid'
		});
		const kinds = await db.owner`
			select kind from public.order_events where order_id = ${order.id} order by id offset 2`;
		expect(kinds.map(({ kind }) => kind)).toEqual(['invoiced', ...Array(6).fill('paid')]);
	});

	it('of all, recorded twice at once, is taken once: the other hears it is paid', async () => {
		for (let round = 0; round < 10; round++) {
			const { order, invoice } = await invoiced('99.99');
			const results = await Promise.allSettled([pay(invoice, '99.99'), pay(invoice, '99.99')]);
			const lost = results.filter(({ status }) => status === 'rejected');
			expect(lost).toHaveLength(1);
			expect((lost[0] as PromiseRejectedResult).reason).toMatchObject({
				code: 'VK422',
				message: 'invoice_paid'
			});
			expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '99.99' });
		}
	});

	it('in many parts at once never exceeds what is due', async () => {
		const { order, invoice } = await invoiced('10.00');
		const results = await Promise.allSettled(Array.from({ length: 20 }, () => pay(invoice, 3)));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
		for (const result of results) {
			if (result.status === 'rejected') {
				expect(result.reason).toMatchObject({ code: 'VK422', message: 'payment_exceeds_due' });
				expect(JSON.parse(result.reason.detail)).toMatchObject({ due: 1 });
			}
		}
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '9.00' });
	});

	it('with one mutation id is one payment, however often and at once it is sent', async () => {
		const { order, invoice } = await invoiced(50);
		const mutation = randomUUID();
		const answers = await Promise.all(
			Array.from({ length: 20 }, () => pay(invoice, 20, { mutation }))
		);
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect(await count(order.id)).toBe(1);
	});

	it('is refused for impossible amounts and for a void invoice', async () => {
		const { invoice } = await invoiced(50);
		for (const amount of [0, -1, '0.001', '10000000000', 'NaN']) {
			expect(await refusal(pay(invoice, amount)), String(amount)).toMatchObject({
				message: 'invalid_argument',
				details: { field: 'amount' }
			});
		}
		await db.commitAs(manager, (tx) => tx`select public.void_invoice(${invoice.id}, 'x')`);
		expect(await refusal(pay(invoice, 5))).toMatchObject({ message: 'invoice_void' });
	});

	it('obeys the same rules when the owner writes it', async () => {
		const { invoice } = await invoiced(50);
		const insert = (amount: number) =>
			db.owner`insert into public.payments (invoice_id, amount, method)
				values (${invoice.id}, ${amount}, 'cash')`;
		expect(await refusal(insert(51) as never)).toMatchObject({ message: 'payment_exceeds_due' });
		await insert(50);
		expect(await refusal(insert(1) as never)).toMatchObject({ message: 'invoice_paid' });
	});

	it('keeps the campaign the order had when the money came', async () => {
		const [campaign, later] = await db.owner`
			insert into public.campaigns (name, channel, starts_on)
			values ('A', 'search', '2026-01-01'), ('B', 'search', '2026-01-01') returning id`;
		const { order, invoice } = await invoiced(50);
		await db.owner`update public.orders set campaign_id = ${campaign?.id} where id = ${order.id}`;
		const receipt = await pay(invoice, 20);
		await db.owner`update public.orders set campaign_id = ${later?.id} where id = ${order.id}`;
		const back = await refund(receipt, 5);
		expect([receipt.payment, back.payment]).toMatchObject([
			{ campaign_id: campaign?.id, client_id: order.client_id, location_id: here },
			{ campaign_id: campaign?.id, client_id: order.client_id, location_id: here }
		]);
	});
});

describe('a done order that becomes paid', () => {
	it('is closed, in one event that says paid', async () => {
		const { order, invoice } = await invoiced(50, 'done');
		await pay(invoice, 30);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ stage: 'done' });
		await pay(invoice, 20);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ stage: 'closed' });
		const [event] = await db.owner`select kind, actor_id, to_values from public.order_events
			where order_id = ${order.id} order by id desc limit 1`;
		expect(event).toMatchObject({
			kind: 'paid',
			actor_id: manager,
			to_values: { payment_state: 'paid', stage_id: await stageOf(db.owner, 'closed') }
		});
	});

	it('stays when the company does not want it, and when it is not done yet', async () => {
		const early = await invoiced(50, 'waiting');
		await pay(early.invoice, 50);
		expect(await moneyOf(db.owner, early.order.id)).toMatchObject({ stage: 'waiting' });
		await db.owner`update public.settings set payment_closes_order = false`;
		const { order, invoice } = await invoiced(50, 'done');
		await pay(invoice, 50);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ stage: 'done', paid: '50.00' });
	});

	it('keeps its place, and the money, when the board has no room for it', async () => {
		const place = await makeLocation(db.owner);
		const narrow = await makeStage(db.owner, 'closed', { location: place, wipLimit: 1 });
		await db.owner`update public.stages set position = -1 where id = ${narrow}`;
		const [first, second] = [await invoiced(50, 'done', place), await invoiced(50, 'done', place)];
		await pay(first.invoice, 50);
		await pay(second.invoice, 50);
		expect(await moneyOf(db.owner, first.order.id)).toMatchObject({ stage: 'closed' });
		expect(await moneyOf(db.owner, second.order.id)).toMatchObject({
			stage: 'done',
			payment_state: 'paid'
		});
	});

	it('is closed once for many paid at the same instant', async () => {
		const all = await Promise.all(Array.from({ length: 12 }, () => invoiced(5, 'done')));
		await Promise.all(all.map(({ invoice }) => pay(invoice, 5)));
		for (const { order } of all) {
			expect(await moneyOf(db.owner, order.id)).toMatchObject({ stage: 'closed' });
		}
	});
});

describe('a refund', () => {
	it('takes the money off the order and leaves the invoice paid', async () => {
		const { order, invoice } = await invoiced('80.50');
		const receipt = await pay(invoice, '80.50');
		const back = await refund(receipt, '30.25');
		expect(back).toMatchObject({
			payment: { kind: 'refund', amount: 30.25, reason: 'Wrong till' },
			invoice: { state: 'paid' },
			order: { paid: 50.25, payment_state: 'part' }
		});
		await refund(receipt, '50.25');
		expect(await moneyOf(db.owner, order.id)).toMatchObject({
			paid: '0.00',
			payment_state: 'unpaid'
		});
		const [event] = await db.owner`select kind, from_values, reason from public.order_events
			where order_id = ${order.id} order by id desc limit 1`;
		expect(event).toMatchObject({
			kind: 'changed',
			from_values: { paid: 50.25 },
			reason: 'Wrong till'
		});
	});

	it('of more than was paid is refused, also in parts and at once', async () => {
		const { order, invoice } = await invoiced(50);
		const receipt = await pay(invoice, 20);
		expect(await refusal(refund(receipt, '20.01'))).toMatchObject({
			code: 'VK422',
			message: 'refund_exceeds_payment',
			details: { left: 20 }
		});
		const results = await Promise.allSettled(Array.from({ length: 10 }, () => refund(receipt, 15)));
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '5.00' });
	});

	it('of a refund, without a reason or without the right is refused', async () => {
		const { invoice } = await invoiced(50);
		const receipt = await pay(invoice, 20);
		const back = await refund(receipt, 5);
		expect(await refusal(refund(back, 1))).toMatchObject({ code: 'VK404' });
		expect(await refusal(refund(receipt, 1, { reason: ' ' }))).toMatchObject({
			details: { field: 'reason' }
		});
		const coordinator = await makeEmployee(db.owner, 'coordinator');
		expect(await refusal(refund(receipt, 1, {}, coordinator))).toMatchObject({
			code: 'VK403',
			details: { permission: 'payments.refund' }
		});
	});
});
