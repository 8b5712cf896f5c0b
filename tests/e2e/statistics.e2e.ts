// the wall of charts: it moves as money lands, for those who may see it, and never lies
import { expect, test } from './fixtures.ts';
import {
	drawn,
	makeCampaign,
	makeInvoice,
	makeWork,
	openStatistics,
	total
} from './pages/statistics.ts';

test('a payment moves the charts of two people without a reload', async ({ world }, info) => {
	const campaign = await makeCampaign(world.sql, 'Autumn strings', 1000);
	const sale = await makeInvoice(world, campaign, 5000);
	const manager = await world.window('manager', { locale: 'en' });
	const marketer = await world.window('marketer', { locale: 'en' });
	const pages = [manager, marketer];
	for (const page of pages) {
		await openStatistics(page);
		await expect.poll(() => total(page, 'roi', 'ROI', 'Autumn strings')).toBe(-1);
		await page.evaluate(() => Object.assign(window, { stayed: true }));
	}
	const before = await total(manager, 'money', 'Revenue');
	await manager.screenshot({ path: info.outputPath('before.png') });
	await sale.pay(2500);
	const paid = Date.now();
	for (const page of pages) {
		await expect
			.poll(() => total(page, 'roi', 'ROI', 'Autumn strings'), { intervals: [20], timeout: 5000 })
			.toBe(1.5);
	}
	await expect
		.poll(() => total(manager, 'money', 'Revenue'), { intervals: [20], timeout: 5000 })
		.toBe(before + 2500);
	info.annotations.push({ type: 'from payment to chart', description: `${Date.now() - paid} ms` });
	const cause = manager.locator('[data-chart="money"] .cause');
	await expect(cause).toContainText('a payment ₴2,500');
	await manager.waitForTimeout(500);
	await manager.screenshot({ path: info.outputPath('after.png') });
	for (const page of pages) expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
	expect((await drawn(marketer, 'roi'))?.labels).toContain('Autumn strings');
});

test('after a burst of random events every chart equals a fresh count of the rows', async ({
	world
}) => {
	const { sql } = world;
	await makeWork(sql);
	const campaign = await makeCampaign(sql, 'Burst', 800);
	const sales = [await makeInvoice(world, campaign, 900), await makeInvoice(world, campaign, 70)];
	const page = await world.window('manager', { locale: 'en' });
	await openStatistics(page);
	await page.evaluate(() => Object.assign(window, { stayed: true }));
	const stages = await sql`select id from public.stages where kind = 'done'`;
	for (let i = 0; i < 60; i++) {
		const kind = Math.floor(Math.random() * 4);
		if (kind === 0)
			await sql`insert into public.leads (first_name, phone, campaign_id)
				values ('Lead', ${`+3809355${String(10000 + i)}`}, ${campaign})`;
		else if (kind === 1)
			await sql`insert into public.orders (location_id, client_id, problem)
				select l.id, c.id, 'Burst' from public.locations l, public.clients c order by random() limit 1`;
		else if (kind === 2)
			await sql`update public.orders set stage_id = ${stages[0]?.id}
				where id = (select o.id from public.orders o join public.stages s on s.id = o.stage_id
					where s.kind = 'waiting' order by random() limit 1)`;
		else
			await sql`insert into public.campaign_spend (campaign_id, day, amount)
				values (${campaign}, private.day_of(now()) - ${i}::int % 20 - 1, ${i + 1})
				on conflict (campaign_id, day) do update set amount = excluded.amount`;
	}
	for (const sale of sales) await sale.pay(50);
	const since = sql`private.day_of(now()) - (extract(day from private.day_of(now()))::int - 1)`;
	const [truth] = await sql`select
		(select count(*) from public.leads where private.day_of(created_at) >= ${since}) as leads,
		(select count(*) from public.orders where private.day_of(created_at) >= ${since}) as orders,
		(select coalesce(sum(case kind when 'payment' then amount else -amount end), 0) from public.payments
			where private.day_of(received_at) >= ${since}) as revenue,
		(select sum(amount) from public.campaign_spend where day >= ${since}) as spend,
		(select count(*) from public.orders o join public.stages s on s.id = o.stage_id
			where s.kind not in ('closed', 'refused')) as open,
		(select count(*) from public.orders where private.day_of(done_at) >= ${since}
			and master_id is not null) as done`;
	const shown = async () => {
		const funnel = (await drawn(page, 'funnel'))?.series['Count'] ?? [];
		return {
			leads: funnel[0],
			orders: funnel[3],
			taken: await total(page, 'locations', 'Taken'),
			revenue: await total(page, 'money', 'Revenue'),
			spend: await total(page, 'money', 'Spend'),
			open: await total(page, 'statuses', 'Orders'),
			done: await total(page, 'masters', 'Done')
		};
	};
	const expected = Object.fromEntries(
		Object.entries({ ...truth, taken: truth?.orders }).map(([name, value]) => [name, Number(value)])
	);
	await expect.poll(shown, { timeout: 3000 }).toEqual(expected);
	expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
});

