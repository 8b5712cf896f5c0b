// after thousands of random changes, by several at once, every figure equals a fresh count of the rows
import type { Sql, TransactionSql } from 'postgres';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	startDatabase,
	type Database
} from '../support/database.ts';
import { seeded, type Random } from '../../supabase/demo/random.ts';

const CHANGES = Number(process.env.VERSTAK_STATISTICS_CHANGES ?? 5_000);
const WORKERS = 4;
const TYPES = ['consultation', 'diagnostics', 'repair', 'other'] as const;

let db: Database;
let admin: string;
const locations: number[] = [];
const masters: string[] = [];
const campaigns: number[] = [];
const services: number[] = [];
let stages: { id: number; kind: string }[];

beforeAll(async () => {
	db = await startDatabase();
	admin = await makeEmployee(db.owner, 'admin');
	for (let i = 0; i < 2; i++) locations.push(await makeLocation(db.owner));
	for (let i = 0; i < 4; i++)
		masters.push(await makeEmployee(db.owner, 'master', { capacity: 100 }));
	for (const name of ['Search', 'Maps', 'Radio']) {
		const [row] = await db.owner`insert into public.campaigns (name, channel, starts_on)
			values (${name}, 'search', current_date) returning id`;
		campaigns.push(row?.id);
	}
	for (const name of ['Fretting', 'Glazing']) {
		const title = { en: name, ru: name, uk: name };
		const [row] = await db.owner`insert into public.services (name, order_type)
			values (${db.owner.json(title)}, 'repair') returning id`;
		services.push(row?.id);
	}
	stages = await db.owner`select id, kind from public.stages`;
}, 60_000);
afterAll(() => db?.stop());

/** A day in the last three weeks, so that figures of many days change. */
const someday = (random: Random) =>
	new Date(Date.now() - random.int(0, 21 * 24 * 60) * 60_000).toISOString();

const maybe = <T>(random: Random, from: readonly T[]): T | null =>
	random.chance(0.3) ? null : random.pick(from);

type Change = (sql: Sql, random: Random) => Promise<unknown>;

const randomOrder = `(select id from public.orders offset floor(random() * (select count(*) from public.orders)) limit 1)`;

