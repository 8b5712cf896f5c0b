/** The cards chosen to be moved or assigned together. */
import { MOST_AT_ONCE } from './bulk.ts';

export class Selection {
	#ids = $state.raw<ReadonlySet<number>>(new Set());
	/** where a range begins */
	#anchor: number | null = null;

	get ids(): ReadonlySet<number> {
		return this.#ids;
	}

	get size(): number {
		return this.#ids.size;
	}

	has(id: number): boolean {
		return this.#ids.has(id);
	}

	/** What a hand that takes this card takes along. */
	with(id: number): readonly number[] {
		return this.#ids.has(id) ? [...this.#ids] : [id];
	}

	toggle(id: number): void {
		const ids = new Set(this.#ids);
		if (!ids.delete(id)) ids.add(id);
		this.#anchor = id;
		this.#set(ids);
	}

	/** Adds all from the last one chosen to this one, in the order of `cards`. */
	extend(id: number, cards: readonly { readonly id: number }[]): void {
		const to = cards.findIndex((card) => card.id === id);
		const from = cards.findIndex((card) => card.id === this.#anchor);
		if (from < 0 || to < 0) return this.toggle(id);
		const range = cards.slice(Math.min(from, to), Math.max(from, to) + 1);
		this.#set(new Set([...this.#ids, ...range.map((card) => card.id)]));
	}

	clear(): void {
		this.#anchor = null;
		if (this.#ids.size > 0) this.#ids = new Set();
	}

	/** Forgets those that are no longer on the board. */
	keep(isHere: (id: number) => boolean): void {
		const left = [...this.#ids].filter(isHere);
		if (left.length < this.#ids.size) this.#ids = new Set(left);
	}

	#set(ids: Set<number>): void {
		this.#ids = new Set([...ids].slice(0, MOST_AT_ONCE));
	}
}
