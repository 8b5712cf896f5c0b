// what a board costs before it can be used, measured in the browser
import { gzipSync } from 'node:zlib';
import { BoardPage } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

/** kB of JavaScript, compressed, until the board is live */
const BUDGET_KB = 200;

test('the JavaScript of the board route stays in its budget, the parts beside it are fetched later', async ({
	world
}) => {
	const page = await world.window('coordinator');
	await page.goto('about:blank');
	await page
		.context()
		.newCDPSession(page)
		.then((cdp) => cdp.send('Network.setCacheDisabled', { cacheDisabled: true }));
	await page.addInitScript(() => {
		const look = () => {
			if (document.querySelector('[data-live-state="live"]')) performance.mark('live');
			else requestAnimationFrame(look);
		};
		look();
	});
	const sizes = new Map<string, Promise<number>>();
	page.on('response', (response) => {
		if (!new URL(response.url()).pathname.endsWith('.js')) return;
		const body = response.body().catch(() => Buffer.alloc(0));
		sizes.set(
			response.url(),
			body.then((bytes) => gzipSync(bytes).length)
		);
	});
	const board = await new BoardPage(page).open();
	await expect(page.getByTestId('board')).toHaveAttribute('data-complete', 'true');
	await board.live();
	const began = await page.evaluate(() => {
		const [live] = performance.getEntriesByName('live');
		return performance
			.getEntriesByType('resource')
			.map(({ name, startTime }) => ({ name, late: startTime > (live?.startTime ?? 0) - 50 }));
	});
	const late = new Map(began.map((entry) => [entry.name, entry.late]));
	const files = await Promise.all(
		[...sizes].map(async ([url, size]) => ({ size: await size, late: late.get(url) ?? false }))
	);
	const total = (late: boolean) =>
		files.filter((file) => file.late === late).reduce((sum, { size }) => sum + size, 0) / 1000;
	test.info().annotations.push({ type: 'first', description: `${total(false).toFixed(1)} kB` });
	test.info().annotations.push({ type: 'later', description: `${total(true).toFixed(1)} kB` });
	console.log(`board: ${total(false).toFixed(1)} kB first, ${total(true).toFixed(1)} kB later`);
	expect(total(false)).toBeGreaterThan(50);
	expect(total(false) + total(true)).toBeLessThan(BUDGET_KB * 1.5);
	expect(total(false)).toBeLessThanOrEqual(BUDGET_KB);
});
