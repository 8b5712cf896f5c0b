// what payment providers report: kept once, believed only when it is what we asked for
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { issueInvoice, makeBillable, moneyOf, recordPayment } from '../support/money.ts';

let db: Database;
let here: number;
let manager: string;
let keys = 0;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());

type Report = {
	key?: string;
	ref: string;
	status?: string;
	amount?: string | null;
	currency?: string;
	provider?: string;
};

/** Calls as the webhook does, with the service key. */
const report = (given: Report) =>
	db.commitAs(null, async (tx) => {
		await tx`select set_config('role', 'service_role', true)`;
		const { key = `event ${++keys}`, ref, status = 'paid', amount = '80.50' } = given;
		const [row] =
			await tx`select public.apply_provider_payment(${given.provider ?? 'liqpay'}, ${key},
			${ref}, ${status}, ${amount}, ${given.currency ?? 'UAH'}, '{"a": 1}', 'raw') as answer`;
		return row?.answer as { result: string; payment_id: number | null; error: string | null };
	});

async function invoiced(total = '80.50') {
	const order = await makeBillable(db.owner, { location: here, total });
	const invoice = await db.commitAs(manager, (tx) => issueInvoice(tx, order.id));
	return { order, invoice, ref: `inv_${invoice.number}_1` };
}
const paymentsOf = (order: number) =>
	db.owner`select kind, amount::text, method, provider, provider_ref, recorded_by
		from public.payments where order_id = ${order} order by id`;

describe('a paid report', () => {
	it('replayed a hundred times is one payment', async () => {
		const { order, ref } = await invoiced();
		const first = await report({ ref, key: 'replayed' });
		expect(first).toMatchObject({ result: 'applied', error: null });
		for (let i = 0; i < 100; i++) {
			expect(await report({ ref, key: 'replayed' })).toMatchObject({
				result: 'duplicate',
				payment_id: first.payment_id
			});
		}
		expect(await paymentsOf(order.id)).toEqual([
			{
				kind: 'payment',
				amount: '80.50',
				method: 'online',
				provider: 'liqpay',
				provider_ref: ref,
				recorded_by: null
			}
		]);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ payment_state: 'paid' });
	});

	it('arriving a hundred times at once is one payment', async () => {
		const { order, ref } = await invoiced();
		const answers = await Promise.all(
			Array.from({ length: 100 }, () => report({ ref, key: 'at once' }))
		);
		expect(answers.filter(({ result }) => result === 'applied')).toHaveLength(1);
		expect(answers.filter(({ result }) => result === 'duplicate')).toHaveLength(99);
		expect(await paymentsOf(order.id)).toHaveLength(1);
	});

	it('of one attempt under many keys at once is one payment, too', async () => {
		const { order, ref } = await invoiced();
		const answers = await Promise.all(Array.from({ length: 20 }, () => report({ ref })));
		expect(new Set(answers.map(({ payment_id }) => payment_id)).size).toBe(1);
		expect(await paymentsOf(order.id)).toHaveLength(1);
	});

	it.each([
		['amount_mismatch', { amount: '80.49' }],
		['amount_mismatch', { amount: '80.51' }],
		['amount_mismatch', { amount: null }],
		['amount_mismatch', { amount: 'NaN' }],
		['currency_mismatch', { currency: 'RUB' }],
		['invoice_not_found', { ref: 'inv_1-1_1' }],
		['invoice_not_found', { ref: `inv_1'; drop table orders; --_1` }],
		['invoice_not_found', { ref: '' }]
	])('is kept and refused as %s: %j', async (error, wrong) => {
		const { order, ref } = await invoiced();
		const answer = await report({ ref, ...wrong });
		expect(answer).toMatchObject({ result: 'rejected', payment_id: null, error });
		expect(await paymentsOf(order.id)).toEqual([]);
		const [kept] = await db.owner`
			select error, processed_at, raw from public.payment_events order by id desc limit 1`;
		expect(kept).toEqual({ error, processed_at: null, raw: 'raw' });
	});

	it('for a paid or void invoice is kept for a person to look at', async () => {
		const paid = await invoiced();
		await db.commitAs(manager, (tx) => recordPayment(tx, paid.invoice.id, '80.50'));
		expect(await report({ ref: paid.ref })).toMatchObject({ error: 'invoice_paid' });
		const gone = await invoiced();
		await db.commitAs(manager, (tx) => tx`select public.void_invoice(${gone.invoice.id}, 'x')`);
		expect(await report({ ref: gone.ref })).toMatchObject({ error: 'invoice_void' });
		expect(await paymentsOf(gone.order.id)).toEqual([]);
	});

	it('against cash at the same instant: one of them pays, nothing is paid twice', async () => {
		for (let round = 0; round < 5; round++) {
			const { order, invoice, ref } = await invoiced();
			await Promise.allSettled([
				report({ ref }),
				db.commitAs(manager, (tx) => recordPayment(tx, invoice.id, '80.50'))
			]);
			expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '80.50' });
			expect(await paymentsOf(order.id)).toHaveLength(1);
		}
	});
});

