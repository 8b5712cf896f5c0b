// move_order among others: neighbours that left, cards that others moved, calls that come twice
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { moveOrder, type Move } from '../support/calls.ts';
import {
	cardOf,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeStage,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

let db: Database;
let location: number;
let anna: string;
let boris: string;
let unassigned: number;
/** a fresh column for each test */
let column: number;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris', location });
	unassigned = await stageOf(db.owner, 'unassigned');
});
afterAll(() => db?.stop());
beforeEach(async () => {
	column = await makeStage(db.owner, 'waiting');
});

const order = (stage = unassigned) => makeOrder(db.owner, { location, stage });
const move = (who: string, card: Card, to: number, rest: Partial<Move> = {}) =>
	db.commitAs(who, (tx) => moveOrder(tx, { order: card.id, to, seen: card.version, ...rest }));
const idsIn = async (stage: number) =>
	(await db.owner`select id from public.orders where stage_id = ${stage} order by rank`).map(
		(row) => row.id as number
	);
const eventsOf = async (card: Card) =>
	(
		await db.owner`select count(*)::int as n from public.order_events where order_id = ${card.id}`
	)[0]?.n as number;

describe('the place of a drop', () => {
	let a: Card, b: Card, c: Card, x: Card;
	beforeEach(async () => {
		// a new order goes on top
		c = await order(column);
		b = await order(column);
		a = await order(column);
		x = await order();
	});

	it.each([
		['after the card above', () => ({ prev: a.id, next: b.id }), () => [a, x, b, c]],
		['at the top', () => ({ next: a.id }), () => [x, a, b, c]],
		['at the bottom', () => ({ prev: c.id }), () => [a, b, c, x]],
		['after prev, though next left', () => ({ prev: b.id, next: x.id }), () => [a, b, x, c]],
		['before next, though prev left', () => ({ prev: x.id, next: c.id }), () => [a, b, x, c]],
		[
			'after prev, though others came between',
			() => ({ prev: a.id, next: c.id }),
			() => [a, x, b, c]
		],
		['at the top, when both left', () => ({ prev: x.id, next: x.id }), () => [x, a, b, c]],
		['at the top, when both are unknown', () => ({ prev: 1, next: -5 }), () => [x, a, b, c]],
		['at the top, when nothing is said', () => ({}), () => [x, a, b, c]]
	])('%s', async (_, place, wanted) => {
		await move(anna, x, column, place());
		expect(await idsIn(column)).toEqual(wanted().map(({ id }) => id));
	});

	it('within the column', async () => {
		await move(anna, a, column, { prev: b.id, next: c.id });
		expect(await idsIn(column)).toEqual([b.id, a.id, c.id]);
		await move(anna, c, column, { next: b.id });
		expect(await idsIn(column)).toEqual([c.id, b.id, a.id]);
	});

	it('is drawn again when somebody else drew the very same rank', async () => {
		const y = await order();
		const place = { to: column, prev: a.id, next: b.id, seen: 1 };
		let late = Promise.resolve({}) as Promise<Card>;
		await db.commitAs(anna, async (tx) => {
			await tx`select setseed(0.5)`;
			await moveOrder(tx, { order: x.id, ...place });
			late = db.commitAs(boris, async (other) => {
				await other`select setseed(0.5)`;
				return moveOrder(other, { order: y.id, ...place });
			});
			// the other waits to see whether this rank stays
			await sleep(100);
		});
		expect((await late).version).toBe(2);
		const ids = await idsIn(column);
		expect([ids[0], ids.slice(1, 3).sort(), ids[3]]).toEqual([a.id, [x.id, y.id].sort(), b.id]);
	});

	it('stays exact when 30 drop into the same gap at once', async () => {
		const cards = await Promise.all(Array.from({ length: 30 }, () => order()));
		await Promise.all(
			cards.map((card, i) => move(i % 2 ? anna : boris, card, column, { prev: a.id, next: b.id }))
		);
		const ids = await idsIn(column);
		expect(ids[0]).toBe(a.id);
		expect(ids.slice(-2)).toEqual([b.id, c.id]);
		expect(new Set(ids).size).toBe(33);
	});
});

