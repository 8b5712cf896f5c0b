// the board cut into lanes: a drop on a master's lane gives him the order, in one call
import { BoardPage } from './pages/board.ts';
import { expect, test, type World } from './fixtures.ts';

const LANES = '/app/board?lanes=master';

async function openLanes(world: World, name: 'coordinator' | 'coordinator2'): Promise<BoardPage> {
	const page = await world.window(name, { viewport: { width: 1880, height: 1000 } });
	return new BoardPage(page).open(LANES);
}

/** A master with room for more orders, of those the one whose lane is lowest. */
async function lastFreeMaster(world: World, location: number): Promise<string> {
	const rows = await world.sql<{ id: string; full_name: string }[]>`
		select e.id, e.full_name from public.employees e
		where e.role = 'master' and e.active and (e.location_id is null or e.location_id = ${location})
			and private.availability(e.id) in ('free', 'busy')`;
	const last = rows.toSorted((a, b) => a.full_name.localeCompare(b.full_name)).at(-1)?.id as string;
	await world.sql`update public.employees set capacity = private.active_count(id) + 3 where id = ${last}`;
	return last;
}

const nameOf = async (world: World, master: string) =>
	(await world.sql`select full_name from public.employees where id = ${master}`)[0]
		?.full_name as string;

const locationOf = async (world: World, order: number) =>
	(await world.sql`select location_id::int as id from public.orders where id = ${order}`)[0]
		?.id as number;

test('a drop on a master’s lane in another column moves and assigns in one call', async ({
	world
}) => {
	const mine = await openLanes(world, 'coordinator2');
	const theirs = await openLanes(world, 'coordinator');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await lastFreeMaster(world, await locationOf(world, id));
	// lanes are many and the screen is not: this one comes as the card is held at the lower edge
	expect(await mine.onScreen(mine.lane(master))).toBe(false);
	const calls: string[] = [];
	mine.page.on('request', (request) => {
		const call = /rpc\/(\w+_order)$/.exec(request.url())?.[1];
		if (call && request.method() === 'POST') calls.push(call);
	});
	await mine.dragToCell(id, master, 'waiting');
	await expect(mine.cell(master, 'waiting').locator(`[data-card-id="${id}"]`)).toBeVisible();
	await expect
		.poll(
			async () =>
				(
					await world.sql`
			select o.master_id, s.kind::text, o.version from public.orders o
			join public.stages s on s.id = o.stage_id where o.id = ${id}`
				)[0]
		)
		.toMatchObject({ master_id: master, kind: 'waiting' });
	expect(calls).toEqual(['place_order']);
	await theirs.showLane(master);
	await expect(theirs.cell(master, 'waiting').locator(`[data-card-id="${id}"]`)).toBeVisible();
});

test('a drop while the lanes still scroll lands on what is under the pointer', async ({
	world
}) => {
	const mine = await openLanes(world, 'coordinator2');
	await world.sql`update public.employees set capacity = 99 where role = 'master'`;
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const placed = mine.page.waitForResponse(/rpc\/place_order$/);
	const top = async () => (await mine.lane('none').boundingBox())?.y;
	const start = await top();
	await mine.lift(id);
	const view = await mine.rowsBox();
	const pointer = { x: view.x + 300, y: view.y + view.height - 8 };
	// by its place alone, and with room for what is scrolled until the button is up
	const overMaster = () =>
		mine.page.evaluate(
			({ x, y }) =>
				[...document.querySelectorAll('[data-lane]:not([data-lane="none"]) [data-cell="assigned"]')]
					.map((cell) => cell.getBoundingClientRect())
					.some(({ left, right, top, bottom }) => {
						return x > left && x < right && y > top + 8 && y < bottom - 60;
					}),
			pointer
		);
	await mine.holdAtLowerEdge(async () => (await top()) !== start && (await overMaster()));
	await mine.page.mouse.up();
	expect((await placed).status()).toBe(200);
	await expect
		.poll(async () => (await world.sql`select master_id from public.orders where id = ${id}`)[0])
		.not.toEqual({ master_id: null });
});

test('the keyboard carries a card into a lane, which assigns it, and undo takes that back', async ({
	world
}) => {
	const mine = await openLanes(world, 'coordinator2');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await lastFreeMaster(world, await locationOf(world, id));
	const { keyboard } = mine.page;
	await mine.card(id).focus();
	await keyboard.press('Space');
	await keyboard.press('End');
	const cell = mine.cell(master, 'unassigned').locator(`[data-card-id="${id}"]`);
	for (let lane = 0; lane < 20 && (await cell.count()) === 0; lane++) {
		await keyboard.press('ArrowDown');
	}
	await expect(cell).toBeFocused();
	const said = mine.page.locator('[aria-live]').filter({ hasText: await nameOf(world, master) });
	await expect(said).not.toHaveCount(0);
	await keyboard.press('Space');
	await expect(mine.cell(master, 'assigned').locator(`[data-card-id="${id}"]`)).toBeFocused();
	await expect(mine.toast(`№${id} assigned`)).toBeVisible();
	await keyboard.press('Control+KeyZ');
	await expect
		.poll(async () => (await world.sql`select master_id from public.orders where id = ${id}`)[0])
		.toEqual({ master_id: null });
	await mine.showLane('none');
	await expect(mine.cell('none', 'unassigned').locator(`[data-card-id="${id}"]`)).toHaveCount(1);
});

test('lanes say how free their masters are while a card is in the hand, live', async ({
	world
}) => {
	const mine = await openLanes(world, 'coordinator2');
	const [id] = (await mine.idsInCell('none', 'unassigned')) as [number];
	const master = await lastFreeMaster(world, await locationOf(world, id));
	const lane = mine.lane(master);
	await mine.card(id).focus();
	await mine.page.keyboard.press('Space');
	await mine.showLane(master);
	await expect(lane).toHaveAttribute('data-welcome', /free|busy/);
	await world.sql`update public.employees set capacity = private.active_count(id) where id = ${master}`;
	await expect(lane).toHaveAttribute('data-welcome', 'over');
	await expect(lane).toContainText('Would exceed the limit');
	await mine.page.keyboard.press('Escape');
	// the card went back to where it stood, and the focus with it
	await expect(mine.card(id)).toBeFocused();
	await mine.showLane(master);
	await expect(lane).not.toHaveAttribute('data-welcome', /./);
	await lastFreeMaster(world, await locationOf(world, id));
});

test('a workshop’s or an urgency’s lane does not take another’s card, and says so', async ({
	world
}) => {
	const mine = await new BoardPage(await world.window('coordinator2')).open(
		'/app/board?lanes=urgency'
	);
	await expect(mine.lane('2')).toBeVisible();
	await expect(mine.lane('0')).toBeVisible();
	const [id] = (await mine.idsInCell('2', 'unassigned')) as [number];
	const [before] = await world.sql`select version from public.orders where id = ${id}`;
	await mine.dragToCell(id, '1', 'waiting');
	await expect(mine.toast(`№${id}`)).toBeVisible();
	const [after] = await world.sql`select version from public.orders where id = ${id}`;
	expect(after).toEqual(before);
});
