// campaigns: made, their spend read from a file, and their return seen to move
import { expect, test } from './fixtures.ts';
import { makeInvoice } from './pages/statistics.ts';

test('a campaign is made, its spend comes from a file, and a payment elsewhere moves its return', async ({
	world
}) => {
	const marketer = await world.window('marketer', { locale: 'en' });
	await marketer.goto('/app/campaigns');
	await marketer.getByRole('link', { name: 'New campaign' }).click();
	await marketer.getByLabel('Name').fill('Radio December');
	await marketer.getByLabel('Channel').selectOption('radio');
	await marketer.getByLabel('Budget').fill('5 000');
	await marketer.getByRole('button', { name: 'Save' }).click();
	await expect(marketer.getByRole('heading', { level: 1 })).toHaveText('Radio December');
	const id = Number(marketer.url().split('/').at(-1));

	await marketer.getByRole('button', { name: 'From a file' }).click();
	const today = new Date().toISOString().slice(0, 10).split('-').reverse().join('.');
	await marketer.getByLabel('File', { exact: true }).setInputFiles({
		name: 'spend.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from(
			`Дата;Расход\n${today};"600,50"\n01.11.2026;399,50\n31.02.2026;5\nпозже;6\n`
		)
	});
	const rows = marketer.locator('[data-row]');
	await expect(rows).toHaveCount(4);
	await expect(rows.nth(2)).toContainText('is no day');
	await expect(rows.nth(3)).toContainText('“позже” is no day');
	await marketer.getByRole('button', { name: 'Enter days: 2' }).click();
	const figure = (name: string) => marketer.locator(`[data-figure="${name}"] dd`).first();
	await expect(figure('spend')).toHaveText('₴1,000');
	await expect(figure('roi')).toHaveText('-100%');
	await marketer.getByLabel('Amount').fill('700,50');
	await expect(marketer.getByText('Replaces ₴600.5')).toBeVisible();
	await marketer.getByRole('button', { name: 'Enter', exact: true }).click();
	await expect(figure('spend')).toHaveText('₴1,100');

	const manager = await world.window('manager', { locale: 'en' });
	await manager.goto('/app/campaigns?q=Radio+December');
	const row = manager.locator(`[data-campaign-id="${id}"]`);
	for (const page of [marketer, manager]) {
		await expect(page.locator('[data-live-state="live"]')).toBeVisible();
		await page.evaluate(() => Object.assign(window, { stayed: true }));
	}
	const sale = await makeInvoice(world, id, 5000);
	await expect(figure('orders')).toHaveText('1');
	await sale.pay(3300);
	const paid = Date.now();
	await expect(figure('roi')).toHaveText('+200%', { timeout: 3000 });
	await expect(row).toContainText('+200%', { timeout: 3000 });
	expect(Date.now() - paid).toBeLessThan(1500);
	await expect(figure('profit')).toHaveText('₴2,200');
	for (const page of [marketer, manager])
		expect(await page.evaluate(() => 'stayed' in window)).toBe(true);

	// somebody else renames it while it is being edited
	await world.sql`update public.campaigns set name = 'Radio January' where id = ${id}`;
	await marketer.getByLabel('Name').fill('Mine');
	await marketer.getByRole('button', { name: 'Save' }).click();
	await expect(marketer.getByText('Nothing was saved')).toBeVisible();
	await marketer.getByRole('button', { name: 'Show what is there now' }).click();
	await expect(marketer.getByLabel('Name')).toHaveValue('Radio January');
	await marketer.getByRole('button', { name: 'Archive' }).click();
	await expect(marketer.getByText('its form tells visitors so', { exact: false })).toBeVisible();
	expect((await fetch(`${world.url}/f/${id}`)).status).toBe(410);
});

test('a manager sees money and changes nothing; operators and masters are refused', async ({
	world
}) => {
	const [row] = await world.sql`select id::int from public.campaigns order by id limit 1`;
	const manager = await world.window('manager', { locale: 'en' });
	await manager.goto(`/app/campaigns/${row?.['id']}`);
	await expect(manager.locator('[data-figure="spend"]')).toBeVisible();
	await expect(manager.getByRole('button', { name: 'Save' })).toHaveCount(0);
	await expect(manager.getByRole('button', { name: 'From a file' })).toHaveCount(0);
	for (const name of ['operator', 'master'] as const) {
		const page = await world.window(name, { locale: 'en' });
		for (const path of ['/app/campaigns', `/app/campaigns/${row?.['id']}`, '/app/campaigns/new'])
			expect((await page.goto(path))?.status(), `${name} ${path}`).toBe(403);
		await expect(page.getByRole('link', { name: 'Campaigns' })).toHaveCount(0);
	}
	const marketer = await world.window('marketer', { locale: 'en' });
	await marketer.goto(`/app/campaigns/${row?.['id']}`);
	await expect(marketer.locator('[data-step="leads"] a')).toHaveCount(0);
});
