/**
 * A board's past, stepped through on this side: a day starts as `board_at` has it, and each event
 * of `board_day` is applied or taken back. Pure; the state that plays it is `player.svelte.ts`.
 */
import * as z from 'zod/mini';
import { cardSchema, stageSchema, type Card } from '../board.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const people = z.record(z.string(), z.string());

/** Answer of `board_at`. */
export const pastSchema = z.object({
	stages: z.array(stageSchema),
	cards: z.array(cardSchema),
	counts: z.record(z.string(), z.number()),
	people,
	at: z.string()
});
export type Past = z.infer<typeof pastSchema>;

export const pastEventSchema = z.object({
	id: z.number(),
	order_id: z.number(),
	at: z.string(),
	/** order_event_kind: what is not about the board is told, and changes nothing on it */
	kind: z.string(),
	actor_id: z.nullable(z.string()),
	/** card fields before and after */
	from: z.partial(cardSchema),
	to: z.partial(cardSchema),
	reason: z.nullable(z.string()),
	/** the whole card, where one comes onto the board */
	card: z.nullable(cardSchema)
});
export type PastEvent = z.infer<typeof pastEventSchema>;

/** Answer of `board_day`. */
export const pastDaySchema = z.object({
	from: z.string(),
	to: z.string(),
	events: z.array(pastEventSchema),
	truncated: z.boolean(),
	people
});
export type PastDay = z.infer<typeof pastDaySchema>;

type Step = { readonly id: number; readonly card: Card | undefined; readonly counted: Count[] };
type Count = { readonly stage: number; readonly by: number };

const moved = ({ from, to }: PastEvent): boolean =>
	to.stage_id !== undefined && from.stage_id !== to.stage_id;

/** A board at one moment, which can be taken forward and back event by event. */
export class PastBoard {
	readonly cards: Map<number, Card>;
	/** true sizes of the columns, by stage id */
	readonly counts: Map<number, number>;
	#place: number | null;
	#steps: Step[] = [];

	/** @param place the workshop the board is narrowed to; null shows all */
	constructor(past: Pick<Past, 'cards' | 'counts'>, place: number | null) {
		this.cards = new Map(past.cards.map((card) => [card.id, card]));
		this.counts = new Map(Object.entries(past.counts).map(([id, count]) => [Number(id), count]));
		this.#place = place;
	}

	/** How many events were applied. */
	get steps(): number {
		return this.#steps.length;
	}

	apply(event: PastEvent): void {
		const before = this.cards.get(event.order_id);
		const after = event.card ?? (before && { ...before, ...event.to });
		const stays = this.#place === null || !after || after.location_id === this.#place;
		const counted = this.#counted(event, stays, before?.stage_id ?? after?.stage_id);
		this.#steps.push({ id: event.order_id, card: before, counted });
		this.#count(counted, 1);
		if (!after) return;
		if (!stays) this.cards.delete(event.order_id);
		else if (!moved(event)) this.cards.set(event.order_id, after);
		else this.cards.set(event.order_id, { ...after, stage_entered_at: event.at });
	}

	/** Takes the latest applied event back. */
	back(): void {
		const step = this.#steps.pop();
		if (!step) return;
		this.#count(step.counted, -1);
		if (step.card) this.cards.set(step.id, step.card);
		else this.cards.delete(step.id);
	}

	#counted({ kind, from, to }: PastEvent, isHere: boolean, stage: number | undefined): Count[] {
		const left = from.stage_id ?? stage;
		const entered = to.stage_id ?? stage;
		const wasHere =
			kind !== 'created' &&
			(this.#place === null || from.location_id === undefined || from.location_id === this.#place);
		const counted: Count[] = [];
		if (wasHere && left !== undefined) counted.push({ stage: left, by: -1 });
		if (isHere && entered !== undefined) counted.push({ stage: entered, by: 1 });
		return counted;
	}

	#count(counted: readonly Count[], direction: 1 | -1): void {
		for (const { stage, by } of counted) {
			this.counts.set(stage, (this.counts.get(stage) ?? 0) + by * direction);
		}
	}
}

/** How long the order had been in the column it left, in milliseconds; null if it did not move. */
export function waited(event: PastEvent, before: Card | undefined): number | null {
	if (event.kind === 'created' || !moved(event) || !before?.stage_entered_at) return null;
	return Date.parse(event.at) - Date.parse(before.stage_entered_at);
}
