// create_order: a client found or made, an asset, lines and an order, in one call and once
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOrder, type Intake } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
let location: number;
let operator: string;
let coordinator: string;
let manager: string;
let service: number;
let serial = 0;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	operator = await makeEmployee(db.owner, 'operator', { location });
	coordinator = await makeEmployee(db.owner, 'coordinator', { location });
	manager = await makeEmployee(db.owner, 'manager');
	const [row] = await db.owner`insert into public.services (name, order_type)
		values ('{"en": "Setup", "ru": "Отстройка", "uk": "Налаштування"}', 'diagnostics') returning id`;
	service = row?.id;
});
afterAll(() => db?.stop());

const newPhone = () => `+38050${String(1_000_000 + ++serial)}`;
const intake = (rest: Record<string, unknown> = {}) => ({
	phone: newPhone(),
	first_name: 'Olha',
	problem: 'Buzzing strings',
	...rest
});
const take = (payload: unknown, who = operator, mutation = randomUUID()): Promise<Intake> =>
	db.commitAs(who, (tx) => createOrder(tx, payload, mutation));
const orderOf = async ({ order_id }: Intake) =>
	(await db.owner`select * from public.orders where id = ${order_id}`)[0] as Record<
		string,
		unknown
	>;
const blacklist = (client: number) =>
	db.owner`insert into public.client_blacklist (client_id, reason) values (${client}, 'Did not pay')`;

describe('an order', () => {
	it('comes with its client, asset, lines and everything that was said', async () => {
		const payload = intake({
			last_name: 'Bondar',
			type: 'repair',
			service_id: service,
			address: 'Shevchenka 1',
			priority: 2,
			promised_at: '2027-01-02T03:04:00Z',
			asset: { kind: 'Guitar', brand: 'Fender', model: 'Jazz', serial: 'F-1' },
			lines: [
				{ title: 'Setup', unit_price: 1200.5, service_id: service },
				{ kind: 'part', title: 'Strings', quantity: 2, unit_price: '99.99' }
			]
		});
		const taken = await take(payload);
		expect(taken).toMatchObject({ client_created: true, warnings: [] });
		expect(taken.card).toMatchObject({
			id: taken.order_id,
			client_id: taken.client_id,
			client_name: 'Bondar Olha',
			asset_label: 'Guitar Fender Jazz',
			stage_id: await stageOf(db.owner, 'unassigned'),
			service_id: service,
			priority: 2,
			payment_state: 'none',
			client_blacklisted: false
		});
		expect(await orderOf(taken)).toMatchObject({
			location_id: location,
			total: '1400.48',
			paid: '0.00',
			created_by: operator,
			problem: 'Buzzing strings',
			tracking_token: expect.stringMatching(/^[\w-]{24}$/)
		});
	});

	it('takes its type from the service unless told', async () => {
		const ofService = await take(intake({ service_id: service }));
		expect((await orderOf(ofService)).type).toBe('diagnostics');
		const told = await take(intake({ service_id: service, type: 'other' }));
		expect((await orderOf(told)).type).toBe('other');
	});

	it('goes to a master at once if the caller may assign, within his capacity', async () => {
		const master = await makeEmployee(db.owner, 'master', { location, capacity: 1 });
		const taken = await take(intake({ master_id: master, service_id: service }), coordinator);
		expect(taken.card).toMatchObject({
			master_id: master,
			stage_id: await stageOf(db.owner, 'assigned'),
			assigned_at: expect.any(String),
			seen_at: null
		});
		expect(taken.warnings).toEqual([{ key: 'master_lacks_skill', params: {} }]);
		expect(await refusal(take(intake({ master_id: master }), coordinator))).toMatchObject({
			message: 'master_at_capacity'
		});
		expect(await refusal(take(intake({ master_id: master })))).toMatchObject({
			code: 'VK403',
			details: { permission: 'orders.assign' }
		});
	});
});

