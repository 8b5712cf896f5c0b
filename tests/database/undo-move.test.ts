// undo_move: one's own last move or assignment taken back, unless somebody else touched the order
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignOrder, call, moveOrder } from '../support/calls.ts';
import {
	cardOf,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Kind
} from '../support/database.ts';

let db: Database;
let location: number;
let anna: string;
let boris: string;
let master: string;
const stage = {} as Record<Kind, number>;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris' });
	for (const kind of [
		'unassigned',
		'assigned',
		'in_progress',
		'waiting',
		'done',
		'closed',
		'refused'
	] as const) {
		stage[kind] = await stageOf(db.owner, kind);
	}
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location, capacity: 1 });
});

const order = (kind: Kind = 'waiting') =>
	makeOrder(db.owner, {
		location,
		stage: stage[kind],
		...(kind === 'unassigned' ? {} : { master })
	});
async function move(who: string, card: Card, to: Kind, reason: string | null = null) {
	const mutation = randomUUID();
	const moved = await db.commitAs(who, (tx) =>
		moveOrder(tx, { order: card.id, to: stage[to], seen: card.version, mutation, reason })
	);
	return { moved, mutation };
}
const undo = (who: string | null, card: Card, undoOf: string, mutation = randomUUID()) =>
	db.commitAs(who, (tx) =>
		call(tx, 'undo_move', { order_id: card.id, mutation_id: mutation, undo_of: undoOf })
	);

describe('an undone move', () => {
	it('is as if it had not been: column, place, master, time of entry', async () => {
		const card = await order();
		const { mutation } = await move(anna, card, 'unassigned');
		const back = await undo(anna, card, mutation);
		expect(back).toMatchObject({
			stage_id: card.stage_id,
			rank: card.rank,
			master_id: master,
			stage_entered_at: card.stage_entered_at,
			version: 3
		});
		const [event] = await db.owner`select kind, actor_id from public.order_events
			where order_id = ${card.id} order by id desc limit 1`;
		expect(event).toEqual({ kind: 'undone', actor_id: anna });
	});

	it('may go where a move may not: out of closed and refused', async () => {
		const card = await order();
		const refused = await move(anna, card, 'refused', 'Too dear');
		expect(await undo(anna, card, refused.mutation)).toMatchObject({ stage_id: stage.waiting });
		const [row] =
			await db.owner`select refusal_reason, closed_at from public.orders where id = ${card.id}`;
		expect(row).toEqual({ refusal_reason: null, closed_at: null });
	});

	it('can be an assignment', async () => {
		const card = await order('unassigned');
		const mutation = randomUUID();
		await db.commitAs(anna, (tx) => assignOrder(tx, { order: card.id, master, seen: 1, mutation }));
		expect(await undo(anna, card, mutation)).toMatchObject({
			master_id: null,
			stage_id: stage.unassigned,
			rank: card.rank
		});
	});

	it('finds a place beside when its own was taken', async () => {
		const card = await order();
		const { mutation } = await move(anna, card, 'unassigned');
		const other = await order('unassigned');
		await db.owner`update public.orders set stage_id = ${stage.waiting}, rank = ${card.rank} where id = ${other.id}`;
		const back = await undo(anna, card, mutation);
		expect(back.stage_id).toBe(stage.waiting);
		expect(back.rank > card.rank).toBe(true);
	});

	it('is undone one after the other, from the last back', async () => {
		const card = await order();
		const first = await move(anna, card, 'in_progress');
		const second = await move(anna, first.moved, 'done');
		expect(await refusal(undo(anna, card, first.mutation))).toMatchObject({
			code: 'VK422',
			message: 'not_the_last_move'
		});
		await undo(anna, card, second.mutation);
		expect((await undo(anna, card, first.mutation)).stage_id).toBe(stage.waiting);
	});

	it('repeated is undone once', async () => {
		const card = await order();
		const [{ mutation }, again] = [await move(anna, card, 'unassigned'), randomUUID()];
		const answers = await Promise.all([1, 2, 3].map(() => undo(anna, card, mutation, again)));
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect((await cardOf(db.owner, card.id)).version).toBe(3);
	});
});

describe('is refused', () => {
	it('when somebody else changed the order since, with who and when', async () => {
		const changes = [
			(card: Card) => move(boris, { ...card, version: 2 }, 'done'),
			(card: Card) =>
				db.commitAs(
					boris,
					(tx) => tx`update public.orders set problem = 'Worse' where id = ${card.id}`
				)
		];
		for (const change of changes) {
			const card = await order();
			const { mutation } = await move(anna, card, 'in_progress');
			await change(card);
			expect(await refusal(undo(anna, card, mutation))).toMatchObject({
				code: 'VK409',
				message: 'order_changed',
				details: { changed_by: boris, changed_by_name: 'Boris', changed_at: expect.any(String) }
			});
			await db.owner`update public.orders set stage_id = ${stage.done} where id = ${card.id} and stage_id <> ${stage.done}`;
		}
	});

	it('for a move of somebody else or none', async () => {
		const card = await order();
		const { mutation } = await move(anna, card, 'unassigned');
		for (const undoOf of [mutation, randomUUID()]) {
			expect(await refusal(undo(boris, card, undoOf))).toMatchObject({
				code: 'VK404',
				message: 'move_not_found'
			});
		}
	});

	it('when the master has no room any more', async () => {
		const card = await order('in_progress');
		const { mutation } = await move(anna, card, 'waiting');
		await order('in_progress');
		expect(await refusal(undo(anna, card, mutation))).toMatchObject({
			message: 'master_at_capacity'
		});
	});

	it('to strangers, and to a master for what is not his', async () => {
		const card = await order('in_progress');
		const { mutation } = await move(master, card, 'done');
		const other = await makeEmployee(db.owner, 'master', { location });
		expect((await refusal(undo(other, card, mutation))).message).toBe('order_not_found');
		for (const who of [await makeUser(db.owner), await makeEmployee(db.owner, 'marketer')]) {
			expect((await refusal(undo(who, card, mutation))).code).toBe('VK403');
		}
		expect((await refusal(undo(null, card, mutation))).code).toBe('42501');
		expect((await undo(master, card, mutation)).stage_id).toBe(stage.in_progress);
	});
});
