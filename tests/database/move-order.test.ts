// move_order: every rule of a move, each broken once
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
	type Database,
	type Kind
} from '../support/database.ts';

let db: Database;
let location: number;
let coordinator: string;
let master: string;
const stage = {} as Record<Kind, number>;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator', { name: 'Marina' });
	const kinds: Kind[] = [
		'unassigned',
		'assigned',
		'in_progress',
		'waiting',
		'done',
		'closed',
		'refused'
	];
	for (const kind of kinds) stage[kind] = await stageOf(db.owner, kind);
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location, capacity: 2, name: 'Oleg' });
});

const order = (kind: Kind, owner = true) =>
	makeOrder(db.owner, {
		location,
		stage: stage[kind],
		...(owner && kind !== 'unassigned' ? { master } : {})
	});
const move = (who: string, card: Card, to: number, rest: Partial<Move> = {}) =>
	db.commitAs(who, (tx) => moveOrder(tx, { order: card.id, to, seen: card.version, ...rest }));

describe('a permitted move', () => {
	it('returns the card as everybody will see it', async () => {
		const card = await order('assigned');
		const moved = await move(coordinator, card, stage.in_progress);
		expect(moved).toEqual(await cardOf(db.owner, card.id));
		expect(moved).toMatchObject({ version: 2, stage_id: stage.in_progress, master_id: master });
		expect(Object.keys(moved).sort()).toEqual(
			[
				'accepted_at address asset_label assigned_at client_blacklisted client_id client_name',
				'comment_count created_at created_by id location_id master_id payment_state photo_count planned_at',
				'planned_minutes priority problem promised_at rank seen_at service_id stage_entered_at',
				'stage_id type unanswered_at updated_at version'
			]
				.join(' ')
				.split(' ')
		);
		expect(Date.parse(moved.stage_entered_at as string)).toBeGreaterThan(
			Date.parse(card.stage_entered_at as string)
		);
		expect(moved.stage_entered_at).toMatch(/^\d{4}-\d\d-\d\dT.*\+00:00$/);
	});

	it('to an unassigned column takes the order from its master', async () => {
		const card = await order('assigned');
		expect((await move(coordinator, card, stage.unassigned)).master_id).toBeNull();
	});

	it('to a refused column keeps the reason, and leaving it forgets the reason', async () => {
		const card = await order('unassigned');
		const refused = await move(coordinator, card, stage.refused, { reason: ' Too dear ' });
		const read = () => db.owner`select refusal_reason, closed_at is not null as closed
			from public.orders where id = ${card.id}`;
		expect(await read()).toEqual([{ refusal_reason: 'Too dear', closed: true }]);
		await move(coordinator, refused, stage.unassigned);
		expect(await read()).toEqual([{ refusal_reason: null, closed: false }]);
	});

	it('within a column keeps the time the order entered it', async () => {
		const [upper, lower] = [await order('unassigned'), await order('unassigned')];
		const moved = await move(coordinator, lower, stage.unassigned, { prev: upper.id });
		expect(moved.stage_entered_at).toBe(lower.stage_entered_at);
	});
});

describe('a refused move', () => {
	it.each([
		['unassigned', 'closed'],
		['assigned', 'closed'],
		['done', 'unassigned'],
		['closed', 'unassigned']
	] as [Kind, Kind][])('from %s to %s does not exist', async (from, to) => {
		const card = await order(from);
		expect(await refusal(move(coordinator, card, stage[to]))).toEqual({
			code: 'VK422',
			message: 'transition_not_allowed',
			details: { from_kind: from, to_kind: to }
		});
		expect(await cardOf(db.owner, card.id)).toEqual(card);
	});

	it('without a reason asks for one', async () => {
		const card = await order('unassigned');
		for (const reason of [null, '', '  ', ' \u00a0\u200b ']) {
			expect(await refusal(move(coordinator, card, stage.refused, { reason }))).toEqual({
				code: 'VK422',
				message: 'reason_required',
				details: { stage_id: stage.refused }
			});
		}
	});

	it('names the permission that is missing', async () => {
		const card = await order('unassigned');
		for (const role of ['operator', 'marketer'] as const) {
			const who = await makeEmployee(db.owner, role);
			expect(await refusal(move(who, card, stage.waiting))).toEqual({
				code: 'VK403',
				message: 'not_allowed',
				details: { permission: 'orders.move' }
			});
		}
	});

	it('of a column of another location', async () => {
		const elsewhere = await makeLocation(db.owner);
		const column = await makeStage(db.owner, 'waiting', { location: elsewhere });
		expect(await refusal(move(coordinator, await order('assigned'), column))).toEqual({
			code: 'VK422',
			message: 'stage_of_other_location',
			details: { stage_id: column, location_id: elsewhere }
		});
	});

	it('answers alike for a missing order and one of another location', async () => {
		const elsewhere = await makeLocation(db.owner);
		const theirs = await makeOrder(db.owner, { location: elsewhere });
		const who = await makeEmployee(db.owner, 'coordinator', { location });
		for (const id of [theirs.id, 999_999_999, -1]) {
			expect(await refusal(move(who, { ...theirs, id }, stage.waiting))).toEqual({
				code: 'VK404',
				message: 'order_not_found',
				details: { order_id: id }
			});
		}
	});

	it('of an unknown column', async () => {
		const card = await order('unassigned');
		expect(await refusal(move(coordinator, card, 999_999))).toEqual({
			code: 'VK404',
			message: 'stage_not_found',
			details: { stage_id: 999_999 }
		});
	});

	it.each([
		['order_id', { order: null }],
		['to_stage', { to: null }],
		['seen_version', { seen: null }],
		['reason', { reason: 'x'.repeat(501) }]
	])('without a usable %s', async (field, broken) => {
		const card = await order('unassigned');
		expect(await refusal(move(coordinator, card, stage.waiting, broken as never))).toMatchObject({
			message: 'invalid_argument',
			details: { field }
		});
	});
});

