// what is shown is in the address: filters, lanes and order, for back, forward and a colleague
import { BoardPage } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

test('typing filters at once, is in the address, and a link opens the same view', async ({
	world
}) => {
	// somebody of one workshop: what he sees, a coordinator of all sees, too
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const [id] = (await mine.idsIn('unassigned')) as [number];
	const all = await mine.countIn('unassigned');
	await mine.page.getByRole('searchbox').fill(String(id));
	await expect.poll(() => mine.idsIn('unassigned')).toEqual([id]);
	await expect(mine.column('unassigned').getByTestId('column-count')).toHaveText(`1 / ${all}`);
	await expect(mine.page).toHaveURL(new RegExp(`q=${id}`));
	const theirs = await new BoardPage(await world.window('coordinator')).open(mine.page.url());
	await expect.poll(() => theirs.idsIn('unassigned')).toEqual([id]);
	await expect(theirs.page.getByRole('searchbox')).toHaveValue(String(id));
});

test('back and forward walk through what was shown', async ({ world }) => {
	const mine = await new BoardPage(await world.window('coordinator')).open();
	await mine.page.getByRole('button', { name: 'Filters' }).click();
	const panel = mine.page.getByRole('dialog', { name: 'Filters' });
	await panel.getByRole('button', { name: 'Diagnostics' }).click();
	await expect(mine.page).toHaveURL(/type=diagnostics/);
	await panel.getByRole('checkbox', { name: 'Overdue' }).check();
	await expect(mine.page).toHaveURL(/overdue=1/);
	await mine.page.keyboard.press('Escape');
	await mine.page.getByLabel('Lanes').selectOption('urgency');
	await expect(mine.page.getByTestId('lanes')).toBeVisible();
	await mine.page.goBack();
	await expect(mine.page.getByTestId('lanes')).toHaveCount(0);
	await mine.page.goBack();
	await expect(mine.page).toHaveURL(/type=diagnostics$/);
	const texts = await mine.page.locator('[data-card-id]').allTextContents();
	expect(texts.length).toBeGreaterThan(0);
	for (const text of texts) expect(text).toContain('Diagnostics');
	await mine.page.goForward();
	await expect(mine.page).toHaveURL(/overdue=1/);
});

test('a client is found by the phone, which the board itself does not know', async ({ world }) => {
	const [order] = await world.sql`
		select o.id::int, right(p.phone, 9) as phone from public.orders o
		join public.stages s on s.id = o.stage_id join public.client_phones p on p.client_id = o.client_id
		where s.kind = 'unassigned' and not exists (
			select from public.client_phones q where q.client_id <> o.client_id and q.phone like '%' || right(p.phone, 9)
		) limit 1`;
	const mine = await new BoardPage(await world.window('coordinator')).open();
	await mine.page.getByRole('searchbox').fill(order?.phone as string);
	await expect.poll(() => mine.idsIn('unassigned')).toContain(order?.id);
	expect((await mine.idsIn('unassigned')).length).toBeLessThan(4);
});

test('by promised time the next to be late comes first; no filter asks the server', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('coordinator')).open();
	await mine.lookedAgain();
	const calls: string[] = [];
	mine.page.on('request', (request) => {
		if (/\/rest\/v1\/|__data\.json/.test(request.url())) calls.push(request.url());
	});
	await mine.page.getByLabel('Order of cards').selectOption('promised');
	await expect(mine.page).toHaveURL(/sort=promised/);
	await mine.page.getByRole('searchbox').fill('a');
	await mine.page.getByRole('searchbox').fill('');
	await mine.page.waitForTimeout(600);
	const ids = await mine.idsIn('unassigned');
	const promises = await world.sql`
		select id::int, promised_at from public.orders where id = any (${ids})`;
	const at = new Map(promises.map((row) => [row.id, row.promised_at as Date | null]));
	const times = ids.map((id) => at.get(id)?.getTime() ?? Infinity);
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(calls).toEqual([]);
});

test('a live change enters and leaves what is shown', async ({ world }) => {
	const mine = await new BoardPage(await world.window('coordinator')).open('/app/board?q=zebra');
	const theirs = await new BoardPage(await world.window('coordinator2')).open();
	const [id] = (await theirs.idsIn('unassigned')) as [number];
	await expect(mine.page.locator('[data-card-id]')).toHaveCount(0);
	await world.sql`update public.orders set problem = 'A zebra sat on it' where id = ${id}`;
	await expect(mine.cardIn('unassigned', id)).toBeVisible({ timeout: 2_000 });
	await world.sql`update public.orders set problem = 'Nobody sat on it' where id = ${id}`;
	await expect(mine.cardIn('unassigned', id)).toHaveCount(0);
});
