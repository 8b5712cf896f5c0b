// order_events: every change once, by whom, from what to what; and nothing ever rewritten
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assignOrder, moveOrder } from '../support/calls.ts';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Kind
} from '../support/database.ts';

let db: Database;
let location: number;
let coordinator: string;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator');
	master = await makeEmployee(db.owner, 'master', { location, capacity: 20 });
});
afterAll(() => db?.stop());

const historyOf = (card: Card) => db.owner`
	select kind, version, actor_id, from_values, to_values, reason, mutation_id is not null as called
	from public.order_events where order_id = ${card.id} order by id`;

it('tells the life of an order, a version each', async () => {
	const stage = async (kind: Kind) => stageOf(db.owner, kind);
	let card = await makeOrder(db.owner, { location });
	const born = card;
	const asCoordinator = async (run: Parameters<typeof db.commitAs<Card>>[1]) =>
		(card = await db.commitAs(coordinator, run));
	await asCoordinator((tx) => assignOrder(tx, { order: card.id, master, seen: card.version }));
	const to = await stage('in_progress');
	card = await db.commitAs(master, (tx) =>
		moveOrder(tx, { order: card.id, to, seen: card.version })
	);
	await db.commitAs(
		coordinator,
		(tx) => tx`update public.orders set problem = 'Worse', priority = 2 where id = ${card.id}`
	);
	await asCoordinator((tx) => assignOrder(tx, { order: card.id, master: null, seen: 4 }));
	const refused = await stage('refused');
	await asCoordinator((tx) =>
		moveOrder(tx, { order: card.id, to: refused, seen: 5, reason: 'Too dear' })
	);

	const rank = expect.any(String);
	const plain = { reason: null, called: true };
	expect(await historyOf(card)).toEqual([
		{
			...plain,
			called: false,
			kind: 'created',
			version: 1,
			actor_id: null,
			from_values: {},
			to_values: { stage_id: born.stage_id, location_id: location, master_id: null }
		},
		{
			...plain,
			kind: 'assigned',
			version: 2,
			actor_id: coordinator,
			from_values: { stage_id: born.stage_id, rank, master_id: null },
			to_values: { stage_id: await stage('assigned'), rank, master_id: master }
		},
		{
			...plain,
			kind: 'moved',
			version: 3,
			actor_id: master,
			from_values: { stage_id: await stage('assigned'), rank, master_id: master },
			to_values: { stage_id: to, rank, master_id: master }
		},
		{
			...plain,
			called: false,
			kind: 'changed',
			version: 4,
			actor_id: coordinator,
			from_values: { problem: born.problem, priority: 0 },
			to_values: { problem: 'Worse', priority: 2 }
		},
		{
			...plain,
			kind: 'assigned',
			version: 5,
			actor_id: coordinator,
			from_values: { stage_id: to, rank, master_id: master },
			to_values: { stage_id: to, rank, master_id: null }
		},
		{
			kind: 'moved',
			version: 6,
			actor_id: coordinator,
			from_values: { stage_id: to, rank, refusal_reason: null },
			to_values: { stage_id: refused, rank, refusal_reason: 'Too dear' },
			reason: 'Too dear',
			called: true
		}
	]);
});

it('calls taking an assigned order back an assignment, and dropping it on unassigned a move', async () => {
	const stage = await stageOf(db.owner, 'assigned');
	const [taken, dropped] = [
		await makeOrder(db.owner, { location, stage, master }),
		await makeOrder(db.owner, { location, stage, master })
	];
	await db.commitAs(coordinator, (tx) =>
		assignOrder(tx, { order: taken.id, master: null, seen: 1 })
	);
	const to = await stageOf(db.owner, 'unassigned');
	await db.commitAs(coordinator, (tx) => moveOrder(tx, { order: dropped.id, to, seen: 1 }));
	expect((await historyOf(taken)).at(-1)).toMatchObject({ kind: 'assigned' });
	expect((await historyOf(dropped)).at(-1)).toMatchObject({ kind: 'moved' });
});

it('attributes later changes of the same transaction to no call', async () => {
	const card = await makeOrder(db.owner, { location });
	const to = await stageOf(db.owner, 'waiting');
	await db.commitAs(coordinator, async (tx) => {
		await moveOrder(tx, { order: card.id, to, seen: 1, reason: 'for now' });
		await tx`update public.orders set priority = 1 where id = ${card.id}`;
	});
	expect(await historyOf(card)).toMatchObject([
		{ called: false },
		{ called: true, reason: 'for now' },
		{ called: false, reason: null }
	]);
});

it('writes nothing when an update changes nothing', async () => {
	const card = await makeOrder(db.owner, { location });
	await db.owner`update public.orders set problem = problem where id = ${card.id}`;
	expect(await historyOf(card)).toHaveLength(1);
});

it('cannot be rewritten, not even by the owner of the database', async () => {
	await makeOrder(db.owner, { location });
	for (const statement of [
		`update public.order_events set actor_id = null`,
		`delete from public.order_events`,
		`truncate public.order_events`,
		`delete from public.orders`
	]) {
		const { code } = await refusal(db.owner.unsafe(statement));
		expect(['42501', '23503'], statement).toContain(code);
	}
});
