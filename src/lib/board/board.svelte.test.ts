import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ok, type DomainError, type Result } from '$lib/errors/domain-error.ts';
import type { LiveEvent } from '$lib/realtime/live-topics.ts';
import type { Notice } from './board-server.ts';
import { BoardState } from './board.svelte.ts';
import type { BulkAnswer, BulkCall } from './bulk.ts';
import type { Card, Changes, Mutation, OrderChanged } from './board.ts';
import { makeCard, makeEvent, makeSnapshot } from './testing/server-double.ts';

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
	vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const no = (key: DomainError['key'], details = {}): Result<never> => ({
	ok: false,
	error: { code: '', key, details }
});
const settled = () => vi.advanceTimersByTimeAsync(20);

function setUp(cards = [1, 2, 3].map((id) => makeCard({ id, stage_id: 1 }))) {
	const sent: Mutation[] = [];
	const answers: ((answer: Result<Card>) => void)[] = [];
	const bulks: { call: BulkCall; answer: (answer: Result<BulkAnswer>) => void }[] = [];
	const notices: Notice[] = [];
	const live = { start: vi.fn(), destroy: vi.fn(), gap: vi.fn() };
	let changes: Result<Changes> = ok({ ...makeSnapshot(cards), cards: [], removed: [], aged: [] });
	const onOutdated = vi.fn();
	const board = new BoardState({
		snapshot: makeSnapshot(cards),
		location: null,
		server: {
			send: (mutation) => {
				sent.push(mutation);
				return new Promise((resolve) => answers.push(resolve));
			},
			bulk: (call) => new Promise((resolve) => bulks.push({ call, answer: resolve })),
			changes: async () => changes,
			older: async () => ok({ cards: [], next: null }),
			topics: async () => []
		},
		onNotice: (notice) => notices.push(notice),
		onOutdated
	});
	board.start(() => live);
	const receive = (payload: unknown, event = 'order_changed') => {
		const topic = { scope: 'board', topic: 'x', location_id: 1 } as const;
		board.receive({ topic, event, payload } satisfies LiveEvent);
	};
	return {
		board,
		sent,
		bulks,
		notices,
		live,
		onOutdated,
		receive,
		async answer(index: number, answer: Result<Card>) {
			answers[index]?.(answer);
			await settled();
		},
		setChanges: (next: Result<Changes>) => (changes = next),
		ids: (stage: number) => board.column(stage)?.cards.map((card) => card.id)
	};
}

const top = (to_stage: number) => ({ to_stage, prev_id: null, next_id: null });
const movedTo = (id: number, stage_id: number, version: number): Card =>
	makeCard({ id, stage_id, version });

