// many cards at once, undo and redo, and conflicts in a sentence with a choice
import { randomUUID } from 'node:crypto';
import { BoardPage } from './pages/board.ts';
import { muffled } from './muffled.ts';
import { expect, test, type World } from './fixtures.ts';

const kindOf = async (world: World, id: number) =>
	(
		await world.sql`
		select s.kind::text from public.orders o join public.stages s on s.id = o.stage_id where o.id = ${id}`
	)[0]?.kind as string;

test('chosen cards move in one call, everybody sees it, undo and redo take all', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const theirs = await new BoardPage(await world.window('coordinator')).open();
	const ids = (await mine.idsIn('unassigned')).slice(0, 3) as [number, number, number];
	const calls: string[] = [];
	mine.page.on('request', (request) => {
		const call = /rpc\/(bulk_\w+|\w+_order|undo_move)$/.exec(request.url())?.[1];
		if (call && request.method() === 'POST') calls.push(call);
	});
	await mine.card(ids[0]).click({ modifiers: ['ControlOrMeta'], position: { x: 20, y: 60 } });
	await mine.card(ids[2]).click({ modifiers: ['Shift'], position: { x: 20, y: 60 } });
	await expect(mine.page.getByTestId('selected')).toHaveText('3 orders selected');
	await mine.page.getByRole('button', { name: 'Move to…' }).click();
	await mine.page.getByRole('menuitem', { name: 'Waiting' }).click();
	for (const id of ids) await expect(theirs.cardIn('waiting', id)).toBeVisible();
	expect(calls).toEqual(['bulk_move']);
	expect((await theirs.idsIn('waiting')).slice(0, 3)).toEqual(ids);
	await expect(mine.toast('3 orders moved to “Waiting”')).toBeVisible();
	await mine.page.keyboard.press('Control+KeyZ');
	for (const id of ids) await expect.poll(() => kindOf(world, id)).toBe('unassigned');
	for (const id of ids) await expect(theirs.cardIn('unassigned', id)).toBeVisible();
	await mine.page.keyboard.press('Control+Shift+KeyZ');
	for (const id of ids) await expect.poll(() => kindOf(world, id)).toBe('waiting');
	await expect(mine.page.locator('[data-saving]')).toHaveCount(0);
});

test('by keyboard: X and Shift with arrows choose, Escape lets go', async ({ world }) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const [first] = (await mine.idsIn('unassigned')) as [number];
	await mine.card(first).focus();
	await mine.page.keyboard.press('x');
	await mine.page.keyboard.press('Shift+ArrowDown');
	await mine.page.keyboard.press('Shift+ArrowDown');
	await expect(mine.page.getByTestId('selected')).toHaveText('3 orders selected');
	await mine.page.keyboard.press('Escape');
	await expect(mine.page.getByTestId('selected')).toHaveCount(0);
});

test('dragging one of the chosen takes the others along; the refused stay and say why', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const ids = (await mine.idsIn('unassigned')).slice(0, 2) as [number, number];
	const [room] = await world.sql`
		select max(n)::int as n from (
			select count(*) as n from public.orders o join public.stages s on s.id = o.stage_id
			where s.kind = 'waiting' and o.location_id in (select location_id from public.orders where id = any (${ids}))
			group by o.location_id
		) counts`;
	await world.sql`update public.orders set location_id = (select location_id from public.orders where id = ${ids[0]}) where id = ${ids[1]}`;
	await world.sql`update public.stages set wip_limit = ${room?.n + 1} where kind = 'waiting'`;
	try {
		// with its columns an open board is loaded anew, which lets go of what was chosen
		await expect(mine.column('waiting').getByTestId('column-count')).toContainText(
			`/${room?.n + 1}`
		);
		for (const id of ids)
			await mine.card(id).click({ modifiers: ['ControlOrMeta'], position: { x: 20, y: 60 } });
		await expect(mine.page.getByTestId('selected')).toHaveText('2 orders selected');
		await mine.drag(ids[0], mine.column('waiting'));
		await expect(mine.toast(/1 order moved|orders? stayed/).first()).toBeVisible();
		await expect
			.poll(async () => Promise.all(ids.map((id) => kindOf(world, id))))
			.toContain('waiting');
	} finally {
		await world.sql`update public.stages set wip_limit = null where kind = 'waiting'`;
	}
});

test('a conflict is a sentence with a choice: keep theirs, or redo mine', async ({ world }) => {
	const page = await world.window('coordinator2');
	const ears = await muffled(page);
	const mine = await new BoardPage(page).open();
	await mine.lookedAgain();
	const [first, second] = (await mine.idsIn('unassigned')) as [number, number];
	ears.deaf = true;
	const other = await world.stack.signIn('manager');
	const { cards, stages } = (await other.rpc('board_snapshot')).data as {
		cards: { id: number; version: number }[];
		stages: { id: number; kind: string }[];
	};
	for (const id of [first, second]) {
		const { error } = await other.rpc('move_order', {
			order_id: id,
			to_stage: stages.find(({ kind }) => kind === 'assigned')?.id,
			prev_id: null,
			next_id: null,
			seen_version: cards.find((card) => card.id === id)?.version,
			mutation_id: randomUUID()
		});
		expect(error).toBeNull();
		await mine
			.card(id)
			.getByRole('button', { name: /^Move / })
			.click();
		await page.getByRole('menuitem', { name: 'Waiting' }).click();
		await expect(mine.toast(`№${id}`)).toContainText(
			/Андрей Кравец moved №\d+ to “Assigned” [\d.]+s before you/
		);
		await expect(mine.cardIn('assigned', id)).toBeVisible();
	}
	await mine.toast(`№${first}`).getByRole('button', { name: 'Keep theirs' }).click();
	await mine.toast(`№${second}`).getByRole('button', { name: 'Redo mine' }).click();
	await expect.poll(() => kindOf(world, second)).toBe('waiting');
	expect(await kindOf(world, first)).toBe('assigned');
	await expect(mine.cardIn('waiting', second)).toBeVisible();
});

test('nothing is reordered under the pointer while it moves, and all of it after', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open();
	const before = await mine.idsIn('unassigned');
	const first = before[0] as number;
	const box = await mine.column('unassigned').boundingBox();
	if (!box) throw new Error('no column');
	const point = (step: number) => mine.page.mouse.move(box.x + 80, box.y + 200 + (step % 40));
	await point(0);
	await world.sql`
		update public.orders set stage_id = (select id from public.stages where kind = 'waiting' order by position limit 1)
		where id = ${first}`;
	for (let step = 1; step < 30; step++) {
		await point(step);
		await mine.page.waitForTimeout(40);
	}
	expect((await mine.idsIn('unassigned')).slice(0, 3)).toEqual(before.slice(0, 3));
	// the other column is not pointed at: it shows what is
	await expect(mine.cardIn('waiting', first)).toHaveCount(1);
	await expect.poll(async () => (await mine.idsIn('unassigned'))[0]).toBe(before[1]);
});