describe('the state', () => {
	it('moves only forward: late pending, failed or expired take nothing back', async () => {
		const { order, ref } = await invoiced();
		await report({ ref, status: 'pending' });
		await report({ ref, status: 'hold' });
		expect(await paymentsOf(order.id)).toEqual([]);
		await report({ ref });
		for (const status of ['pending', 'hold', 'failed', 'expired']) {
			expect(await report({ ref, status })).toMatchObject({ result: 'ignored', error: null });
		}
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '80.50' });
	});

	it('of a word nobody knows is kept without effect', async () => {
		const { order, ref } = await invoiced();
		expect(await report({ ref, status: 'wait_for_moon' })).toMatchObject({ result: 'ignored' });
		expect(await paymentsOf(order.id)).toEqual([]);
		const [kept] =
			await db.owner`select status from public.payment_events order by id desc limit 1`;
		expect(kept?.status).toBe('wait_for_moon');
	});

	it('refunds to the total reported, in parts, once each, never beyond the payment', async () => {
		const { order, ref } = await invoiced();
		await report({ ref });
		const refund = (amount: string, key?: string) =>
			report({ ref, status: 'refunded', amount, ...(key ? { key } : {}) });
		await refund('30.00', 'part');
		await refund('30.00', 'part');
		await refund('30.00');
		await refund('80.50');
		expect(await refund('80.51')).toMatchObject({ error: 'amount_mismatch' });
		// a late report of the first part
		expect(await refund('30.00')).toMatchObject({ result: 'applied', payment_id: null });
		expect((await paymentsOf(order.id)).map(({ kind, amount }) => [kind, amount])).toEqual([
			['payment', '80.50'],
			['refund', '30.00'],
			['refund', '50.50']
		]);
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '0.00' });
	});

	it('is right when the refund overtakes its payment', async () => {
		const { order, ref } = await invoiced();
		expect(await report({ ref, status: 'refunded', amount: '20.50' })).toMatchObject({
			error: 'payment_not_found'
		});
		await report({ ref });
		expect(await moneyOf(db.owner, order.id)).toMatchObject({ paid: '60.00' });
		const open = await db.owner`select from public.payment_events
			where order_ref = ${ref} and (error is not null or processed_at is null)`;
		expect(open).toEqual([]);
	});
});

describe('a stranger is refused', () => {
	it('the call, whoever is not the service', async () => {
		const people = [null, await makeUser(db.owner), await makeEmployee(db.owner, 'admin')];
		for (const who of people) {
			const call = db.commitAs(
				who,
				(tx) =>
					tx`select public.apply_provider_payment('liqpay', 'k', 'inv_1-1_1', 'paid', 1, 'UAH')`
			);
			expect((await refusal(call)).code).toBe('42501');
		}
	});

	it('the reports, whoever may not read the audit', async () => {
		await report({ ref: 'inv_1-1_1', status: 'pending' });
		const seen = async (who: string) =>
			(await db.asRole(who, (tx) => tx`select id from public.payment_events limit 1`)).length;
		expect(await seen(await makeEmployee(db.owner, 'admin'))).toBe(1);
		expect(await seen(manager)).toBe(0);
		expect(await seen(await makeUser(db.owner))).toBe(0);
	});
});
