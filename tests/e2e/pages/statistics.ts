/** The wall of charts, and things that move it. */
import { expect, type Page } from '@playwright/test';
import type { Sql } from 'postgres';
import { randomUUID } from 'node:crypto';
import type { TestStack } from '../../support/stack.ts';

export type Drawn = { labels: string[]; series: Record<string, readonly (number | null)[]> };

export async function openStatistics(page: Page, path = '/app/statistics'): Promise<void> {
	await page.goto(path);
	await expect(page.locator('[data-live-state="live"]')).toBeVisible();
}

/** What a chart draws at this moment, out of Chart.js itself. */
export function drawn(page: Page, id: string): Promise<Drawn | null> {
	return page.locator(`[data-chart="${id}"] canvas`).evaluate((canvas) => {
		type Set = { label: string; data: (number | null)[] };
		const { chart } = canvas as unknown as {
			chart?: { data: { labels: string[]; datasets: Set[] } };
		};
		if (!chart) return null;
		const series = chart.data.datasets.map(({ label, data }) => [label, [...data]] as const);
		return { labels: [...chart.data.labels], series: Object.fromEntries(series) };
	});
}

/** The sum of a series, or its value at a label. */
export async function total(
	page: Page,
	id: string,
	series: string,
	label?: string
): Promise<number> {
	const chart = await drawn(page, id);
	const values = chart?.series[series] ?? [];
	if (label !== undefined) return values[chart?.labels.indexOf(label) ?? -1] ?? NaN;
	const sum = values.reduce<number>((before, value) => before + (value ?? 0), 0);
	// points are floats for the canvas; their sum is compared to the hundredth of a penny
	return Math.round(sum * 10_000) / 10_000;
}

export async function makeCampaign(sql: Sql, name: string, spend: number): Promise<number> {
	const [row] = await sql`insert into public.campaigns (name, channel, starts_on)
		values (${name}, 'search', current_date - 30) returning id`;
	await sql`insert into public.campaign_spend (campaign_id, day, amount)
		values (${row?.id}, private.day_of(now()), ${spend})`;
	return Number(row?.id);
}

/** An order of the campaign with a line of work of that price, and the invoice for it. */
export async function makeInvoice(
	{ sql, stack }: { sql: Sql; stack: TestStack },
	campaign: number,
	price: number
): Promise<{ order: number; pay(amount: number): Promise<void> }> {
	const [row] = await sql`insert into public.orders (location_id, client_id, problem, campaign_id)
		select l.id, c.id, 'Frets', ${campaign}
		from (select id from public.locations order by id limit 1) l,
			(select id from public.clients where not blacklisted order by id limit 1) c returning id`;
	await sql`insert into public.order_lines (order_id, kind, title, quantity, unit_price)
		values (${row?.id}, 'work', 'Work', 1, ${price})`;
	const manager = await stack.signIn('manager');
	const call = async (name: string, parameters: object) => {
		const { data, error } = await manager.rpc(name, { ...parameters, mutation_id: randomUUID() });
		if (error) throw new Error(`${name}: ${error.message}`);
		return data;
	};
	const invoice = await call('issue_invoice', { order_id: row?.id });
	return {
		order: Number(row?.id),
		pay: (amount) => call('record_payment', { invoice_id: invoice.id, amount, method: 'cash' })
	};
}

/** Orders that masters finished today and one that was refused, in every location; sums kept of all. */
export async function makeWork(sql: Sql): Promise<void> {
	const made = await sql`insert into public.orders (location_id, client_id, problem, promised_at)
		select l.id, (select min(id) from public.clients where not blacklisted), 'Work', now() + interval '1 day'
		from public.locations l, generate_series(1, 4) returning id, location_id`;
	const masters = await sql`select id, location_id from public.employees
		where role = 'master' and active order by full_name`;
	for (const [at, { id, location_id }] of made.entries()) {
		const able = masters.filter((one) => (one['location_id'] ?? location_id) === location_id);
		const refused = at === 0;
		await sql`update public.orders set master_id = ${refused ? null : able[at % able.length]?.['id']},
				refusal_reason = ${refused ? 'Too expensive' : null},
				stage_id = (select s.id from public.stages s where s.kind = ${refused ? 'refused' : 'done'} order by s.position limit 1)
			where id = ${id}`;
	}
	await sql`select private.rebuild_statistics()`;
}
