// time travel: whatever was recorded as it happened, the history gives back, also stepping through it
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PastBoard, type Past, type PastDay } from '../../src/lib/board/replay/replay.ts';
import { assignOrder, moveOrder } from '../support/calls.ts';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

const CHANGES = 1_200;
const CHECKPOINTS = 15;

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let local: string;
let masters: string[];
let stages: { id: number; kind: string }[];
let random: () => number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'admin');
	local = await makeEmployee(db.owner, 'coordinator', { location: here });
	masters = [];
	for (const location of [here, here, there]) {
		masters.push(await makeEmployee(db.owner, 'master', { location, capacity: 60 }));
	}
	stages = await db.owner`select id, kind from public.stages where location_id is null`;
	random = dice(20261121);
});
afterAll(() => db?.stop());

/** the same dice in every run, so that a failure can be looked at */
function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}
const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;

const ask = async (
	who: string,
	call: 'board_at' | 'board_snapshot',
	at: unknown,
	place: number | null
) => {
	const rows = await db.asRole(who, (tx) =>
		call === 'board_at'
			? tx`select public.board_at(${at as string}, ${place}) as board`
			: tx`select public.board_snapshot(${place}) as board`
	);
	return rows[0]?.board as Past;
};

/** no event tells these */
const untold = 'version updated_at assigned_at seen_at accepted_at unanswered_at'.split(' ');

/** What both know of a board. */
function essence({ cards, counts }: Past) {
	const told = cards.map((card) =>
		Object.fromEntries(Object.entries(card).filter(([field]) => !untold.includes(field)))
	);
	return { counts, cards: told.sort((a, b) => Number(a.id) - Number(b.id)) };
}

async function changeSomething(ids: number[]): Promise<void> {
	const id = one(ids);
	const [card] = await db.owner`select to_jsonb(c) as c from private.cards c where id = ${id}`;
	const now = card?.c as Card;
	const other = one(ids);
	const act = random();
	const wish = db.commitAs(coordinator, async (tx) => {
		if (act < 0.5)
			await moveOrder(tx, {
				order: id,
				to: one(stages).id,
				prev: other === id ? null : other,
				seen: now.version,
				reason: 'Because'
			});
		else if (act < 0.7)
			await assignOrder(tx, { order: id, master: one([...masters, null]), seen: now.version });
		else
			await tx`update public.orders set problem = ${`Problem ${random()}`},
				priority = ${Math.floor(random() * 3)}, promised_at = ${one([null, '2026-12-01'])}
				where id = ${id}`;
	});
	// what the rules refuse is no change; any other error is one of this test
	await wish.catch((error: { code?: string }) => {
		if (!error.code?.startsWith('VK')) throw error;
	});
	if (act > 0.97) {
		await db.owner`update public.orders set location_id = ${one([here, there])}, master_id = null
			where id = ${id}`;
	}
}

