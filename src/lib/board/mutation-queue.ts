/**
 * Sends wishes to the server. A wish waits for earlier ones about the same card or about the cards
 * it names as neighbours, so the server sees them in the order the person made them; all others go
 * at once. A wish that did not reach the server is repeated under its own mutation id until it
 * does, which the server answers without a second effect.
 */
import type { DomainError } from '$lib/errors/domain-error.ts';
import { isUnreached, type BoardServer } from './board-server.ts';
import type { Card, Mutation } from './board.ts';

export interface QueueOptions {
	send: BoardServer['send'];
	/** the server confirmed the wish */
	onDone(mutation: Mutation, card: Card): void;
	/** the server refused it; `dropped` are later wishes for the same card, given up with it */
	onRefused(mutation: Mutation, error: DomainError, dropped: readonly Mutation[]): void;
	/** a wish went from "saving" to "not sent yet" or back */
	onChange(): void;
	/** milliseconds before try number `tries` (1, 2, …) is repeated */
	retryAfter?(tries: number): number;
}

interface Entry {
	readonly mutation: Mutation;
	sending: boolean;
	tries: number;
	timer: ReturnType<typeof setTimeout> | undefined;
}

/** Half a second, doubling to eight, with jitter so that a workshop does not retry in step. */
export function retryAfter(tries: number, random: () => number = Math.random): number {
	return Math.min(8000, 500 * 2 ** (tries - 1)) * (0.75 + random() / 2);
}

export class MutationQueue {
	#options: QueueOptions;
	#entries: Entry[] = [];
	#stopped = false;

	constructor(options: QueueOptions) {
		this.#options = options;
	}

	get size(): number {
		return this.#entries.length;
	}

	/** True if the wish could not be sent and waits for its next try. */
	isUnsent(mutationId: string): boolean {
		return this.#entries.some((e) => e.mutation.mutation_id === mutationId && e.tries > 0);
	}

	push(mutation: Mutation): void {
		this.#entries.push({ mutation, sending: false, tries: 0, timer: undefined });
		this.#pump();
	}

	/** A live event confirmed the wish before its answer came: do not repeat it. */
	confirmed(mutationId: string): void {
		const entry = this.#entries.find((e) => e.mutation.mutation_id === mutationId);
		if (!entry || entry.sending) return;
		this.#drop(entry);
		this.#pump();
	}

	/** The network is back: do not wait for the next try. */
	retryNow(): void {
		for (const entry of this.#entries) {
			clearTimeout(entry.timer);
			entry.timer = undefined;
		}
		this.#pump();
	}

	destroy(): void {
		this.#stopped = true;
		for (const entry of this.#entries) clearTimeout(entry.timer);
		this.#entries = [];
	}

	#pump(): void {
		this.#entries.forEach((entry, index) => {
			if (entry.sending || entry.timer !== undefined) return;
			if (!this.#entries.slice(0, index).some((earlier) => precedes(earlier, entry))) {
				void this.#send(entry);
			}
		});
	}

	async #send(entry: Entry): Promise<void> {
		entry.sending = true;
		const answer = await this.#options.send(entry.mutation);
		entry.sending = false;
		if (this.#stopped) return;
		if (!answer.ok && isUnreached(answer.error)) return this.#postpone(entry);
		this.#drop(entry);
		if (answer.ok) this.#options.onDone(entry.mutation, answer.value);
		else this.#refuse(entry, answer.error);
		this.#pump();
	}

	#postpone(entry: Entry): void {
		entry.tries += 1;
		const delay = (this.#options.retryAfter ?? retryAfter)(entry.tries);
		entry.timer = setTimeout(() => {
			entry.timer = undefined;
			this.#pump();
		}, delay);
		this.#options.onChange();
	}

	#refuse(entry: Entry, error: DomainError): void {
		const { order_id } = entry.mutation;
		const dropped = this.#entries.filter((e) => e.mutation.order_id === order_id);
		for (const later of dropped) this.#drop(later);
		this.#options.onRefused(
			entry.mutation,
			error,
			dropped.map((later) => later.mutation)
		);
	}

	#drop(entry: Entry): void {
		clearTimeout(entry.timer);
		this.#entries = this.#entries.filter((other) => other !== entry);
	}
}

function precedes(earlier: Entry, later: Entry): boolean {
	const wish = later.mutation;
	const order = earlier.mutation.order_id;
	if (order === wish.order_id) return true;
	return wish.kind === 'move' && (order === wish.prev_id || order === wish.next_id);
}