describe('the client', () => {
	it('is found by any of his phones, and keeps his name', async () => {
		const client = await makeClient(db.owner, 'Franko');
		const second = newPhone();
		await db.owner`insert into public.client_phones (client_id, phone) values (${client}, ${second})`;
		const taken = await take(intake({ phone: second, first_name: 'Somebody' }));
		expect(taken).toMatchObject({ client_id: client, client_created: false });
		expect(taken.card.client_name).toBe('Franko Nika');
		const again = await take(intake({ phone: second }));
		expect(again.warnings).toEqual([
			{ key: 'client_has_open_orders', params: { order_ids: [taken.order_id] } }
		]);
	});

	it('is the kept one when he was merged', async () => {
		const [kept, dropped] = [await makeClient(db.owner), await makeClient(db.owner)];
		await db.owner`update public.clients set merged_into = ${kept} where id = ${dropped}`;
		expect(await take(intake({ phone: undefined, client_id: dropped }))).toMatchObject({
			client_id: kept
		});
		const [row] = await db.owner`insert into public.orders (location_id, client_id, problem)
			values (${location}, ${dropped}, 'x') returning client_id`;
		expect(row?.client_id).toBe(kept);
	});

	it('named with a phone gets it, unless it is somebody else’s', async () => {
		const [client, phone] = [await makeClient(db.owner), newPhone()];
		await take(intake({ client_id: client, phone }));
		const other = await makeClient(db.owner);
		expect(await refusal(take(intake({ client_id: other, phone })))).toEqual({
			code: 'VK409',
			message: 'phone_of_other_client',
			details: { client_id: client }
		});
	});

	it('is one when many orders of a new phone come at once', async () => {
		const phone = newPhone();
		const taken = await Promise.all(Array.from({ length: 12 }, () => take(intake({ phone }))));
		expect(new Set(taken.map(({ client_id }) => client_id)).size).toBe(1);
		expect(taken.filter(({ client_created }) => client_created)).toHaveLength(1);
		expect(new Set(taken.map(({ order_id }) => order_id)).size).toBe(12);
	});

	it('brings the same instrument again, and only his own', async () => {
		const phone = newPhone();
		const asset = { kind: 'Violin', brand: 'Mirecourt', serial: '77' };
		const [first, second] = [
			await take(intake({ phone, asset })),
			await take(intake({ phone, asset }))
		];
		const [one, two] = [await orderOf(first), await orderOf(second)];
		expect(two.asset_id).toBe(one.asset_id);
		const foreign = take(intake({ asset_id: one.asset_id }));
		expect(await refusal(foreign)).toMatchObject({ code: 'VK404', message: 'asset_not_found' });
	});
});

describe('a blacklisted client', () => {
	it('is refused with the reason, by call and by insert', async () => {
		const taken = await take(intake());
		await blacklist(taken.client_id);
		const told = {
			code: 'VK422',
			message: 'client_blacklisted',
			details: { client_id: taken.client_id, reason: 'Did not pay' }
		};
		const again = { ...intake(), phone: undefined, client_id: taken.client_id };
		expect(await refusal(take(again))).toEqual(told);
		expect(await refusal(take(again, manager))).toMatchObject({ code: 'VK422' });
		expect(await refusal(take({ ...again, override_blacklist: true }))).toEqual(told);
		const inserted = (who: string) =>
			db.commitAs(
				who,
				(tx) => tx`insert into public.orders (location_id, client_id, problem)
					values (${location}, ${taken.client_id}, 'x')`
			);
		expect(await refusal(inserted(operator))).toEqual(told);
		const overridden = { ...again, override_blacklist: true, location_id: location };
		expect(await take(overridden, manager)).toMatchObject({
			card: { client_blacklisted: true },
			warnings: [
				{ key: 'client_blacklisted', params: { reason: 'Did not pay' } },
				{ key: 'client_has_open_orders', params: { order_ids: [taken.order_id] } }
			]
		});
		const both = db.commitAs(manager, async (tx) => {
			await createOrder(tx, overridden, randomUUID());
			await tx`insert into public.orders (location_id, client_id, problem)
				values (${location}, ${taken.client_id}, 'x')`;
		});
		expect(await refusal(both)).toEqual(told);
	});

	it('is only warned about where the company wants that', async () => {
		const taken = await take(intake());
		await blacklist(taken.client_id);
		await db.owner`update public.settings set blacklist_policy = 'warn'`;
		const again = await take({ ...intake(), phone: undefined, client_id: taken.client_id });
		await db.owner`update public.settings set blacklist_policy = 'refuse'`;
		expect(again.warnings[0]).toMatchObject({ key: 'client_blacklisted' });
	});
});

