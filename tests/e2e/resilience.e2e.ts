// the board repairs itself: restarted realtime, killed Postgres, lost network
import { randomUUID } from 'node:crypto';
import { BoardPage } from './pages/board.ts';
import { expect, test, type World } from './fixtures.ts';

/** Moves a card behind the board's back, as another coordinator does. */
async function moveElsewhere(world: World): Promise<number> {
	const client = await world.stack.signIn('manager');
	const { data } = await client.rpc('board_snapshot', { location: 1 });
	const { cards, stages } = data as {
		cards: { id: number; version: number; stage_id: number }[];
		stages: { id: number; kind: string }[];
	};
	const idOf = (kind: string) => stages.find((stage) => stage.kind === kind)?.id;
	const card = cards.find(({ stage_id }) => stage_id === idOf('unassigned'));
	const { error } = await client.rpc('move_order', {
		order_id: card?.id,
		to_stage: idOf('waiting'),
		prev_id: null,
		next_id: null,
		seen_version: card?.version,
		mutation_id: randomUUID()
	});
	if (error) throw new Error(error.message);
	return card?.id as number;
}

/** Where the order is for the database. */
async function kindOf({ sql }: World, id: number): Promise<string | undefined> {
	const [row] = await sql<{ kind: string }[]>`
		select s.kind from public.orders o join public.stages s on s.id = o.stage_id where o.id = ${id}`;
	return row?.kind;
}

async function board(world: World): Promise<BoardPage> {
	return new BoardPage(await world.window('coordinator2')).open();
}

test('after the realtime server was restarted', async ({ world }) => {
	const mine = await board(world);
	const restarted = world.stack.restartRealtime(1_500);
	await expect(mine.page.locator('[data-live-state="live"]')).toHaveCount(0);
	const id = await moveElsewhere(world);
	await restarted;
	await expect(mine.cardIn('waiting', id)).toBeVisible({ timeout: 8_000 });
	await mine.live();
	const next = await moveElsewhere(world);
	await expect(mine.cardIn('waiting', next)).toBeVisible();
});

test('after Postgres was killed', async ({ world }) => {
	const mine = await board(world);
	process.kill(world.stack.postgresPid(), 'SIGKILL');
	let moved: number | undefined;
	await expect
		.poll(async () => (moved = await moveElsewhere(world).catch(() => undefined)), {
			timeout: 15_000
		})
		.toBeDefined();
	await expect(mine.cardIn('waiting', moved as number)).toBeVisible({ timeout: 10_000 });
	await mine.live();
	const [own] = (await mine.idsIn('unassigned')) as [number];
	await mine.drag(own, mine.column('waiting'));
	await expect(mine.cardIn('waiting', own)).toBeVisible();
	await expect.poll(() => kindOf(world, own)).toBe('waiting');
});

test('after the network was lost, within two seconds of its return', async ({ world }) => {
	const mine = await board(world);
	await mine.page.context().setOffline(true);
	await expect(mine.page.locator('[data-live-state="offline"]')).toBeVisible({ timeout: 5_000 });
	const id = await moveElsewhere(world);
	await mine.page.waitForTimeout(500);
	await expect(mine.cardIn('waiting', id)).toHaveCount(0);
	await mine.page.context().setOffline(false);
	await expect(mine.cardIn('waiting', id)).toBeVisible({ timeout: 4_000 });
	await mine.live();
});

test('a move made without network is kept, shown as not sent, and sent later', async ({
	world
}) => {
	const mine = await board(world);
	const [id] = (await mine.idsIn('unassigned')) as [number];
	// menus come after the first paint; from then on only data needs the network
	await expect(mine.page.getByTestId('board')).toHaveAttribute('data-complete', 'true');
	await mine.page.context().setOffline(true);
	await mine
		.card(id)
		.getByRole('button', { name: /^Move / })
		.click();
	await mine.page.getByRole('menuitem', { name: 'Waiting' }).click();
	await expect(mine.cardIn('waiting', id)).toContainText('Not sent yet');
	await mine.page.context().setOffline(false);
	await expect(mine.cardIn('waiting', id)).not.toContainText('Not sent yet', { timeout: 10_000 });
	await expect.poll(() => kindOf(world, id)).toBe('waiting');
});

test('a deactivated colleague loses the board at once', async ({ world }) => {
	const mine = await board(world);
	await world.sql`update public.employees set active = false
		where id = (select id from auth.users where email = 'coordinator2@demo.verstak.test')`;
	try {
		await expect(mine.page.locator('[data-live-state="live"]')).toHaveCount(0, { timeout: 5_000 });
		const id = await moveElsewhere(world);
		await mine.page.waitForTimeout(1_000);
		await expect(mine.cardIn('waiting', id)).toHaveCount(0);
		await mine.page.goto('/app/board');
		await expect(mine.page).not.toHaveURL(/app\/board/);
	} finally {
		await world.sql`update public.employees set active = true
			where id = (select id from auth.users where email = 'coordinator2@demo.verstak.test')`;
	}
});
