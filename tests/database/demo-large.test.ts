// the large company keeps the rules of the small one, and is put together again after loading
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDemo } from '../../supabase/demo/demo.ts';
import { growCompany } from '../../supabase/demo/grow.ts';
import { inspectPlan, type PlanFindings } from '../bench/sql-plans.ts';
import { startDatabase, type Database } from '../support/database.ts';

const ORDERS = 3_000;

let db: Database;
let indexesBefore: string[];
let keysBefore: string[];

const column = async (sql: string) =>
	(await db.owner.unsafe(sql)).map(({ value }) => value as string).sort();
const indexes = () =>
	column(`select indexdef as value from pg_indexes where schemaname in ('public', 'private')`);
const keys = () =>
	column(`select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as value
		from pg_constraint where contype = 'f' and connamespace in ('public'::regnamespace, 'private'::regnamespace)`);
const count = async (sql: string) =>
	(await db.owner.unsafe(`select count(*)::int as n from ${sql}`))[0]?.n as number;

beforeAll(async () => {
	db = await startDatabase();
	await loadDemo(db.ownerUrl);
	indexesBefore = await indexes();
	keysBefore = await keys();
	await growCompany(db.ownerUrl, ORDERS);
});
afterAll(() => db?.stop());

it('adds the orders asked for, with clients, lines, payments and events', async () => {
	expect(await count('public.orders')).toBe(1_500 + ORDERS);
	expect(await count('public.clients')).toBe(400 + ORDERS / 5);
	expect(await count('public.order_events')).toBeGreaterThan(ORDERS * 4);
	expect(await count('public.payments')).toBeGreaterThan(ORDERS / 2);
});

it('leaves indexes, foreign keys and triggers as they were', async () => {
	expect(await indexes()).toEqual(indexesBefore);
	expect(await keys()).toEqual(keysBefore);
	expect(
		await count(`pg_trigger t join pg_class c on c.oid = t.tgrelid
		where not t.tgisinternal and t.tgenabled = 'D'
			and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)`)
	).toBe(0);
});

it('keeps sums, states, places and history', async () => {
	expect(
		await count(`public.orders o where o.paid <> private.received_for_order(o.id)
			or o.payment_state <> private.payment_state_of(o.id, o.total, o.paid)
			or o.total <> (select coalesce(sum(l.line_total), 0) from public.order_lines l where l.order_id = o.id)`)
	).toBe(0);
	expect(
		await count(`public.orders o join public.stages s on s.id = o.stage_id
		where (s.kind = 'unassigned') and o.master_id is not null
			or (s.kind in ('closed', 'refused')) <> (o.closed_at is not null)
			or (s.kind in ('done', 'closed')) <> (o.done_at is not null)
			or (s.kind = 'refused') <> (o.refusal_reason is not null)
			or o.stage_entered_at > now() or o.stage_entered_at < o.created_at`)
	).toBe(0);
	expect(await count(`public.employees e where private.active_count(e.id) > e.capacity`)).toBe(0);
	expect(
		await count(`public.orders o join public.employees e on e.id = o.master_id
		where e.location_id <> o.location_id`)
	).toBe(0);
	expect(
		await count(`public.orders o
		where o.version <> (select count(*) from public.order_events e where e.order_id = o.id)`)
	).toBe(0);
});

it('has the figures an exact recomputation gives', async () => {
	expect(await count('private.statistics_errors')).toBe(0);
});

it('has the search documents the triggers would have written', async () => {
	const differing = (table: string, document: string) => `${table} where
		(select array_agg(l order by l) from unnest(tsvector_to_array(d.words)) l) is distinct from
		(select array_agg(l order by l) from unnest(tsvector_to_array(${document})) l)`;
	expect(
		await count(
			differing(
				'public.clients c left join private.client_documents d on d.client_id = c.id',
				`private.search_document(concat_ws(' ', c.last_name, c.first_name, c.middle_name), concat_ws(' ', c.email, c.address))`
			)
		)
	).toBe(0);
	expect(
		await count(
			differing(
				'public.assets a left join private.asset_documents d on d.asset_id = a.id',
				`private.search_document(concat_ws(' ', a.kind, a.brand, a.model), concat_ws(' ', a.serial, a.description))`
			)
		)
	).toBe(0);
	expect(
		await count(
			differing(
				`(select * from public.orders where address is not null) o
				left join private.order_documents d on d.order_id = o.id`,
				'private.search_document(null, o.address)'
			)
		)
	).toBe(0);
	const unknown = `(select unnest(tsvector_to_array(d.words)) as word from private.client_documents d) w
		where w.word ~ '[a-z]' and char_length(w.word) >= 3
			and not exists (select from private.known_words k where k.word = w.word)`;
	expect(await count(unknown)).toBe(0);
});

it('goes on like any other: the next order gets the next number', async () => {
	const [row] = await db.owner`insert into public.orders (location_id, client_id, problem)
		select min(l.id), (select max(c.id) from public.clients c), 'Next' from public.locations l
		returning id, (select max(o.id) from public.orders o) as last`;
	expect(row?.id).toBe((row?.last as number) + 1);
});

it('plans of whole scans and of rights asked row by row are noticed', () => {
	const found: PlanFindings = { scans: new Set(), perRow: new Set() };
	const inspect = (plan: object) =>
		inspectPlan(
			`duration: 1 ms  plan:\n${JSON.stringify({ Plan: plan })}`,
			new Set(['orders']),
			found
		);
	const scan = { 'Node Type': 'Seq Scan', 'Relation Name': 'orders' };
	const probe = {
		'Node Type': 'Index Scan',
		'Relation Name': 'orders',
		Filter: `((InitPlan 1).col1 AND (location_id = ANY ((InitPlan 2).col1)))`
	};
	expect(inspect(probe)).toBe(true);
	expect([...found.scans, ...found.perRow]).toEqual([]);
	inspect({ 'Node Type': 'Limit', Plans: [scan] });
	expect([...found.scans]).toEqual(['orders']);
	inspect({ ...probe, Filter: `private.can('orders.read'::text)` });
	expect([...found.perRow]).toHaveLength(1);
});