test('each chart is a table too, goes to a file, is compared, and leads to its orders', async ({
	world
}) => {
	await makeWork(world.sql);
	const page = await world.window('manager', { locale: 'en', acceptDownloads: true });
	await openStatistics(page, '/app/statistics?period=week&compare=1');
	const card = page.locator('[data-chart="locations"]');
	await expect
		.poll(async () => Object.keys((await drawn(page, 'locations'))?.series ?? {}))
		.toEqual(['Taken', 'Done', 'Taken, before', 'Done, before']);
	const downloading = page.waitForEvent('download');
	await card.getByRole('button', { name: 'Download CSV' }).click();
	const download = await downloading;
	expect(download.suggestedFilename()).toMatch(/^locations-[\d-]+\.csv$/);
	await card.getByRole('button', { name: 'Show as table' }).click();
	await expect(card.locator('thead th')).toHaveText([
		'Location',
		'Taken',
		'Done',
		'Taken, before',
		'Done, before'
	]);
	await expect(card.locator('tbody a').first()).toHaveAttribute(
		'href',
		/^\/app\/orders\?created_from=\d{4}-\d\d-\d\d&created_to=[\d-]+&location=\d+$/
	);
	await page.getByRole('button', { name: 'This year' }).click();
	await expect(page).toHaveURL(/period=year&compare=1/);
	await page.getByLabel('Location').first().selectOption({ index: 1 });
	await expect(page).toHaveURL(/location=\d+/);
	await expect(page.locator('[data-chart="locations"] canvas')).toBeVisible();
});

test('everybody sees counts, money and reports only those with the right', async ({ world }) => {
	await makeWork(world.sql);
	for (const name of ['operator', 'master', 'coordinator'] as const) {
		const page = await world.window(name, { locale: 'en' });
		await openStatistics(page);
		await expect(page.getByText('Figures of money need a permission')).toBeVisible();
		await expect(page.locator('[data-chart="funnel"]')).toBeVisible();
		for (const chart of ['roi', 'money'])
			await expect(page.locator(`[data-chart="${chart}"]`)).toHaveCount(0);
		const reports = await page.goto('/app/statistics/reports');
		expect(reports?.status(), name).toBe(name === 'coordinator' ? 200 : 403);
		if (name === 'coordinator')
			await expect(page.locator('[data-report="work"] thead')).not.toContainText('Revenue');
	}
	const stranger = await world.stranger();
	await stranger.goto('/app/statistics');
	await expect(stranger).toHaveURL(/signin/);
});

test('reports of work say what the rows say', async ({ world }) => {
	await makeWork(world.sql);
	const page = await world.window('manager', { locale: 'en' });
	await page.goto('/app/statistics/reports?period=year&by=master');
	const rows = await world.sql`select e.full_name, count(o.done_at)::int as done
		from public.orders o join public.employees e on e.id = o.master_id
		where o.done_at is not null and private.day_of(o.done_at) >= date_trunc('year', private.day_of(now()))
		group by e.full_name`;
	expect(rows.length).toBeGreaterThan(2);
	const table = page.locator('[data-report="work"]');
	for (const { full_name, done } of rows) {
		const row = table.locator('tbody tr').filter({ hasText: full_name });
		await expect(row.locator('td').nth(1)).toHaveText(String(done));
	}
	const [refusals] = await world.sql`select count(*)::int as n from public.orders
		where refusal_reason is not null and private.day_of(closed_at) >= date_trunc('year', private.day_of(now()))`;
	const counts = await page.locator('[data-report="refusals"] td').allTextContents();
	expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(refusals?.n);
	await page.getByLabel('By').selectOption('type');
	await expect(page).toHaveURL(/by=type/);
	await expect(table.locator('thead')).toContainText('Type');
});

for (const locale of ['ru', 'uk']) {
	test(`in ${locale} on a phone everything fits and is translated`, async ({ world }) => {
		const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
		const page = await world.window('manager', { ...phone, locale, colorScheme: 'dark' });
		await world.sql`insert into public.locations (name)
			values ('Мастерская на улице Академика Королёва, второй двор налево') on conflict do nothing`;
		for (const path of ['', '/reports', '/wall']) {
			await page.goto(`/app/statistics${path}`);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
			// what is wider than the page is cut off without a scrollbar
			const wider = await page
				.locator('main :is(select, button, a, h1, h2)')
				.evaluateAll((parts) =>
					parts
						.filter((part) => part.getBoundingClientRect().right > innerWidth)
						.map(({ outerHTML }) => outerHTML.slice(0, 80))
				);
			expect(wider, path).toEqual([]);
			await expect(page.locator('main')).not.toContainText(/\bstatistics_[a-z_]+\b/);
		}
	});
}
