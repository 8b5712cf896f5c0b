// the demo company is as promised and keeps the board's rules, though it is written with the triggers off
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoCompany } from '../../supabase/demo/company.ts';
import { demoAccounts, hasDemo, loadDemo } from '../../supabase/demo/demo.ts';
import { startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => {
	db = await startDatabase();
	expect(await hasDemo(db.owner)).toBe(false);
	await loadDemo(db.ownerUrl);
});
afterAll(() => db?.stop());

const count = async (sql: string) =>
	(await db.owner.unsafe(`select count(*)::int as n from ${sql}`))[0]?.n as number;

it('is loaded once, however often it is asked for', async () => {
	expect(await hasDemo(db.owner)).toBe(true);
	const before = await count('public.orders');
	await loadDemo(db.ownerUrl);
	expect(await count('public.orders')).toBe(before);
});

it('is the same every time, but for the moment it is relative to', () => {
	const now = new Date('2026-11-18T10:00:00Z');
	expect(demoCompany(now)).toEqual(demoCompany(now));
	const night = demoCompany(new Date('2027-03-30T23:30:00Z'));
	const columns = ({ orders }: typeof night) => orders.map(({ stage }) => stage).sort();
	expect(columns(night)).toEqual(columns(demoCompany(now)));
	const latest = Math.max(...night.events.map(({ at }) => Date.parse(at)));
	expect(latest).toBeLessThanOrEqual(Date.parse('2027-03-30T23:30:00Z'));
});

it('is a company of the promised size, with every column in use', async () => {
	expect(await count('public.locations')).toBe(3);
	expect(await count('public.employees')).toBe(25);
	expect(await count(`(select distinct role from public.employees) r`)).toBe(6);
	expect(await count('public.clients')).toBe(400);
	expect(await count('public.orders')).toBe(1500);
	expect(await count('public.campaigns')).toBe(5);
	for (const table of [
		'leads',
		'contracts',
		'invoices',
		'payments',
		'interactions',
		'promotions'
	]) {
		expect(await count(`public.${table}`), table).toBeGreaterThan(2);
	}
	expect(await count(`public.payments where kind = 'refund'`)).toBeGreaterThan(10);
	expect(
		await count(`public.stages s cross join public.locations l where not exists
		(select from public.orders o where o.stage_id = s.id and o.location_id = l.id)`)
	).toBe(0);
	expect(
		await count(`public.clients c where not exists
		(select from public.client_phones p where p.client_id = c.id and p.is_primary)
		or not exists (select from public.assets a where a.client_id = c.id)`)
	).toBe(0);
	expect(await count(`public.orders where created_at < now() - interval '91 days'`)).toBe(0);
	expect(await count('public.client_blacklist')).toBe(3);
	expect(
		await count(`public.clients c left join public.client_blacklist b on b.client_id = c.id
		where c.blacklisted <> (b.client_id is not null)`)
	).toBe(0);
});

it('has a board that is alive and not overfull', async () => {
	const open = `public.orders o join public.stages s on s.id = o.stage_id and s.kind not in ('closed', 'refused')`;
	expect(await count(open)).toBeGreaterThan(120);
	expect(await count(open)).toBeLessThan(160);
	expect(await count(`${open} where o.promised_at < now()`)).toBeGreaterThan(5);
	expect(await count(`${open} where o.priority = 2`)).toBeGreaterThan(3);
	const states = await db.owner`select private.availability(e.id) as state, count(*)::int as n
		from public.employees e where e.role = 'master' group by 1`;
	expect(states.map(({ state }) => state).sort()).toEqual(['break', 'busy', 'free', 'off']);
});

it('speaks Russian, Ukrainian and English', async () => {
	expect(await count(`public.clients where full_name ~ '[A-Za-z]'`)).toBeGreaterThan(10);
	expect(
		await count(`public.clients where concat(first_name, middle_name) ~ '[іїє]'`)
	).toBeGreaterThan(50);
	expect(await count(`public.clients where middle_name ~ '[ыэ]|вна$'`)).toBeGreaterThan(50);
	expect(await count(`public.orders where problem !~ '[А-Яа-я]'`)).toBeGreaterThan(10);
});

it('has nine accounts that can sign in, and nobody else can', async () => {
	const rows = await db.owner`select email from auth.users where encrypted_password is not null`;
	expect(rows.map(({ email }) => email).sort()).toEqual(
		demoAccounts.map(({ email }) => email).sort()
	);
	expect(demoAccounts).toHaveLength(9);
});

it('respects capacity, columns, locations and the forms of ranks', async () => {
	expect(await count(`public.employees e where private.active_count(e.id) > e.capacity`)).toBe(0);
	expect(
		await count(`public.orders o join public.stages s on s.id = o.stage_id
		where (s.kind = 'unassigned') and o.master_id is not null
			or s.kind in ('assigned', 'in_progress', 'waiting', 'done', 'closed') and o.master_id is null
			or (s.kind in ('closed', 'refused')) <> (o.closed_at is not null)
			or (s.kind in ('done', 'closed')) <> (o.done_at is not null)
			or (s.kind = 'refused') <> (o.refusal_reason is not null)
			or (o.master_id is null) <> (o.assigned_at is null)
			or s.kind in ('in_progress', 'done') and o.accepted_at is null`)
	).toBe(0);
	expect(
		await count(`public.orders o join public.employees e on e.id = o.master_id
		where e.location_id <> o.location_id`)
	).toBe(0);
	expect(
		await count(`public.orders o join public.assets a on a.id = o.asset_id
		where a.client_id <> o.client_id`)
	).toBe(0);
	expect(
		await count(`(select from public.orders group by stage_id, rank having count(*) > 1) twice`)
	).toBe(0);
	const [free] = await db.owner`
		select min(e.capacity - private.active_count(e.id)) as room, min(private.active_count(e.id)) as work
		from public.employees e join auth.users u on u.id = e.id
		where u.email in ('master@demo.verstak.test', 'master2@demo.verstak.test')`;
	expect(free?.room).toBeGreaterThan(0);
	expect(free?.work).toBeGreaterThan(0);
});

it('has a history that leads to where every order is', async () => {
	expect(
		await count(
			`public.orders o where version <> (select count(*) from public.order_events e where e.order_id = o.id)`
		)
	).toBe(0);
	expect(
		await count(`public.orders o
		cross join lateral (select e.to_values, e.at from public.order_events e
			where e.order_id = o.id and e.to_values ? 'stage_id' order by e.version desc limit 1) e
		where (e.to_values ->> 'stage_id')::bigint <> o.stage_id or e.at <> o.stage_entered_at or e.at > now()`)
	).toBe(0);
	const steps = `(select e.*, lag(e.at) over (partition by e.order_id order by e.version) as before,
			lag(e.id) over (partition by e.order_id order by e.version) as id_before
		from public.order_events e) e`;
	expect(await count(`${steps} where e.at < e.before or e.id < e.id_before`)).toBe(0);
	const moves = `(select e.*, lag(e.to_values ->> 'stage_id') over (partition by e.order_id order by e.version) as was
		from public.order_events e where e.to_values ? 'stage_id') m`;
	expect(
		await count(
			`${moves} where m.kind <> 'created' and m.was is distinct from m.from_values ->> 'stage_id'`
		)
	).toBe(0);
	expect(
		await count(`${moves}
		join public.stages f on f.id = m.was::bigint
		join public.stages t on t.id = (m.to_values ->> 'stage_id')::bigint
		where not exists (select from public.stage_transitions x where x.from_kind = f.kind and x.to_kind = t.kind)`)
	).toBe(0);
});
