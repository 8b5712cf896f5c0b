// clients at work: found, called, written about, blacklisted, merged and separated again
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const serious = (page: Page) => {
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	return problems;
};
const overflow = (page: Page) =>
	page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('somebody is found as one types, by name in another alphabet and by digits', async ({
	world
}) => {
	const page = await world.signIn('operator', { locale: 'en' });
	const problems = serious(page);
	await page.getByRole('link', { name: 'Clients' }).click();
	const rows = page.locator('[data-client-id]');
	await expect(rows.first()).toBeVisible();
	const search = page.getByRole('searchbox');
	await search.pressSequentially('Belousova Nika');
	await expect(rows).toHaveCount(1);
	await expect(rows).toContainText('Белоусова Ника Дмитриевна');
	await expect(page).toHaveURL(/q=Belousova/);
	await expect(search).toBeFocused();
	const phone = await rows.getByRole('link', { name: /\+380/ }).getAttribute('href');
	await search.fill(phone?.slice(-7) ?? '');
	await expect(rows).toHaveCount(1);
	await search.fill('qqqqzzzz');
	await expect(page.getByText('Nobody found')).toBeVisible();
	await search.fill('');
	await page.getByLabel('Which clients').selectOption('blacklisted');
	const [listed] = await world.sql`select count(*)::int as n from public.client_blacklist`;
	await expect(rows).toHaveCount(listed?.n as number);
	expect(problems).toEqual([]);
});

test('ten thousand clients scroll to the end with a screenful in the document', async ({
	world
}) => {
	// a hundred pages one after another
	test.setTimeout(120_000);
	await world.sql`insert into public.clients (first_name, last_name)
		select 'Load', 'Test' || n from generate_series(1, 10000) n`;
	const page = await world.window('operator', { locale: 'en' });
	await page.goto('/app/clients?sort=name');
	const list = page.getByTestId('clients');
	const rows = page.locator('[data-client-id]');
	await expect(rows.first()).toBeVisible();
	await expect(async () => {
		await list.evaluate((box) => {
			const scroller = box.firstElementChild as HTMLElement;
			scroller.scrollTop = scroller.scrollHeight;
		});
		await expect(page.locator('footer')).toHaveText(/^Clients: 10,\d\d\d$/, { timeout: 50 });
	}).toPass({ timeout: 60_000, intervals: [50] });
	expect(await rows.count()).toBeLessThan(100);
	await world.sql`delete from public.clients where first_name = 'Load'`;
});

test('a note is written, and read in its place', async ({ world }) => {
	const page = await world.window('operator', { locale: 'en' });
	await page.goto('/app/clients?q=Белоусова Ника');
	await page.getByRole('link', { name: 'Белоусова Ника' }).click();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Белоусова Ника Дмитриевна');
	await expect(page.getByRole('link', { name: /^Call \+380/ })).toHaveAttribute(
		'href',
		/^tel:\+380\d{9}$/
	);
	await page.getByLabel('What was said or noticed').fill('Will come on Friday');
	await page.getByLabel('What it was').selectOption({ label: 'Outgoing call' });
	await page.getByRole('button', { name: 'Write down' }).click();
	const first = page.getByTestId('history').locator('li').first();
	await expect(first).toContainText('Outgoing call: Will come on Friday');
	await expect(page.getByLabel('What was said or noticed')).toHaveValue('');
	// an operator has neither the blacklist nor merging
	await expect(page.getByRole('button', { name: 'Blacklist' })).toHaveCount(0);
	await expect(page.getByRole('button', { name: 'Duplicates' })).toHaveCount(0);
});

test('the blacklist wants a reason and is said on the page', async ({ world }) => {
	const page = await world.window('coordinator', { locale: 'en' });
	const [row] = await world.sql`insert into public.clients (first_name, last_name)
		values ('Rude', 'Person') returning id`;
	await page.goto(`/app/clients/${row?.id}`);
	await page.getByRole('button', { name: 'Blacklist' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByRole('button', { name: 'Blacklist' })).toBeDisabled();
	await dialog.getByLabel('Why').fill('Did not pay');
	await dialog.getByRole('button', { name: 'Blacklist' }).click();
	await expect(dialog).toHaveCount(0);
	await expect(page.getByRole('note').filter({ hasText: 'Did not pay' })).toBeVisible();
	await expect(page.getByTestId('history')).toContainText('Put on the blacklist: Did not pay');
	await page.getByRole('button', { name: 'Take off the blacklist' }).click();
	await page.getByRole('dialog').getByRole('button', { name: 'Take off the blacklist' }).click();
	await expect(page.getByTestId('history')).toContainText('Taken off the blacklist');
});

test('a duplicate is merged, undone from the message, merged again and undone from the history', async ({
	world
}) => {
	const page = await world.window('manager', { locale: 'en' });
	const problems = serious(page);
	const make = async (phone: string, first: string) => {
		const [row] = await world.sql`insert into public.clients (first_name, last_name)
			values (${first}, 'Дубликатова') returning id`;
		await world.sql`insert into public.client_phones (client_id, phone) values (${row?.id}, ${phone})`;
		return row?.id as string;
	};
	const [keep, drop] = [await make('+380991112201', 'Мария'), await make('+380991112202', 'Maria')];
	await page.goto(`/app/clients/${keep}`);
	const merge = async () => {
		await page.getByRole('button', { name: 'Duplicates' }).click();
		const dialog = page.getByRole('dialog');
		await expect(dialog).toContainText('Same name');
		await dialog.getByRole('button', { name: 'Merge with Дубликатова Maria' }).click();
		await expect(dialog).toHaveCount(0);
	};
	const calls = page.getByRole('link', { name: /^Call/ });
	await merge();
	await expect(calls).toHaveCount(2);
	await page.getByRole('button', { name: 'Undo', exact: true }).click();
	await expect(calls).toHaveCount(1);
	await merge();
	await expect(calls).toHaveCount(2);
	await page.reload();
	await page.getByRole('button', { name: 'Undo the merge' }).click();
	await expect(calls).toHaveCount(1);
	await page.goto(`/app/clients/${drop}`);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Дубликатова Maria');
	expect(problems).toEqual([]);
});

test('pages are closed to masters, marketers and the missing', async ({ world }) => {
	for (const name of ['master', 'marketer'] as const) {
		const page = await world.window(name);
		for (const path of ['/app/clients', '/app/clients/1']) {
			expect((await page.goto(path))?.status(), `${name} ${path}`).toBe(403);
		}
		await expect(page.locator('nav a[href="/app/clients"]')).toHaveCount(0);
	}
	const page = await world.window('operator');
	for (const id of ['987654321', '0', 'x', '1e3']) {
		expect((await page.goto(`/app/clients/${id}`))?.status(), id).toBe(404);
	}
});

for (const locale of ['ru', 'uk']) {
	test(`in ${locale} on a phone everything fits and is translated`, async ({ world }) => {
		const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
		const page = await world.window('manager', { ...phone, locale, colorScheme: 'dark' });
		for (const path of ['/app/clients', '/app/clients?show=blacklisted']) {
			await page.goto(path);
			await expect(page.locator('[data-client-id]').first()).toBeVisible();
			expect(await overflow(page)).toBeLessThanOrEqual(0);
		}
		await page.locator('[data-client-id] a').first().click();
		await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		await page.waitForURL(/clients\/\d+$/);
		expect(await overflow(page)).toBeLessThanOrEqual(0);
		await expect(page.locator('main')).not.toContainText(/\bclients_[a-z_]+\b/);
	});
}
