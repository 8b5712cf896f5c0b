/** Dispatch as a person uses it: masters' hours, and the orders that wait. */
import { expect, type Locator, type Page } from '@playwright/test';

export class DispatchPage {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	async open(search = ''): Promise<this> {
		await this.page.goto(`/app/dispatch${search}`);
		await this.live();
		return this;
	}

	async live(): Promise<void> {
		await expect(this.page.locator('[data-live-state="live"]')).toBeVisible({ timeout: 20_000 });
	}

	row(master: string): Locator {
		return this.page.locator(`section[data-master-id="${master}"]`);
	}

	blockOf(master: string, order: number): Locator {
		return this.row(master).locator(`[data-card-id="${order}"]`);
	}

	inTray(order: number): Locator {
		return this.page.getByTestId('tray').locator(`[data-card-id="${order}"]`);
	}

	/** Drags an order by its beginning onto an hour of a master that is on the screen. */
	async drag(order: Locator, master: string, hoursFromLeft: number): Promise<void> {
		const from = await order.boundingBox();
		const track = await this.row(master).getByTestId('track').boundingBox();
		const view = await this.page.getByTestId('timeline').boundingBox();
		if (!from || !track || !view) throw new Error('not on the screen');
		const { mouse } = this.page;
		await mouse.move(from.x + 12, from.y + 12);
		await mouse.down();
		await mouse.move(from.x + 20, from.y + 20, { steps: 3 });
		await mouse.move(view.x + 200 + hoursFromLeft * 64, track.y + track.height / 2, { steps: 12 });
		await expect(this.row(master).getByTestId('ghost')).toBeVisible();
		await mouse.up();
	}

	toast(text: string | RegExp): Locator {
		return this.page.getByTestId('toast').filter({ hasText: text });
	}
}
