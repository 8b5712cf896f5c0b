/** `npm run screenshots`: the pictures of the README, taken from a private stack with the demo company. */
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import { freePort } from '../supabase/embedded/free-port.ts';
import { DEMO_PASSWORD } from '../supabase/demo/demo.ts';
import { BoardPage } from '../tests/e2e/pages/board.ts';
import { demoEmail, startTestStack, type DemoName } from '../tests/support/stack.ts';
import { serveApp } from './app-process.ts';
import { buildApp } from './build-app.ts';
import { chromiumArguments, findChromium } from './chromium.ts';

const DIRECTORY = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const WINDOW = { viewport: { width: 1440, height: 900 } };
const HALF = { viewport: { width: 900, height: 620 } };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

async function signIn(
	browser: Browser,
	baseURL: string,
	name: DemoName,
	options: BrowserContextOptions
): Promise<Page> {
	const context = await browser.newContext({ locale: 'en-GB', ...options, baseURL });
	const page = await context.newPage();
	await page.goto('/signin');
	await page.locator('input[name="email"]').fill(demoEmail(name));
	await page.locator('input[name="password"]').fill(DEMO_PASSWORD);
	await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
	await page.waitForURL((url) => url.pathname !== '/signin');
	return page;
}

/** Pages beside the board: who looks, where, in what window, and what must be there first. */
const PAGES: [string, DemoName, string, BrowserContextOptions, string][] = [
	['dispatch', 'coordinator2', '/app/dispatch', WINDOW, '[data-live-state="live"]'],
	['leads', 'operator', '/app/leads', WINDOW, 'main a[href^="tel:"]'],
	['campaign', 'manager', '/app/campaigns/3', WINDOW, 'main canvas'],
	['statistics', 'manager', '/app/statistics', WINDOW, 'main canvas'],
	['my-phone', 'master', '/app/my', { ...PHONE, locale: 'uk-UA' }, 'main a[href^="tel:"]']
];
const DRAWN = 1500;

async function pages(
	browser: Browser,
	url: string,
	picture: (page: Page, name: string) => Promise<unknown>
): Promise<void> {
	for (const [name, who, path, options, ready] of PAGES) {
		const page = await signIn(browser, url, who, options);
		await page.goto(path);
		await page.locator(ready).first().waitFor();
		// charts grow for a moment
		await page.waitForTimeout(DRAWN);
		await picture(page, name);
		await page.context().close();
	}
}

async function take(browser: Browser, url: string): Promise<void> {
	const picture = (page: Page, name: string) =>
		page.screenshot({ path: `${DIRECTORY}${name}.png` });
	const whole = await new BoardPage(await signIn(browser, url, 'coordinator', WINDOW)).open();
	await picture(whole.page, 'board');
	const dark = { ...WINDOW, colorScheme: 'dark', locale: 'uk-UA' } as const;
	const night = await new BoardPage(await signIn(browser, url, 'manager', dark)).open();
	await picture(night.page, 'board-dark');
	const phone = { ...PHONE, locale: 'ru-RU' };
	const small = await new BoardPage(await signIn(browser, url, 'coordinator2', phone)).open();
	await picture(small.page, 'board-phone');

	await pages(browser, url, picture);
	const mine = await new BoardPage(await signIn(browser, url, 'coordinator2', HALF)).open();
	const theirs = await new BoardPage(await signIn(browser, url, 'coordinator', HALF)).open(
		'/app/board?location=1'
	);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.lift(id);
	await mine.hover(mine.column('assigned'));
	await picture(mine.page, 'drag-before');
	await mine.page.mouse.up();
	await theirs.cardIn('assigned', id).waitFor();
	await picture(theirs.page, 'drag-after');
}

await buildApp();
const stack = await startTestStack('demo');
const port = await freePort();
const app = await serveApp({ stack, host: '127.0.0.1', port, demo: true }, true);
const browser = await chromium.launch({
	executablePath: findChromium('whole'),
	args: chromiumArguments
});
try {
	await take(browser, `http://localhost:${port}`);
} finally {
	await browser.close();
	await app.stop();
	await stack.dispose();
}
