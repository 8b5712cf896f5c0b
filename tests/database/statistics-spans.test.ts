// any days, cut at any point of a month, in any time zone, folded or not: reports say what the rows say
import type { Row } from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from '../../supabase/demo/random.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	startDatabase,
	type Database
} from '../support/database.ts';

const TYPES = ['consultation', 'diagnostics', 'repair', 'other'] as const;
const BY = ['day', 'week', 'month', 'location', 'type', 'campaign', 'master', 'service'] as const;
const random = seeded(7);

let db: Database;
let admin: string;
const locations: number[] = [];
const masters: string[] = [];
const campaigns: number[] = [];
const services: number[] = [];

beforeAll(async () => {
	db = await startDatabase();
	admin = await makeEmployee(db.owner, 'admin');
	await db.owner`update public.settings set time_zone = 'America/New_York'`;
	for (let i = 0; i < 2; i++) {
		locations.push(await makeLocation(db.owner));
		masters.push(await makeEmployee(db.owner, 'master', { capacity: 100 }));
		const [campaign] = await db.owner`insert into public.campaigns (name, channel, starts_on)
			values (${`Campaign ${i}`}, 'search', '2025-01-01') returning id`;
		campaigns.push(Number(campaign?.id));
		const title = db.owner.json({ en: 'Work', ru: 'Работа', uk: 'Робота' });
		const [service] = await db.owner`insert into public.services (name, order_type)
			values (${title}, 'repair') returning id`;
		services.push(Number(service?.id));
	}
	for (let month = 1; month <= 12; month++) await spend(month);
	for (let i = 0; i < 150; i++) {
		await makeOrder(someMoment());
		// what is folded and what is not must both count
		if (i === 100) await db.owner`select private.fold_statistics()`;
	}
}, 120_000);
afterAll(() => db?.stop());

async function spend(month: number): Promise<void> {
	await db.owner`insert into public.campaign_spend (campaign_id, day, amount)
		values (${random.pick(campaigns)}, make_date(2025, ${month}, ${random.int(1, 28)}), ${random.int(1, 4) * 300})`;
}

/** A moment of 2025; one in two within an hour of a month's end, where calendars differ by a month. */
function someMoment(): Date {
	if (random.chance(0.5)) return new Date(Date.UTC(2025, 0, random.int(1, 364), random.int(0, 23)));
	const end = Date.UTC(2025, random.int(1, 11), 1, 4 + random.int(0, 1));
	return new Date(end + random.int(-60, 60) * 60_000);
}

const maybe = <T>(from: readonly T[]): T | null => (random.chance(0.3) ? null : random.pick(from));

/** An order that was taken, done some days later and closed or refused, and paid for if it was done. */
async function makeOrder(at: Date): Promise<void> {
	const kind = random.pick(['closed', 'refused', 'done'] as const);
	const [place, campaign, service] = [random.pick(locations), maybe(campaigns), maybe(services)];
	const [type, master] = [random.pick(TYPES), random.pick(masters)];
	const client = await makeClient(db.owner);
	const later = (days: number) => new Date(at.getTime() + days * 86_400_000);
	const doneAt = kind === 'refused' ? null : later(random.int(0, 12));
	const closedAt = kind === 'done' ? null : later(random.int(12, 20));
	const [order] = await db.owner`insert into public.orders
			(location_id, client_id, problem, type, campaign_id, service_id, master_id, stage_id, refusal_reason, promised_at, created_at)
		select ${place}, ${client}, 'Problem', ${type}, ${campaign}, ${service}, ${master}, min(s.id),
			${kind === 'refused' ? 'Expensive' : null}, ${later(6)}, ${at}
		from public.stages s where s.kind = ${kind} returning id`;
	await db.owner`update public.orders set done_at = ${doneAt}, closed_at = ${closedAt} where id = ${order?.id}`;
	await db.owner`insert into public.leads (first_name, phone, campaign_id, service_id, location_id, created_at)
		values ('Lead', ${`+38050${random.int(1_000_000, 9_999_999)}`}, ${campaign}, ${service}, ${place}, ${at})`;
	if (!doneAt) return;
	await db.owner`insert into public.payments
			(order_id, client_id, amount, kind, method, campaign_id, location_id, service_id, master_id, order_type, received_at)
		values (${order?.id}, ${client}, ${random.int(1, 500)}, 'payment', 'cash', ${campaign}, ${place}, ${service},
			${master}, ${type}, ${doneAt})`;
}

type Filters = Record<string, string | number>;

function someFilters(): Filters {
	const by = random.pick(BY);
	const filters: Filters = { by };
	const [from, to] = [random.int(0, 420), random.int(0, 420)].sort((a, b) => a - b) as [
		number,
		number
	];
	const day = (n: number) => new Date(Date.UTC(2024, 11, 10 + n)).toISOString().slice(0, 10);
	if (random.chance(0.9)) filters['from'] = day(from);
	if (random.chance(0.9)) filters['to'] = day(to);
	if (random.chance(0.3)) filters['location'] = random.pick(locations);
	if (random.chance(0.3)) filters['type'] = random.pick(TYPES);
	if (random.chance(0.4)) filters['campaign'] = random.pick(campaigns);
	if (random.chance(0.2)) filters['master'] = random.pick(masters);
	if (random.chance(0.2)) filters['service'] = random.pick(services);
	return filters;
}

