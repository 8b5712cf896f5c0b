// older cards as somebody scrolls, what columns come to, saved views, the clock, and the phone
import { demoEmail } from '../support/stack.ts';
import { BoardPage } from './pages/board.ts';
import { expect, test, type World } from './fixtures.ts';

/** Closes so many orders of a workshop long ago, without a trace on open boards. */
async function oldOrders(world: World, count: number): Promise<void> {
	await world.sql`
		insert into public.orders (stage_id, location_id, client_id, problem, rank)
		select (select id from public.stages where kind = 'closed' order by position limit 1),
			(select min(id) from public.locations), (select min(id) from public.clients),
			'Old order ' || i, '0' || ${String(Date.now())}::text || lpad(i::text, 6, '0') || '1'
		from generate_series(1, ${count}::int) i`;
	await world.sql`update public.orders set stage_entered_at = stage_entered_at - interval '1 year' - id * interval '1 minute'
		where problem like 'Old order %'`;
}

test('closed orders load as somebody scrolls, with the true count all the time', async ({
	world
}) => {
	test.setTimeout(120_000);
	await oldOrders(world, 120);
	const [row] =
		await world.sql`select count(*)::int as n from public.orders o join public.stages s on s.id = o.stage_id where s.kind = 'closed'`;
	const board = await new BoardPage(await world.window('manager')).open();
	// the server may tell again what it told before it was restarted, until the board has looked
	await expect.poll(() => board.countIn('closed')).toBe(row?.n);
	const column = board.column('closed');
	await column.scrollIntoViewIfNeeded();
	await expect(column.getByRole('button', { name: /Show older/ })).toBeVisible();
	await expect
		.poll(
			async () => {
				await column
					.locator('[data-cards] > div')
					.evaluate((list) => list.scrollTo(0, list.scrollHeight));
				return column.getByRole('button', { name: /Show older/ }).count();
			},
			{ timeout: 60_000, intervals: [100] }
		)
		.toBe(0);
	expect(await board.countIn('closed')).toBe(row?.n);
});

test('a filter finds closed orders that were not loaded', async ({ world }) => {
	await oldOrders(world, 60);
	const [old] =
		await world.sql`select id::int from public.orders where problem like 'Old order %' order by stage_entered_at limit 1`;
	await world.sql`update public.orders set type = 'consultation' where id = ${old?.id}`;
	const board = await new BoardPage(await world.window('manager')).open(
		'/app/board?type=consultation'
	);
	const column = board.column('closed');
	await expect(board.idsIn('closed')).resolves.not.toContain(old?.id);
	await column.getByRole('button', { name: /Show older/ }).click();
	// its rank puts it at the top of its column, however old it is
	await expect.poll(() => board.idsIn('closed')).toContain(old?.id);
});

test('a screen higher than what the server rendered is filled, and one that grows', async ({
	world
}) => {
	await world.sql`
		insert into public.orders (location_id, client_id, problem)
		select e.location_id, (select min(id) from public.clients), 'One of many'
		from public.employees e join auth.users u on u.id = e.id, generate_series(1, 12)
		where u.email = ${demoEmail('coordinator2')}`;
	const page = await world.window('coordinator2');
	const board = await new BoardPage(page).open();
	const count = await board.countIn('unassigned');
	expect(count).toBeGreaterThan(11);
	expect((await board.idsIn('unassigned')).length).toBeLessThan(count);
	// high enough for all of them: nothing can be scrolled
	const viewport = { width: 1440, height: 400 + count * 150 };
	await page.setViewportSize(viewport);
	const shown = async () => (await board.idsIn('unassigned')).length;
	await expect.poll(shown).toBe(count);
	const tall = await new BoardPage(await world.window('coordinator2', { viewport })).open();
	await expect.poll(async () => (await tall.idsIn('unassigned')).length).toBe(count);
	const list = tall.column('unassigned').locator('[data-cards] > div');
	expect(await list.evaluate(({ scrollTop, children }) => [scrollTop, children.length])).toEqual([
		0, 1
	]);
	// lanes are such a list, too, and so are the cards in each
	await tall.open('/app/board?lanes=urgency');
	const end = tall.page.locator('[data-testid="lanes"] [data-lane]').last();
	await expect(end).toBeInViewport();
	await tall.open('/app/board?lanes=master');
	const lanes = tall.page.locator('[data-testid="lanes"] [data-lane]');
	await expect.poll(() => lanes.count()).toBeGreaterThan(4);
});

