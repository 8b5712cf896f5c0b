// an order beside the board: opened by click, key or address, edited by two people at once, and live
import type { Page } from '@playwright/test';
import { BoardPage } from './pages/board.ts';
import { expect, test, type World } from './fixtures.ts';

const panelOf = (page: Page) => page.getByTestId('order-panel');

/** One that all of the demo's coordinators see. */
async function anOrder(world: World, kind = 'unassigned'): Promise<number> {
	const [row] = await world.sql`
		select o.id from public.orders o join public.stages s on s.id = o.stage_id
		where s.kind = ${kind}::public.stage_kind and o.location_id = (
			select e.location_id from public.employees e join auth.users u on u.id = e.id
			where u.email = 'coordinator2@demo.verstak.test'
		) order by o.rank limit 1`;
	return Number(row?.id);
}
const field = (page: Page, name: string) =>
	panelOf(page).locator(`[data-field="${name}"]`).locator('input, textarea, select');

test('a click opens the order without a page load, Esc closes it and returns to the card', async ({
	world
}) => {
	const board = new BoardPage(await world.window('coordinator'));
	await board.open();
	const { page } = board;
	const id = await anOrder(world);
	await page.evaluate(() => Object.assign(window, { sameDocument: true }));
	await board.card(id).locator('strong').click();
	await expect(page).toHaveURL(new RegExp(`/app/board/${id}$`));
	await expect(panelOf(page).getByRole('heading', { level: 1 })).toContainText(`№${id}`);
	await expect(panelOf(page).getByRole('heading', { level: 1 })).toBeFocused();
	// the board behind it is alive, and the same
	await expect(board.card(id)).toBeVisible();
	await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(panelOf(page)).toHaveCount(0);
	await expect(page).toHaveURL(/\/app\/board$/);
	await expect(board.card(id)).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(panelOf(page)).toBeVisible();
	await page.goBack();
	await expect(panelOf(page)).toHaveCount(0);
	expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
});

test('opened by its address it is rendered by the server, without any script', async ({
	world
}) => {
	const id = await anOrder(world);
	const page = await world.window('coordinator');
	const html = await (await page.request.get(`/app/board/${id}`)).text();
	const [row] = await world.sql`select problem from public.orders where id = ${id}`;
	expect(html).toContain('data-testid="order-panel"');
	expect(html).toContain(String(row?.problem).slice(0, 12));
	expect((await page.request.get('/app/board/0155')).status()).toBe(404);
	const missing = await page.goto('/app/board/1');
	expect(missing?.ok()).toBe(true);
	await expect(panelOf(page)).toContainText('could not be opened');
});

test('two people edit different fields of one order, and both changes stay', async ({ world }) => {
	const id = await anOrder(world);
	const mine = await world.window('coordinator');
	const theirs = await world.window('coordinator2');
	await Promise.all([mine, theirs].map((page) => page.goto(`/app/board/${id}`)));
	for (const page of [mine, theirs])
		await expect(page.locator('[data-live-state="live"]')).toBeVisible();

	await field(mine, 'problem').fill('Buzzes on the low E');
	await field(theirs, 'address').fill('Soborna 4');
	await field(theirs, 'address').press('Enter');
	// theirs comes in while mine is still being typed
	await expect(field(mine, 'address')).toHaveValue('Soborna 4');
	await expect(field(mine, 'problem')).toHaveValue('Buzzes on the low E');
	await field(mine, 'problem').press('Control+Enter');
	await expect(field(theirs, 'problem')).toHaveValue('Buzzes on the low E');
	await expect(mine.getByTestId('order-history').locator('li').first()).toContainText(
		/problem|Buzzes/i
	);
	const [row] = await world.sql`select problem, address from public.orders where id = ${id}`;
	expect(row).toEqual({ problem: 'Buzzes on the low E', address: 'Soborna 4' });
});

test('the same field changed by both: the words stay, and the person chooses', async ({
	world
}) => {
	const id = await anOrder(world);
	const mine = await world.window('coordinator');
	const theirs = await world.window('coordinator2');
	await Promise.all([mine, theirs].map((page) => page.goto(`/app/board/${id}`)));
	for (const page of [mine, theirs])
		await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	await field(mine, 'problem').fill('My words');
	await field(theirs, 'problem').fill('Their words');
	await field(theirs, 'problem').press('Control+Enter');
	const notice = panelOf(mine).getByRole('status').filter({ hasText: 'Their words' });
	await expect(notice).toBeVisible();
	await expect(field(mine, 'problem')).toHaveValue('My words');
	await notice.getByRole('button', { name: 'Keep mine' }).click();
	await expect(notice).toHaveCount(0);
	await expect(field(theirs, 'problem')).toHaveValue('My words');
	const [row] = await world.sql`select problem from public.orders where id = ${id}`;
	expect(row?.problem).toBe('My words');
});

test('service, campaign and client are changed in place, and the history says so', async ({
	world
}) => {
	const id = await anOrder(world);
	const page = await world.window('coordinator');
	const [other] = await world.sql`select c.id, c.full_name from public.clients c
		where c.merged_into is null and c.id <> (select client_id from public.orders where id = ${id})
			and c.last_name is not null order by c.id desc limit 1`;
	await page.goto(`/app/board/${id}`);
	await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	await field(page, 'service_id').selectOption({ index: 1 });
	await field(page, 'campaign_id').selectOption({ index: 1 });
	await panelOf(page).getByRole('button', { name: 'Another client…' }).click();
	await panelOf(page).getByLabel('Name or phone').fill(String(other?.full_name));
	await panelOf(page)
		.getByTestId('change-client')
		.getByRole('button', { name: String(other?.full_name) })
		.first()
		.click();
	await expect(page.getByTestId('order-history')).toContainText('client');
	const [row] = await world.sql`
		select o.service_id, o.campaign_id, c.full_name from public.orders o
		join public.clients c on c.id = o.client_id where o.id = ${id}`;
	expect(row).toMatchObject({ full_name: other?.full_name });
	expect(row?.service_id && row.campaign_id).toBeTruthy();
});