/** How many dimensions of their own sums the filters name; more than one is read from the orders. */
const cutsOf = ({ by, ...filters }: Filters) =>
	['campaign', 'master', 'service'].filter((cut) => by === cut || cut in filters);

/** What order_report must say, from orders and payments. */
const truth = (filters: Filters) => {
	// taking an order is nobody's work, unless only the orders themselves can tell
	const taken = cutsOf(filters).join() === 'master' ? 0 : 1;
	return db.owner`
		with zone as (select time_zone as name from public.settings), facts as (
			select (o.created_at at time zone zone.name)::date as day, o.location_id, o.type, o.campaign_id, o.master_id,
				o.service_id, ${taken}::int as created, 0 as done, 0 as closed, 0 as refused, 0 as on_time, 0 as seconds, 0 as revenue
			from public.orders o, zone
			union all
			select (o.done_at at time zone zone.name)::date, o.location_id, o.type, o.campaign_id, o.master_id, o.service_id,
				0, 1, 0, 0, (o.done_at <= o.promised_at)::int, extract(epoch from o.done_at - o.created_at), 0
			from public.orders o, zone where o.done_at is not null
			union all
			select (o.closed_at at time zone zone.name)::date, o.location_id, o.type, o.campaign_id, o.master_id, o.service_id,
				0, 0, (o.refusal_reason is null)::int, (o.refusal_reason is not null)::int, 0, 0, 0
			from public.orders o, zone where o.closed_at is not null
			union all
			select (p.received_at at time zone zone.name)::date, p.location_id, p.order_type, p.campaign_id, p.master_id,
				p.service_id, 0, 0, 0, 0, 0, 0, p.amount
			from public.payments p, zone
		)
		select case ${filters['by'] as string} when 'day' then day::text when 'week' then date_trunc('week', day)::date::text
				when 'month' then date_trunc('month', day)::date::text when 'location' then location_id::text
				when 'type' then type::text when 'campaign' then campaign_id::text when 'master' then master_id::text
				else service_id::text end as key,
			sum(created)::int as created, sum(done)::int as done, sum(closed)::int as closed, sum(refused)::int as refused,
			sum(on_time)::int as on_time, round(sum(seconds) / nullif(sum(done), 0))::float as lead_seconds,
			sum(revenue)::float as revenue
		from facts
		where day between coalesce(${filters['from'] ?? null}::date, '-infinity') and coalesce(${filters['to'] ?? null}::date, 'infinity')
			and coalesce(location_id = ${filters['location'] ?? null}::bigint, ${!('location' in filters)})
			and coalesce(type::text = ${filters['type'] ?? null}::text, ${!('type' in filters)})
			and coalesce(campaign_id = ${filters['campaign'] ?? null}::bigint, ${!('campaign' in filters)})
			and coalesce(master_id::text = ${filters['master'] ?? null}::text, ${!('master' in filters)})
			and coalesce(service_id = ${filters['service'] ?? null}::bigint, ${!('service' in filters)})
		group by 1 having sum(created) + sum(done) + sum(closed) + sum(refused) > 0 or sum(revenue) <> 0
		order by 1`;
};

const reported = (filters: Filters) =>
	db.commitAs(
		admin,
		(tx) => tx`select key, created::int, done::int, closed::int, refused::int, on_time::int,
				lead_seconds::float, revenue::float
			from public.order_report(${tx.json(filters as never) as never}) order by 1`
	);

const plain = (rows: readonly Row[]) => rows.map((row) => ({ ...row }));

async function compareReports(times: number): Promise<void> {
	for (let i = 0; i < times; i++) {
		const filters = someFilters();
		const expected = plain(await truth(filters));
		expect(plain(await reported(filters)), JSON.stringify(filters)).toEqual(expected);
	}
}

it('by whatever, of whatever, from any day to any day', () => compareReports(120));

it('also when the company moves to the other side of the world, and all is folded', async () => {
	await db.owner`update public.settings set time_zone = 'Pacific/Auckland'`;
	await compareReports(60);
	expect(await db.owner`select * from private.statistics_errors limit 3`).toEqual([]);
});

it('and a sum that is wrong, of whatever kind, is noticed', async () => {
	const damages = [
		`update private.stat_sums set done = done + 1 where monthly and by_type and cut = 'master' and done > 0`,
		`update private.stat_sums set leads = 0 where not monthly and not by_type and cut = 'place' and leads > 0`,
		`delete from private.money_sums where monthly and cut = 'campaign'`,
		`update private.column_sums set total = total + 1`
	];
	for (const damage of damages) {
		const undo = new Error('undo');
		const damaged = db.owner.begin(async (tx) => {
			await tx.unsafe(damage);
			const [row] = await tx`select count(*)::int as errors from private.statistics_errors`;
			expect(row?.errors, damage).toBeGreaterThan(0);
			throw undo;
		});
		await expect(damaged).rejects.toBe(undo);
	}
});

