// the demo company's money, leads, shifts and figures keep every rule of the database
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadDemo } from '../../supabase/demo/demo.ts';
import { startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => {
	db = await startDatabase();
	await loadDemo(db.ownerUrl);
});
afterAll(() => db?.stop());

const count = async (sql: string) =>
	(await db.owner.unsafe(`select count(*)::int as n from ${sql}`))[0]?.n as number;

it('totals are the sums of lines, and paid the sum of payments', async () => {
	expect(
		await count(`public.orders o where o.total <>
		(select coalesce(sum(l.line_total), 0) from public.order_lines l where l.order_id = o.id)`)
	).toBe(0);
	expect(await count(`public.orders o where o.paid <> private.received_for_order(o.id)`)).toBe(0);
	expect(
		await count(
			`public.orders o where o.payment_state <> private.payment_state_of(o.id, o.total, o.paid)`
		)
	).toBe(0);
	expect(await count(`(select distinct payment_state from public.orders) s`)).toBe(4);
	expect(
		await count(`public.orders o where o.comment_count <> (select count(*) from public.interactions i
			where i.order_id = o.id and i.kind <> 'automatic')`)
	).toBe(0);
});

it('invoices are as the calls would have made them', async () => {
	expect(
		await count(`(select from public.invoices where state = 'open'
		group by order_id, contract_id having count(*) > 1) twice`)
	).toBe(0);
	// money given back later does not open an invoice again
	expect(
		await count(`public.invoices i where (i.state = 'paid') <> (i.amount = (
			select coalesce(sum(p.amount), 0) from public.payments p
			where p.invoice_id = i.id and p.kind = 'payment'))`)
	).toBe(0);
	expect(
		await count(
			`public.invoices i join public.orders o on o.id = i.order_id where i.amount <> o.total`
		)
	).toBe(0);
	expect(
		await count(`public.invoices i where i.paid_at < i.issued_at or i.issued_at > now()`)
	).toBe(0);
});

it('refunds stay within their payments, and every payment credits what its order says', async () => {
	expect(await count(`public.payments p where private.left_of_payment(p.id) < 0`)).toBe(0);
	expect(
		await count(`public.payments r join public.payments p on p.id = r.refunds_payment_id
		where r.received_at < p.received_at or (r.order_id, r.invoice_id, r.client_id, r.method)
			is distinct from (p.order_id, p.invoice_id, p.client_id, p.method)`)
	).toBe(0);
	expect(
		await count(`public.payments p join public.orders o on o.id = p.order_id
		where (p.client_id, p.campaign_id, p.location_id, p.master_id, p.service_id, p.order_type)
			is distinct from (o.client_id, o.campaign_id, o.location_id, o.master_id, o.service_id, o.type)`)
	).toBe(0);
});

it('daily figures equal the exact recomputation', async () => {
	expect(await count('private.stat_sums')).toBeGreaterThan(500);
	expect(await count('private.statistics_errors')).toBe(0);
});

it('campaigns earn differently: most a multiple of their cost, one loses money', async () => {
	const rows = await db.owner<{ roi: number }[]>`
		select ((r.revenue - s.spend) / s.spend)::float as roi
		from (select campaign_id, sum(amount) as spend from public.campaign_spend group by 1) s
		join (select campaign_id, sum(case kind when 'payment' then amount else -amount end) as revenue
			from public.payments group by 1) r using (campaign_id)`;
	expect(rows).toHaveLength(5);
	const sorted = rows.map(({ roi }) => roi).sort((a, b) => a - b);
	expect(sorted[0]).toBeLessThan(0);
	expect(sorted[1]).toBeGreaterThan(0);
	expect(sorted[4]).toBeGreaterThan(2);
	expect(sorted[4]).toBeLessThan(20);
});

it('leads and contracts are told as they went', async () => {
	expect(await count(`(select distinct status from public.leads) s`)).toBe(4);
	expect(
		await count(`public.leads l join public.orders o on o.id = l.order_id
		where o.client_id <> l.client_id or o.lead_id is distinct from l.id or l.created_at > o.created_at
			or l.campaign_id is distinct from o.campaign_id`)
	).toBe(0);
	expect(
		await count(
			`public.leads where first_call_at < created_at or contacted_at > now() or updated_at > now()`
		)
	).toBe(0);
	expect(await count(`(select distinct state from public.contracts) s`)).toBe(4);
	expect(
		await count(`public.contracts c where not exists (select from public.interactions i
			where i.contract_id = c.id and i.template_key = 'contract_created' and i.at = c.created_at)`)
	).toBe(0);
	const [made] = await db.owner`
		insert into public.contracts (service_id, client_id, amount, starts_on, ends_on)
		select (select min(id) from public.services), (select min(id) from public.clients), 1000,
			current_date, current_date returning number`;
	expect(made?.number).toMatch(/^\d{4}-\d{5}$/);
});

it('masters were at work for a month, within the rules of shifts', async () => {
	expect(await count('public.shifts where ended_at is not null')).toBeGreaterThan(200);
	expect(await count('public.shift_breaks where ended_at is null')).toBe(2);
	expect(
		await count(`public.shift_breaks b join public.shifts s on s.id = b.shift_id
		where b.started_at < s.started_at or b.ended_at > s.ended_at or s.ended_at > now()`)
	).toBe(0);
	expect(
		await count(`public.shifts s, public.settings c
		where coalesce(s.ended_at, now()) - s.started_at > make_interval(hours => c.shift_max_hours)`)
	).toBe(0);
});

it('is found by any part of a name, a phone, an instrument or an address', async () => {
	expect(await count('private.client_documents')).toBe(400);
	expect(await count('private.asset_documents')).toBe(await count('public.assets'));
	expect(await count('private.order_documents')).toBe(
		await count('public.orders where address is not null')
	);
});

it('leaves every trigger on', async () => {
	expect(
		await count(`pg_trigger t where not t.tgisinternal and t.tgenabled = 'D'
		and t.tgrelid::regclass::text !~ '^(auth|storage|realtime)'`)
	).toBe(0);
	// whoever watches is told of the new staff and campaigns, not of ninety days
	expect(await count('realtime.messages')).toBeLessThan(100);
});
