/**
 * What a restart of this server would make clients miss: messages committed while it was away, and
 * those sent before they had joined again. They are kept for a while and handed to each channel that
 * joins, once per socket, ahead of everything newer. Who had received one before the restart may
 * get it again; its `meta.id` tells.
 */
import { monotonic } from './clock.ts';
import type { Log } from './options.ts';
import type { Outgoing } from './outgoing.ts';

const MAX_MESSAGES = 10_000;
const MAX_BYTES = 32_000_000;

export class Backlog {
	readonly #keepMs: number;
	readonly #log: Log;
	readonly #rooms = new Map<string, Outgoing[]>();
	#open = false;
	#openUntil = 0;
	#messages = 0;
	#bytes = 0;

	constructor(keepMs: number, log: Log) {
		this.#keepMs = keepMs;
		this.#log = log;
	}

	get open(): boolean {
		if (this.#open && monotonic() > this.#openUntil) this.#close();
		return this.#open;
	}

	/** The server continues where an earlier one stopped. */
	begin(): void {
		this.#open = true;
		this.#openUntil = monotonic() + this.#keepMs;
	}

	keep(room: string, message: Outgoing, bytes: number): void {
		const kept = this.#rooms.get(room);
		if (kept) kept.push(message);
		else this.#rooms.set(room, [message]);
		this.#messages++;
		this.#bytes += bytes;
		if (this.#messages <= MAX_MESSAGES && this.#bytes <= MAX_BYTES) return;
		// joining clients repair their state anyway; memory is worth more
		this.#log('warn', 'too much was sent while the server was away, none of it is kept');
		this.#close();
	}

	of(room: string): readonly Outgoing[] {
		return this.open ? (this.#rooms.get(room) ?? []) : [];
	}

	#close(): void {
		this.#open = false;
		this.#rooms.clear();
		this.#messages = 0;
		this.#bytes = 0;
	}
}
