/** A random source that draws the same numbers every time, so that every demo company is alike. */
export type Random = {
	/** whole number from `from` to `to`, both included */
	int(from: number, to: number): number;
	pick<T>(items: readonly T[]): T;
	chance(probability: number): boolean;
};

export function seeded(seed: number): Random {
	// a linear congruential generator with the constants of Numerical Recipes; good enough for a demo
	let state = seed >>> 0;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
	return {
		int,
		pick: (items) => items[int(0, items.length - 1)] as (typeof items)[number],
		chance: (probability) => next() < probability
	};
}
