import { describe, expect, it } from 'vitest';
import { compareCards, type Card } from './board.ts';
import { BoardModel } from './board-model.ts';
import { makeCard, makeEvent, makeMove, makeSnapshot, stages } from './testing/server-double.ts';

const ids = (model: BoardModel, stage: number) => model.view(stage).cards.map((card) => card.id);

function board(): BoardModel {
	return new BoardModel(
		makeSnapshot([
			makeCard({ id: 1, stage_id: 1 }),
			makeCard({ id: 2, stage_id: 1 }),
			makeCard({ id: 3, stage_id: 1 }),
			makeCard({ id: 4, stage_id: 2, master_id: 'm' }),
			makeCard({ id: 5, stage_id: 2 })
		])
	);
}

describe('order of a column', () => {
	it('compares ranks by bytes, not by a language', () => {
		const ranks = ['a0', 'Zz', 'a0V', 'A9'];
		const cards = ranks.map((rank, id) => makeCard({ id, rank }));
		expect(cards.sort(compareCards).map((card) => card.rank)).toEqual(['A9', 'Zz', 'a0', 'a0V']);
	});

	it('breaks ties by id', () => {
		const cards = [makeCard({ id: 2, rank: 'a' }), makeCard({ id: 1, rank: 'a' })];
		expect(cards.sort(compareCards).map((card) => card.id)).toEqual([1, 2]);
	});
});

describe('an own move', () => {
	it('shows at once between its neighbours and leaves its column', () => {
		const model = board();
		model.add(makeMove({ order_id: 2, to_stage: 2, prev_id: 4, next_id: 5 }));
		expect(ids(model, 1)).toEqual([1, 3]);
		expect(ids(model, 2)).toEqual([4, 2, 5]);
		expect(model.view(1).count).toBe(2);
		expect(model.view(2).count).toBe(3);
	});

	it('goes right before the next card when it never saw the previous one there', () => {
		const model = board();
		model.add(makeMove({ order_id: 2, to_stage: 2, prev_id: 1, next_id: 5 }));
		expect(ids(model, 2)).toEqual([4, 2, 5]);
	});

	it('goes before the next card when the previous one left, and on top when both did', () => {
		const model = board();
		model.add(makeMove({ order_id: 1, to_stage: 2, prev_id: 4, next_id: 5 }));
		model.apply(makeEvent({ ...makeCard({ id: 4, stage_id: 3 }), version: 2 }, 2), 1);
		expect(ids(model, 2)).toEqual([1, 5]);
		model.apply(makeEvent({ ...makeCard({ id: 5, stage_id: 3 }), version: 2 }, 2), 1);
		expect(ids(model, 2)).toEqual([1]);
	});

	it('returns to its exact slot when refused', () => {
		const model = board();
		const before = stages.map((stage) => model.view(stage.id).cards);
		const move = makeMove({ order_id: 2, to_stage: 2 });
		model.add(move);
		model.settle(move.mutation_id);
		expect(stages.map((stage) => model.view(stage.id).cards)).toEqual(before);
	});

	it('is confirmed by the live event that carries its mutation id', () => {
		const model = board();
		const move = makeMove({ order_id: 2, to_stage: 2, prev_id: 4, next_id: 5 });
		model.add(move);
		const rank = (makeCard({ id: 4 }).rank.slice(0, -1) + '1') as string;
		const card = { ...makeCard({ id: 2, stage_id: 2, rank }), version: 2 };
		model.apply(makeEvent(card, 1, { mutation_id: move.mutation_id }), 1);
		expect(model.pending).toEqual([]);
		expect(ids(model, 2)).toEqual([4, 2, 5]);
	});

	it('clears the master on the way to an unassigned column', () => {
		const model = board();
		model.add(makeMove({ order_id: 4, to_stage: 1 }));
		expect(model.card(4)).toMatchObject({ stage_id: 1, master_id: null });
	});
});

