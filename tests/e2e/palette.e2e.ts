// the command palette: found and run without a mouse, and fetched only when asked for
import type { Page } from '@playwright/test';
import { BoardPage } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

/** The keys are heard once the page's script runs. */
const openPalette = (page: Page) =>
	expect(async () => {
		if (!(await page.getByTestId('palette').isVisible())) await page.keyboard.press('Control+k');
		await expect(page.getByTestId('palette')).toBeVisible({ timeout: 1000 });
	}).toPass();

test('finds an order by its number and opens it beside the board', async ({ world }) => {
	const board = new BoardPage(await world.window('coordinator'));
	const { page } = board;
	const scripts: string[] = [];
	page.on('request', (request) => scripts.push(request.url()));
	await board.open();
	const before = scripts.length;
	const [row] = await world.sql`select id from public.orders order by id desc limit 1`;
	await openPalette(page);
	const palette = page.getByTestId('palette');
	await expect(palette.getByRole('combobox')).toBeFocused();
	// its code came with the key, not with the page
	expect(scripts.slice(before).some((url) => url.endsWith('.js'))).toBe(true);
	await page.keyboard.type(String(row?.id));
	await expect(palette.getByRole('option').first()).toContainText(`№${row?.id}`);
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(new RegExp(`/app/board/${row?.id}$`));
	await expect(page.getByTestId('order-panel')).toBeVisible();
	await expect(palette).toHaveCount(0);
});

test('finds a client by a part of the name', async ({ world }) => {
	const page = await world.signIn('operator');
	const [row] = await world.sql`select last_name, full_name from public.clients
		where char_length(last_name) > 5 order by id limit 1`;
	await page.getByRole('button', { name: 'Search' }).click();
	const palette = page.getByTestId('palette');
	await palette.getByRole('combobox').fill(String(row?.last_name).slice(0, 5));
	await expect(palette.getByRole('option', { name: String(row?.full_name) }).first()).toBeVisible();
});

test('runs commands: theme, language, a page; Esc closes it', async ({ world }) => {
	const page = await world.signIn('manager');
	const run = async (words: string) => {
		await openPalette(page);
		await page.getByTestId('palette').getByRole('combobox').fill(words);
		await expect(page.getByTestId('palette').getByRole('option')).toHaveCount(1);
		await page.keyboard.press('Enter');
	};
	await run('dark');
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
	await run('time travel');
	await expect(page).toHaveURL(/\/app\/board\/replay$/);
	await run('українська');
	await expect(page.locator('html')).toHaveAttribute('lang', 'uk');
	await openPalette(page);
	await page.keyboard.press('Escape');
	await expect(page.getByTestId('palette')).toHaveCount(0);
});

test('a master finds his own orders, and is offered nothing that is not his', async ({ world }) => {
	const page = await world.signIn('master');
	const [foreign] = await world.sql`select o.id from public.orders o
		join auth.users u on u.email = 'master@demo.verstak.test'
		where o.master_id is distinct from u.id order by o.id limit 1`;
	await openPalette(page);
	const palette = page.getByTestId('palette');
	await expect(palette.getByRole('option', { name: 'New order' })).toHaveCount(0);
	await palette.getByRole('combobox').fill(String(foreign?.id));
	await expect(palette).toContainText('Nothing found');
});

test('? shows the shortcuts, but not while typing', async ({ world }) => {
	const page = await world.signIn('coordinator');
	await page.locator('main').press('?');
	await expect(page.getByTestId('shortcuts')).toContainText('Ctrl');
	await page.keyboard.press('Escape');
	await expect(page.getByTestId('shortcuts')).toHaveCount(0);
	await openPalette(page);
	await page.keyboard.type('?');
	await expect(page.getByTestId('shortcuts')).toHaveCount(0);
});
