/** What this person holds, by mouse or by keyboard, and over which column. */
export class OwnHand {
	#order = $state.raw<number | null>(null);
	#column = $state.raw<number | null>(null);
	#seen = 0;

	/** The order in the hand; null when it is empty. */
	get order(): number | null {
		return this.#order;
	}

	/** The column it would drop into now. */
	get column(): number | null {
		return this.#column;
	}

	/** The version of the order that was on the screen when it was taken. */
	get seen(): number {
		return this.#seen;
	}

	lift(order: number, column: number | null, seen: number): void {
		this.#seen = seen;
		this.#column = column;
		this.#order = order;
	}

	over(column: number | null): void {
		this.#column = column;
	}

	drop(): void {
		this.#order = null;
		this.#column = null;
	}
}
