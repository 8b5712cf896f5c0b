/** A master's phone: own orders by number, big buttons, the shift. */
import { expect, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';
import { demoEmail, type DemoName } from '../../support/stack.ts';
import type { World } from '../fixtures.ts';

export const phone: BrowserContextOptions = {
	viewport: { width: 390, height: 844 },
	hasTouch: true,
	isMobile: true
};

export class MyPage {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	async open(): Promise<this> {
		await this.page.goto('/app/my');
		await this.live();
		return this;
	}

	async live(): Promise<void> {
		await expect(this.page.locator('[data-testid="my-work"][data-live-state="live"]')).toBeVisible({
			timeout: 20_000
		});
	}

	order(id: number): Locator {
		return this.page.locator(`li[data-order-id="${id}"]`);
	}

	async press(id: number, step: string): Promise<void> {
		await this.order(id).locator(`[data-step="${step}"]`).click();
	}

	/** Answers the question a step asks; the dialog's last button repeats the step's word. */
	async say(words: string): Promise<void> {
		const dialog = this.page.getByRole('dialog');
		await dialog.locator('textarea').fill(words);
		await dialog.locator('button[type="submit"]').click();
		await expect(dialog).toHaveCount(0);
	}

	get shift(): Locator {
		return this.page.getByTestId('shift');
	}
}

/** A master with room for more, his shift running or not, no order in hand. */
export async function prepareMaster(world: World, name: DemoName, working = true): Promise<string> {
	const { sql } = world;
	const [user] = await sql`select id from auth.users where email = ${demoEmail(name)}`;
	const id = user?.id as string;
	await sql`update public.employees set capacity = 90 where id = ${id}`;
	const inHand =
		await sql`select o.id from public.orders o join public.stages g on g.id = o.stage_id
		where o.master_id = ${id} and g.kind in ('assigned', 'in_progress', 'waiting')`;
	for (const order of inHand) {
		await sql`update public.orders set master_id = null, stage_id = (
			select s.id from public.stages s where s.kind = 'unassigned' order by s.position limit 1)
			where id = ${order.id}`;
	}
	await sql`update public.shifts set ended_at = greatest(now(), started_at + interval '1 millisecond')
		where employee_id = ${id} and ended_at is null`;
	if (working) {
		await sql`insert into public.shifts (employee_id, location_id, started_at)
			select e.id, e.location_id, now() from public.employees e where e.id = ${id}`;
	}
	return id;
}

/** Makes orders in his workshop and gives them to a master, as the owner of the database. */
export async function give(world: World, master: string, count: number): Promise<number[]> {
	const ids: number[] = [];
	for (let made = 0; made < count; made++) {
		const [order] = await world.sql`
			insert into public.orders (location_id, client_id, stage_id, problem)
			select e.location_id, (select min(p.client_id) from public.client_phones p),
				(select s.id from public.stages s where s.kind = 'unassigned' order by s.position limit 1),
				${`Поломка ${made + 1}`}
			from public.employees e where e.id = ${master} returning id`;
		await world.sql`update public.orders set master_id = ${master}, stage_id = (
			select s.id from public.stages s where s.kind = 'assigned' order by s.position limit 1)
			where id = ${order?.id}`;
		ids.push(Number(order?.id));
	}
	return ids;
}

/** The column's kind and master of an order, as the database has them. */
export async function orderNow(world: World, id: number) {
	const [row] = await world.sql`
		select s.kind, o.master_id, o.accepted_at, o.seen_at, o.result, o.total::float, o.version, o.photo_count
		from public.orders o join public.stages s on s.id = o.stage_id where o.id = ${id}`;
	return row as {
		kind: string;
		master_id: string | null;
		accepted_at: Date | null;
		seen_at: Date | null;
		result: string | null;
		total: number;
		version: number;
		photo_count: number;
	};
}
