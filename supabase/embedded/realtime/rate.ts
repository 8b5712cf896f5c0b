/** Counts events over the last minute in twelve buckets of five seconds (supabase-facts §1.11). */
import { monotonic } from './clock.ts';

const BUCKETS = 12;
const BUCKET_MS = 5000;

export class Rate {
	readonly #perMinute: number;
	readonly #counts = new Uint32Array(BUCKETS);
	#total = 0;
	#bucket = Math.floor(monotonic() / BUCKET_MS);

	/** @param perSecond allowed on average over the last minute; Infinity switches it off */
	constructor(perSecond: number) {
		this.#perMinute = perSecond * ((BUCKETS * BUCKET_MS) / 1000);
	}

	/** Counts, and tells whether the average is still within the limit. */
	allow(events = 1): boolean {
		const bucket = Math.floor(monotonic() / BUCKET_MS);
		for (let steps = Math.min(bucket - this.#bucket, BUCKETS); steps > 0; steps--) {
			const index = (bucket - steps + 1) % BUCKETS;
			this.#total -= this.#counts[index] ?? 0;
			this.#counts[index] = 0;
		}
		this.#bucket = bucket;
		const index = bucket % BUCKETS;
		this.#counts[index] = (this.#counts[index] ?? 0) + events;
		this.#total += events;
		return this.#total <= this.#perMinute;
	}
}