describe('a master', () => {
	it('starts, pauses and finishes his own order', async () => {
		let card = await order('assigned');
		for (const kind of ['in_progress', 'waiting', 'in_progress', 'done'] as Kind[]) {
			card = await move(master, card, stage[kind]);
		}
		expect(card).toMatchObject({ stage_id: stage.done, version: 5 });
	});

	it('moves nobody else’s order, which for him does not exist', async () => {
		const theirs = await makeOrder(db.owner, { location });
		expect(await refusal(move(master, theirs, stage.waiting))).toMatchObject({
			code: 'VK404',
			message: 'order_not_found'
		});
	});

	it.each([
		['assigned', 'unassigned', 'orders.assign'],
		['assigned', 'refused', 'orders.refuse'],
		['done', 'closed', 'orders.close'],
		['assigned', 'assigned', 'orders.move']
	] as [Kind, Kind, string][])('may not take it from %s to %s', async (from, to, permission) => {
		expect(
			await refusal(move(master, await order(from), stage[to], { reason: 'because' }))
		).toMatchObject({ code: 'VK403', message: 'not_allowed', details: { permission } });
	});
});

describe('limits', () => {
	it('a master at capacity takes nothing back into work, by any path', async () => {
		await order('assigned');
		await order('in_progress');
		const waiting = await order('waiting');
		const full = {
			code: 'VK422',
			message: 'master_at_capacity',
			details: { master_id: master, master_name: 'Oleg', capacity: 2, active: 2 }
		};
		expect(await refusal(move(coordinator, waiting, stage.in_progress))).toEqual(full);
		const byHand = db.owner`update public.orders set stage_id = ${stage.in_progress}
			where id = ${waiting.id}`;
		expect(await refusal(byHand)).toEqual(full);
	});

	it('a full column refuses, takes reorders, and counts each location for itself', async () => {
		const column = await makeStage(db.owner, 'waiting', { wipLimit: 2 });
		const [first, second, third] = [
			await order('unassigned'),
			await order('unassigned'),
			await order('unassigned')
		] as [Card, Card, Card];
		const there = await move(coordinator, first, column);
		await move(coordinator, second, column);
		expect(await refusal(move(coordinator, third, column))).toEqual({
			code: 'VK422',
			message: 'wip_limit_reached',
			details: { stage_id: column, limit: 2 }
		});
		await move(coordinator, there, column, { next: second.id });
		const elsewhere = await makeOrder(db.owner, { location: await makeLocation(db.owner) });
		await move(coordinator, elsewhere, column);
	});

	it('of two who take the last place at once, the later waits and is refused', async () => {
		const column = await makeStage(db.owner, 'waiting', { wipLimit: 1 });
		const [first, second] = [await order('unassigned'), await order('unassigned')];
		let late = Promise.resolve({}) as Promise<unknown>;
		await db.commitAs(coordinator, async (tx) => {
			await moveOrder(tx, { order: first.id, to: column, seen: 1 });
			late = refusal(move(coordinator, second, column));
			await expect(Promise.race([late, sleep(200, 'waits')])).resolves.toBe('waits');
		});
		expect(await late).toMatchObject({ message: 'wip_limit_reached' });
	});
});

it('tolerates a mutation id that was refused: it may be tried again', async () => {
	const card = await order('unassigned');
	const mutation = randomUUID();
	await refusal(move(coordinator, card, stage.refused, { mutation }));
	const moved = await move(coordinator, card, stage.refused, { mutation, reason: 'Too dear' });
	expect(moved.version).toBe(2);
});
