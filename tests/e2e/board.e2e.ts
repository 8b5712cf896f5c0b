// two real windows: one coordinator acts, the other sees it without a reload
import { randomUUID } from 'node:crypto';
import { BoardPage, twoBoards } from './pages/board.ts';
import { muffled } from './muffled.ts';
import { expect, test } from './fixtures.ts';

test('a drag by mouse shows in the other window at once, with true counts', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	const waiting = await theirs.countIn('waiting');
	await mine.drag(id, mine.column('waiting'));
	await expect(mine.cardIn('waiting', id)).toBeVisible();
	await expect(theirs.cardIn('waiting', id)).toBeVisible({ timeout: 2_000 });
	await expect(theirs.cardIn('unassigned', id)).toHaveCount(0);
	await expect.poll(() => theirs.countIn('waiting')).toBe(waiting + 1);
	const [row] = await world.sql`
		select s.kind, o.version from public.orders o join public.stages s on s.id = o.stage_id where o.id = ${id}`;
	expect(row?.kind).toBe('waiting');
});

test('a drag within a column changes the order for both', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const before = await mine.idsIn('unassigned');
	const [first, , third] = before as [number, number, number];
	await mine.drag(first, mine.card(third), { x: 60, y: 110 });
	await expect.poll(async () => (await mine.idsIn('unassigned')).indexOf(first)).toBeGreaterThan(1);
	const order = (await mine.idsIn('unassigned')).slice(0, 4);
	await expect
		.poll(async () => (await theirs.idsIn('unassigned')).filter((id) => order.includes(id)))
		.toEqual(order);
});

test('the keyboard alone moves a card, and says so', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine.card(id).focus();
	await mine.page.keyboard.press('Space');
	// columns it may not enter are passed over, so the number of steps depends on the rules
	for (let press = 0; press < 6 && !(await mine.isIn('waiting', id)); press++) {
		await mine.page.keyboard.press('ArrowRight');
	}
	await mine.page.keyboard.press('Space');
	await expect(mine.cardIn('waiting', id)).toBeVisible();
	await expect(mine.card(id)).toBeFocused();
	await expect(theirs.cardIn('waiting', id)).toBeVisible();
	await expect(mine.page.locator('[aria-live]').filter({ hasText: `${id}` })).not.toHaveCount(0);
});

test('Escape puts a lifted card back', async ({ world }) => {
	const { mine } = await twoBoards(world);
	const before = await mine.idsIn('unassigned');
	await mine.card(before[0] as number).focus();
	await mine.page.keyboard.press('Space');
	await mine.page.keyboard.press('ArrowRight');
	await mine.page.keyboard.press('Escape');
	await expect.poll(() => mine.idsIn('unassigned')).toEqual(before);
});

test('the menu of a card moves it', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine
		.card(id)
		.getByRole('button', { name: /^Move / })
		.click();
	await mine.page.getByRole('menuitem', { name: 'Waiting' }).click();
	await expect(theirs.cardIn('waiting', id)).toBeVisible();
	// the menu went with the card's old place, and the page can be used
	await expect(mine.page.getByRole('menu')).toHaveCount(0);
	// the focus went with the card, not to the one that took its place
	await expect(mine.cardIn('waiting', id)).toBeFocused();
	const [above, below] = (await mine.idsIn('unassigned')) as [number, number];
	await mine.card(above).focus();
	await mine.page.keyboard.press('KeyM');
	await mine.page.getByRole('menuitem', { name: 'Down', exact: true }).press('Enter');
	await expect(mine.card(above)).toBeFocused();
	expect((await mine.idsIn('unassigned')).slice(0, 2)).toEqual([below, above]);
});

test('assigning from the menu shows the master to everybody', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine
		.card(id)
		.getByRole('button', { name: /^Assign / })
		.click();
	await mine.page.getByRole('menuitem').filter({ hasText: /free/ }).first().click();
	await expect(mine.cardIn('assigned', id)).toBeFocused();
	await expect(theirs.cardIn('assigned', id)).not.toContainText('No master');
});

