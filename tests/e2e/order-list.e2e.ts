// the list of orders: its address is its state, pages by key, rows live, a table for spreadsheets
import { expect, test } from './fixtures.ts';

test('filters are in the address, also of a link opened anew', async ({ world }) => {
	const page = await world.window('coordinator');
	await page.goto('/app/orders');
	const rows = page.locator('[data-order]');
	await expect(rows.first()).toBeVisible();
	await page.getByLabel('Stage').selectOption({ label: 'Waiting' });
	await expect(page).toHaveURL(/stage=\d+/);
	const [waiting] = await world.sql`select count(*)::int as n from public.orders o
		join public.stages s on s.id = o.stage_id where s.kind = 'waiting'`;
	await expect(rows).toHaveCount(Math.min(50, waiting?.n as number));
	const [row] = await world.sql`select c.last_name from public.orders o
		join public.stages s on s.id = o.stage_id join public.clients c on c.id = o.client_id
		where s.kind = 'waiting' limit 1`;
	await page.getByLabel('Client, phone').fill(String(row?.last_name));
	await expect(page).toHaveURL(/q=/);
	await expect(rows.first()).toContainText(String(row?.last_name));
	// the whole name is in the address before it is copied
	await expect(page).toHaveURL(new RegExp(encodeURIComponent(String(row?.last_name))));
	const found = await rows.count();
	const other = await world.window('manager');
	await other.goto(page.url());
	await expect(other.locator('[data-order]')).toHaveCount(found);
	await expect(other.getByLabel('Client, phone')).toHaveValue(String(row?.last_name));
	await page.getByRole('button', { name: 'Reset' }).click();
	await expect(page).toHaveURL(/\/app\/orders$/);
});

test('pages by key, each order once', async ({ world }) => {
	const page = await world.window('manager');
	await page.goto('/app/orders');
	const more = page.getByRole('button', { name: 'Show more' });
	for (let pages = 0; pages < 4; pages++) {
		const before = await page.locator('[data-order]').count();
		await more.click();
		await expect.poll(() => page.locator('[data-order]').count()).toBeGreaterThan(before);
	}
	const ids = await page
		.locator('[data-order]')
		.evaluateAll((nodes) => nodes.map((node) => Number((node as HTMLElement).dataset.order)));
	const all = await world.sql`select id::int from public.orders order by id desc`;
	expect(ids.length).toBeGreaterThan(100);
	expect(ids).toEqual(all.map(({ id }) => id).slice(0, ids.length));
});

test('an order opens beside the list, an edit shows in the row, and Esc returns to it', async ({
	world
}) => {
	const page = await world.window('coordinator');
	await page.goto('/app/orders');
	const row = page.locator('[data-order]').first();
	const id = await row.getAttribute('data-order');
	await row.click();
	await expect(page).toHaveURL(new RegExp(`/app/orders/${id}$`));
	const field = page.getByTestId('order-panel').locator('[data-field="problem"] textarea');
	await field.fill('A creaking floor');
	await field.press('Control+Enter');
	await expect(row).toContainText('A creaking floor');
	await page.getByRole('heading', { level: 1, name: `Order №${id}` }).press('Escape');
	await expect(page).toHaveURL(/\/app\/orders$/);
	await expect(row.getByRole('link')).toBeFocused();
});

test('columns are chosen, and money is a column only for those who see money', async ({
	world
}) => {
	const page = await world.window('coordinator');
	await page.goto('/app/orders');
	await expect(page.getByRole('columnheader', { name: 'Total' })).toBeVisible();
	await page.getByRole('button', { name: 'Columns' }).click();
	await page.getByRole('checkbox', { name: 'Address' }).check();
	await expect(page.getByRole('columnheader', { name: 'Address' })).toBeVisible();
	await expect(page).toHaveURL(/cols=.*address/);
});

test('the table for spreadsheets holds what was found, and only exporters get it', async ({
	world
}) => {
	const manager = await world.window('manager');
	const [stage] = await world.sql`select id from public.stages where kind = 'waiting' limit 1`;
	const answer = await manager.request.get(`/app/orders/export.csv?stage=${stage?.id}`);
	expect(answer.headers()['content-type']).toContain('text/csv');
	const [count] =
		await world.sql`select count(*)::int as n from public.orders where stage_id = ${stage?.id}`;
	const ids = (await answer.text()).match(/^\d{6},/gm) ?? [];
	expect(ids).toHaveLength(count?.n as number);
	const all = await (await manager.request.get('/app/orders/export.csv')).text();
	const [orders] = await world.sql`select count(*)::int as n from public.orders`;
	expect(all.match(/^\d{6},/gm)).toHaveLength(orders?.n as number);
	const coordinator = await world.window('coordinator');
	expect((await coordinator.request.get('/app/orders/export.csv')).status()).toBe(403);
	const master = await world.window('master');
	expect((await master.goto('/app/orders'))?.status()).toBe(403);
});
