/**
 * What the orders of each column come to, for those who may see money. Sums are the server's, moved
 * on by what the board hears between two repairs; amounts never appear on a card.
 */
import * as z from 'zod/mini';
import type { Changes, Snapshot } from './board.ts';

const moneyChangedSchema = z.object({ order_id: z.number(), total: z.number() });
const movedSchema = z.object({
	id: z.number(),
	version: z.number(),
	from_stage: z.nullable(z.number()),
	to_stage: z.nullable(z.number())
});

type Amounts = Pick<Snapshot, 'money' | 'sums'>;

export class Money {
	#totals = new Map<number, number>();
	#versions = new Map<number, number>();
	#sums = $state.raw<ReadonlyMap<number, number> | null>(null);

	constructor(snapshot: Amounts) {
		this.#learn(snapshot);
	}

	/** The sum of a column; null for those who may not see money. */
	sum(stage: number): number | null {
		return this.#sums?.get(stage) ?? null;
	}

	/** Takes the amounts of a page of older cards. */
	more({ money }: Amounts): void {
		for (const [id, [total]] of Object.entries(money ?? {})) this.#totals.set(Number(id), total);
	}

	/** Takes what a repair says, which is true again. */
	repair(changes: Changes): void {
		this.#learn(changes);
	}

	/** Takes `order_money_changed`; `stage` is where the order stands, if that is known. */
	hear(payload: unknown, stage: (order: number) => number | undefined): void {
		const change = moneyChangedSchema.safeParse(payload);
		if (!change.success) return;
		const { order_id, total } = change.data;
		const where = stage(order_id);
		if (where !== undefined) this.#add(where, total - (this.#totals.get(order_id) ?? 0));
		this.#totals.set(order_id, total);
	}

	/** Takes `order_changed`: its amount goes from column to column. */
	move(payload: unknown): void {
		const event = movedSchema.safeParse(payload);
		if (!event.success) return;
		const { id, version, from_stage, to_stage } = event.data;
		if ((this.#versions.get(id) ?? 0) >= version) return;
		this.#versions.set(id, version);
		const total = this.#totals.get(id) ?? 0;
		if (from_stage === to_stage || total === 0) return;
		if (from_stage !== null) this.#add(from_stage, -total);
		if (to_stage !== null) this.#add(to_stage, total);
	}

	#learn(amounts: Amounts): void {
		this.more(amounts);
		if (!amounts.sums) return;
		this.#sums = new Map(Object.entries(amounts.sums).map(([id, sum]) => [Number(id), sum]));
	}

	#add(stage: number, by: number): void {
		if (this.#sums) this.#sums = new Map(this.#sums).set(stage, (this.#sums.get(stage) ?? 0) + by);
	}
}
