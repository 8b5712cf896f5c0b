// an order's panel in one trip: all of it, and for nobody more than policies show
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assignOrder } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

let db: Database;
let here: number;
let coordinator: string;
let master: string;
let order: Card;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator', { name: 'Marina' });
	master = await makeEmployee(db.owner, 'master', { location: here, name: 'Oleg' });
	const client = await makeClient(db.owner, 'Tkach');
	order = await makeOrder(db.owner, { location: here, client });
	await makeOrder(db.owner, { location: here, client, problem: 'Another' });
	await db.commitAs(coordinator, (tx) =>
		assignOrder(tx, { order: order.id, master, seen: order.version })
	);
	await db.commitAs(coordinator, async (tx) => {
		await tx`insert into public.order_lines (order_id, title, quantity, unit_price)
			values (${order.id}, 'Neck', 2, 150.50)`;
		await tx`insert into public.interactions (client_id, order_id, kind, body)
			values (${client}, ${order.id}, 'note', 'Call before six')`;
	});
});
afterAll(() => db?.stop());

type Details = Record<string, unknown> & {
	order: Record<string, unknown>;
	client: { phones: string[] } | null;
	client_orders: { problem: string }[];
	lines: unknown[] | null;
	events: { kind: string }[];
	people: Record<string, string>;
	masters: { id: string; skilled: boolean }[];
};
const details = async (who: string | null, id = order.id) =>
	(await db.asRole(who, (tx) => tx`select public.order_details(${id}) as d`))[0]?.d as Details;

it('gives a coordinator the whole order', async () => {
	const all = await details(coordinator);
	expect(all.order).toMatchObject({ id: order.id, master_id: master });
	expect(all.client?.phones).toHaveLength(1);
	expect(all.client_orders).toMatchObject([{ problem: 'Another' }]);
	expect(all).toMatchObject({
		total: 301,
		lines: [{ title: 'Neck' }],
		comments: [{ body: 'Call before six' }]
	});
	expect(all.events.map(({ kind }) => kind)).toEqual(
		expect.arrayContaining(['created', 'assigned', 'lines'])
	);
	expect(all.people).toMatchObject({ [master]: 'Oleg', [coordinator]: 'Marina' });
	expect(JSON.stringify(all)).not.toContain('tracking_token');
});

it('says which masters lack the skill its service asks for, if it asks for one', async () => {
	const [service] = await db.owner`insert into public.services (name)
		values ('{"en": "Setup", "ru": "Отстройка", "uk": "Налаштування"}') returning id`;
	const able = await makeEmployee(db.owner, 'master', { location: here });
	await db.owner`update public.orders set service_id = ${service?.id} where id = ${order.id}`;
	const skills = async () =>
		Object.fromEntries((await details(coordinator)).masters.map((one) => [one.id, one.skilled]));
	expect(await skills()).toEqual({ [master]: true, [able]: true });
	await db.owner`insert into public.employee_skills (employee_id, service_id)
		values (${able}, ${service?.id})`;
	expect(await skills()).toEqual({ [master]: false, [able]: true });
});

it('gives its master the work and its prices, but not what was paid', async () => {
	const own = await details(master);
	expect(own).toMatchObject({ total: 301, paid: null, lines: [{ title: 'Neck' }] });
	expect(own.people).toMatchObject({ [coordinator]: 'Marina' });
});

it('offers what this place has, and what the order has already', async () => {
	const elsewhere = await makeLocation(db.owner);
	const named = (name: string) => db.owner.json({ en: name, ru: name, uk: name });
	const [row] = await db.owner`
		with made as (
			insert into public.services (name, location_id, archived_at) values
				(${named('Strings')}, null, null), (${named('Far')}, ${elsewhere}, null), (${named('Old')}, null, now())
			returning id, name ->> 'en' as name
		) select jsonb_object_agg(name, id) as ids from made`;
	const ids = row?.ids as Record<string, number>;
	await db.owner`insert into public.campaigns (name, archived_at) values ('Radio', null), ('Gone', now())`;
	const offered = async () => {
		const { services, campaigns } = (await details(coordinator)) as unknown as Record<
			'services' | 'campaigns',
			{ id: number; name: string }[]
		>;
		return [services.map(({ id }) => id), campaigns.map(({ name }) => name)];
	};
	const [services, campaigns] = await offered();
	expect(services).toContain(ids.Strings);
	expect(services).not.toContain(ids.Far);
	expect(services).not.toContain(ids.Old);
	expect(campaigns).toContain('Radio');
	expect(campaigns).not.toContain('Gone');
	await db.owner`update public.orders set service_id = ${ids.Old ?? 0} where id = ${order.id}`;
	expect((await offered())[0]).toContain(ids.Old);
});

it('gives no money to those without the right', async () => {
	await db.owner`delete from public.role_permissions where role = 'operator' and permission = 'orders.money'`;
	const operator = await makeEmployee(db.owner, 'operator');
	const seen = await details(operator);
	expect(seen).toMatchObject({ total: null, paid: null, lines: null });
	expect(seen.order).not.toHaveProperty('total');
});

it('answers alike for missing and foreign orders, and strangers nothing', async () => {
	const other = await makeEmployee(db.owner, 'master', { location: here });
	const elsewhere = await makeEmployee(db.owner, 'coordinator', {
		location: await makeLocation(db.owner)
	});
	for (const who of [other, elsewhere])
		expect(await refusal(details(who))).toMatchObject({
			code: 'VK404',
			message: 'order_not_found'
		});
	expect(await refusal(details(coordinator, 1))).toMatchObject({ code: 'VK404' });
	expect(await refusal(details(null))).toMatchObject({ code: '42501' });
});
