// the wall of charts: it moves as money lands, for those who may see it, and never lies
import { expect, test } from './fixtures.ts';
import { drawn, makeCampaign, makeInvoice, openStatistics, total } from './pages/statistics.ts';

test('a payment moves the charts of two people within a second, without a reload', async ({
	world
}, info) => {
	const campaign = await makeCampaign(world.sql, 'Autumn strings', 1000);
	const sale = await makeInvoice(world, campaign, 5000);
	const manager = await world.window('manager', { locale: 'en' });
	const marketer = await world.window('marketer', { locale: 'en' });
	const pages = [manager, marketer];
	for (const page of pages) {
		await openStatistics(page);
		await expect.poll(() => total(page, 'roi', 'ROI')).toBe(-1);
		await page.evaluate(() => Object.assign(window, { stayed: true }));
	}
	const before = await total(manager, 'money', 'Revenue');
	await manager.screenshot({ path: info.outputPath('before.png') });
	await sale.pay(2500);
	const paid = Date.now();
	for (const page of pages) {
		await expect
			.poll(() => total(page, 'roi', 'ROI'), { intervals: [20], timeout: 3000 })
			.toBe(1.5);
	}
	await expect
		.poll(() => total(manager, 'money', 'Revenue'), { intervals: [20], timeout: 3000 })
		.toBe(before + 2500);
	expect(Date.now() - paid).toBeLessThan(1000);
	const cause = manager.locator('[data-chart="money"] .cause');
	await expect(cause).toContainText(`a payment ₴2,500 №${sale.order}`);
	await manager.waitForTimeout(500);
	await manager.screenshot({ path: info.outputPath('after.png') });
	for (const page of pages) expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
	expect((await drawn(marketer, 'roi'))?.labels).toEqual(['Autumn strings']);
});
