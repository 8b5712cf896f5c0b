// the board in one trip and the difference to it: what is in them, and for whose eyes
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveOrder } from '../support/calls.ts';
import {
	cardOf,
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeStage,
	openShift,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

type Stage = { id: number; position: number; kind: string } & Record<string, unknown>;
type Master = { id: string } & Record<string, unknown>;
type Board = {
	stages: Stage[];
	cards: Card[];
	masters: Master[];
	counts: Record<string, number>;
	at: string;
};
type Changes = Omit<Board, 'stages'> & {
	removed: number[];
	aged: { id: number; version: number; stage_id: number }[];
};

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let local: string;
let master: string;
let waiting: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator');
	local = await makeEmployee(db.owner, 'coordinator', { location: here });
	master = await makeEmployee(db.owner, 'master', { location: here, name: 'Oleg' });
	await openShift(db.owner, master);
	await makeEmployee(db.owner, 'master', { location: here, active: false });
	waiting = await stageOf(db.owner, 'waiting');
	await makeOrder(db.owner, { location: here });
	await makeOrder(db.owner, { location: here, stage: waiting, master });
	await makeOrder(db.owner, { location: there });
	await makeOrder(db.owner, { location: there, stage: waiting });
});
afterAll(() => db?.stop());

const snapshot = async (who: string, location: number | null = null) =>
	(await db.asRole(who, (tx) => tx`select public.board_snapshot(${location}) as board`))[0]
		?.board as Board;
const changes = async (who: string, known: unknown, location: number | null = null) =>
	(
		await db.asRole(
			who,
			(tx) =>
				tx`select public.board_changes(${JSON.stringify(known)}::text::jsonb, ${location}) as diff`
		)
	)[0]?.diff as Changes;
const known = (board: Board) =>
	Object.fromEntries(board.cards.map((card) => [card.id, card.version]));

