/** Work on one key goes on one after the other; other keys do not wait. */
export class Turns {
	readonly #last = new Map<string, Promise<unknown>>();

	/** @returns what `work` returns, begun when all earlier work on `key` has ended, well or not */
	async take<T>(key: string, work: () => Promise<T>): Promise<T> {
		const before = this.#last.get(key);
		const turn = before ? before.then(work, work) : work();
		this.#last.set(key, turn);
		try {
			return await turn;
		} finally {
			if (this.#last.get(key) === turn) this.#last.delete(key);
		}
	}
}