it('campaigns of any days', async () => {
	const within = (instant: string) =>
		`(${instant} at time zone zone.name)::date between $1::text::date and $2::text::date`;
	for (const cut of [20, 140, 141, 260, 400]) {
		const to = new Date(Date.UTC(2024, 11, 10 + cut)).toISOString().slice(0, 10);
		const days = ['2024-12-25', to];
		const rows = await db.commitAs(admin, (tx) =>
			tx.unsafe(
				`select campaign_id::int as id, leads, orders, done, revenue::float, spend::float
				from public.campaign_report($1::text::date, $2::text::date) order by 1`,
				days
			)
		);
		const expected = await db.owner.unsafe(
			`with zone as (select time_zone as name from public.settings)
			select c.id::int,
				(select count(*)::int from public.leads l, zone where l.campaign_id = c.id and ${within('l.created_at')}) as leads,
				(select count(*)::int from public.orders o, zone where o.campaign_id = c.id and ${within('o.created_at')}) as orders,
				(select count(*)::int from public.orders o, zone where o.campaign_id = c.id and ${within('o.done_at')}) as done,
				(select coalesce(sum(p.amount), 0)::float from public.payments p, zone
					where p.campaign_id = c.id and ${within('p.received_at')}) as revenue,
				(select coalesce(sum(s.amount), 0)::float from public.campaign_spend s
					where s.campaign_id = c.id and s.day between $1::text::date and $2::text::date) as spend
			from public.campaigns c order by 1`,
			days
		);
		expect(plain(rows), to).toEqual(plain(expected));
	}
});

it('the day since which a campaign has paid for itself, however it went up and down', async () => {
	const seen = new Set<string>();
	await db.owner`insert into public.campaign_spend (campaign_id, day, amount)
		select id, '2024-12-20', 4000 from public.campaigns`;
	for (let i = 0; i < 60; i++) {
		await moveMoney();
		if (i % 7 === 0) await db.owner`select private.fold_statistics()`;
		const told = await db.commitAs(
			admin,
			(tx) =>
				tx`select campaign_id::int as id, payback_on::text from public.campaign_stats order by 1`
		);
		expect(plain(told), `change ${i}`).toEqual(plain(await paybacks()));
		for (const { id, payback_on } of told) seen.add(`${id} ${payback_on}`);
	}
	expect([...seen].some((one) => one.endsWith('null'))).toBe(true);
	expect(seen.size).toBeGreaterThan(6);
});

/** Money comes, goes back or is spent, on some day of 2025. */
async function moveMoney(): Promise<void> {
	const campaign = random.pick(campaigns);
	const day = new Date(Date.UTC(2025, 0, random.int(1, 364), 12));
	if (random.chance(0.4)) {
		await db.owner`insert into public.campaign_spend (campaign_id, day, amount) values (${campaign}, ${day}, ${random.int(0, 9) * 100})
			on conflict (campaign_id, day) do update set amount = excluded.amount`;
		return;
	}
	const [paid] =
		await db.owner`select id, order_id, client_id, location_id, amount from public.payments p
		where campaign_id = ${campaign} and kind = 'payment'
			and not exists (select from public.payments r where r.refunds_payment_id = p.id)
		order by md5(id::text || ${day}::text) limit 1`;
	const back = random.chance(0.3);
	await db.owner`insert into public.payments
			(order_id, client_id, amount, kind, refunds_payment_id, reason, method, campaign_id, location_id, received_at)
		values (${paid?.order_id}, ${paid?.client_id}, ${back ? paid?.amount : random.int(1, 900)}, ${back ? 'refund' : 'payment'},
			${back ? paid?.id : null}, ${back ? 'Returned' : null}, 'cash', ${campaign}, ${paid?.location_id}, ${day})`;
}

const paybacks = () => db.owner`
	with zone as (select time_zone as name from public.settings), days as (
		select p.campaign_id, (p.received_at at time zone zone.name)::date as day,
			case p.kind when 'payment' then p.amount else -p.amount end as amount
		from public.payments p, zone where p.campaign_id is not null
		union all
		select s.campaign_id, s.day, -s.amount from public.campaign_spend s
	), balances as (
		select d.campaign_id, d.day, sum(sum(d.amount)) over (partition by d.campaign_id order by d.day) as balance
		from days d group by d.campaign_id, d.day
	)
	select c.id::int, (
		select min(b.day)::text from balances b where b.campaign_id = c.id and b.day > coalesce(
			(select max(z.day) from balances z where z.campaign_id = c.id and z.balance < 0), '-infinity'
		) and exists (select from public.campaign_spend s where s.campaign_id = c.id and s.amount > 0)
	) as payback_on
	from public.campaigns c order by 1`;
