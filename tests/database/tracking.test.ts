// what somebody without an account may learn, and that nobody can try all orders
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignOrder, moveOrder } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	stageOf,
	startDatabase,
	type Database
} from '../support/database.ts';
import { issueInvoice, makeBillable, recordPayment } from '../support/money.ts';

let db: Database;
let here: number;
let manager: string;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager', { name: 'Secret Manager' });
});
afterAll(() => db?.stop());
beforeEach(() => db.owner`delete from private.rate_limits`);

type Found = { found: boolean } & Record<string, unknown>;

/** A call as anon from an address, committed as a request is. */
const asAnon = (address: string | null, call: 'track' | 'pay', ...given: (string | null)[]) =>
	db.commitAs(null, async (tx) => {
		const headers = address === null ? '' : JSON.stringify({ 'x-forwarded-for': address });
		await tx`select set_config('request.headers', ${headers}, true)`;
		const [row] =
			call === 'track'
				? await tx`select public.track_order(${given[0] ?? null}) as answer`
				: await tx`select public.find_payable_order(${given[0] ?? null}, ${given[1] ?? null}) as answer`;
		return row?.answer as Found;
	});
const tokenOf = async (order: number) =>
	(await db.owner`select tracking_token as token from public.orders where id = ${order}`)[0]
		?.token as string;

describe('track_order', () => {
	it('shows the way of an order and its money, and nothing of people or reasons', async () => {
		const master = await makeEmployee(db.owner, 'master', { name: 'Secret Master' });
		const client = await makeClient(db.owner, 'Secret Client');
		const order = await makeBillable(db.owner, {
			location: here,
			client,
			total: '80.50',
			problem: 'Secret problem'
		});
		await db.commitAs(manager, (tx) =>
			assignOrder(tx, { order: order.id, master, seen: order.version + 1 })
		);
		const waiting = await stageOf(db.owner, 'waiting');
		await db.commitAs(manager, (tx) =>
			moveOrder(tx, {
				order: order.id,
				to: waiting,
				seen: order.version + 2,
				reason: 'Secret reason'
			})
		);
		const invoice = await db.commitAs(manager, (tx) => issueInvoice(tx, order.id));
		await db.commitAs(manager, (tx) => recordPayment(tx, invoice.id, '30.25'));
		const token = await tokenOf(order.id);
		const answer = await asAnon(null, 'track', token);
		expect(Object.keys(answer).sort()).toEqual(
			'currency found history invoice number paid payment_state promised_at stage topic total'.split(
				' '
			)
		);
		expect(answer).toMatchObject({
			found: true,
			number: order.id,
			stage: { kind: 'waiting', name: { en: 'Waiting' } },
			payment_state: 'part',
			total: 80.5,
			paid: 30.25,
			currency: 'UAH',
			invoice: { number: `${order.id}-1`, state: 'open', amount: 80.5, due: 50.25 },
			topic: `track:${token}`
		});
		const history = answer.history as { stage: { kind: string }; at: string }[];
		expect(history.map(({ stage }) => stage.kind)).toEqual(['unassigned', 'assigned', 'waiting']);
		expect(JSON.stringify(answer)).not.toMatch(/secret|\+380|[0-9a-f]{8}-[0-9a-f]{4}-/i);
	});

	it('answers every wrong token alike, and stops somebody who tries many', async () => {
		for (const token of [null, '', 'x', "'; drop table orders; --", 'a'.repeat(10_000)]) {
			expect(await asAnon('203.0.113.7', 'track', token)).toEqual({ found: false });
		}
		const tries = Array.from({ length: 80 }, () =>
			asAnon('203.0.113.7', 'track', randomBytes(18).toString('base64url'))
		);
		const results = await Promise.allSettled(tries);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(55);
		const order = await makeOrder(db.owner, { location: here });
		const token = await tokenOf(order.id);
		expect(await asAnon('203.0.113.7', 'track', token)).toMatchObject({ found: true });
		expect(await asAnon('203.0.113.8', 'track', 'wrong')).toEqual({ found: false });
	});

	it('has tokens nobody guesses: 24 characters, all different', async () => {
		await Promise.all(Array.from({ length: 50 }, () => makeOrder(db.owner, { location: here })));
		const rows = await db.owner`select tracking_token as token from public.orders`;
		expect(new Set(rows.map(({ token }) => token)).size).toBe(rows.length);
		for (const { token } of rows) expect(token).toMatch(/^[\w-]{24}$/);
	});
});

