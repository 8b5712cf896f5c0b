/** What the suite `board` does inside the page and measures there. */
import type { Page } from '@playwright/test';

export type Paint = { order: number; stage: number; at: number };
type Watched = Window & { paints?: Paint[]; firstCard?: number };

/** Opens the board some times with an empty cache: ms from the navigation to the frame with the first card. */
export async function firstCard(
	page: Page,
	times = 5
): Promise<{ first_card: number; first_card_worst: number }> {
	await page.addInitScript(() => {
		const look = () => {
			if (document.querySelector('[data-card-id]')) {
				requestAnimationFrame(() => ((window as Watched).firstCard ??= performance.now()));
			} else requestAnimationFrame(look);
		};
		look();
	});
	const session = await page.context().newCDPSession(page);
	const took: number[] = [];
	for (let time = 0; time < times; time++) {
		await session.send('Network.clearBrowserCache');
		await page.goto(new URL('/app/board', page.url()).href);
		await page.waitForFunction(() => (window as Watched).firstCard !== undefined);
		took.push((await page.evaluate(() => (window as Watched).firstCard)) ?? NaN);
		await page.locator('[data-live-state="live"]').waitFor();
		await page.locator('[data-complete="true"]').waitFor();
	}
	const sorted = took.toSorted((one, other) => one - other).map(Math.round);
	return {
		first_card: sorted[Math.floor(times / 2)] ?? NaN,
		first_card_worst: sorted.at(-1) ?? NaN
	};
}

/** From now on remembers every card that comes into a column, with the frame that showed it. */
export async function watchPaints(page: Page): Promise<void> {
	await page.evaluate(() => {
		const paints: Paint[] = ((window as Watched).paints = []);
		const cardOf = (node: Node) =>
			node instanceof HTMLElement
				? (node.closest<HTMLElement>('[data-card-id]') ??
					node.querySelector<HTMLElement>('[data-card-id]'))
				: null;
		new MutationObserver((changes) => {
			const cards = changes.flatMap(({ addedNodes }) => [...addedNodes].map(cardOf));
			// the callback runs before the frame is painted; the next frame's start is after it
			requestAnimationFrame(() => {
				const at = performance.timeOrigin + performance.now();
				for (const card of cards) {
					const stage = card?.closest<HTMLElement>('[data-column-id]')?.dataset.columnId;
					if (card && stage)
						paints.push({ order: Number(card.dataset.cardId), stage: Number(stage), at });
				}
			});
		}).observe(document.body, { childList: true, subtree: true });
	});
}

export const paints = (page: Page): Promise<Paint[]> =>
	page.evaluate(() => (window as Watched).paints ?? []);

/** Carries a card over the columns for some seconds; frames a second meanwhile. */
export async function drag(page: Page, seconds: number): Promise<number> {
	const card = page.locator('[data-stage-kind="unassigned"] [data-card-id]').nth(2);
	const box = await card.boundingBox();
	if (!box) throw new Error('no card to drag');
	await page.mouse.move(box.x + 60, box.y + 12);
	await page.mouse.down();
	await page.mouse.move(box.x + 70, box.y + 20, { steps: 4 });
	const counted = page.evaluate(
		(duration) =>
			new Promise<number>((resolve) => {
				const began = performance.now();
				let frames = 0;
				const frame = (now: number) => {
					frames += 1;
					if (now - began < duration) requestAnimationFrame(frame);
					else resolve((frames * 1000) / (now - began));
				};
				requestAnimationFrame(frame);
			}),
		seconds * 1000
	);
	const until = Date.now() + seconds * 1000;
	for (let step = 0; Date.now() < until; step++) {
		const swing = (Math.sin(step / 25) + 1) / 2;
		await page.mouse.move(box.x + 60 + swing * 1100, box.y + 60 + (step % 200));
	}
	await page.keyboard.press('Escape');
	await page.mouse.up();
	return Math.round((await counted) * 10) / 10;
}

/**
 * Types into the search, letter by letter, and clears it: ms of work until the columns are changed,
 * the slowest letter and the return of everything apart.
 */
export async function filter(
	page: Page
): Promise<{ filter_ms: number; unfilter_ms: number; loaded: number }> {
	const spent = await page.evaluate(async () => {
		const input = document.querySelector<HTMLInputElement>('input[type="search"]');
		if (!input) throw new Error('no search');
		const show = async (text: string) => {
			input.value = text;
			const began = performance.now();
			input.dispatchEvent(new Event('input', { bubbles: true }));
			// the columns are changed in a microtask; layout is forced to be part of it
			await Promise.resolve();
			await Promise.resolve();
			document.body.getBoundingClientRect();
			const took = performance.now() - began;
			await new Promise((resolve) => setTimeout(resolve, 400));
			return took;
		};
		let slowest = 0;
		for (const text of ['m', 'me', 'measured', 'measured order 77'])
			slowest = Math.max(slowest, await show(text));
		return { slowest, cleared: await show('') };
	});
	const counts = await page.getByTestId('column-count').allTextContents();
	const loaded = counts.slice(0, 4).reduce((sum, text) => sum + (parseInt(text) || 0), 0);
	const rounded = (ms: number) => Math.round(ms * 10) / 10;
	return { filter_ms: rounded(spent.slowest), unfilter_ms: rounded(spent.cleared), loaded };
}
