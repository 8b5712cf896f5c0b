// dispatch: an order dropped on a master's hour rings on his phone; a proposal by one key; a refusal with its reason
import { DispatchPage } from './pages/dispatch.ts';
import { MyPage, orderNow, phone, prepareMaster } from './pages/my.ts';
import { expect, test, type World } from './fixtures.ts';

const wide = { viewport: { width: 1440, height: 1600 } };

/** An unassigned order of a master's workshop that comes first in the tray. */
async function urgentOrder(world: World, master: string): Promise<number> {
	const [row] = await world.sql`
		insert into public.orders (location_id, client_id, problem, priority, promised_at)
		select e.location_id, (select min(p.client_id) from public.client_phones p), 'Не звучить', 2, now() + interval '1 hour'
		from public.employees e where e.id = ${master} returning id`;
	return Number(row?.id);
}

const planOf = async (world: World, id: number) =>
	(await world.sql`select planned_at from public.orders where id = ${id}`)[0]
		?.planned_at as Date | null;

test('a drop on a master’s hour is on his phone within a second, moves by keys, and is undone', async ({
	world
}) => {
	const master = await prepareMaster(world, 'master');
	const order = await urgentOrder(world, master);
	const desk = await new DispatchPage(await world.window('coordinator2', wide)).open();
	const other = await new DispatchPage(await world.window('coordinator', wide)).open();
	const mine = await new MyPage(await world.window('master', phone)).open();

	await desk.drag(desk.inTray(order), master, 3);
	await expect(desk.blockOf(master, order)).toBeVisible();
	await expect(mine.order(order)).toBeVisible({ timeout: 1_000 });
	await expect(other.blockOf(master, order)).toBeVisible({ timeout: 1_000 });
	expect(await orderNow(world, order)).toMatchObject({ kind: 'assigned', master_id: master });
	const first = await planOf(world, order);
	expect((first?.getMinutes() ?? 1) % 15).toBe(0);

	// an hour later by keys, then the mouse's drop is what Ctrl+Z comes to last
	await desk.blockOf(master, order).focus();
	for (const key of ['Space', 'Shift+ArrowRight', 'Space']) await desk.page.keyboard.press(key);
	const later = (first?.getTime() ?? 0) + 3_600_000;
	await expect.poll(async () => (await planOf(world, order))?.getTime()).toBe(later);
	await expect(desk.toast('Савченко')).toBeVisible();
	await desk.page.keyboard.press('Control+z');
	await expect.poll(() => planOf(world, order)).toEqual(first);
	await desk.page.keyboard.press('Control+z');
	await expect(desk.inTray(order)).toBeVisible();
	await expect(mine.order(order)).toHaveCount(0, { timeout: 1_000 });
});

test('P proposes a master with reasons, cycles and assigns, here and on the board', async ({
	world
}) => {
	const master = await prepareMaster(world, 'master');
	const order = await urgentOrder(world, master);
	// a day with room in it, whatever the hour is now
	const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
	const window = await world.window('coordinator2', wide);
	const desk = await new DispatchPage(window).open(`?day=${tomorrow}`);
	await desk.inTray(order).focus();
	await desk.page.keyboard.press('p');
	const proposal = desk.page.getByTestId('proposal');
	await expect(proposal).toHaveAttribute('data-master-id', /-/);
	const best = await proposal.getAttribute('data-master-id');
	await expect(proposal.getByText('Free now')).toBeVisible();
	await desk.page.keyboard.press('p');
	await expect(proposal).not.toHaveAttribute('data-master-id', String(best));
	await desk.page.keyboard.press('ArrowLeft');
	await expect(proposal).toHaveAttribute('data-master-id', String(best));
	await desk.page.keyboard.press('Enter');
	await expect(desk.blockOf(String(best), order)).toBeVisible();
	await expect.poll(async () => (await orderNow(world, order)).master_id).toBe(best);
	expect((await planOf(world, order))?.getTime()).toBeGreaterThan(Date.now() - 1_000);

	await desk.page.goto('/app/board');
	await desk.live();
	await desk.page.locator(`[data-card-id="${order}"]`).focus();
	await desk.page.keyboard.press('p');
	await expect(proposal).toHaveAttribute('data-master-id', /-/);
	await desk.page.getByTestId('proposal-accept').click();
	await expect.poll(async () => (await orderNow(world, order)).master_id).not.toBe(best);
});

test('a refused drop goes back and says why; who may not assign only looks', async ({ world }) => {
	const master = await prepareMaster(world, 'master');
	const [first, second] = [await urgentOrder(world, master), await urgentOrder(world, master)];
	await world.sql`update public.employees set capacity = 1 where id = ${master}`;
	const desk = await new DispatchPage(await world.window('coordinator2', wide)).open();
	await desk.drag(desk.inTray(first), master, 2);
	await expect.poll(async () => (await orderNow(world, first)).master_id).toBe(master);
	await desk.drag(desk.inTray(second), master, 5);
	await expect(desk.toast(String(second)).filter({ hasText: 'Савченко' })).toBeVisible();
	await expect(desk.inTray(second)).toBeVisible();
	expect(await orderNow(world, second)).toMatchObject({ kind: 'unassigned', master_id: null });

	const watcher = await new DispatchPage(await world.window('operator', wide)).open();
	await expect(watcher.blockOf(master, first)).toBeVisible();
	await watcher.blockOf(master, first).focus();
	await watcher.page.keyboard.press('p');
	await expect(watcher.page.getByTestId('proposal')).toHaveCount(0);
	await expect(watcher.page.getByTestId('propose')).toHaveCount(0);
	const stranger = await world.window('master');
	const answer = await stranger.goto('/app/dispatch');
	expect(answer?.status()).toBe(403);
});
