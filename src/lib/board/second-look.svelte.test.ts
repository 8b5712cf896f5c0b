// what a second look after a repair does to the older pages somebody has loaded
import { beforeEach, expect, it, vi } from 'vitest';
import { ok } from '$lib/errors/domain-error.ts';
import type { Changes } from './board.ts';
import { BoardState } from './board.svelte.ts';
import { makeCard, makeSnapshot, stages } from './testing/server-double.ts';

beforeEach(() => void vi.stubGlobal('requestAnimationFrame', () => 0));

const closed = { ...stages[3], id: 9, kind: 'closed' as const, position: 9 } as (typeof stages)[0];

function setUp(change: Partial<Changes>) {
	const newest = makeCard({ id: 3, stage_id: 9 });
	const snapshot = makeSnapshot([newest], [...stages, closed]);
	const nothing = { ...snapshot, cards: [], removed: [], aged: [] };
	const onRepair = vi.fn();
	const board = new BoardState({
		snapshot,
		location: null,
		server: {
			send: () => new Promise(() => {}),
			bulk: () => new Promise(() => {}),
			changes: async () => ok({ ...nothing, ...change }),
			older: async () => ok({ cards: [], next: null }),
			topics: async () => []
		},
		onNotice: () => {},
		onOutdated: () => {},
		onRepair
	});
	board.showOlder({ cards: [makeCard({ id: 1, stage_id: 9 })], next: null });
	return { board, deep: () => onRepair.mock.lastCall?.[1] as ReadonlySet<number> | null };
}

it('keeps them', async () => {
	const { board, deep } = setUp({});
	await board.repair(true);
	expect([board.card(1)?.id, deep()]).toEqual([1, null]);
});

it('fetches them anew when a card has aged, which would be missing between them and the newest', async () => {
	const { board, deep } = setUp({ removed: [3], aged: [{ id: 3, version: 1, stage_id: 9 }] });
	await board.repair(true);
	expect([board.card(1), deep()]).toEqual([undefined, new Set([9])]);
});
