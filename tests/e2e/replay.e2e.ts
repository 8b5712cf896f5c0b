// time travel in a real window: what was done by hand an instant ago is played back
import { BoardPage } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

test('a move made by hand can be stepped back and forth', async ({ world }) => {
	const board = new BoardPage(await world.window('coordinator'));
	await board.open();
	const [id] = (await board.idsIn('unassigned')) as [number];
	await board.drag(id, board.column('waiting'));
	await expect(board.cardIn('waiting', id)).toBeVisible();
	await expect
		.poll(async () => {
			const [row] = await world.sql`select kind from public.orders o
				join public.stages s on s.id = o.stage_id where o.id = ${id}`;
			return row?.kind;
		})
		.toBe('waiting');
	const kinds = await world.sql`select id, kind from public.stages where location_id is null`;
	const stage = (kind: string) => kinds.find((row) => row.kind === kind)?.id as number;

	const { page } = board;
	await page.goto('/app/board/replay');
	const place = (kind: string) =>
		page.locator(`[data-past-stage="${stage(kind)}"] [data-past-card="${id}"]`);
	const clock = page.getByTestId('replay-clock');
	const event = page.locator(`[data-past-event="${id}"]`).last();
	const count = async (kind: string) =>
		Number(
			await page
				.locator(`[data-past-stage="${stage(kind)}"]`)
				.getByTestId('past-count')
				.textContent()
		);

	// the day begins before anything of it happened; its end is a press of End away
	await expect(clock).toHaveText('00:00');
	await page.getByRole('slider').focus();
	await page.keyboard.press('End');
	await expect(event).toContainText('Moved from “Unassigned” to “Waiting”');
	await expect(place('waiting')).toBeVisible();
	const waiting = await count('waiting');
	await event.click();
	await expect(event).toHaveAttribute('aria-current', 'step');
	await page.locator('h1').click();
	await page.keyboard.press('ArrowLeft');
	await expect(place('waiting')).toHaveCount(0);
	await expect(place('unassigned')).toHaveCount(1);
	expect(await count('waiting')).toBe(waiting - 1);
	await page.keyboard.press('ArrowRight');
	await expect(place('waiting')).toBeVisible();

	await page.getByLabel('Day', { exact: true }).fill('2020-01-01');
	await expect(page).toHaveURL(/day=2020-01-01/);
	await expect(page.getByText('Nothing happened on this day')).toBeVisible();
	expect(await count('waiting')).toBe(0);
});

test('playing moves time, and pauses', async ({ world }) => {
	const page = await world.window('manager');
	await page.goto('/app/board/replay');
	await page.getByRole('combobox', { name: 'Speed' }).selectOption('60');
	await page.getByRole('button', { name: 'Play' }).click();
	await expect(page.getByTestId('replay-clock')).not.toHaveText('00:00');
	await page.getByRole('button', { name: 'Pause' }).click();
	const paused = await page.getByTestId('replay-clock').textContent();
	await page.waitForTimeout(400);
	await expect(page.getByTestId('replay-clock')).toHaveText(paused ?? '');
});

test('a master has no board to travel on', async ({ world }) => {
	const page = await world.window('master');
	const answer = await page.goto('/app/board/replay');
	expect(answer?.status()).toBe(403);
	await expect(page.getByTestId('replay')).toHaveCount(0);
});
