/**
 * Sees to it that a replication slot nobody reads any more never fills the disk. Postgres gives a
 * slot up at `max_slot_wal_keep_size`; here it is given up at half of that, with a line in the log,
 * and a new one is made (supabase-facts §2.3).
 */
import type { Log } from './options.ts';

export type SlotState = {
	name: string;
	/** WAL that is not confirmed yet, and how much Postgres keeps at most; bytes */
	lag: number;
	limit: number;
};

type Reader = { renewSlot(): void };

export class Watchdog {
	readonly #log: Log;
	readonly #lagBytes: number;
	readonly #lags = new Map<string, number>();

	/** @param lagBytes from where on a slot is given up; 0 for half of Postgres's own limit */
	constructor(log: Log, lagBytes: number) {
		this.#log = log;
		this.#lagBytes = lagBytes;
	}

	/** Looks at one slot. One that is far behind but catching up is left alone. */
	look({ name, lag, limit }: SlotState, reader: Reader): void {
		const allowed = this.#lagBytes || (limit > 0 ? limit / 2 : Infinity);
		const before = this.#lags.get(name);
		if (lag <= allowed) {
			this.#lags.delete(name);
			return;
		}
		this.#lags.set(name, lag);
		if (before === undefined || lag < before) return;
		this.#lags.delete(name);
		const detail = { slot: name, lag, allowed };
		this.#log('error', 'replication slot lags too far behind, making a new one', detail);
		reader.renewSlot();
	}
}