describe('a double click', () => {
	it('makes one order and gets one answer', async () => {
		const [payload, mutation] = [intake(), randomUUID()];
		const taken = await Promise.all(
			Array.from({ length: 8 }, () => take(payload, operator, mutation))
		);
		for (const each of taken) expect(each).toEqual(taken[0]);
		const rows =
			await db.owner`select from public.orders where client_id = ${taken[0]?.client_id ?? 0}`;
		expect(rows).toHaveLength(1);
		expect(await refusal(take(payload, coordinator, mutation))).toMatchObject({
			message: 'mutation_reused'
		});
	});
});

it.each([
	['phone', { phone: '067 123 45 67' }],
	['phone', { phone: undefined }],
	['first_name', { first_name: ' ' }],
	['email', { email: 'nonsense' }],
	['problem', { problem: '\u200b' }],
	['problem', { problem: 7 }],
	['type', { type: 'magic' }],
	['priority', { priority: 9 }],
	['promised_at', { promised_at: 'tomorrow' }],
	['promised_at', { promised_at: '1999-01-01' }],
	['service_id', { service_id: 'x' }],
	['unit_price', { lines: [{ title: 'A', unit_price: 'x' }] }],
	['lines', { lines: [{ title: 'A', unit_price: -1 }] }],
	['lines', { lines: [{ title: 'A' }] }],
	['lines', { lines: {} }],
	['kind', { asset: { kind: '' } }],
	['colour', { asset: { kind: 'a', colour: 'red' } }],
	['stage_id', { stage_id: 1 }]
])('names the field that is wrong: %s %j', async (field, wrong) => {
	expect(await refusal(take(intake(wrong)))).toEqual({
		code: 'VK422',
		message: 'invalid_argument',
		details: { field }
	});
});

it('finds nothing that does not exist or is elsewhere', async () => {
	const elsewhere = await makeLocation(db.owner);
	const missing: [string, object][] = [
		['service_not_found', { service_id: 999 }],
		['campaign_not_found', { campaign_id: 999 }],
		['asset_not_found', { asset_id: 999 }],
		['location_not_found', { location_id: elsewhere }],
		['client_not_found', { client_id: 999999, phone: undefined }]
	];
	for (const [message, wrong] of missing) {
		expect(await refusal(take(intake(wrong as Record<string, unknown>)))).toMatchObject({
			code: 'VK404',
			message
		});
	}
	for (const payload of [null, [], 'x']) {
		expect(await refusal(take(payload))).toMatchObject({ details: { field: 'payload' } });
	}
});

it('is for those who create orders', async () => {
	const master = await makeEmployee(db.owner, 'master', { location });
	expect(await refusal(take(intake(), master))).toMatchObject({
		code: 'VK403',
		details: { permission: 'orders.create' }
	});
	const strangers = [
		await makeUser(db.owner),
		await makeEmployee(db.owner, 'operator', { active: false })
	];
	for (const who of strangers)
		expect(await refusal(take(intake(), who))).toMatchObject({ code: 'VK403' });
	const nobody = db.asRole(null, (tx) => createOrder(tx, intake(), randomUUID()));
	expect((await refusal(nobody)).code).toBe('42501');
});
