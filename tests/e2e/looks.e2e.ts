// languages, themes and the phone
import type { Page } from '@playwright/test';
import { BoardPage } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

const WORDS = { en: 'Unassigned', ru: 'Не назначена', uk: 'Не призначена' };

for (const [language, word] of Object.entries(WORDS)) {
	test(`the board speaks ${language}`, async ({ world }) => {
		const page = await world.window('coordinator', { locale: language });
		await new BoardPage(page).open();
		await expect(page.locator('html')).toHaveAttribute('lang', language);
		await expect(page.getByTestId('board')).toContainText(word);
		// a key shown instead of its message
		await expect(page.locator('body')).not.toContainText(/\b(board|error|ui|auth|shell)_[a-z_]+\b/);
	});
}

const overflow = (page: Page) =>
	page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const path of ['/', '/signin', '/app/board']) {
	test(`${path} fits a phone of 390 px`, async ({ world }) => {
		const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
		const page = path.startsWith('/app')
			? await world.window('coordinator2', phone)
			: await world.stranger(phone);
		await page.goto(path);
		await page.waitForLoadState('networkidle').catch(() => undefined);
		expect(await overflow(page)).toBeLessThanOrEqual(0);
	});
}

test('the dark theme is there from the first byte', async ({ world }) => {
	const page = await world.window('coordinator', { colorScheme: 'dark' });
	await new BoardPage(page).open();
	const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const [red = 255] = (background.match(/\d+/g) ?? []).map(Number);
	expect(red).toBeLessThan(80);
});

test('no page logs an error or breaks the content policy', async ({ world }) => {
	const page = await world.stranger();
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	await page.goto('/');
	await page.goto('/signin');
	const board = await world.window('coordinator');
	board.on('pageerror', (error) => problems.push(error.message));
	board.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	await new BoardPage(board).open();
	expect(problems).toEqual([]);
});