describe('two people and one card', () => {
	it('the later of two is told who moved it, when and where to', async () => {
		const card = await order();
		const hers = await move(anna, card, column);
		const told = await refusal(move(boris, card, await makeStage(db.owner, 'waiting')));
		expect(told).toMatchObject({ code: 'VK409', message: 'order_changed' });
		expect(told.details).toEqual({
			order_id: card.id,
			version: 2,
			stage_id: column,
			stage_kind: 'waiting',
			changed_by: anna,
			changed_by_name: 'Anna',
			changed_at: expect.stringMatching(/^\d{4}-/),
			change: 'moved',
			card: hers
		});
	});

	it('at the same instant exactly one wins', async () => {
		for (let round = 0; round < 10; round++) {
			const card = await order();
			const other = await makeStage(db.owner, 'waiting');
			const results = await Promise.allSettled([
				move(anna, card, column),
				move(boris, card, other)
			]);
			const won = results.filter((result) => result.status === 'fulfilled');
			const lost = results.filter((result) => result.status === 'rejected');
			expect(won).toHaveLength(1);
			const reason = (lost[0] as PromiseRejectedResult).reason;
			expect(reason).toMatchObject({ code: 'VK409', message: 'order_changed' });
			const winner = results[0]?.status === 'fulfilled' ? 'Anna' : 'Boris';
			expect(JSON.parse(reason.detail).changed_by_name).toBe(winner);
			expect((await cardOf(db.owner, card.id)).version).toBe(2);
			expect(await eventsOf(card)).toBe(2);
		}
	});

	it('my own newer move is no conflict', async () => {
		const card = await order();
		await move(anna, card, column);
		expect((await move(anna, card, unassigned)).version).toBe(3);
	});

	it('an edit or an assignment by somebody else does not stand in the way', async () => {
		const card = await order(column);
		const master = await makeEmployee(db.owner, 'master', { location });
		await db.commitAs(
			boris,
			(tx) => tx`update public.orders set problem = 'More' where id = ${card.id}`
		);
		await db.owner`update public.orders set master_id = ${master} where id = ${card.id}`;
		const moved = await move(anna, card, await stageOf(db.owner, 'in_progress'));
		expect(moved).toMatchObject({ version: 4, problem: 'More', master_id: master });
	});

	it('an assignment that moved the card does', async () => {
		const card = await order();
		const master = await makeEmployee(db.owner, 'master', { location });
		await db.commitAs(
			boris,
			(tx) => tx`select public.assign_order(${card.id}, ${master}, 1, ${randomUUID()})`
		);
		const told = await refusal(move(anna, card, column));
		expect(told.details).toMatchObject({ changed_by_name: 'Boris', change: 'assigned' });
	});

	it('a change by a program has no name but conflicts as well', async () => {
		const card = await order();
		await db.owner`update public.orders set stage_id = ${column} where id = ${card.id}`;
		const told = await refusal(move(anna, card, unassigned));
		expect(told.details).toMatchObject({ changed_by: null, changed_by_name: null });
	});

	it('different cards into one column do not wait for each other', async () => {
		const [hers, his] = [await order(), await order()];
		await db.commitAs(anna, async (tx) => {
			await moveOrder(tx, { order: hers.id, to: column, seen: 1 });
			// while hers is not committed yet
			await db.commitAs(boris, async (other) => {
				await other`set local lock_timeout = '500ms'`;
				await moveOrder(other, { order: his.id, to: column, seen: 1 });
			});
		});
		expect((await idsIn(column)).sort()).toEqual([hers.id, his.id].sort());
	});
});

describe('a repeated call', () => {
	it('has one effect and the same answer, even after later changes', async () => {
		const card = await order();
		const mutation = randomUUID();
		const first = await move(anna, card, column, { mutation });
		await move(boris, first, unassigned);
		expect(await move(anna, card, column, { mutation })).toEqual(first);
		expect(await eventsOf(card)).toBe(3);
	});

	it('ten times at the same instant has one effect and one answer', async () => {
		const card = await order();
		const mutation = randomUUID();
		const answers = await Promise.all(
			Array.from({ length: 10 }, () => move(anna, card, column, { mutation }))
		);
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect(await eventsOf(card)).toBe(2);
		expect((await cardOf(db.owner, card.id)).version).toBe(2);
	});

	it('with the mutation id of another person or for another order is refused', async () => {
		const [card, other] = [await order(), await order()];
		const mutation = randomUUID();
		const moved = await move(anna, card, column, { mutation });
		const reused = {
			code: 'VK409',
			message: 'mutation_reused',
			details: { mutation_id: mutation }
		};
		expect(await refusal(move(boris, moved, unassigned, { mutation }))).toEqual(reused);
		expect(await refusal(move(anna, other, column, { mutation }))).toEqual(reused);
		expect(await cardOf(db.owner, other.id)).toEqual(other);
	});

	it('for two orders at the same instant moves one of them', async () => {
		const [card, other] = [await order(), await order()];
		const mutation = randomUUID();
		const results = await Promise.allSettled([
			move(anna, card, column, { mutation }),
			move(anna, other, column, { mutation })
		]);
		expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(await idsIn(column)).toHaveLength(1);
	});
});
