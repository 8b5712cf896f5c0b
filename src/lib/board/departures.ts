/**
 * Which cards left the board, and with which version: so that a late word of them, or an older page,
 * does not bring them back.
 */
import type { Card } from './board.ts';

export class Departures {
	/** the version from which on a card would be news again */
	#news = new Map<number, number>();
	/** the versions of those that left only because they are too old to be shown */
	#aged = new Map<number, number>();

	/** A card was removed, or went where it is not shown; its order had this version. */
	left(id: number, version: number): void {
		this.#news.set(id, Math.max(version, this.#news.get(id) ?? 0));
		this.#aged.delete(id);
	}

	/** A card is too old to be shown: it is counted already, and a page of older cards brings it back. */
	aged(id: number, version: number): void {
		this.left(id, version + 1);
		this.#aged.set(id, version);
	}

	/** Whether what is told of a card is older than its leaving. */
	outdates({ id, version }: Card): boolean {
		return version < (this.#news.get(id) ?? 0);
	}

	/** The same for a card on a page of older ones. */
	outdatesOlder({ id, version }: Card): boolean {
		return version < (this.#aged.get(id) ?? this.#news.get(id) ?? 0);
	}

	/** The card is on the board again. */
	back(id: number): void {
		this.#news.delete(id);
		this.#aged.delete(id);
	}
}
