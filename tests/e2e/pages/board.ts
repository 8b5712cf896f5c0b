/** The board as a person uses it: columns by kind, cards by number. */
import { expect, type Locator, type Page } from '@playwright/test';
import { demoEmail } from '../../support/stack.ts';
import type { World } from '../fixtures.ts';

/** The same workshop in the windows of two coordinators: the one who sees no other, and the one who sees all. */
export async function twoBoards(world: World): Promise<{ mine: BoardPage; theirs: BoardPage }> {
	const mine = new BoardPage(await world.window('coordinator2'));
	const theirs = new BoardPage(await world.window('coordinator'));
	const [row] = await world.sql`select e.location_id from public.employees e
		join auth.users u on u.id = e.id where u.email = ${demoEmail('coordinator2')}`;
	await Promise.all([mine.open(), theirs.open(`/app/board?location=${row?.location_id}`)]);
	return { mine, theirs };
}

export class BoardPage {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	async open(path = '/app/board'): Promise<this> {
		await this.page.goto(path);
		await this.live();
		return this;
	}

	/** Waits until the board says that it is live. */
	async live(): Promise<void> {
		await expect(this.page.locator('[data-live-state="live"]')).toBeVisible();
	}

	/** A while after it went live a board looks once more for what it may have missed. */
	async lookedAgain(): Promise<void> {
		// on a busy machine it has looked before anybody waits for it
		const answer = this.page.waitForResponse(/\/rpc\/board_changes$/, { timeout: 4000 });
		await answer.catch(() => undefined);
	}

	column(kind: string): Locator {
		return this.page.locator(`[data-stage-kind="${kind}"]`).first();
	}

	card(id: number): Locator {
		return this.page.locator(`[data-card-id="${id}"]`);
	}

	/** A card with what others hang on it. */
	slot(id: number): Locator {
		return this.page.locator('.slot').filter({ has: this.card(id) });
	}

	cardIn(kind: string, id: number): Locator {
		return this.column(kind).locator(`[data-card-id="${id}"]`);
	}

	async isIn(kind: string, id: number): Promise<boolean> {
		return (await this.cardIn(kind, id).count()) > 0;
	}

	/** Ids of the cards a column shows, top to bottom. */
	async idsIn(kind: string): Promise<number[]> {
		const cards = this.column(kind).locator('[data-card-id]');
		return cards.evaluateAll((nodes) =>
			nodes.map((node) => Number((node as HTMLElement).dataset.cardId))
		);
	}

	async countIn(kind: string): Promise<number> {
		const text = await this.column(kind).getByTestId('column-count').textContent();
		return Number(/\d+/.exec(text ?? '')?.[0]);
	}

	/** Drags by mouse with a real native drag: press, move in steps, release. */
	async drag(id: number, to: Locator, position?: { x: number; y: number }): Promise<void> {
		await this.lift(id);
		await this.hover(to, position);
		await this.page.mouse.up();
	}

	async lift(id: number): Promise<void> {
		const box = await this.card(id).boundingBox();
		if (!box) throw new Error(`card ${id} is not on the screen`);
		await this.page.mouse.move(box.x + box.width / 2, box.y + 14);
		await this.page.mouse.down();
		await this.page.mouse.move(box.x + box.width / 2 + 8, box.y + 22, { steps: 3 });
	}

	async hover(to: Locator, position?: { x: number; y: number }): Promise<void> {
		const box = await to.boundingBox();
		if (!box) throw new Error('the target is not on the screen');
		const x = box.x + (position?.x ?? box.width / 2);
		const y = box.y + (position?.y ?? Math.min(box.height / 2, 300));
		await this.page.mouse.move(x, y, { steps: 12 });
		await this.page.mouse.move(x + 1, y + 1);
	}

	/** Scrolls the lanes until this one is on the screen. */
	async showLane(key: string): Promise<void> {
		const list = this.page.locator('[data-testid="lanes"] .rows > div');
		await list.evaluate((element) => element.scrollTo(0, 0));
		await expect
			.poll(
				async () => {
					const seen = await this.onScreen(this.lane(key));
					if (!seen) await list.evaluate((element) => element.scrollBy(0, 200));
					return seen;
				},
				{ intervals: [100] }
			)
			.toBe(true);
	}

	/** Whether the upper edge of something is among the lanes that can be seen. */
	async onScreen(part: Locator): Promise<boolean> {
		const [box, view] = await Promise.all([
			part.count().then((count) => (count > 0 ? part.first().boundingBox() : null)),
			this.page.locator('[data-testid="lanes"] .rows').boundingBox()
		]);
		return !!box && !!view && box.y >= view.y && box.y + 60 <= view.y + view.height;
	}

	lane(key: string): Locator {
		return this.page.locator(`[data-lane="${key}"]`);
	}

	cell(lane: string, kind: string): Locator {
		return this.lane(lane).locator(`[data-cell="${kind}"]`).first();
	}

	async idsInCell(lane: string, kind: string): Promise<number[]> {
		await expect(this.cell(lane, kind)).toBeVisible();
		const cards = this.cell(lane, kind).locator('[data-card-id]');
		return cards.evaluateAll((nodes) =>
			nodes.map((node) => Number((node as HTMLElement).dataset.cardId))
		);
	}

	/** Drags a card onto a lane's part of a column, holding it at the lower edge until the lane comes. */
	async dragToCell(id: number, lane: string, kind: string): Promise<void> {
		await this.lift(id);
		const target = this.cell(lane, kind);
		await this.holdAtLowerEdge(() => this.onScreen(target));
		// away from the edge, so that the lanes stand still
		const view = await this.rowsBox();
		await this.page.mouse.move(view.x + 300, view.y + view.height / 2, { steps: 4 });
		await this.hover(target, { x: 60, y: 20 });
		// near the edge they scroll on to their end
		let before: number | undefined = NaN;
		let now = (await target.boundingBox())?.y;
		while (now !== before) {
			await this.hover(target, { x: 60, y: 20 });
			await this.page.waitForTimeout(100);
			[before, now] = [now, (await target.boundingBox())?.y];
		}
		await this.page.mouse.up();
	}

	/** Holds what is dragged at the lower edge of the lanes, which scrolls them, until something is true. */
	async holdAtLowerEdge(enough: () => Promise<boolean>): Promise<void> {
		const view = await this.rowsBox();
		for (let nudge = 0; !(await enough()) && nudge < 100; nudge++) {
			await this.page.mouse.move(view.x + 300 + (nudge % 2), view.y + view.height - 8);
			await this.page.waitForTimeout(50);
		}
	}

	async rowsBox(): Promise<{ x: number; y: number; width: number; height: number }> {
		const box = await this.page.locator('[data-testid="lanes"] .rows').boundingBox();
		if (!box) throw new Error('there are no lanes');
		return box;
	}

	toast(text: string | RegExp): Locator {
		return this.page.getByTestId('toast').filter({ hasText: text });
	}
}
