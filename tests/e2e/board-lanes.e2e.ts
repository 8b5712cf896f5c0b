// the board cut into lanes: a drop on a master's lane gives him the order, in one call
import { BoardPage } from './pages/board.ts';
import { expect, test, type World } from './fixtures.ts';

async function twoBoards(world: World, path: string) {
	// tall enough for all lanes: scrolling with a card in the hand is the auto-scroller's, not ours
	const tall = { viewport: { width: 1880, height: 9000 } };
	const mine = new BoardPage(await world.window('coordinator2', tall));
	const theirs = new BoardPage(await world.window('coordinator', tall));
	await Promise.all([mine.open(path), theirs.open(path)]);
	return { mine, theirs };
}

/** A master with room for one more order, and his lane's key. */
async function freeMaster(world: World, location: number) {
	const [row] = await world.sql`
		select e.id, e.full_name from public.employees e
		where e.role = 'master' and e.active and (e.location_id is null or e.location_id = ${location})
			and private.availability(e.id) in ('free', 'busy')
		order by e.capacity - private.active_count(e.id) desc limit 1`;
	await world.sql`update public.employees set capacity = private.active_count(id) + 3 where id = ${row?.id}`;
	return row as unknown as { id: string; full_name: string };
}

const locationOf = async (world: World, order: number) =>
	(await world.sql`select location_id::int as id from public.orders where id = ${order}`)[0]
		?.id as number;

// with the larger demo company the lane is not found on the page: to be understood
test.fixme('a drop on a master’s lane in another column moves and assigns in one call', async ({
	world
}) => {
	const { mine, theirs } = await twoBoards(world, '/app/board?lanes=master');
	const lane = mine.lane('none');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await freeMaster(world, await locationOf(world, id));
	await mine.page.reload();
	await mine.live();
	await expect(lane).toBeVisible();
	const calls: string[] = [];
	mine.page.on('request', (request) => {
		const call = /rpc\/(\w+_order)$/.exec(request.url())?.[1];
		if (call && request.method() === 'POST') calls.push(call);
	});
	await mine.dragToCell(id, master.id, 'waiting');
	await expect(mine.cell(master.id, 'waiting').locator(`[data-card-id="${id}"]`)).toBeVisible();
	await expect
		.poll(
			async () =>
				(
					await world.sql`
			select o.master_id, s.kind::text, o.version from public.orders o
			join public.stages s on s.id = o.stage_id where o.id = ${id}`
				)[0]
		)
		.toMatchObject({ master_id: master.id, kind: 'waiting' });
	expect(calls).toEqual(['place_order']);
	await expect(theirs.cell(master.id, 'waiting').locator(`[data-card-id="${id}"]`)).toBeVisible();
});

// with the larger demo company the lane is not found on the page: to be understood
test.fixme('a drop on a lane in the same column assigns, and undo takes both back', async ({
	world
}) => {
	const { mine } = await twoBoards(world, '/app/board?lanes=master');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await freeMaster(world, await locationOf(world, id));
	await mine.page.reload();
	await mine.live();
	await mine.dragToCell(id, master.id, 'unassigned');
	await expect(mine.cell(master.id, 'assigned').locator(`[data-card-id="${id}"]`)).toBeVisible();
	await expect(mine.toast(`№${id} assigned`)).toBeVisible();
	await mine.page.keyboard.press('Control+KeyZ');
	await expect(mine.cell('none', 'unassigned').locator(`[data-card-id="${id}"]`)).toHaveCount(1);
	await expect
		.poll(async () => (await world.sql`select master_id from public.orders where id = ${id}`)[0])
		.toEqual({ master_id: null });
});

// with the larger demo company the lane is not found on the page: to be understood
test.fixme('lanes say how free their masters are while a card is in the hand, live', async ({
	world
}) => {
	const { mine } = await twoBoards(world, '/app/board?lanes=master');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await freeMaster(world, await locationOf(world, id));
	const lane = mine.lane(master.id);
	await mine.card(id).focus();
	await mine.page.keyboard.press('Space');
	await expect(lane).toHaveAttribute('data-welcome', /free|busy/);
	await world.sql`update public.employees set capacity = private.active_count(id) where id = ${master.id}`;
	await expect(lane).toHaveAttribute('data-welcome', 'over');
	await expect(lane).toContainText('Would exceed the limit');
	await mine.page.keyboard.press('Escape');
	await expect(lane).not.toHaveAttribute('data-welcome', /./);
	await freeMaster(world, await locationOf(world, id));
});

test('a workshop’s or an urgency’s lane does not take another’s card, and says so', async ({
	world
}) => {
	const { mine } = await twoBoards(world, '/app/board?lanes=urgency');
	await expect(mine.lane('2')).toBeVisible();
	await expect(mine.lane('0')).toBeVisible();
	const [id] = (await mine.idsInCell('2', 'unassigned')) as [number];
	const [before] = await world.sql`select version from public.orders where id = ${id}`;
	await mine.dragToCell(id, '1', 'waiting');
	await expect(mine.toast(`№${id}`)).toBeVisible();
	const [after] = await world.sql`select version from public.orders where id = ${id}`;
	expect(after).toEqual(before);
});