test('a reason is asked before a refusal is written', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	await mine
		.card(id)
		.getByRole('button', { name: /^Move / })
		.click();
	await mine.page.getByRole('menuitem', { name: 'Refused' }).click();
	const dialog = mine.page.getByRole('dialog');
	await dialog.getByRole('textbox').fill('The client bought a new one');
	await dialog.getByRole('button', { name: 'Move' }).click();
	await expect(theirs.cardIn('unassigned', id)).toHaveCount(0);
	await expect
		.poll(
			async () => (await world.sql`select refusal_reason from public.orders where id = ${id}`)[0]
		)
		.toMatchObject({ refusal_reason: 'The client bought a new one' });
});

test('a refused move returns to its exact slot and says why', async ({ world }) => {
	const page = await world.window('coordinator2');
	const ears = await muffled(page);
	const mine = await new BoardPage(page).open();
	await mine.lookedAgain();
	const before = await mine.idsIn('unassigned');
	const id = before[2] as number;
	// a limit that the open board has not heard of
	ears.deaf = true;
	await world.sql`update public.stages set wip_limit = 1 where kind = 'waiting'`;
	try {
		await mine.drag(id, mine.column('waiting'));
		await expect(mine.toast(`№${id}`)).toBeVisible();
		await expect(mine.toast(`№${id}`)).toContainText(/limit|full|room/i);
		await expect.poll(() => mine.idsIn('unassigned')).toEqual(before);
	} finally {
		await world.sql`update public.stages set wip_limit = null where kind = 'waiting'`;
	}
});

test('a card that somebody else moved first is explained by name', async ({ world }) => {
	const page = await world.window('coordinator2');
	const ears = await muffled(page);
	const mine = await new BoardPage(page).open();
	await mine.lookedAgain();
	const [id] = (await mine.idsIn('unassigned')) as [number];
	// the message of the other's move is lost on the way, so my drop is stale
	ears.deaf = true;
	const other = await world.stack.signIn('manager');
	const { cards, stages } = (await other.rpc('board_snapshot')).data as {
		cards: { id: number; version: number }[];
		stages: { id: number; kind: string }[];
	};
	const { error } = await other.rpc('move_order', {
		order_id: id,
		to_stage: stages.find(({ kind }) => kind === 'assigned')?.id,
		prev_id: null,
		next_id: null,
		seen_version: cards.find((card) => card.id === id)?.version,
		mutation_id: randomUUID()
	});
	expect(error).toBeNull();
	await expect(mine.cardIn('unassigned', id)).toBeVisible();
	await mine
		.card(id)
		.getByRole('button', { name: /^Move / })
		.click();
	await page.getByRole('menuitem', { name: 'Waiting' }).click();
	await expect(mine.toast(/Андрей Кравец/)).toBeVisible();
	// the refusal carried the truth: the card stands where the other put it
	await expect(mine.cardIn('assigned', id)).toBeVisible();
});

test('a renamed column is renamed on open boards', async ({ world }) => {
	const { mine } = await twoBoards(world);
	const rename = (to: string) =>
		world.sql`update public.stages set name = name || jsonb_build_object('en', ${to}::text) where kind = 'waiting'`;
	await rename('On hold');
	try {
		await expect(mine.column('waiting')).toContainText('On hold');
	} finally {
		await rename('Waiting');
	}
});

test('somebody else’s change arrives while a card is in the hand', async ({ world }) => {
	const { mine, theirs } = await twoBoards(world);
	const [held, other] = (await mine.idsIn('unassigned')) as [number, number];
	await mine.lift(held);
	await mine.hover(mine.column('assigned'));
	await world.sql`update public.orders set stage_id = (
		select id from public.stages where kind = 'waiting' and location_id is null limit 1
	) where id = ${other}`;
	await expect(mine.cardIn('waiting', other)).toHaveCount(1);
	await mine.hover(mine.column('waiting'));
	await mine.page.mouse.up();
	await expect(theirs.cardIn('waiting', held)).toBeVisible();
});
