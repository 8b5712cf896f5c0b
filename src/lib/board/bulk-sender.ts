/** Sends bulk calls and repeats those that did not arrive, under their own mutation ids. */
import type { Result } from '$lib/errors/domain-error.ts';
import { isUnreached, type BoardServer } from './board-server.ts';
import type { BulkAnswer, BulkCall } from './bulk.ts';
import { retryAfter } from './mutation-queue.ts';

export class BulkSender {
	#server: Pick<BoardServer, 'bulk'>;
	#onUnsent: () => void;
	#unsent = new Set<string>();
	#waiting = new Set<() => void>();
	#stopped = false;

	/** `onUnsent` is told whenever a call turns out not to have arrived. */
	constructor(server: Pick<BoardServer, 'bulk'>, onUnsent: () => void) {
		this.#server = server;
		this.#onUnsent = onUnsent;
	}

	/** True for a call that could not be sent and waits for its next try. */
	isUnsent(mutationId: string): boolean {
		return this.#unsent.has(mutationId);
	}

	/** The server's answer, however long it takes; null if the board was left before. */
	async send(call: BulkCall): Promise<Result<BulkAnswer> | null> {
		let answer = await this.#server.bulk(call);
		for (let tries = 1; !answer.ok && isUnreached(answer.error) && !this.#stopped; tries++) {
			this.#unsent.add(call.mutation_id);
			this.#onUnsent();
			await this.#pause(retryAfter(tries));
			answer = await this.#server.bulk(call);
		}
		this.#unsent.delete(call.mutation_id);
		return this.#stopped ? null : answer;
	}

	/** The server can be reached again. */
	retryNow(): void {
		for (const wake of this.#waiting) wake();
	}

	destroy(): void {
		this.#stopped = true;
		this.retryNow();
	}

	#pause(delay: number): Promise<void> {
		return new Promise((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, delay);
			this.#waiting.add(wake);
		});
	}
}
