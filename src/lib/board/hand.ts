/**
 * What boards tell each other about cards in somebody's hand: the words, and the one who says them.
 * It is courtesy, not truth: it may be lost, and nothing is decided by it.
 */
import * as z from 'zod/mini';

export const HAND_EVENT = 'hand';

/** Said again this often while the card is held (ms). */
export const HEARTBEAT_MS = 1000;
/** At most four messages a second. */
export const APART_MS = 250;
/** A hand that says nothing for this long has let go, or its machine has died. */
export const FORGET_MS = 2500;

const name = z.string().check(z.minLength(1), z.maxLength(120));

export const handSchema = z.object({
	/** one hand of one window; a person may have several */
	hand: z.string().check(z.minLength(1), z.maxLength(40)),
	order_id: z.number(),
	name,
	/** the hue (0–359) of the person's colour */
	colour: z.number().check(z.minimum(0), z.maximum(359)),
	/** the column under the card; null: it was let go */
	column: z.nullable(z.number()),
	/** the wish it was let go with */
	mutation: z.optional(z.string().check(z.maxLength(40)))
});
export type Hand = z.infer<typeof handSchema>;

/** Says what one hand holds: at once when that changes, but never more often than allowed. */
export class HandTeller {
	#me: Pick<Hand, 'hand' | 'name' | 'colour'>;
	#say: (hand: Hand) => void;
	#held: { order: number; column: number | null } | null = null;
	/** let go, and nobody told yet */
	#dropped: number[] = [];
	#saidAt = -Infinity;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(me: Pick<Hand, 'hand' | 'name' | 'colour'>, say: (hand: Hand) => void) {
		this.#me = me;
		this.#say = say;
	}

	/** `order` null: the hand is empty. */
	hold(order: number | null, column: number | null): void {
		const held = this.#held;
		if (held?.order === order && held?.column === column) return;
		if (held && held.order !== order) this.#dropped.push(held.order);
		this.#held = order === null ? null : { order, column };
		if (held || this.#held) this.#schedule(APART_MS);
	}

	destroy(): void {
		clearTimeout(this.#timer);
	}

	#schedule(apart: number): void {
		clearTimeout(this.#timer);
		const wait = this.#saidAt + apart - Date.now();
		if (wait <= 0) this.#tell();
		else this.#timer = setTimeout(() => this.#tell(), wait);
	}

	#tell(): void {
		const dropped = this.#dropped.shift();
		const order = dropped ?? this.#held?.order;
		if (order === undefined) return;
		const column = dropped === undefined ? (this.#held?.column ?? null) : null;
		this.#saidAt = Date.now();
		this.#say({ ...this.#me, order_id: order, column });
		if (this.#dropped.length > 0) this.#schedule(APART_MS);
		else if (this.#held) this.#schedule(dropped === undefined ? HEARTBEAT_MS : APART_MS);
	}
}