const changes: [number, Change][] = [
	[
		6,
		async (sql, random) => {
			const client = random.chance(0.3)
				? await makeClient(sql)
				: (await sql`select id from public.clients order by random() limit 1`)[0]?.id;
			await sql`insert into public.orders (location_id, client_id, problem, type, campaign_id, service_id, promised_at, created_at)
				values (${random.pick(locations)}, ${client ?? (await makeClient(sql))}, 'Problem', ${random.pick(TYPES)},
					${maybe(random, campaigns)}, ${maybe(random, services)}, ${someday(random)}, ${someday(random)})`;
		}
	],
	[
		10,
		(sql, random) => {
			const to = random.pick(stages);
			const reason = to.kind === 'refused' ? random.pick(['Expensive', 'No parts']) : null;
			return sql.unsafe(
				`update public.orders set stage_id = $1, master_id = coalesce(master_id, $2), refusal_reason = $3
				where id = ${randomOrder}`,
				[to.id, random.pick(masters), reason]
			);
		}
	],
	[
		3,
		(sql, random) =>
			sql.unsafe(
				`update public.orders set campaign_id = $1, service_id = $2, type = $3::public.order_type where id = ${randomOrder}`,
				[maybe(random, campaigns), maybe(random, services), random.pick(TYPES)]
			)
	],
	[
		2,
		(sql, random) =>
			sql.unsafe(`update public.orders set promised_at = $1 where id = ${randomOrder}`, [
				random.chance(0.3) ? null : someday(random)
			])
	],
	[
		3,
		(sql, random) =>
			sql.unsafe(`update public.orders set master_id = $1 where id = ${randomOrder}`, [
				random.pick(masters)
			])
	],
	[
		1,
		(sql, random) =>
			sql.unsafe(`update public.orders set location_id = $1 where id = ${randomOrder}`, [
				random.pick(locations)
			])
	],
	[
		4,
		(
			sql,
			random
		) => sql`insert into public.leads (first_name, phone, campaign_id, location_id, created_at)
			values ('Lead', ${`+38050${random.int(1_000_000, 9_999_999)}`}, ${maybe(random, campaigns)},
				${maybe(random, locations)}, ${someday(random)})`
	],
	[
		3,
		(sql, random) => sql`update public.leads set status = 'contacted',
				contacted_at = coalesce(contacted_at, created_at + interval '7 minutes'),
				first_call_at = coalesce(first_call_at, created_at + ${random.int(1, 90)} * interval '1 minute')
			where id = (select id from public.leads order by random() limit 1)`
	],
	[
		1,
		(sql) => sql`update public.leads set status = 'rejected', rejected_reason = 'Wrong number'
			where id = (select id from public.leads order by random() limit 1)`
	],
	[
		1,
		(sql) =>
			sql`delete from public.leads where id = (select id from public.leads order by random() limit 1)`
	],
	[
		2,
		(
			sql,
			random
		) => sql`insert into public.contracts (service_id, client_id, campaign_id, location_id, amount, starts_on, ends_on)
			select ${random.pick(services)}, c.id, ${maybe(random, campaigns)}, ${maybe(random, locations)}, ${random.int(1, 9_000)},
				current_date, current_date + 30
			from public.clients c order by random() limit 1`
	],
	[
		2,
		(sql, random) => sql`update public.contracts
			set state = 'signed', signed_at = coalesce(signed_at, ${someday(random)})
			where id = (select id from public.contracts order by random() limit 1)`
	],
	[
		1,
		(sql) => sql`update public.contracts set state = 'cancelled'
			where id = (select id from public.contracts order by random() limit 1)`
	],
	[4, (sql, random) => sell(sql, random)],
	[1, (sql, random) => refund(sql, random)],
	[1, (sql) => merge(sql)],
	[1, (sql) => sql`select private.fold_statistics()`]
];

const asAdmin = <T>(run: (tx: TransactionSql) => Promise<T>) => db.commitAs(admin, run);

/** A line of work, an invoice for it, and all or a part of the money. */
async function sell(sql: Sql, random: Random): Promise<void> {
	const [order] =
		await sql.unsafe(`select o.id from public.orders o join public.stages s on s.id = o.stage_id
		where o.id >= ${randomOrder} and s.kind not in ('closed', 'refused') order by o.id limit 1`);
	if (!order) return;
	const price = (random.int(1, 500_000) / 100).toFixed(2);
	await sql`insert into public.order_lines (order_id, kind, title, quantity, unit_price)
		values (${order.id}, 'work', 'Work', 1, ${price})`;
	await asAdmin(async (tx) => {
		const [row] = await tx`select public.issue_invoice(${order.id}, ${randomUUID()}) as invoice`;
		const paid = random.chance(0.7) ? row?.invoice.amount : 1;
		await tx`select public.record_payment(${row?.invoice.id}, ${paid}, 'cash', ${randomUUID()})`;
	});
}

async function refund(sql: Sql, random: Random): Promise<void> {
	const [payment] = await sql`select id, amount from public.payments
		where kind = 'payment' order by random() limit 1`;
	if (!payment) return;
	const amount = random.chance(0.5) ? payment.amount : '1';
	await asAdmin(
		(tx) => tx`select public.refund_payment(${payment.id}, ${amount}, 'Returned', ${randomUUID()})`
	);
}

async function merge(sql: Sql): Promise<void> {
	const [keep, drop] =
		await sql`select id from public.clients where merged_into is null order by random() limit 2`;
	if (!drop) return;
	await asAdmin((tx) => tx`select public.merge_clients(${keep?.id}, ${drop.id}, ${randomUUID()})`);
}

