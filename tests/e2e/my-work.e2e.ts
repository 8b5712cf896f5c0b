// the coordinator's desk and the master's phone: an assignment made, answered, worked on, taken back
import { BoardPage } from './pages/board.ts';
import { give, MyPage, orderNow, phone, prepareMaster } from './pages/my.ts';
import { expect, test, type World } from './fixtures.ts';

/** Counts what the phone was asked to play and shake. */
function listen() {
	const heard = { notes: 0, shakes: 0 };
	Object.assign(window, { heard });
	navigator.vibrate = () => {
		heard.shakes += 1;
		return true;
	};
	const start = OscillatorNode.prototype.start;
	OscillatorNode.prototype.start = function (when?: number) {
		heard.notes += 1;
		start.call(this, when);
	};
}

const heard = (mine: MyPage) =>
	mine.page.evaluate(
		() => (window as unknown as { heard: { notes: number; shakes: number } }).heard
	);

async function deskAndPhone(world: World) {
	const id = await prepareMaster(world, 'master');
	const window = await world.window('master', phone);
	await window.addInitScript(listen);
	const desk = await new BoardPage(await world.window('coordinator2')).open();
	const mine = await new MyPage(window).open();
	return { id, desk, mine };
}

/** Through the menu of the card, as the coordinator does without a mouse drag. */
async function assign(desk: BoardPage, id: number, to: string | RegExp) {
	await desk
		.card(id)
		.getByRole('button', { name: /^Assign / })
		.click();
	await desk.page.getByRole('menuitem', { name: to }).click();
}

test('an assignment rings within a second, is accepted, worked on and finished with lines', async ({
	world
}) => {
	const { id: master, desk, mine } = await deskAndPhone(world);
	const [order] = (await desk.idsIn('unassigned')) as [number];
	await world.sql`update public.orders set address = 'Київ, вул. Хрещатик, 1' where id = ${order}`;
	await mine.page.mouse.click(5, 5);
	await assign(desk, order, /Савченко/);
	await expect(mine.order(order)).toBeVisible({ timeout: 1_000 });
	await expect(mine.page.getByTestId('toast').filter({ hasText: String(order) })).toBeVisible();
	expect(await heard(mine)).toMatchObject({ shakes: 1, notes: 4 });
	// seen without a touch, then the client's phone and the way there
	await expect.poll(async () => (await orderNow(world, order)).seen_at).not.toBeNull();
	await expect(mine.order(order).getByTestId('call').first()).toHaveAttribute(
		'href',
		/^tel:\+\d+$/
	);
	await expect(mine.order(order).getByTestId('map')).toHaveAttribute('href', /maps|^geo:/);
	await expect(mine.order(order).locator('[data-step]')).toHaveCount(2);

	await mine.press(order, 'accept');
	await expect.poll(async () => (await orderNow(world, order)).accepted_at).not.toBeNull();
	await mine.press(order, 'start');
	await expect(desk.cardIn('in_progress', order)).toBeVisible({ timeout: 3_000 });
	await mine.press(order, 'wait');
	await mine.say('Немає струн');
	await expect(desk.cardIn('waiting', order)).toBeVisible({ timeout: 3_000 });
	await mine.press(order, 'start');
	await expect.poll(async () => (await orderNow(world, order)).kind).toBe('in_progress');

	await mine.press(order, 'done');
	const dialog = mine.page.getByRole('dialog');
	await dialog.getByRole('button', { name: 'Add work' }).click();
	const line = dialog.getByTestId('line');
	await line.getByLabel('Name').fill('Заміна струн');
	await line.getByLabel('Price').fill('1 250,50');
	await mine.say('Струни замінено');
	await expect(desk.cardIn('done', order)).toBeVisible({ timeout: 3_000 });
	await expect(mine.order(order)).toHaveCount(0);
	expect(await orderNow(world, order)).toMatchObject({
		result: 'Струни замінено',
		total: 1250.5,
		master_id: master
	});
});

test('a declined order leaves with its reason, a withdrawn one with a word of who took it', async ({
	world
}) => {
	const { id: master, desk, mine } = await deskAndPhone(world);
	const [declined, withdrawn] = (await give(world, master, 2)) as [number, number];
	await expect(mine.order(declined)).toBeVisible();
	await mine.press(declined, 'decline');
	await mine.say('Не мій інструмент');
	await expect(mine.order(declined)).toHaveCount(0);
	await expect(desk.cardIn('unassigned', declined)).toBeVisible();
	const [event] = await world.sql`select reason from public.order_events
		where order_id = ${declined} and kind = 'declined' order by id desc limit 1`;
	expect(event?.reason).toBe('Не мій інструмент');
	await expect(mine.page.getByTestId('toast').filter({ hasText: String(declined) })).toHaveCount(1);

	await assign(desk, withdrawn, 'Take back from the master');
	await expect(mine.order(withdrawn)).toHaveCount(0, { timeout: 1_000 });
	await expect(mine.page.getByTestId('toast').filter({ hasText: 'Павел Гончар' })).toBeVisible();
});

test('what happened while the phone slept is there when it wakes', async ({ world }) => {
	const { id: master, mine } = await deskAndPhone(world);
	await mine.page.context().setOffline(true);
	const [order] = (await give(world, master, 1)) as [number];
	await mine.page.context().setOffline(false);
	await expect(mine.order(order)).toBeVisible({ timeout: 6_000 });
	await mine.live();
});

test('a dismissed master hears nothing more within five seconds', async ({ world }) => {
	const { id: master, mine } = await deskAndPhone(world);
	await world.sql`update public.employees set active = false where id = ${master}`;
	try {
		await expect(mine.page.locator('[data-live-state="live"]')).toHaveCount(0, { timeout: 5_000 });
	} finally {
		await world.sql`update public.employees set active = true where id = ${master}`;
	}
});