describe('board_snapshot', () => {
	it('has everything the board needs', async () => {
		const board = await snapshot(coordinator);
		expect(Object.keys(board).sort()).toEqual(
			'at cards counts masters money stages sums'.split(' ')
		);
		expect(board.stages.map(({ kind }) => kind)).toEqual(
			'unassigned assigned in_progress waiting done closed refused'.split(' ')
		);
		expect(Object.keys(board.stages[0] as Stage).sort()).toEqual(
			'colour id kind location_id name norm_minutes position requires_reason wip_limit'.split(' ')
		);
		expect(board.stages[0]?.name).toEqual({
			en: 'Unassigned',
			ru: 'Не назначена',
			uk: 'Не призначена'
		});
		for (const card of board.cards) expect(card).toEqual(await cardOf(db.owner, card.id));
		expect(board.masters).toEqual([
			{
				id: master,
				full_name: 'Oleg',
				location_id: here,
				capacity: 3,
				active_count: 0,
				availability: 'free'
			}
		]);
		expect(Date.parse(board.at)).not.toBeNaN();
	});

	it('sorts cards by column, then as they stand', async () => {
		const { cards, stages } = await snapshot(coordinator);
		const position = (card: Card) => stages.find(({ id }) => id === card.stage_id)?.position ?? 0;
		const sorted = [...cards].sort(
			(a, b) => position(a) - position(b) || (a.rank < b.rank ? -1 : 1)
		);
		expect(cards.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
	});

	it('narrows to a location on request, and for local people always', async () => {
		const places = async (who: string, location: number | null) => [
			...new Set((await snapshot(who, location)).cards.map((card) => card.location_id))
		];
		expect((await places(coordinator, null)).sort()).toEqual([here, there].sort());
		expect(await places(coordinator, there)).toEqual([there]);
		for (const asked of [null, here, there]) expect(await places(local, asked)).toEqual([here]);
		const board = await snapshot(coordinator, there);
		expect(board.masters).toEqual([]);
		expect(board.counts[waiting]).toBe(1);
	});

	it('has columns of one location only there', async () => {
		const column = await makeStage(db.owner, 'waiting', { location: there });
		const has = async (who: string, location: number | null) =>
			(await snapshot(who, location)).stages.some(({ id }) => id === column);
		expect([await has(coordinator, null), await has(coordinator, there)]).toEqual([true, true]);
		expect([await has(coordinator, here), await has(local, there)]).toEqual([false, false]);
	});

	it('shows a master his own orders, himself and nobody else', async () => {
		const board = await snapshot(master);
		expect(board.cards.map((card) => card.master_id)).toEqual([master]);
		expect(board.masters.map(({ id }) => id)).toEqual([master]);
		expect(Object.values(board.counts).reduce((sum, n) => sum + n, 0)).toBe(1);
	});

	it('keeps the newest 50 of a finished column, and the true count', async () => {
		const closed = await stageOf(db.owner, 'closed');
		const client = await makeClient(db.owner);
		const made = [];
		for (let i = 0; i < 60; i++) {
			made.push(await makeOrder(db.owner, { location: there, stage: closed, client }));
		}
		const board = await snapshot(coordinator);
		const shown = board.cards.filter((card) => card.stage_id === closed).map(({ id }) => id);
		expect(shown.sort()).toEqual(made.slice(10).map(({ id }) => id));
		expect(board.counts[closed]).toBe(60);
		expect((await snapshot(local)).counts[closed]).toBe(0);
	});

	it('is refused to roles without a board', async () => {
		const marketer = await makeEmployee(db.owner, 'marketer');
		expect(await refusal(snapshot(marketer))).toEqual({
			code: 'VK403',
			message: 'not_allowed',
			details: { permission: 'board.read' }
		});
	});
});

describe('board_changes', () => {
	it('is empty for somebody who knows the board', async () => {
		for (const who of [coordinator, local, master]) {
			const board = await snapshot(who);
			const diff = await changes(who, known(board));
			expect(diff).toMatchObject({ cards: [], removed: [], aged: [] });
			expect(diff.counts).toEqual(board.counts);
			expect(diff.masters).toEqual(board.masters);
		}
	});

	it('is the whole board for somebody who knows nothing', async () => {
		expect((await changes(coordinator, {})).cards).toEqual((await snapshot(coordinator)).cards);
	});

	it('has what is new, what changed and what has gone, and nothing else', async () => {
		const [moved, gone] = [
			await makeOrder(db.owner, { location: here }),
			await makeOrder(db.owner, { location: here })
		];
		const before = known(await snapshot(local));
		await db.commitAs(local, (tx) => moveOrder(tx, { order: moved.id, to: waiting, seen: 1 }));
		await db.owner`update public.orders set location_id = ${there} where id = ${gone.id}`;
		const fresh = await makeOrder(db.owner, { location: here });
		const diff = await changes(local, { ...before, 999_999: 3 });
		expect(diff.cards.map(({ id }) => id).sort()).toEqual([moved.id, fresh.id].sort());
		expect(diff.cards.find(({ id }) => id === moved.id)).toEqual(await cardOf(db.owner, moved.id));
		expect(diff.removed).toEqual([gone.id, 999_999]);
	});

	it('tells which of the gone are only too old to be shown', async () => {
		const refused = await stageOf(db.owner, 'refused');
		const client = await makeClient(db.owner);
		const [first] = [await makeOrder(db.owner, { location: here, client })];
		const before = known(await snapshot(local));
		const close = (id: number) => db.owner`
			update public.orders set stage_id = ${refused}, refusal_reason = 'Too dear' where id = ${id}`;
		await close(first.id);
		for (let i = 0; i < 50; i++)
			await close((await makeOrder(db.owner, { location: here, client })).id);
		const diff = await changes(local, before);
		expect([diff.removed, diff.aged]).toEqual([
			[first.id],
			[{ id: first.id, version: 2, stage_id: refused }]
		]);
		await db.owner`update public.orders set location_id = ${there} where id = ${first.id}`;
		expect(await changes(local, before)).toMatchObject({ removed: [first.id], aged: [] });
	});

	it('takes an order from a master when it is given to another', async () => {
		const card = await makeOrder(db.owner, { location: here, stage: waiting, master });
		const before = known(await snapshot(master));
		await db.owner`update public.orders set master_id = null where id = ${card.id}`;
		expect(await changes(master, before)).toMatchObject({ cards: [], removed: [card.id] });
	});

	it.each([
		['null', null],
		['a list', [1, 2]],
		['a word', 'all'],
		['a key that is no id', { "1'; --": 1 }],
		['a version that is no number', { 1: 'x' }],
		['a nested object', { 1: { version: 1 } }]
	])('refuses %s', async (_, broken) => {
		expect(await refusal(changes(coordinator, broken))).toMatchObject({
			code: 'VK422',
			message: 'invalid_argument',
			details: { field: 'known' }
		});
	});
});