/** One change; what the rules refuse does not count, anything else fails the test. */
async function change(sql: Sql, random: Random): Promise<boolean> {
	const total = changes.reduce((sum, [weight]) => sum + weight, 0);
	let draw = random.int(1, total);
	const [, run] = changes.find(([weight]) => (draw -= weight) <= 0) as [number, Change];
	try {
		await run(sql, random);
		return true;
	} catch (error) {
		const { code } = error as { code?: string };
		if (code?.startsWith('VK') || code === '23514') return false;
		throw error;
	}
}

it('by orders, leads, contracts and money, in every cut', async () => {
	let made = 0;
	let refused = 0;
	const worker = async (seed: number) => {
		const random = seeded(seed);
		while (made < CHANGES) {
			if (await change(db.owner, random)) made++;
			else refused++;
		}
	};
	await Promise.all(Array.from({ length: WORKERS }, (_, seed) => worker(seed + 1)));
	expect(refused).toBeLessThan(CHANGES * 2);
	expect(await db.owner`select * from private.statistics_errors limit 3`).toEqual([]);
	await db.owner`select private.fold_statistics()`;
	expect(await db.owner`select * from private.statistics_errors limit 3`).toEqual([]);
	const [rows] = await db.owner`select
			(select count(*)::int from private.stat_deltas) as deltas,
			(select count(*)::int from public.payments) as payments,
			(select count(*)::int from private.stat_sums where done > 0) as done,
			(select count(*)::int from private.stage_days) as stages,
			(select count(*)::int from private.stat_sums where contracts > 0) as contracts`;
	expect(rows?.deltas).toBe(0);
	for (const figure of ['payments', 'done', 'stages', 'contracts'])
		expect(rows?.[figure], figure).toBeGreaterThan(10);
}, 240_000);

it('and reports say what the rows say', async () => {
	const figures = await asAdmin(async (tx) => ({
		campaigns:
			await tx`select campaign_id, leads, converted, orders, contracts, revenue from public.campaign_stats order by 1`,
		days: await tx`select sum(created)::int as created, sum(done)::int as done from public.order_stats`,
		byMaster: await tx`select sum(done)::int as done from public.order_report('{"by": "master"}')`,
		revenue: await tx`select sum(revenue) as revenue from public.revenue_by_day`,
		byType: await tx`select sum(revenue) as revenue from public.order_report('{"by": "type"}')`
	}));
	const truth = await db.owner`
		select c.id as campaign_id,
			(select count(*)::int from public.leads l where l.campaign_id = c.id) as leads,
			(select count(*)::int from public.leads l where l.campaign_id = c.id and l.status = 'converted') as converted,
			(select count(*)::int from public.orders o where o.campaign_id = c.id) as orders,
			(select count(*)::int from public.contracts k where k.campaign_id = c.id and k.state in ('signed', 'closed')
				and k.signed_at is not null) as contracts,
			(select coalesce(sum(case p.kind when 'payment' then p.amount else -p.amount end), 0)
				from public.payments p where p.campaign_id = c.id) as revenue
		from public.campaigns c order by 1`;
	expect(figures.campaigns.map((row) => ({ ...row, revenue: Number(row.revenue) }))).toEqual(
		truth.map((row) => ({ ...row, revenue: Number(row.revenue) }))
	);
	const [orders] =
		await db.owner`select count(*)::int as created, count(done_at)::int as done from public.orders`;
	expect(figures.days[0]).toEqual(orders);
	expect(figures.byMaster[0]?.done).toBe(orders?.done);
	const [money] =
		await db.owner`select coalesce(sum(case kind when 'payment' then amount else -amount end), 0) as revenue
		from public.payments`;
	expect(Number(figures.revenue[0]?.revenue)).toBe(Number(money?.revenue));
	expect(Number(figures.byType[0]?.revenue)).toBe(Number(money?.revenue));
});

it('survives another time zone, in which days are others', async () => {
	await db.owner`update public.settings set time_zone = 'Pacific/Auckland'`;
	expect(await db.owner`select * from private.statistics_errors limit 3`).toEqual([]);
});