describe('find_payable_order', () => {
	async function payable(total = 50) {
		const client = await makeClient(db.owner);
		const order = await makeBillable(db.owner, { location: here, client, total });
		await db.commitAs(manager, (tx) => issueInvoice(tx, order.id));
		const [row] =
			await db.owner`select phone from public.client_phones where client_id = ${client}`;
		return { order: order.id, number: String(order.id), last4: (row?.phone as string).slice(-4) };
	}
	const other = (last4: string) => String((Number(last4) + 1) % 10_000).padStart(4, '0');

	it('finds the open invoice by number and digits, however the number is written', async () => {
		const { order, number, last4 } = await payable();
		for (const written of [number, `№${number}`, ` 0${number} `]) {
			expect(await asAnon('203.0.113.9', 'pay', written, last4)).toEqual({
				found: true,
				number: order,
				invoice: {
					number: `${order}-1`,
					state: 'open',
					amount: 50,
					due: 50,
					currency: 'UAH'
				}
			});
		}
	});

	it('gives one answer for wrong digits, wrong number, nothing to pay and nonsense', async () => {
		const { number, last4 } = await payable();
		const unbilled = await makeOrder(db.owner, { location: here });
		const answers = [
			await asAnon(null, 'pay', number, other(last4)),
			await asAnon(null, 'pay', '999999', last4),
			await asAnon(null, 'pay', String(unbilled.id), '0001'),
			await asAnon(null, 'pay', number, ''),
			await asAnon(null, 'pay', number, null),
			await asAnon(null, 'pay', number, '____'),
			await asAnon(null, 'pay', '9'.repeat(40), last4),
			await asAnon(null, 'pay', null, last4)
		];
		for (const answer of answers) expect(answer).toEqual({ found: false });
	});

	it('cannot be asked for all digits of an order: 5 wrong in 15 minutes, 20 a day, also at once', async () => {
		const { number, last4 } = await payable();
		const wrong = Array.from({ length: 60 }, (_, i) => other(String(Number(last4) + i)));
		const guess = (list: string[]) =>
			Promise.allSettled(list.map((digits, i) => asAnon(`198.51.100.${i}`, 'pay', number, digits)));
		const answered = (results: PromiseSettledResult<Found>[]) =>
			results.filter(({ status }) => status === 'fulfilled').length;
		expect(answered(await guess(wrong))).toBe(5);
		// the right digits hear the same while the window runs
		const right = await refusal(asAnon('198.51.100.99', 'pay', number, last4));
		expect(right).toMatchObject({ code: 'VK429', message: 'too_many_requests' });
		expect(right.details.retry_after).toBeGreaterThan(800);
		for (let window = 2; window <= 6; window++) {
			await db.owner`update private.rate_limits set window_ends_at = now() where bucket = 'payable_order'`;
			expect(answered(await guess(wrong))).toBe(window <= 4 ? 5 : 0);
		}
	});

	it('counts an address over all orders, and not who is right', async () => {
		const { number, last4 } = await payable();
		for (let i = 0; i < 40; i++) {
			expect(await asAnon('192.0.2.1', 'pay', number, last4)).toMatchObject({ found: true });
		}
		const results = await Promise.allSettled(
			Array.from({ length: 50 }, (_, i) => asAnon('192.0.2.1', 'pay', String(300_000 + i), last4))
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
		// whoever writes an address before his own is still counted by the last
		const spoofed = asAnon('8.8.8.8, 192.0.2.1', 'pay', '400000', last4);
		expect((await refusal(spoofed)).code).toBe('VK429');
		expect(await asAnon('192.0.2.2', 'pay', '400000', last4)).toEqual({ found: false });
	});
});

it('keeps no address, forgets windows that are over, and opens the counters to nobody', async () => {
	await asAnon('192.0.2.1', 'pay', '155000', '0000');
	const kept = await db.owner`select subject from private.rate_limits`;
	expect(kept.length).toBe(3);
	for (const { subject } of kept) expect(subject).toMatch(/^[0-9a-f]{64}$/);
	await db.owner`update private.rate_limits set window_ends_at = now() - interval '1 second'
		where bucket <> 'payable_order_day'`;
	await db.owner`select private.forget_rate_limits()`;
	expect(await db.owner`select bucket from private.rate_limits`).toEqual([
		{ bucket: 'payable_order_day' }
	]);
	for (const who of [null, manager]) {
		const read = db.asRole(who, (tx) => tx`select from private.rate_limits`);
		expect((await refusal(read)).code).toBe('42501');
	}
});
