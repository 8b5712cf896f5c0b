// money over time and the funnel: equal to the rows, and no more than one's rights
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
const people: Record<string, string> = {};
let here: number, there: number, campaign: number, service: number;

beforeAll(async () => {
	db = await startDatabase();
	[here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	for (const role of ['admin', 'manager', 'marketer', 'operator'] as const)
		people[role] = await makeEmployee(db.owner, role);
	people['local'] = await makeEmployee(db.owner, 'manager', { location: here });
	const [made] = await db.owner`insert into public.services (name, order_type)
		values ('{"en": "Fretting", "ru": "Лады", "uk": "Лади"}', 'repair') returning id`;
	service = Number(made?.id);
	const [row] = await db.owner`insert into public.campaigns (name, channel, starts_on)
		values ('Search', 'search', '2026-01-01') returning id`;
	campaign = Number(row?.id);
	await db.owner`insert into public.campaign_spend (campaign_id, day, amount)
		values (${campaign}, '2026-03-02', 100), (${campaign}, '2026-03-09', 50)`;
	await pay(here, campaign, '2026-03-02', 700);
	await pay(there, campaign, '2026-03-03', 40);
	await pay(here, null, '2026-03-03', 9);
	await db.owner`insert into public.leads (first_name, phone, campaign_id, location_id, status, contacted_at, rejected_reason, created_at)
		values ('A', '+380501112233', ${campaign}, ${here}, 'new', null, null, '2026-03-02T10:00Z'),
			('B', '+380501112234', ${campaign}, ${there}, 'contacted', '2026-03-02T11:00Z', null, '2026-03-02T10:00Z'),
			('C', '+380501112235', null, ${here}, 'new', null, null, '2026-03-02T10:00Z')`;
}, 60_000);
afterAll(() => db?.stop());

/** An order taken on that day, paid in full on it. */
async function pay(place: number, from: number | null, day: string, amount: number) {
	const at = `${day}T10:00:00Z`;
	const client = await makeClient(db.owner);
	const [order] =
		await db.owner`insert into public.orders (location_id, client_id, problem, campaign_id, service_id, created_at)
		values (${place}, ${client}, 'Problem', ${from}, ${from && service}, ${at}) returning id`;
	await db.owner`insert into public.payments
		(order_id, client_id, amount, kind, method, campaign_id, location_id, service_id, received_at)
		values (${order?.id}, ${client}, ${amount}, 'payment', 'cash', ${from}, ${place}, ${from && service}, ${at})`;
}

type Row = { key: string; revenue: string; spend: string | null };
const money = (who: string, filters: object) =>
	db.commitAs(people[who] ?? '', async (tx) => {
		const rows = await tx<
			Row[]
		>`select * from public.money_report(${tx.json(filters as never) as never})`;
		return rows.map(({ key, revenue, spend }) =>
			[key, Number(revenue), spend === null ? null : Number(spend)].join(' ')
		);
	});
const funnel = (who: string, filters: object) =>
	db.commitAs(people[who] ?? '', async (tx) => {
		const [row] =
			await tx`select * from public.funnel_report(${tx.json(filters as never) as never})`;
		return Object.values(row ?? {}).map(Number);
	});
const days = { from: '2026-03-01', to: '2026-03-31' };

it('a manager sees all money, by day, week and place', async () => {
	expect(await money('manager', days)).toEqual([
		'2026-03-02 700 100',
		'2026-03-03 49 0',
		'2026-03-09 0 50'
	]);
	expect(await money('manager', { ...days, by: 'week' })).toEqual([
		'2026-03-02 749 100',
		'2026-03-09 0 50'
	]);
	expect(await money('manager', { ...days, by: 'month', location: there })).toEqual([
		'2026-03-01 40 150'
	]);
	expect(await money('manager', { ...days, campaign, service })).toEqual([
		'2026-03-02 700 0',
		'2026-03-03 40 0'
	]);
});

it('a marketer sees what campaigns brought and nothing else', async () => {
	const all = ['2026-03-02 700 100', '2026-03-03 40 0', '2026-03-09 0 50'];
	expect(await money('marketer', days)).toEqual(all);
	await db.owner`select private.fold_statistics()`;
	expect(await money('marketer', days)).toEqual(all);
	expect(await money('marketer', { ...days, service })).toEqual([
		'2026-03-02 700 0',
		'2026-03-03 40 0'
	]);
});

it('a manager of one location sees its revenue only', async () => {
	expect(await money('local', { ...days, by: 'month', location: there })).toEqual([
		'2026-03-01 709 150'
	]);
});

it('nobody else sees any, and nonsense is refused', async () => {
	await expect(money('operator', days)).rejects.toMatchObject({ code: 'VK403' });
	await expect(money('manager', { by: 'master' })).rejects.toMatchObject({ code: 'VK422' });
	await expect(money('manager', { odd: 1 })).rejects.toMatchObject({ code: 'VK422' });
	await expect(funnel('manager', { by: 'day' })).rejects.toMatchObject({ code: 'VK422' });
	await expect(
		db.commitAs(crypto.randomUUID(), (tx) => tx`select * from public.funnel_report()`)
	).rejects.toMatchObject({ code: 'VK403' });
});

it('the funnel counts leads and orders of those days for every employee', async () => {
	expect(await funnel('operator', days)).toEqual([3, 1, 0, 3, 0]);
	expect(await funnel('operator', { ...days, campaign })).toEqual([2, 1, 0, 2, 0]);
	expect(await funnel('operator', { ...days, campaign, service })).toEqual([0, 0, 0, 2, 0]);
	expect(await funnel('local', days)).toEqual([2, 0, 0, 2, 0]);
	expect(await funnel('operator', { from: '2026-04-01' })).toEqual([0, 0, 0, 0, 0]);
});

it('a move on the board is told to those who watch figures', async () => {
	const before = await moves();
	await db.owner`update public.orders set stage_id = (select id from public.stages where kind = 'waiting' limit 1)
		where id = (select min(id) from public.orders)`;
	expect((await moves()) - before).toBe(1);
});

const moves = async () =>
	Number(
		(
			await db.owner`select count(*) as n from realtime.messages
			where event = 'campaign_changed' and payload ->> 'kind' = 'move'`
		)[0]?.['n']
	);
