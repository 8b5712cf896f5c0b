/** Chance that can be had again by its seed. When things happen stays the machine's affair. */
export interface Random {
	/** a number from 0 to 1 */
	next(): number;
	chance(part: number): boolean;
	int(below: number): number;
	pick<T>(from: readonly T[]): T | undefined;
}

export function randomOf(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (below: number) => Math.floor(next() * below);
	return { next, int, chance: (part) => next() < part, pick: (from) => from[int(from.length)] };
}