describe('an own assignment', () => {
	const assign = (order_id: number, master_id: string | null) => ({
		kind: 'assign' as const,
		mutation_id: 'a',
		order_id,
		master_id,
		seen_version: 1,
		asked_at: 0
	});

	it('takes an unassigned order to the top of the first assigned column', () => {
		const model = board();
		model.add(assign(3, 'm'));
		expect(ids(model, 2)).toEqual([3, 4, 5]);
		expect(model.card(3)?.master_id).toBe('m');
	});

	it('changes the master in place elsewhere', () => {
		const model = board();
		model.add(assign(5, 'm'));
		expect(ids(model, 2)).toEqual([4, 5]);
		expect(model.card(5)?.master_id).toBe('m');
	});

	it('takes an assigned order without a master back to the unassigned column', () => {
		const model = board();
		model.add(assign(4, null));
		expect(ids(model, 1)).toEqual([4, 1, 2, 3]);
	});
});

describe('changes from the server', () => {
	const at = (id: number, version: number, stage_id: number): Card =>
		makeCard({ id, version, stage_id });

	it('ignores an older or equal version of a card', () => {
		const model = board();
		expect(model.apply(makeEvent(at(1, 5, 3), 1), 1)).toBe(true);
		expect(model.apply(makeEvent(at(1, 4, 2), 1), 1)).toBe(false);
		expect(model.apply(makeEvent(at(1, 5, 2), 1), 1)).toBe(false);
		expect(ids(model, 3)).toEqual([1]);
	});

	it('does not bring a removed card back by a late event', () => {
		const model = board();
		const gone = makeEvent(at(1, 6, 1), 1, { card: null, event: 'removed' });
		model.apply(gone, 1);
		model.apply(makeEvent(at(1, 5, 2), 1), 1);
		expect(model.card(1)).toBeUndefined();
	});

	it('keeps an order that moved to another location this person also sees', () => {
		const moved = { ...at(1, 2, 1), location_id: 2 };
		const left = makeEvent(moved, 1, { card: null, event: 'removed' });
		const arrived = makeEvent(moved, 1, { event: 'changed' });
		const first = board();
		first.apply(arrived, 2);
		first.apply(left, 1);
		const second = board();
		second.apply(left, 1);
		second.apply(arrived, 2);
		for (const model of [first, second]) expect(model.card(1)?.location_id).toBe(2);
	});

	it('does not let a repair remove what changed while it travelled', () => {
		const model = board();
		const known = model.known();
		model.apply(makeEvent(at(1, 2, 2), 1), 1);
		model.repair({ ...makeSnapshot([]), removed: [1, 2], aged: [] }, known);
		expect(model.card(1)?.stage_id).toBe(2);
		expect(model.card(2)).toBeUndefined();
	});

	it('hands out only the columns that changed, and the others as the same object', () => {
		const model = board();
		model.flush();
		const third = model.view(3);
		model.apply(makeEvent(at(1, 2, 2), 1), 1);
		expect([...model.flush().keys()].sort()).toEqual([1, 2]);
		expect(model.view(3)).toBe(third);
		expect(model.flush().size).toBe(0);
	});
});

