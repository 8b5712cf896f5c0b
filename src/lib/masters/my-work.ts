/**
 * A master's own orders as the phone shows them: which are listed, in which order, and which steps
 * are legal next. Pure: what a wish changes on the screen before the server has answered is here too.
 */
import * as z from 'zod/mini';
import {
	cardSchema,
	changesSchema,
	snapshotSchema,
	type Stage,
	type StageKind
} from '$lib/board/board.ts';
import type { Action } from './action.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const text = z.nullable(z.string());

export const workCardSchema = z.extend(cardSchema, {
	asset_label: text,
	photo_count: z.number(),
	assigned_at: text,
	seen_at: text,
	accepted_at: text
});
export type WorkCard = z.infer<typeof workCardSchema>;

export const workSnapshotSchema = z.extend(snapshotSchema, { cards: z.array(workCardSchema) });
export const workChangesSchema = z.extend(changesSchema, { cards: z.array(workCardSchema) });
export type WorkSnapshot = z.infer<typeof workSnapshotSchema>;
export type WorkChanges = z.infer<typeof workChangesSchema>;

export const workEventSchema = z.object({
	id: z.number(),
	version: z.number(),
	card: z.nullable(workCardSchema),
	event: z.string(),
	actor_id: text,
	actor_name: text,
	mutation_id: text
});
export type WorkEvent = z.infer<typeof workEventSchema>;

/** How to reach the client of an own order. */
export interface Contact {
	readonly address: string | null;
	readonly phones: readonly { readonly phone: string; readonly label: string | null }[];
}

export type Step = 'accept' | 'decline' | 'start' | 'wait' | 'done';

/** One row of `stage_transitions`. */
export interface Transition {
	readonly from_kind: StageKind;
	readonly to_kind: StageKind;
	readonly permission: string;
}

/** An order as it is shown: with what the person already did and the server does not know yet. */
export interface WorkOrder {
	readonly card: WorkCard;
	readonly stage: Stage;
	readonly pending: readonly Action[];
	readonly steps: readonly Step[];
}

const inHand: readonly StageKind[] = ['assigned', 'in_progress', 'waiting'];

export class WorkRules {
	#stages: readonly Stage[];
	#transitions: readonly Transition[];
	#permissions: ReadonlySet<string>;

	constructor(
		stages: readonly Stage[],
		transitions: readonly Transition[],
		permissions: Iterable<string>
	) {
		this.#stages = stages;
		this.#transitions = transitions;
		this.#permissions = new Set(permissions);
	}

	stage(id: number): Stage | undefined {
		return this.#stages.find((stage) => stage.id === id);
	}

	/** The column an order of that workshop goes to when its master says so. */
	target(kind: StageKind, card: WorkCard): Stage | undefined {
		return this.#stages
			.filter((s) => s.kind === kind && (s.location_id ?? card.location_id) === card.location_id)
			.toSorted((a, b) => a.position - b.position || a.id - b.id)[0];
	}

	isInHand(card: WorkCard): boolean {
		const kind = this.stage(card.stage_id)?.kind;
		return kind !== undefined && inHand.includes(kind);
	}

	/** The next legal steps, the likeliest first. SQL decides; this only saves useless buttons. */
	steps(card: WorkCard): Step[] {
		const kind = this.stage(card.stage_id)?.kind;
		if (kind === undefined || !inHand.includes(kind)) return [];
		if (kind === 'assigned' && card.accepted_at === null) return ['accept', 'decline'];
		const steps: Step[] = [];
		if (kind !== 'in_progress' && this.#may(kind, 'in_progress', card)) steps.push('start');
		if (kind === 'in_progress' && this.#may(kind, 'done', card)) steps.push('done');
		if (kind !== 'waiting' && this.#may(kind, 'waiting', card)) steps.push('wait');
		if (kind !== 'in_progress') steps.push('decline');
		return steps;
	}

	#may(from: StageKind, to: StageKind, card: WorkCard): boolean {
		const way = this.#transitions.find((t) => t.from_kind === from && t.to_kind === to);
		return (
			way !== undefined &&
			this.#permissions.has(way.permission) &&
			this.target(to, card) !== undefined
		);
	}
}

/** The card as it will be once the server has done these, in order. */
export function foresee(card: WorkCard, actions: readonly Action[], rules: WorkRules): WorkCard {
	return actions.reduce((before, action) => {
		if (action.kind === 'accept') return { ...before, accepted_at: action.at };
		if (action.kind === 'move') return { ...before, stage_id: action.to_stage };
		if (action.kind !== 'finish') return before;
		return { ...before, stage_id: rules.target('done', before)?.id ?? before.stage_id };
	}, card);
}

/** Urgency: the higher priority, then the earlier promise (none is last), then the older order. */
export function byUrgency(a: WorkCard, b: WorkCard): number {
	return b.priority - a.priority || promise(a) - promise(b) || a.id - b.id;
}

const promise = ({ promised_at }: WorkCard) => (promised_at ? Date.parse(promised_at) : 8.64e15);

/** Own orders in hand, and those whose last step is still on its way, by urgency. */
export function workOrders(
	cards: Iterable<WorkCard>,
	actions: readonly Action[],
	rules: WorkRules
): WorkOrder[] {
	return [...cards]
		.flatMap((confirmed): WorkOrder[] => {
			const pending = actions.filter((action) => action.order_id === confirmed.id);
			const card = foresee(confirmed, pending, rules);
			const stage = rules.stage(card.stage_id);
			if (!stage || !(rules.isInHand(confirmed) || pending.length > 0)) return [];
			const leaving = pending.some(({ kind }) => kind === 'decline' || kind === 'finish');
			return [{ card, stage, pending, steps: leaving ? [] : rules.steps(card) }];
		})
		.sort((a, b) => byUrgency(a.card, b.card));
}

/** Opens the map app of the phone, or the map of the web where there is none. */
export function mapLink(address: string, android: boolean): string {
	const place = encodeURIComponent(address);
	return android
		? `geo:0,0?q=${place}`
		: `https://www.google.com/maps/search/?api=1&query=${place}`;
}
