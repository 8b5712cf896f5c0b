// a dead spot: everything pressed meanwhile is kept, sent in order, and explained where refused
import { randomUUID } from 'node:crypto';
import { give, MyPage, orderNow, phone, prepareMaster } from './pages/my.ts';
import { expect, test, type World } from './fixtures.ts';

/** What the coordinator does at the desk while the phone hears nothing. */
async function meanwhile(world: World, withdrawn: number[], moved: number[], edited: number[]) {
	const client = await world.stack.signIn('coordinator2');
	const { data } = await client.rpc('board_snapshot');
	const { stages, cards } = data as {
		stages: { id: number; kind: string }[];
		cards: { id: number; version: number }[];
	};
	const version = (id: number) => cards.find((card) => card.id === id)?.version;
	const say = async (call: PromiseLike<{ error: unknown }>) =>
		expect((await call).error).toBeNull();
	for (const order_id of withdrawn) {
		const head = { order_id, master_id: null, seen_version: version(order_id) };
		await say(client.rpc('assign_order', { ...head, mutation_id: randomUUID() }));
	}
	for (const order_id of moved) {
		await say(
			client.rpc('move_order', {
				order_id,
				to_stage: stages.find(({ kind }) => kind === 'waiting')?.id,
				prev_id: null,
				next_id: null,
				seen_version: version(order_id),
				mutation_id: randomUUID(),
				reason: 'Клієнт поїхав'
			})
		);
	}
	for (const id of edited) {
		await world.sql`update public.orders set problem = 'Уточнено' where id = ${id}`;
	}
}

test('fifty actions in a dead spot, against edits at the desk, end without a loss', async ({
	world
}) => {
	test.setTimeout(180_000);
	const master = await prepareMaster(world, 'master');
	const orders = await give(world, master, 25);
	const mine = await new MyPage(await world.window('master', phone)).open();
	await expect(mine.page.locator('li[data-order-id]')).toHaveCount(25);
	await mine.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	await mine.page.context().setOffline(true);
	for (const id of orders) {
		await mine.press(id, 'accept');
		await mine.press(id, 'start');
	}
	await expect(mine.page.getByTestId('pending')).toHaveCount(50);
	await expect(mine.page.getByTestId('unsent')).toContainText('50');
	const [withdrawn, moved, edited] = [orders.slice(0, 4), orders.slice(4, 8), orders.slice(8, 12)];
	await meanwhile(world, withdrawn, moved, edited);

	// the phone is even switched off and on in between
	await mine.page.reload();
	await expect(mine.page.getByTestId('offline')).toBeVisible();
	await mine.page.context().setOffline(false);
	await mine.live();
	await expect(mine.page.getByTestId('unsent')).toHaveCount(0, { timeout: 60_000 });

	// each of the fifty is either done, once, or refused with a reason
	const refused = mine.page.locator('[data-refused]');
	await expect(refused).toHaveCount(2 * withdrawn.length + moved.length);
	for (const text of await refused.locator('p').allTextContents()) expect(text).toMatch(/\w/);
	const [done] = await world.sql`
		select count(*)::int as count from private.mutations m
		where m.actor_id = ${master} and m.order_id in ${world.sql(orders)}`;
	expect(done?.count).toBe(50 - 2 * withdrawn.length - moved.length);
	for (const id of withdrawn) expect((await orderNow(world, id)).master_id).toBeNull();
	for (const id of moved) {
		const now = await orderNow(world, id);
		expect(now.kind).toBe('waiting');
		expect(now.accepted_at).not.toBeNull();
	}
	for (const id of orders.slice(8)) expect((await orderNow(world, id)).kind).toBe('in_progress');

	// a refusal is answered: once more, now knowing; or read and put away
	const again = mine.page.locator('[data-refused="move"]', { hasText: String(moved[0]) });
	await again.getByRole('button', { name: 'Try again' }).click();
	await expect
		.poll(async () => (await orderNow(world, moved[0] as number)).kind)
		.toBe('in_progress');
	const first = refused.first();
	const before = await refused.count();
	await first.getByRole('button', { name: 'Got it' }).click();
	await expect(refused).toHaveCount(before - 1);
	await mine.page.reload();
	await mine.live();
	await expect(refused).toHaveCount(before - 1);
});

test('a photo taken in a dead spot is reduced, kept over a reload and uploaded later', async ({
	world
}) => {
	const master = await prepareMaster(world, 'master');
	const [order] = (await give(world, master, 1)) as [number];
	const mine = await new MyPage(await world.window('master', phone)).open();
	const large = await mine.page.evaluate(async () => {
		const canvas = new OffscreenCanvas(3200, 2400);
		const paint = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
		for (let x = 0; x < 3200; x += 40) {
			paint.fillStyle = `hsl(${x} 60% 50%)`;
			paint.fillRect(x, 0, 40, 2400);
		}
		const bytes = await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer();
		return Array.from(new Uint8Array(bytes));
	});
	await mine.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
	await mine.page.context().setOffline(true);
	await mine
		.order(order)
		.locator('[data-photo="before"] input')
		.setInputFiles({
			name: 'IMG_0001.png',
			mimeType: 'image/png',
			buffer: Buffer.from(large)
		});
	await expect(mine.order(order).getByTestId('pending')).toContainText('Photo before');
	await mine.page.reload();
	await mine.page.context().setOffline(false);
	await mine.live();
	await expect.poll(async () => (await orderNow(world, order)).photo_count).toBe(1);
	await expect(mine.order(order).getByTestId('photo-count')).toContainText('1');
	const [photo] =
		await world.sql`select path, kind, taken_by from public.order_photos where order_id = ${order}`;
	expect(photo).toMatchObject({ kind: 'before', taken_by: master });
	const client = await world.stack.signIn('master');
	const { data } = await client.storage.from('order-photos').download(photo?.path);
	const bytes = Array.from(new Uint8Array(await (data as Blob).arrayBuffer()));
	const size = await mine.page.evaluate(async (content) => {
		const blob = new Blob([new Uint8Array(content)], { type: 'image/jpeg' });
		const { width, height } = await createImageBitmap(blob);
		return { width, height };
	}, bytes);
	expect(size).toEqual({ width: 1600, height: 1200 });
});
