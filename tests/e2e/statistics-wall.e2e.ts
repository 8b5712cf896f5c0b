// a wall hangs for days: its session is renewed without anybody signing in again
import postgres from 'postgres';
import { freePort } from '../../supabase/embedded/free-port.ts';
import { serveApp } from '../../scripts/app-process.ts';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail, startTestStack } from '../support/stack.ts';
import { expect, test } from '@playwright/test';
import { makeCampaign, makeInvoice, openStatistics, total } from './pages/statistics.ts';

/** the library renews a token 90 s before its end: a shorter one would be renewed again and again within one request */
const TOKEN_SECONDS = 100;

test('outlives its token and still moves', async ({ browser, contextOptions }, info) => {
	test.setTimeout(240_000);
	const stack = await startTestStack('demo', { auth: { jwtExpiry: TOKEN_SECONDS } });
	const port = await freePort();
	const app = await serveApp({ stack, host: '127.0.0.1', port, demo: true }, true);
	const sql = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
	try {
		const campaign = await makeCampaign(sql, 'For days', 1000);
		const sale = await makeInvoice({ sql, stack }, campaign, 5000);
		const context = await browser.newContext({
			...contextOptions,
			locale: 'en',
			baseURL: `http://localhost:${port}`,
			// the wall then stays on its first chart
			reducedMotion: 'reduce'
		});
		const page = await context.newPage();
		await page.goto('/signin');
		await page.locator('input[name="email"]').fill(demoEmail('manager'));
		await page.locator('input[name="password"]').fill(DEMO_PASSWORD);
		await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
		await page.waitForURL((url) => url.pathname !== '/signin');
		await openStatistics(page, '/app/statistics/wall');
		await expect.poll(() => total(page, 'roi', 'ROI', 'For days')).toBe(-1);
		await page.evaluate(() => Object.assign(window, { stayed: true }));
		await page.waitForTimeout((TOKEN_SECONDS + 10) * 1000);
		await expect(page.locator('[data-live-state="live"]')).toBeVisible();
		await sale.pay(2000);
		await expect
			.poll(() => total(page, 'roi', 'ROI', 'For days'), { intervals: [50], timeout: 2000 })
			.toBe(1);
		await page.screenshot({ path: info.outputPath('wall.png') });
		expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
		await page.getByRole('button', { name: 'Next chart' }).click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Revenue and spend');
		await page.getByRole('link', { name: 'Leave' }).click();
		await expect(page).toHaveURL(/\/app\/statistics$/);
		await context.close();
	} finally {
		await sql.end({ timeout: 2 });
		await app.stop();
		await stack.dispose();
	}
});