describe('an own move', () => {
	it('is painted before anything is heard, and is being saved until it is answered', async () => {
		const { board, ids, answer } = setUp();
		expect(board.move(2, top(2))).toBe(true);
		expect([ids(1), ids(2)]).toEqual([[1, 3], [2]]);
		expect(board.saving.get(2)).toBe('saving');
		await answer(0, ok(movedTo(2, 2, 2)));
		expect(board.saving.size).toBe(0);
		expect(ids(2)).toEqual([2]);
	});

	it('is confirmed by the live event when that comes first, and told once', async () => {
		const { board, sent, receive, notices, answer } = setUp();
		board.move(2, top(2));
		const mutation_id = sent[0]?.mutation_id ?? null;
		receive(makeEvent(movedTo(2, 2, 2), 1, { mutation_id }));
		await settled();
		expect(board.saving.size).toBe(0);
		await answer(0, ok(movedTo(2, 2, 2)));
		expect(notices.map((notice) => notice.kind)).toEqual(['moved']);
	});

	it('goes back to its exact slot when refused, and the refusal’s card is believed', async () => {
		const { board, ids, notices, answer } = setUp();
		board.move(2, top(2));
		await answer(0, no('order_changed', { card: movedTo(2, 3, 5) }));
		expect([ids(1), ids(2), ids(3)]).toEqual([[1, 3], [], [2]]);
		board.move(3, top(2));
		await answer(1, no('wip_limit_reached'));
		expect(ids(1)).toEqual([1, 3]);
		expect(notices.map((notice) => notice.kind)).toEqual(['refused', 'refused']);
	});

	it('that could not be sent is kept, shown so, and repeated when the server is back', async () => {
		const { board, sent, ids, answer } = setUp();
		board.move(2, top(2));
		await answer(0, no('network'));
		expect(board.saving.get(2)).toBe('unsent');
		expect(ids(2)).toEqual([2]);
		await board.repair();
		expect(sent.map((mutation) => mutation.mutation_id)).toEqual([
			sent[0]?.mutation_id,
			sent[0]?.mutation_id
		]);
		await answer(1, ok(movedTo(2, 2, 2)));
		expect(board.saving.size).toBe(0);
	});

	it('to where the card already stands asks nobody', () => {
		const { board, sent } = setUp();
		expect(board.move(2, { to_stage: 1, prev_id: 1, next_id: 3 })).toBe(false);
		expect(board.move(99, top(2))).toBe(false);
		expect(sent).toEqual([]);
	});

	it('can be taken back to its slot by the name the server knows, and done again', async () => {
		const { board, sent, answer, ids, notices } = setUp();
		board.move(2, top(2));
		expect(board.wishes.undo()).toBe(false);
		await answer(0, ok(movedTo(2, 2, 7)));
		expect(board.wishes.undo()).toBe(true);
		expect(ids(1)).toEqual([1, 2, 3]);
		expect(sent[1]).toMatchObject({ kind: 'undo', order_id: 2, undo_of: sent[0]?.mutation_id });
		await answer(1, ok(movedTo(2, 1, 8)));
		expect(board.wishes.undo()).toBe(false);
		expect(board.wishes.redo()).toBe(true);
		expect(ids(2)).toEqual([2]);
		expect(sent[2]).toMatchObject({ kind: 'undo', undo_of: sent[1]?.mutation_id });
		await answer(2, ok(movedTo(2, 2, 9)));
		expect(board.wishes.undo()).toBe(true);
		expect(notices.map(({ kind }) => kind)).toEqual(['moved', 'undone', 'undone']);
	});

	it('makes what was taken back before it impossible to do again', async () => {
		const { board, answer } = setUp();
		board.move(2, top(2));
		await answer(0, ok(movedTo(2, 2, 2)));
		board.wishes.undo();
		await answer(1, ok(movedTo(2, 1, 3)));
		board.move(3, top(2));
		expect(board.wishes.redo()).toBe(false);
	});

	it('can be insisted on over what a colleague did meanwhile', async () => {
		const { board, sent, answer, ids, notices } = setUp();
		board.move(2, top(2));
		await answer(0, no('order_changed', { card: movedTo(2, 3, 5) }));
		const [refused] = notices;
		if (refused?.kind !== 'refused') throw new Error('nothing was refused');
		board.wishes.insist(refused.mutation);
		expect(ids(2)).toEqual([2]);
		expect(sent[1]).toMatchObject({ kind: 'move', to_stage: 2, seen_version: 5 });
		expect(sent[1]?.mutation_id).not.toBe(sent[0]?.mutation_id);
	});
});