test('sums move with the cards, for those who may see money and for nobody else', async ({
	world
}) => {
	const rich = await new BoardPage(await world.window('manager')).open();
	const [row] = await world.sql`
		select o.id::int from public.orders o join public.stages s on s.id = o.stage_id
		where s.kind = 'unassigned' order by o.rank limit 1`;
	const id = row?.id as number;
	const sumIn = async (kind: string) => {
		const sum = rich.column(kind).getByTestId('column-sum');
		return (await sum.count()) === 0 ? 0 : Number((await sum.textContent())?.replaceAll(/\D/g, ''));
	};
	const before = { unassigned: await sumIn('unassigned'), waiting: await sumIn('waiting') };
	const [own] = await world.sql`select total::float as total from public.orders where id = ${id}`;
	await world.sql`insert into public.order_lines (order_id, kind, title, quantity, unit_price) values (${id}, 'work', 'Setup', 1, 7000)`;
	await expect.poll(() => sumIn('unassigned')).toBe(before.unassigned + 7000);
	await rich.drag(id, rich.column('waiting'));
	await expect
		.poll(() => sumIn('waiting'))
		.toBe(Math.round(before.waiting + 7000 + Number(own?.total)));
	await rich.page.reload();
	await rich.live();
	expect(await sumIn('waiting')).toBe(Math.round(before.waiting + 7000 + Number(own?.total)));
	const master = await world.window('operator');
	await new BoardPage(master).open();
	const [may] =
		await world.sql`select 1 from public.role_permissions where role = 'operator' and permission = 'orders.money'`;
	if (!may) await expect(master.getByTestId('column-sum')).toHaveCount(0);
});

test('a saved view is shared, opened by a colleague, and removed by its owner', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('manager')).open(
		'/app/board?overdue=1&lanes=urgency'
	);
	await mine.page.getByRole('button', { name: 'Views' }).click();
	const panel = mine.page.getByRole('dialog', { name: 'Views' });
	await panel.getByLabel('Name of this view').fill('Burning');
	await panel.getByLabel('Share with colleagues').check();
	await panel.getByRole('button', { name: 'Save' }).click();
	await expect(panel.getByRole('button', { name: /^Burning/ })).toBeVisible();
	const theirs = await new BoardPage(await world.window('coordinator')).open();
	await theirs.page.getByRole('button', { name: 'Views' }).click();
	await theirs.page
		.getByRole('dialog')
		.getByRole('button', { name: /^Burning/ })
		.click();
	await expect(theirs.page).toHaveURL(/overdue=1.*lanes=urgency/);
	await expect(theirs.page.getByTestId('lanes')).toBeVisible();
	await panel.getByRole('button', { name: /Remove the view/ }).click();
	await expect(panel.getByRole('button', { name: /^Burning/ })).toHaveCount(0);
});

test('a promise turns overdue by the clock alone, without any event', async ({ world }) => {
	const page = await world.window('coordinator');
	const board = await new BoardPage(page).open();
	const [id] = (await board.idsIn('waiting')) as [number];
	await world.sql`update public.stages set norm_minutes = null where kind = 'waiting'`;
	await world.sql`update public.orders set promised_at = clock_timestamp() + interval '6 seconds' where id = ${id}`;
	await page.reload();
	await board.live();
	await page.context().setOffline(true);
	await expect(board.card(id)).not.toHaveAttribute('data-late', /./);
	await expect(board.card(id)).toHaveAttribute('data-late', 'true', { timeout: 25_000 });
	await expect(board.card(id)).toContainText('Overdue');
});

test('on a phone one column is shown at a time, and a sheet moves a card', async ({ world }) => {
	const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
	const page = await world.window('coordinator2', phone);
	const board = await new BoardPage(page).open();
	const box = await board.column('unassigned').boundingBox();
	expect(box?.width).toBe(390);
	const [id] = (await board.idsIn('unassigned')) as [number];
	await board
		.card(id)
		.getByRole('button', { name: /^Move / })
		.tap();
	const menu = page.getByRole('menu');
	await expect(menu).toBeVisible();
	await expect.poll(async () => Math.round((await menu.boundingBox())?.width ?? 0)).toBe(390);
	const item = page.getByRole('menuitem', { name: 'Waiting' });
	expect((await item.boundingBox())?.height).toBeGreaterThanOrEqual(44);
	await item.tap();
	await expect(board.cardIn('waiting', id)).toHaveCount(1);
	await page
		.getByRole('button', { name: /Waiting/ })
		.first()
		.tap();
	await expect(board.cardIn('waiting', id)).toBeInViewport();
});
