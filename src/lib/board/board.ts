/**
 * The board's words: what a card, a stage and a master are, how cards are ordered, and the shapes
 * that arrive from SQL and from the live topics (checked here, at the door, and nowhere else).
 */
import * as z from 'zod/mini';
import type { Place } from './mutation.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

export const stageKinds = [
	'unassigned',
	'assigned',
	'in_progress',
	'waiting',
	'done',
	'closed',
	'refused'
] as const;
export const availabilities = ['free', 'busy', 'break', 'off'] as const;
export const orderTypes = ['consultation', 'diagnostics', 'repair', 'other'] as const;

export const paymentStates = ['none', 'unpaid', 'part', 'paid'] as const;

const id = z.number();
const text = z.nullable(z.string());

/** The card face: what the board knows of an order. No phone, no money. Times are ISO strings. */
export const cardSchema = z.object({
	id,
	version: z.number(),
	stage_id: id,
	rank: z.string(),
	location_id: z.nullable(id),
	client_id: z.nullable(id),
	client_name: z.string(),
	type: z.enum(orderTypes),
	problem: text,
	address: text,
	priority: z.number(),
	master_id: text,
	promised_at: text,
	stage_entered_at: text,
	created_at: z.string(),
	updated_at: z.string(),
	/** the instrument or other thing: 'Guitar Fender Telecaster' */
	asset_label: z.optional(text),
	service_id: z.optional(z.nullable(id)),
	/** how it is paid, without any amount */
	payment_state: z.optional(z.enum(paymentStates)),
	comment_count: z.optional(z.number()),
	photo_count: z.optional(z.number()),
	/** the handshake: when the master was given the order, saw it, and said yes */
	assigned_at: z.optional(text),
	seen_at: z.optional(text),
	accepted_at: z.optional(text),
	/** when the coordinator was warned that the master does not answer */
	unanswered_at: z.optional(text),
	planned_at: z.optional(text),
	planned_minutes: z.optional(z.nullable(z.number())),
	client_blacklisted: z.optional(z.boolean()),
	/** the user who took it in; absent for programs */
	created_by: z.optional(text)
});
export type Card = z.infer<typeof cardSchema>;

export const stageSchema = z.object({
	id,
	name: z.record(z.string(), z.string()),
	kind: z.enum(stageKinds),
	colour: z.string(),
	position: z.number(),
	wip_limit: z.nullable(z.number()),
	norm_minutes: z.nullable(z.number()),
	requires_reason: z.boolean(),
	location_id: z.nullable(id)
});
export type Stage = z.infer<typeof stageSchema>;
export type StageKind = Stage['kind'];

export const masterSchema = z.object({
	id: z.string(),
	full_name: z.string(),
	location_id: z.nullable(id),
	capacity: z.number(),
	active_count: z.number(),
	availability: z.enum(availabilities)
});
export type Master = z.infer<typeof masterSchema>;

const counts = z.record(z.string(), z.number());

/** For those who may see money: {"<order id>": [total, paid]} and {"<stage id>": total}. */
const money = {
	money: z.optional(z.record(z.string(), z.tuple([z.number(), z.number()]))),
	sums: z.optional(counts)
};

/** Answer of `board_snapshot`: everything one board needs. `at` is the server's clock. */
export const snapshotSchema = z.object({
	stages: z.array(stageSchema),
	cards: z.array(cardSchema),
	masters: z.array(masterSchema),
	counts,
	...money,
	at: z.string()
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** Answer of `board_changes`: only what differs from what this board already knows. */
export const changesSchema = z.object({
	cards: z.array(cardSchema),
	removed: z.array(id),
	/** of the removed those still counted in their column, only no longer among its newest */
	aged: z.array(z.object({ id, version: z.number(), stage_id: id })),
	masters: z.array(masterSchema),
	counts,
	...money,
	at: z.string()
});
export type Changes = z.infer<typeof changesSchema>;

/** Live event `order_changed`; `card` is null when the order left this topic's board. */
export const orderChangedSchema = z.object({
	id,
	version: z.number(),
	card: z.nullable(cardSchema),
	event: z.string(),
	from_stage: z.nullable(id),
	to_stage: z.nullable(id),
	actor_id: text,
	actor_name: text,
	mutation_id: text,
	at: z.string()
});
export type OrderChanged = z.infer<typeof orderChangedSchema>;

/** Answer of `board_more` and `find_orders`: a page of older cards. `next` is opaque. */
export const pageSchema = z.object({
	cards: z.array(cardSchema),
	next: z.nullable(z.record(z.string(), z.union([z.string(), z.number()]))),
	money: money.money
});
export type Page = z.infer<typeof pageSchema>;

export type { Move, Mutation, Place, Plan, PlanWish } from './mutation.ts';

/** Column order is by the rank's bytes, then id. Never by a locale: `Zz` comes before `a0`. */
export function compareCards(a: Card, b: Card): number {
	if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
	return a.id - b.id;
}

/** A column with one more card in its place. */
export function withCard(column: readonly Card[], card: Card): Card[] {
	let low = 0;
	let high = column.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (compareCards(column[middle] as Card, card) < 0) low = middle + 1;
		else high = middle;
	}
	return column.toSpliced(low, 0, card);
}

/** Columns that hold only the newest orders; their true size comes from the server. */
export function isTerminal(kind: StageKind): boolean {
	return kind === 'done' || kind === 'closed' || kind === 'refused';
}

/** The stage's name in a language, or in whatever language the company filled in. */
export function stageName(stage: Stage, locale: string): string {
	return stage.name[locale] || stage.name.en || Object.values(stage.name).find(Boolean) || '—';
}

/** Neighbours of slot `index` (0 = top) in a column, not counting the moved card itself. */
export function placeAt(column: Stage['id'], cards: readonly Card[], index: number): Place {
	return {
		to_stage: column,
		prev_id: cards[index - 1]?.id ?? null,
		next_id: cards[index]?.id ?? null
	};
}

/**
 * Index at which a card lands among `cards`, healing stale neighbours as the server does:
 * after `prev` if it is still here, else before `next`, else on top.
 */
export function landingIndex(cards: readonly Card[], place: Place): number {
	const above = place.prev_id === null ? -1 : cards.findIndex((card) => card.id === place.prev_id);
	if (above >= 0) return above + 1;
	const below = place.next_id === null ? -1 : cards.findIndex((card) => card.id === place.next_id);
	return Math.max(below, 0);
}

/** A random uuid. `crypto.randomUUID` is missing on a workshop's plain-http address. */
export function newMutationId(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(16));
	bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
	bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
