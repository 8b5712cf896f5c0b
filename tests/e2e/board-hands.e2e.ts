// what one person holds is seen by the others while it is in the air
import { randomUUID } from 'node:crypto';
import { BoardPage, twoBoards } from './pages/board.ts';
import { expect, test } from './fixtures.ts';

test('a lifted card is seen lifted, with the name and the column it hovers', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.lift(id);
	const holder = theirs.slot(id).getByTestId('holder');
	await expect(holder).toBeVisible({ timeout: 2_000 });
	await mine.hover(mine.column('waiting'));
	await expect(holder).toContainText('Waiting', { timeout: 2_000 });
	await expect(theirs.column('waiting')).toHaveAttribute('data-guests', '1');
	await expect(mine.page.getByTestId('holder')).toHaveCount(0);
	await mine.page.mouse.up();
	await expect(theirs.page.getByTestId('holder')).toHaveCount(0, { timeout: 2_000 });
	await expect(theirs.cardIn('waiting', id)).toBeVisible();
});

test('Escape lets go for everybody, and the keyboard’s hand is seen as well', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.card(id).focus();
	await mine.page.keyboard.press('Space');
	await expect(theirs.slot(id).getByTestId('holder')).toBeVisible({ timeout: 2_000 });
	await mine.page.keyboard.press('Escape');
	await expect(theirs.page.getByTestId('holder')).toHaveCount(0, { timeout: 2_000 });
});

test('the hand of a machine that died is forgotten within three seconds', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.lift(id);
	const holder = theirs.slot(id).getByTestId('holder');
	await expect(holder).toBeVisible({ timeout: 2_000 });
	// held for longer than a silent hand would be remembered: the heartbeat keeps it
	await mine.page.waitForTimeout(3_500);
	await expect(holder).toBeVisible();
	await mine.page.context().close();
	await expect(theirs.page.getByTestId('holder')).toHaveCount(0, { timeout: 3_000 });
});

test('who takes a card out of another’s hand is told whose it is, and may', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.lift(id);
	const holder = theirs.slot(id).getByTestId('holder');
	await expect(holder).toBeVisible({ timeout: 2_000 });
	const name = (await holder.textContent())?.trim() ?? '';
	await theirs.lift(id);
	await expect(theirs.toast(`${name} is holding №${id}`)).toBeVisible();
	await theirs.hover(theirs.column('waiting'));
	await theirs.page.mouse.up();
	await expect(mine.toast(new RegExp(`moved №${id}.*while you hold it`))).toBeVisible();
	await mine.page.keyboard.press('Escape');
	await mine.page.mouse.up();
	await expect(mine.cardIn('waiting', id)).toBeVisible();
});

test('everybody on the board is shown once, however many windows they have', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const second = await new BoardPage(await theirs.page.context().newPage()).open();
	const people = mine.page.getByTestId('people');
	await expect(people.locator('.avatar')).toHaveCount(2);
	await second.page.close();
	await expect(people.locator('.avatar')).toHaveCount(2);
	// who may only look is here all the same
	const reader = await new BoardPage(await world.window('operator')).open();
	await expect(people.locator('.avatar')).toHaveCount(3);
	await reader.page.close();
	await expect(people.locator('.avatar')).toHaveCount(2);
	await theirs.page.close();
	await expect(people.locator('.avatar')).toHaveCount(1);
});

test('a stranger and a reader cannot put a hand on the board', async ({ world }) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const [id] = (await mine.idsIn('unassigned')) as [number];
	const [row] = await world.sql`
		select 'hands:' || location_id || ':' || (select epoch from private.access_epoch) as topic
		from public.orders where id = ${id}`;
	const hand = { hand: randomUUID(), order_id: id, name: 'Mallory', colour: 1, column: 1 };
	for (const client of [world.stack.anonymous(), await world.stack.signIn('operator')]) {
		await client.realtime.setAuth();
		const channel = client.channel(row?.topic as string, { config: { private: true } });
		await new Promise<void>((done) => channel.subscribe(() => done()));
		await channel.send({ type: 'broadcast', event: 'hand', payload: hand }).catch(() => 'refused');
	}
	await mine.page.waitForTimeout(500);
	await expect(mine.page.getByTestId('holder')).toHaveCount(0);
});
