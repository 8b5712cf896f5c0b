// the demo company keeps every rule, though it is written with the triggers off
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('is a company of the promised size, with every column in use', async () => {
	expect(await count('public.locations')).toBe(2);
	expect(await count('public.employees')).toBe(12);
	expect(await count(`public.employees where role = 'master'`)).toBe(6);
	expect(await count('public.clients')).toBe(60);
	expect(await count('public.orders')).toBeGreaterThan(130);
	expect(
		await count(`public.stages s where not exists
		(select from public.orders o where o.stage_id = s.id)`)
	).toBe(0);
	expect(
		await count(`public.orders where promised_at < now() and closed_at is null`)
	).toBeGreaterThan(5);
	expect(await count(`public.orders where priority = 2`)).toBeGreaterThan(3);
	expect(
		await count(`public.clients c where not exists
		(select from public.client_phones p where p.client_id = c.id)`)
	).toBe(0);
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
			or (s.kind = 'refused') <> (o.refusal_reason is not null)`)
	).toBe(0);
	expect(
		await count(`public.orders o join public.employees e on e.id = o.master_id
		where e.location_id <> o.location_id`)
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
		await count(`public.orders o join public.order_events e on e.order_id = o.id and e.version = o.version
		where (e.to_values ->> 'stage_id')::bigint <> o.stage_id or e.at <> o.stage_entered_at or e.at > now()`)
	).toBe(0);
	expect(
		await count(`public.order_events e
		join public.order_events n on n.order_id = e.order_id and n.version = e.version + 1
		where n.at < e.at or n.from_values ->> 'stage_id' <> e.to_values ->> 'stage_id'`)
	).toBe(0);
	expect(
		await count(`public.order_events e
		join public.order_events n on n.order_id = e.order_id and n.version = e.version + 1
		join public.stages f on f.id = (e.to_values ->> 'stage_id')::bigint
		join public.stages t on t.id = (n.to_values ->> 'stage_id')::bigint
		where not exists (select from public.stage_transitions x where x.from_kind = f.kind and x.to_kind = t.kind)`)
	).toBe(0);
});