describe('after a thousand random changes', () => {
	const recorded: { place: number | null; board: Past & { at: string } }[] = [];

	beforeAll(async () => {
		const ids: number[] = [];
		for (let change = 0; change < CHANGES; change++) {
			if (ids.length < 40 || random() < 0.25)
				ids.push((await makeOrder(db.owner, { location: one([here, there]) })).id);
			else await changeSomething(ids);
			if (change % (CHANGES / CHECKPOINTS) === 0) {
				const place = one([null, here]);
				const board = await ask(coordinator, 'board_snapshot', null, place);
				recorded.push({ place, board: board as Past & { at: string } });
			}
		}
	}, 120_000);

	it('each recorded board is given back', async () => {
		const [log] = await db.owner`select count(*)::int as events from public.order_events`;
		expect(log?.events).toBeGreaterThan(800);
		expect(recorded).toHaveLength(CHECKPOINTS);
		// some column must hold more than a board shows of it
		expect(Math.max(...Object.values(recorded.at(-1)?.board.counts ?? {}))).toBeGreaterThan(50);
		for (const { place, board } of recorded) {
			const past = await ask(coordinator, 'board_at', board.at, place);
			expect(essence(past), `${place} at ${board.at}`).toEqual(essence(board));
		}
	});

	it('stepping through the day leads to the same boards, forward and back', async () => {
		const middle = recorded[CHECKPOINTS / 3]?.board.at as string;
		for (const place of [null, here]) {
			const [row] = await db.asRole(
				coordinator,
				(tx) =>
					tx`select public.board_day((now() at time zone 'Europe/Kyiv')::date, ${place}) as day`
			);
			const day = row?.day as PastDay;
			const end = await ask(coordinator, 'board_at', new Date(), place);
			for (const from of [day.from, middle]) {
				const start = await ask(coordinator, 'board_at', from, place);
				const board = new PastBoard(start, place);
				const events = day.events.filter(({ at }) => Date.parse(at) > Date.parse(from));
				for (const event of events) board.apply(event);
				expect(board.steps).toBeGreaterThan(100);
				expect(faces(board.cards.values(), end)).toEqual(faces(end.cards, end));
				expect(Object.fromEntries(board.counts)).toEqual(end.counts);
				while (board.steps > 0) board.back();
				expect([...board.cards.values()].sort(byId)).toEqual(start.cards.sort(byId));
				expect(Object.fromEntries(board.counts)).toEqual(start.counts);
			}
		}
	});

	it('an employee of one workshop gets that one, whatever is asked', async () => {
		const { at } = recorded.at(-1)?.board as { at: string };
		const mine = await ask(local, 'board_at', at, there);
		expect(essence(mine)).toEqual(essence(await ask(coordinator, 'board_at', at, here)));
		const [row] = await db.asRole(
			local,
			(tx) => tx`select public.board_day((now() at time zone 'Europe/Kyiv')::date, ${there}) as day`
		);
		const day = row?.day as PastDay;
		expect(day.events.length).toBeGreaterThan(0);
		expect(day.events.every(({ card }) => !card || card.location_id === here)).toBe(true);
	});

	/** open columns only: of the others a board holds the newest fifty */
	const faces = (cards: Iterable<Past['cards'][number]>, { stages: columns }: Past) => {
		const open = columns.filter(({ kind }) => !['done', 'closed', 'refused'].includes(kind));
		return [...cards]
			.filter((card) => open.some(({ id }) => id === card.stage_id))
			.map(({ id, stage_id, rank, master_id, problem, priority, stage_entered_at }) => {
				return { id, stage_id, rank, master_id, problem, priority, stage_entered_at };
			})
			.sort(byId);
	};
});

it('before the first order there was an empty board', async () => {
	const past = await ask(coordinator, 'board_at', '2001-01-01T00:00:00Z', null);
	expect(past.cards).toEqual([]);
	expect(Object.values(past.counts).every((count) => count === 0)).toBe(true);
});

it('tells no money and nothing else that a card does not show', async () => {
	const order = await makeOrder(db.owner, { location: here });
	await db.owner`insert into public.order_events (order_id, version, kind, from_values, to_values)
		values (${order.id}, 2, 'changed', '{"total": 5, "result": "x"}', '{"total": 6, "result": "y"}')`;
	const [row] = await db.asRole(
		coordinator,
		(tx) => tx`select public.board_day((now() at time zone 'Europe/Kyiv')::date, ${here}) as day`
	);
	const event = (row?.day as PastDay).events.findLast(({ order_id }) => order_id === order.id);
	expect(event).toMatchObject({ kind: 'changed', from: {}, to: {} });
});

it('masters, marketers and strangers are refused, and so is no moment at all', async () => {
	const call = (who: string | null) =>
		refusal(db.asRole(who, (tx) => tx`select public.board_at(now(), null)`));
	const marketer = await makeEmployee(db.owner, 'marketer');
	expect(await call(masters[0] as string)).toMatchObject({ code: 'VK403' });
	expect(await call(marketer)).toMatchObject({ code: 'VK403' });
	expect(await call(null)).toMatchObject({ code: '42501' });
	const none = (tx: Parameters<Parameters<Database['asRole']>[1]>[0]) =>
		tx`select public.board_day(null, null)`;
	expect(await refusal(db.asRole(coordinator, none))).toMatchObject({
		code: 'VK422',
		details: { field: 'day' }
	});
	expect(await refusal(db.asRole(masters[0] as string, none))).toMatchObject({ code: 'VK403' });
});