describe('true counts of columns that are not loaded whole', () => {
	const done = { ...stages[3], id: 9, kind: 'done' as const, position: 9 } as (typeof stages)[0];
	function archive(): BoardModel {
		const cards = [makeCard({ id: 1, stage_id: 1 }), makeCard({ id: 2, stage_id: 9 })];
		const snapshot = makeSnapshot(cards, [...stages, done]);
		return new BoardModel({ ...snapshot, counts: { ...snapshot.counts, 9: 700 } });
	}

	it('follow moves in and out, also of orders never loaded', () => {
		const model = archive();
		model.apply(makeEvent(makeCard({ id: 1, version: 2, stage_id: 9 }), 1), 1);
		expect(model.view(9).count).toBe(701);
		model.apply(makeEvent(makeCard({ id: 99, version: 7, stage_id: 1 }), 9), 1);
		expect(model.view(9).count).toBe(700);
		expect(model.view(1).count).toBe(1);
	});

	it('are not counted twice when the answer comes before the event', () => {
		const model = archive();
		const card = makeCard({ id: 1, version: 2, stage_id: 9 });
		model.accept(card);
		model.apply(makeEvent(card, 1), 1);
		expect(model.view(9).count).toBe(701);
	});

	it('stand beside older cards, which are what was told while their page was on its way', () => {
		const model = archive();
		const read = makeCard({ id: 50, version: 4, stage_id: 9, problem: 'No sound' });
		model.apply(makeEvent({ ...read, version: 5, problem: 'It hums' }, 9), 1);
		expect(ids(model, 9)).toEqual([2]);
		model.acceptOlder([read, makeCard({ id: 51, stage_id: 9 })]);
		expect(ids(model, 9)).toEqual([2, 50, 51]);
		expect(model.card(50)).toMatchObject({ version: 5, problem: 'It hums' });
		expect(model.view(9).count).toBe(700);
	});

	it('are asked for again where an event about an order never loaded does not tell', () => {
		const model = archive();
		const old = makeCard({ id: 99, version: 7, stage_id: 9 });
		const given = makeEvent(old, 9, { event: 'assigned' });
		const taken = makeEvent(old, 9, { card: null, event: 'removed' });
		// to a master, who hears only of his own; on a board the order was there all the time
		expect([model.isUnclear(given, null), model.isUnclear(given, 1)]).toEqual([true, false]);
		expect([model.isUnclear(taken, null), model.isUnclear(taken, 1)]).toEqual([true, true]);
		expect(model.isUnclear(makeEvent(makeCard({ id: 2, version: 2, stage_id: 9 }), 9), null)).toBe(
			false
		);
		expect(model.isUnclear(makeEvent(makeCard({ id: 98, stage_id: 9 }), 1), null)).toBe(false);
	});

	describe('while the answer to a repair travels', () => {
		const late = makeCard({ id: 1, version: 2, stage_id: 9 });
		const answer = { ...makeSnapshot([]), cards: [] as Card[], removed: [], aged: [] };

		it('count on what the server had not seen, whatever its clock says', () => {
			const model = archive();
			const known = model.known();
			model.apply(makeEvent(late, 1), 1);
			model.repair({ ...answer, counts: { 9: 700 }, at: '2099-01-01' }, known);
			expect(model.view(9).count).toBe(701);
		});

		it('do not count again what it had seen', () => {
			const model = archive();
			const known = model.known();
			model.apply(makeEvent(late, 1), 1);
			model.repair({ ...answer, cards: [late], counts: { 9: 701 }, at: '2000-01-01' }, known);
			expect(model.view(9).count).toBe(701);
		});

		it('know of cards that went too deep to be shown; a late word of that is no news', () => {
			const model = archive();
			const known = model.known();
			const aged = [{ id: 1, version: 2, stage_id: 9 }];
			model.repair({ ...answer, removed: [1], aged, counts: { 9: 760 } }, known);
			model.apply(makeEvent(late, 1), 1);
			// nor is the answer to a wish about it
			model.accept({ ...late, version: 3, master_id: 'm' });
			expect([model.view(9).count, model.card(1)]).toEqual([760, undefined]);
			model.apply(makeEvent({ ...late, version: 3, stage_id: 1 }, 9), 1);
			expect([model.view(9).count, model.view(1).count]).toEqual([759, 1]);
		});

		it('show what went too deep again with the page it is on, unless it is gone for good', () => {
			const model = archive();
			const aged = [late, { ...late, id: 2 }].map(({ id, version, stage_id }) => ({
				id,
				version,
				stage_id
			}));
			model.repair({ ...answer, removed: [1, 2], aged, counts: { 9: 760 } }, model.known());
			model.apply(makeEvent({ ...late, id: 2, version: 3 }, 9, { card: null }), 1);
			model.acceptOlder([late, { ...late, id: 2 }]);
			expect([model.card(1), model.card(2)]).toEqual([late, undefined]);
		});
	});
});
