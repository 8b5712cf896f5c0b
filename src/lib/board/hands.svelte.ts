/**
 * The cards in other people's hands, as far as they tell. A hand that falls silent is forgotten
 * within three seconds, so a crashed machine holds nothing.
 */
import { FORGET_MS, handSchema, type Hand } from './hand.ts';

const none: readonly Hand[] = [];

export class Hands {
	#held = $state.raw<ReadonlyMap<number, Hand>>(new Map());
	#heardAt = new Map<string, number>();
	#timer: ReturnType<typeof setInterval> | undefined;
	#columns = $derived.by(() => {
		const columns = new Map<number, Hand[]>();
		for (const hand of this.#held.values()) {
			if (hand.column === null) continue;
			columns.set(hand.column, [...(columns.get(hand.column) ?? []), hand]);
		}
		return columns;
	});

	/** Who holds an order. */
	of(order: number): Hand | undefined {
		return this.#held.get(order);
	}

	/** The hands that are over a column now. */
	over(column: number): readonly Hand[] {
		return this.#columns.get(column) ?? none;
	}

	/** Takes a message of the topic `hands`; one that is not understood is ignored. */
	hear(payload: unknown): void {
		const message = handSchema.safeParse(payload);
		if (!message.success) return;
		const hand = message.data;
		const held = new Map(this.#held);
		// a hand holds one card: where it was before it is no more
		for (const [order, other] of held) if (other.hand === hand.hand) held.delete(order);
		if (hand.column === null) this.#heardAt.delete(hand.hand);
		else {
			held.set(hand.order_id, hand);
			this.#heardAt.set(hand.hand, Date.now());
		}
		this.#held = held;
		this.#watch();
	}

	destroy(): void {
		clearInterval(this.#timer);
	}

	#watch(): void {
		clearInterval(this.#timer);
		if (this.#held.size > 0) this.#timer = setInterval(() => this.#forget(), 250);
	}

	#forget(): void {
		const since = Date.now() - FORGET_MS;
		const silent = [...this.#held].filter(([, { hand }]) => (this.#heardAt.get(hand) ?? 0) < since);
		if (silent.length === 0) return;
		const held = new Map(this.#held);
		for (const [order, { hand }] of silent) {
			held.delete(order);
			this.#heardAt.delete(hand);
		}
		this.#held = held;
		this.#watch();
	}
}
