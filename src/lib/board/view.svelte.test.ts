import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok } from '$lib/errors/domain-error.ts';
import { BoardState } from './board.svelte.ts';
import { everything, type BoardQuery } from './query.ts';
import { Selection } from './selection.svelte.ts';
import { makeCard, makeEvent, makeSnapshot } from './testing/server-double.ts';
import { BoardView } from './view.svelte.ts';

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
	vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const faces = [
	{ id: 1, master_id: 'm', promised_at: '2026-03-03T10:00:00Z' },
	{ id: 2, promised_at: '2026-03-02T10:00:00Z' },
	{ id: 3, problem: 'Cracked neck' }
];

function setUp(query: Partial<BoardQuery> = {}) {
	const cards = faces.map((face) => makeCard({ stage_id: 1, ...face }));
	const snapshot = makeSnapshot(cards);
	const board = new BoardState({
		snapshot,
		location: null,
		server: {
			send: () => new Promise(() => {}),
			bulk: () => new Promise(() => {}),
			changes: async () => ok({ ...snapshot, cards: [], removed: [], aged: [] }),
			older: async () => ok({ cards: [], next: null }),
			topics: async () => []
		},
		onNotice: () => {},
		onOutdated: () => {}
	});
	const facts = { me: 'm', locations: [], startOfDay: () => 0 };
	const view = new BoardView(board, { ...everything, ...query }, facts);
	const change = (id: number, stage_id: number, problem = 'x') => {
		const card = makeCard({ id, stage_id, version: 2, problem });
		const topic = { scope: 'board', topic: 'x', location_id: 1 } as const;
		board.receive({ topic, event: 'order_changed', payload: makeEvent(card, 1) });
		vi.advanceTimersByTime(20);
	};
	const ids = (stage = 1) => view.column(stage)?.cards.map(({ id }) => id);
	return { board, view, change, ids };
}

describe('what is shown', () => {
	it('is filtered and sorted, with the true count beside it', () => {
		const { view, ids } = setUp({ text: 'neck' });
		expect([ids(), view.column(1)?.count]).toEqual([[3], 3]);
		view.show({ ...everything, sort: 'promised' });
		expect(ids()).toEqual([2, 1, 3]);
	});

	it('is lane after lane, each card once, and placed where it is seen', () => {
		const { view, ids } = setUp({ lanes: 'master' });
		expect(view.lanes.map(({ key }) => key)).toEqual(['none', 'm']);
		expect(ids()).toEqual([2, 3, 1]);
		expect(view.placeOf(3)).toMatchObject({ lane: 'none', index: 1 });
		expect(
			view
				.column(1)
				?.cell('m')
				.map(({ id }) => id)
		).toEqual([1]);
	});

	it('stays where it is under a moving pointer, and catches up when that rests', () => {
		const { view, change, ids } = setUp();
		view.point(1);
		change(1, 2);
		change(3, 1, 'Changed by a colleague');
		expect([ids(1), ids(2)]).toEqual([[1, 2, 3], [1]]);
		expect(view.column(1)?.isGone(1)).toBe(true);
		expect(view.column(1)?.cards[2]?.problem).toBe('Changed by a colleague');
		expect(view.column(1)?.count).toBe(2);
		vi.advanceTimersByTime(400);
		view.point(1);
		vi.advanceTimersByTime(400);
		expect(ids(1)).toEqual([1, 2, 3]);
		vi.advanceTimersByTime(200);
		expect(ids(1)).toEqual([2, 3]);
		flushSync();
	});

	it('is let go at once when the pointer goes elsewhere', () => {
		const { view, change, ids } = setUp();
		view.point(1);
		change(1, 2);
		view.point(2);
		expect(ids(1)).toEqual([2, 3]);
	});
});

describe('chosen cards', () => {
	const cards = [1, 2, 3, 4, 5].map((id) => ({ id }));

	it('are toggled, extended from the last one, and taken along by any of them', () => {
		const selection = new Selection();
		selection.toggle(2);
		selection.extend(4, cards);
		expect([...selection.ids]).toEqual([2, 3, 4]);
		expect([selection.with(3), selection.with(1)]).toEqual([[2, 3, 4], [1]]);
		selection.toggle(3);
		expect(selection.has(3)).toBe(false);
		selection.keep((id) => id !== 2);
		expect([...selection.ids]).toEqual([4]);
		selection.clear();
		expect(selection.size).toBe(0);
	});

	it('are never more than one call takes', () => {
		const selection = new Selection();
		const many = Array.from({ length: 500 }, (_, id) => ({ id }));
		selection.toggle(0);
		selection.extend(499, many);
		expect(selection.size).toBe(200);
	});
});
