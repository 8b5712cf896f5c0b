/**
 * How many orders the columns hold that are not loaded whole. The server counts with every repair;
 * from then on each card that comes or goes is counted here. What moves while an answer travels may
 * or may not be in it: the versions of the cards decide, not clocks.
 */
import type { Changes } from './board.ts';

/** a column's id; null is outside the board */
type Column = number | null;

export class TrueCounts {
	#counts = new Map<number, number>();
	/** where cards stood when the difference was asked for, if they went elsewhere since */
	#flight: Map<number, Column> | null = null;
	#ends: (stage: number) => boolean;
	#onChange: (stage: number) => void;

	/** `ends` tells the columns that are counted here: those not loaded whole. */
	constructor(ends: (stage: number) => boolean, onChange: (stage: number) => void) {
		this.#ends = ends;
		this.#onChange = onChange;
	}

	of(stage: number): number {
		return this.#counts.get(stage) ?? 0;
	}

	/** The difference is being asked for: what moves from now on may be missing in the answer. */
	asked(): void {
		this.#flight = new Map();
	}

	went(id: number, from: Column, to: Column): void {
		if (this.#flight && !this.#flight.has(id)) this.#flight.set(id, from);
		if (from !== null) this.#add(from, -1);
		if (to !== null) this.#add(to, 1);
	}

	/** Takes the server's counts as they were when it looked. */
	replace(counts: Readonly<Record<string, number>>, stages: Iterable<number>): void {
		for (const stage of stages) {
			const count = counts[stage] ?? 0;
			if (this.#counts.get(stage) !== count) this.#onChange(stage);
			this.#counts.set(stage, count);
		}
	}

	/**
	 * Takes the answer, once `take` has put its cards where they belong; `columnOf` tells where a
	 * card stands then.
	 */
	repair(
		changes: Changes,
		stages: Iterable<number>,
		take: () => void,
		columnOf: (id: number) => Column
	): void {
		const flight = this.#flight ?? new Map<number, Column>();
		this.#flight = null;
		take();
		this.replace(changes.counts, stages);
		const seen = new Map<number, Column>(changes.removed.map((id) => [id, null]));
		for (const { id, stage_id } of [...changes.aged, ...changes.cards]) seen.set(id, stage_id);
		const aged = new Set(changes.aged.map(({ id }) => id));
		for (const [id, then] of flight) {
			const now = columnOf(id);
			const from = seen.get(id);
			// what is too old to be shown is counted all the same
			if (now !== null || !aged.has(id)) this.went(id, from === undefined ? then : from, now);
		}
	}

	#add(stage: number, by: number): void {
		if (!this.#ends(stage)) return;
		this.#counts.set(stage, this.of(stage) + by);
		this.#onChange(stage);
	}
}
