/**
 * Random histories: this board's moves, a colleague's moves, edits, removals and new orders, with
 * events delayed, doubled and lost, answers lost and repeated. Whatever happened, each card is
 * shown exactly once at every step, and in the end the board equals the server.
 */
import { expect, it } from 'vitest';
import type { Move, OrderChanged } from './board.ts';
import { BoardModel } from './board-model.ts';
import { makeMove, ServerDouble, stages } from './testing/server-double.ts';

/** Small seeded generator (mulberry32), so that a failing history can be replayed. */
function seeded(seed: number): () => number {
	return () => {
		seed = (seed + 0x6d2b79f5) | 0;
		let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

class History {
	readonly server = new ServerDouble(24);
	readonly model = new BoardModel(this.server.snapshot());
	#random: () => number;
	#outbox: Move[] = [];
	#wire: OrderChanged[] = [];
	#heard = 0;
	#nextId = 1000;
	#lossless: boolean;

	constructor(seed: number, lossless: boolean) {
		this.#random = seeded(seed);
		this.#lossless = lossless;
	}

	#pick(count: number): number {
		return Math.floor(this.#random() * count);
	}

	#hear(): void {
		this.#wire.push(...this.server.sent.slice(this.#heard));
		this.#heard = this.server.sent.length;
	}

	#randomMove(ids: number[], version: (id: number) => number, column: (s: number) => number[]) {
		const order_id = ids[this.#pick(ids.length)] as number;
		const to_stage = 1 + this.#pick(stages.length);
		const cards = column(to_stage).filter((id) => id !== order_id);
		const slot = this.#pick(cards.length + 1);
		return makeMove({
			order_id,
			to_stage,
			prev_id: cards[slot - 1] ?? null,
			next_id: cards[slot] ?? null,
			seen_version: version(order_id)
		});
	}

	#shown(): number[] {
		return stages.flatMap((stage) => this.model.view(stage.id).cards.map((card) => card.id));
	}

	#ownMove(): void {
		const move = this.#randomMove(
			this.#shown(),
			(id) => this.model.confirmed(id)?.version ?? 0,
			(stage) => this.model.view(stage).cards.map((card) => card.id)
		);
		this.model.add(move);
		this.#outbox.push(move);
	}

	#othersMove(): void {
		const move = this.#randomMove(
			[...this.server.cards.keys()],
			(id) => this.server.cards.get(id)?.version ?? 0,
			(stage) => this.server.column(stage).map((card) => card.id)
		);
		this.server.move('other', move);
	}

	/** Sends the oldest wish; sometimes the answer is lost and the wish stays to be repeated. */
	#send(lossy: boolean): void {
		const move = this.#outbox[0];
		if (!move) return;
		const answer = this.server.move('me', move);
		if (lossy && this.#random() < 0.3) return;
		this.#outbox.shift();
		if (answer && 'card' in answer) this.model.accept(answer.card);
		if (answer && 'refused' in answer) {
			this.model.accept(answer.refused);
			for (const later of this.#outbox) {
				if (later.order_id === move.order_id) this.model.settle(later.mutation_id);
			}
			this.#outbox = this.#outbox.filter((later) => later.order_id !== move.order_id);
		}
		this.model.settle(move.mutation_id);
	}

	#deliver(): void {
		const event = this.#wire.shift();
		if (!event) return;
		this.model.apply(event, 1);
		// an event may come twice, the second time long after
		if (this.#random() < 0.15) this.#wire.splice(this.#pick(this.#wire.length + 1), 0, event);
	}

	#repair(): void {
		const known = this.model.known();
		const changes = this.server.changes(known);
		if (this.#random() < 0.5) this.#deliver();
		this.model.repair(changes, known);
	}

	#gap(lost: boolean): void {
		if (this.#lossless) return;
		if (lost) this.#wire = [];
		else this.#repair();
	}

	step(): void {
		const dice = this.#random();
		if (dice < 0.2) this.#ownMove();
		else if (dice < 0.35) this.#othersMove();
		else if (dice < 0.4) this.server.edit(1 + this.#pick(24));
		else if (dice < 0.42) this.server.remove(1 + this.#pick(24));
		else if (dice < 0.44) this.server.create(this.#nextId++, 1 + this.#pick(stages.length));
		else if (dice < 0.6) this.#send(true);
		else if (dice < 0.66) this.#gap(dice < 0.63);
		else this.#deliver();
		this.#hear();
		const shown = this.#shown();
		expect(new Set(shown).size, 'a card is shown twice').toBe(shown.length);
		expect(shown.length, 'a card is lost').toBe(Object.keys(this.model.known()).length);
	}

	finish(): void {
		while (this.#outbox.length > 0) this.#send(false);
		this.#hear();
		while (this.#lossless && this.#wire.length > 0) this.#deliver();
		this.#wire = [];
		if (!this.#lossless) this.#repair();
		expect(this.model.pending).toEqual([]);
		for (const stage of stages) {
			const shown = this.model.view(stage.id);
			expect(shown.cards).toEqual(this.server.column(stage.id));
			expect(shown.count).toBe(shown.cards.length);
		}
	}
}

it.each([
	['by a repair, when events were lost', false],
	['by events alone, when none was lost', true]
])('ends equal to the server after any history: %s', (_, lossless) => {
	for (let seed = 1; seed <= 80; seed++) {
		const history = new History(seed, lossless);
		for (let step = 0; step < 200; step++) history.step();
		history.finish();
	}
});

it('flushed columns alone rebuild the whole view', () => {
	const history = new History(7, false);
	const painted = history.model.flush();
	for (let step = 0; step < 400; step++) {
		history.step();
		for (const [stage, view] of history.model.flush()) painted.set(stage, view);
		for (const stage of stages) {
			expect(painted.get(stage.id)).toBe(history.model.view(stage.id));
		}
	}
});