test('moved, given to a master and commented from the panel; the board follows', async ({
	world
}) => {
	const id = await anOrder(world);
	await world.sql`update public.employees set capacity = 99 where role = 'master'`;
	const board = new BoardPage(await world.window('coordinator'));
	const { page } = board;
	await board.open(`/app/board/${id}`);
	const stage = panelOf(page).getByTestId('order-stage');
	const master = panelOf(page).getByTestId('order-master');
	await master.selectOption({ index: 1 });
	await expect(board.cardIn('assigned', id)).toBeVisible();
	await expect(stage.locator('option:checked')).toHaveText('Assigned');
	expect(await master.inputValue()).not.toBe('');
	await stage.selectOption({ label: 'Waiting' });
	await expect(board.cardIn('waiting', id)).toBeVisible();
	await expect(stage.locator('option:checked')).toHaveText('Waiting');
	await stage.selectOption({ label: 'Refused' });
	await panelOf(page).getByLabel('Why “Refused”?').fill('Too dear');
	await panelOf(page).getByRole('button', { name: 'Move', exact: true }).click();
	await expect(board.cardIn('refused', id)).toBeVisible();
	await expect(page.getByTestId('order-history')).toContainText('Too dear');

	await panelOf(page).getByLabel('Write a comment').fill('Call after six');
	await panelOf(page).getByLabel('Write a comment').press('Control+Enter');
	await expect(page.getByTestId('order-comments')).toContainText('Call after six');
});

test('lines make the total, and the other window sees it', async ({ world }) => {
	const id = await anOrder(world, 'waiting');
	const mine = await world.window('coordinator');
	const theirs = await world.window('manager');
	await Promise.all([mine, theirs].map((page) => page.goto(`/app/board/${id}`)));
	for (const page of [mine, theirs])
		await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	const form = panelOf(mine).locator('form').filter({ hasText: 'Add a line' });
	await form.getByLabel('What').fill('Neck');
	await form.getByLabel('Quantity').fill('2');
	await form.getByLabel('Price').fill('150,50');
	await form.getByLabel('Price').press('Enter');
	await expect(panelOf(mine).getByTestId('order-total')).toContainText('301');
	await expect(panelOf(theirs).getByTestId('order-total')).toContainText('301');
});

test('a master sees his order and writes the result, and only that', async ({ world }) => {
	const page = await world.window('master');
	// other tests may have left him without work
	const [row] = await world.sql`
		with him as (
			select e.id, e.location_id from public.employees e join auth.users u on u.id = e.id
			where u.email = 'master@demo.verstak.test'
		), had as (
			select o.id from public.orders o join him on him.id = o.master_id
			join public.stages s on s.id = o.stage_id
			where s.kind in ('assigned', 'in_progress', 'waiting') limit 1
		), given as (
			update public.orders o set master_id = him.id, stage_id = (
				select s.id from public.stages s where s.kind = 'assigned' and s.location_id is null limit 1
			)
			from him where not exists (select from had) and o.id = (
				select n.id from public.orders n join public.stages s on s.id = n.stage_id
				where s.kind = 'unassigned' and n.location_id = him.location_id limit 1
			) returning o.id
		) select id from had union all select id from given`;
	await page.goto(`/app/board/${row?.id}`);
	await expect(panelOf(page)).toBeVisible();
	await expect(field(page, 'problem')).not.toBeEditable();
	await field(page, 'result').fill('New strings');
	await field(page, 'result').press('Control+Enter');
	await expect
		.poll(
			async () =>
				(await world.sql`select result from public.orders where id = ${row?.id}`)[0]?.result
		)
		.toBe('New strings');
	await expect(panelOf(page).getByTestId('order-master')).toBeDisabled();
});

test('on a phone it fills the screen', async ({ world }) => {
	const id = await anOrder(world);
	const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
	const page = await world.window('coordinator', phone);
	await page.goto(`/app/board/${id}`);
	expect(await panelOf(page).boundingBox()).toMatchObject({ x: 0, y: 0, width: 390, height: 844 });
	await panelOf(page).getByRole('link', { name: 'Close the order' }).click();
	await expect(panelOf(page)).toHaveCount(0);
});

test('a photo is reduced, uploaded and shown beside the order, to a colleague as well', async ({
	world
}) => {
	const id = await anOrder(world);
	const page = await world.window('coordinator2');
	const other = await world.window('coordinator');
	await Promise.all([page, other].map((one) => one.goto(`/app/board/${id}`)));
	await expect(page.locator('[data-live-state="live"]')).toBeVisible();
	await expect(other.locator('[data-live-state="live"]')).toBeVisible();
	const large = await page.evaluate(async () => {
		const canvas = new OffscreenCanvas(2400, 1200);
		canvas.getContext('2d')?.fillRect(0, 0, 2400, 1200);
		const bytes = await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
		return Array.from(new Uint8Array(bytes));
	});
	await panelOf(page)
		.locator('[data-photo="after"] input')
		.setInputFiles({ name: 'after.png', mimeType: 'image/png', buffer: Buffer.from(large) });
	for (const one of [page, other]) {
		const picture = panelOf(one).locator('[data-photo-kind="after"] img');
		await expect(picture).toBeVisible();
		await expect
			.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth))
			.toBe(1600);
	}
	await expect(page.getByTestId('photo-upload')).toHaveCount(0);
});
