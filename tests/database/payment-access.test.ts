// who sees money, and that nobody rewrites it
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { issueInvoice, makeBillable, recordPayment, refundPayment } from '../support/money.ts';

let db: Database;
let here: number;
let there: number;
let payment: number;
let invoice: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	const order = await makeBillable(db.owner, { location: here, total: 50 });
	const manager = await makeEmployee(db.owner, 'manager');
	invoice = (await db.commitAs(manager, (tx) => issueInvoice(tx, order.id))).id;
	payment = (await db.commitAs(manager, (tx) => recordPayment(tx, invoice, 20))).payment.id;
});
afterAll(() => db?.stop());

const seen = async (who: string | null) =>
	(await db.asRole(who, (tx) => tx`select id from public.payments`)).length;

it('shows payments to those of the location with orders.money, to marketers and masters none', async () => {
	for (const role of ['operator', 'coordinator', 'manager', 'admin'] as const) {
		expect(await seen(await makeEmployee(db.owner, role)), role).toBe(1);
		expect(await seen(await makeEmployee(db.owner, role, { location: here })), role).toBe(1);
		expect(await seen(await makeEmployee(db.owner, role, { location: there })), role).toBe(0);
	}
	for (const role of ['marketer', 'master'] as const) {
		expect(await seen(await makeEmployee(db.owner, role)), role).toBe(0);
	}
	expect(await seen(await makeUser(db.owner))).toBe(0);
	expect((await refusal(seen(null))).code).toBe('42501');
});

it('answers alike for what is elsewhere and what is not there', async () => {
	const elsewhere = await makeEmployee(db.owner, 'manager', { location: there });
	const ask = (run: (id: number) => Promise<unknown>, ids: number[]) =>
		Promise.all(ids.map(async (id) => refusal(run(id))));
	for (const [run, ids, message] of [
		[
			(id: number) => db.commitAs(elsewhere, (tx) => recordPayment(tx, id, 5)),
			[invoice, 999_999],
			'invoice_not_found'
		],
		[
			(id: number) => db.commitAs(elsewhere, (tx) => refundPayment(tx, id, 5)),
			[payment, 999_999],
			'payment_not_found'
		]
	] as const) {
		for (const answer of await ask(run, [...ids])) {
			expect(answer).toMatchObject({ code: 'VK404', message });
		}
	}
});

it('refuses the calls to strangers', async () => {
	const client = await makeUser(db.owner);
	const dismissed = await makeEmployee(db.owner, 'admin', { active: false });
	for (const [who, code] of [
		[client, 'VK403'],
		[dismissed, 'VK403'],
		[null, '42501']
	] as const) {
		const calls = [
			() => db.commitAs(who, (tx) => issueInvoice(tx, 1)),
			() =>
				db.commitAs(who, (tx) => tx`select public.issue_contract_invoice(1, gen_random_uuid())`),
			() => db.commitAs(who, (tx) => tx`select public.void_invoice(1, 'x')`),
			() => db.commitAs(who, (tx) => recordPayment(tx, invoice, 5)),
			() => db.commitAs(who, (tx) => refundPayment(tx, payment, 5))
		];
		for (const call of calls) expect((await refusal(call())).code).toBe(code);
	}
});

it('is append-only for the owner, too, but for the client whom a merge may change', async () => {
	for (const statement of [
		`update public.payments set amount = 1`,
		`update public.payments set campaign_id = null, method = 'card'`,
		`delete from public.payments`,
		`truncate public.payments cascade`
	]) {
		const written = db.owner.unsafe(statement);
		expect((await refusal(written as never)).code, statement).toBe('42501');
	}
	const [other] = await db.owner`
		insert into public.clients (first_name) values ('Other') returning id`;
	await db.owner`update public.payments set client_id = ${other?.id} where id = ${payment}`;
});

it('credits a contract, whose money is seen with contracts.read only', async () => {
	const manager = await makeEmployee(db.owner, 'manager');
	const [client] =
		await db.owner`insert into public.clients (first_name) values ('C') returning id`;
	const [service] = await db.owner`insert into public.services (name) values
		('{"en": "Tuning", "ru": "Настройка", "uk": "Налаштування"}') returning id`;
	const [contract] = await db.owner`
		insert into public.contracts
			(number, client_id, location_id, amount, state, service_id, starts_on, ends_on)
		values ('K-1', ${client?.id}, ${here}, '700.70', 'draft', ${service?.id}, '2026-01-01', '2026-12-31')
		returning id`;
	const issue = () =>
		db.commitAs(manager, async (tx) => {
			const [row] = await tx`
				select public.issue_contract_invoice(${contract?.id}, gen_random_uuid()) as answer`;
			return row?.answer;
		});
	expect(await refusal(issue())).toMatchObject({ message: 'contract_not_signed' });
	await db.owner`update public.contracts set state = 'signed', signed_at = now() where id = ${contract?.id}`;
	const bill = await issue();
	expect(bill).toMatchObject({ number: `C${contract?.id}-1`, amount: 700.7, order_id: null });
	const receipt = await db.commitAs(manager, (tx) => recordPayment(tx, bill.id, '700.70'));
	expect(receipt).toMatchObject({
		payment: { contract_id: contract?.id, client_id: client?.id, location_id: here },
		invoice: { state: 'paid' },
		order: null
	});
	const operator = await makeEmployee(db.owner, 'operator');
	const elsewhere = await makeEmployee(db.owner, 'manager', { location: there });
	for (const [who, rows] of [
		[manager, 1],
		[operator, 0],
		[elsewhere, 0]
	] as const) {
		const invoices = db.asRole(who, (tx) => tx`select from public.invoices where id = ${bill.id}`);
		const payments = db.asRole(
			who,
			(tx) => tx`select from public.payments where contract_id = ${contract?.id}`
		);
		expect([(await invoices).length, (await payments).length]).toEqual([rows, rows]);
	}
});