describe('many cards', () => {
	const granted = (order_id: number, mutation_id: string, card: Card) => ({
		order_id,
		ok: true,
		mutation_id,
		card
	});

	it('go in one call, in their order, and come back one by one when undone', async () => {
		const { board, bulks, sent, ids, notices } = setUp();
		expect(board.wishes.bulk([1, 3, 99], { kind: 'move', to_stage: 2, reason: null })).toBe(true);
		expect([ids(1), ids(2)]).toEqual([[2], [1, 3]]);
		expect(bulks.map(({ call }) => call.items.map((item) => item.order_id))).toEqual([[1, 3]]);
		bulks[0]?.answer(ok([granted(1, 'a', movedTo(1, 2, 2)), granted(3, 'b', movedTo(3, 2, 2))]));
		await settled();
		expect(board.saving.size).toBe(0);
		expect(notices).toMatchObject([{ kind: 'bulk', done: 2, refused: [] }]);
		board.wishes.undo();
		expect(sent).toMatchObject([
			{ kind: 'undo', undo_of: 'b' },
			{ kind: 'undo', undo_of: 'a' }
		]);
		expect(ids(1)).toEqual([1, 2, 3]);
	});

	it('are each granted or refused for themselves', async () => {
		const { board, bulks, ids, notices } = setUp();
		board.wishes.bulk([1, 2], { kind: 'move', to_stage: 2, reason: null });
		const error = { code: 'VK422', message: 'wip_limit_reached', details: { limit: 1 } };
		const refused = { order_id: 2, ok: false, mutation_id: 'b', error };
		bulks[0]?.answer(ok([granted(1, 'a', movedTo(1, 2, 2)), refused]));
		await settled();
		expect([ids(1), ids(2)]).toEqual([[2, 3], [1]]);
		const [notice] = notices;
		expect(notice).toMatchObject({ done: 1, refused: [{ order_id: 2 }] });
	});

	it('that could not be sent are kept, shown so, and sent under the same name', async () => {
		const { board, bulks } = setUp();
		board.wishes.bulk([1, 2], { kind: 'assign', master_id: 'm' });
		bulks[0]?.answer(no('network'));
		await settled();
		expect([...board.saving]).toEqual([
			[1, 'unsent'],
			[2, 'unsent']
		]);
		await board.repair();
		await settled();
		expect(bulks[1]?.call).toEqual(bulks[0]?.call);
	});
});

describe('changes by others', () => {
	it('are painted together in the next frame', async () => {
		const { receive, ids } = setUp();
		receive(makeEvent(movedTo(1, 2, 2), 1));
		receive(makeEvent(movedTo(3, 2, 2), 1));
		expect(ids(2)).toEqual([]);
		await settled();
		expect([ids(1), ids(2)]).toEqual([[2], [1, 3]]);
	});

	it('to the card in the hand are told, own ones and others’ cards are not', async () => {
		const { board, receive, notices } = setUp();
		board.hand.lift(1, 1, 1);
		receive(makeEvent(movedTo(2, 2, 2), 1, { actor_name: 'Anna' }));
		receive(makeEvent(movedTo(1, 2, 2), 1, { actor_name: 'Anna' }));
		const gone: OrderChanged = makeEvent(movedTo(1, 2, 3), 2, { card: null, event: 'removed' });
		receive(gone);
		expect(notices).toMatchObject([
			{ kind: 'carried', change: 'moved', actor: 'Anna' },
			{ kind: 'carried', change: 'removed' }
		]);
	});

	it('that are not understood count as a gap', () => {
		const { receive, live } = setUp();
		receive({ id: 'one' });
		receive(null, 'master_changed');
		expect(live.gap).toHaveBeenCalledTimes(2);
	});

	it('in a column this board has never heard of ask for a new board', () => {
		const { receive, onOutdated } = setUp();
		receive(makeEvent(movedTo(1, 77, 2), 1));
		expect(onOutdated).toHaveBeenCalled();
	});

	it('ask for a new board only when what was asked of this one is answered', async () => {
		const { board, receive, answer, onOutdated } = setUp();
		board.move(2, top(2));
		receive({}, 'columns_changed');
		await settled();
		expect(onOutdated).not.toHaveBeenCalled();
		await answer(0, ok(movedTo(2, 2, 2)));
		expect(onOutdated).toHaveBeenCalledTimes(1);
	});

	it('of a master show at once', () => {
		const { board, receive } = setUp();
		const master = {
			id: 'm',
			full_name: 'Ivan',
			location_id: null,
			capacity: 2,
			active_count: 1,
			availability: 'free'
		};
		receive(master, 'master_changed');
		expect(board.masters.get('m')?.active_count).toBe(1);
	});
});

describe('a repair', () => {
	it('rejects when nobody answers, so that it is repeated, and says so when refused', async () => {
		const { board, setChanges, onOutdated } = setUp();
		setChanges(no('network'));
		await expect(board.repair()).rejects.toMatchObject({ key: 'network' });
		const error = { code: '57P01', key: 'unknown' as const, details: {} };
		setChanges({ ok: false, error });
		await expect(board.repair()).rejects.toMatchObject({ code: '57P01' });
		expect(onOutdated).not.toHaveBeenCalled();
		expect(board.denied).toBeNull();
		setChanges(no('not_allowed'));
		await board.repair();
		expect(board.denied?.key).toBe('not_allowed');
	});
});
