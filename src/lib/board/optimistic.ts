/**
 * The optimistic layer: own unconfirmed wishes applied to the confirmed columns, in the order they
 * were made, by the same rules the server will use. A pure function, so that undoing a wish is
 * simply computing again without it.
 */
import {
	landingIndex,
	type Card,
	type Mutation,
	type Place,
	type Plan,
	type Stage
} from './board.ts';

/** A card carried by keyboard or waiting for its reason: shown in place, not sent yet. */
export interface Preview extends Place {
	readonly order_id: number;
	/** whose lane it would land in; undefined leaves it whose it is */
	readonly master_id?: string | null;
}

/** What the layer needs to know of the confirmed board. */
export interface Base {
	readonly stages: readonly Stage[];
	card(id: number): Card | undefined;
	column(stage: number): readonly Card[];
}

export interface Layer {
	/** only the columns that differ from the confirmed ones */
	readonly columns: ReadonlyMap<number, readonly Card[]>;
	/** only the cards that differ from the confirmed ones */
	readonly faces: ReadonlyMap<number, Card>;
}

interface Wish {
	readonly order_id: number;
	readonly to_stage: number;
	readonly master_id: string | null;
	/** null keeps the card where it stands in its column */
	readonly place: Place | null;
	/** undefined keeps the hour it is planned for */
	readonly plan?: Plan | undefined;
}

export function layer(
	base: Base,
	pending: readonly Mutation[],
	preview: Preview | null = null
): Layer {
	const columns = new Map<number, Card[]>();
	const faces = new Map<number, Card>();
	const writable = (stage: number): Card[] => {
		const column = columns.get(stage) ?? base.column(stage).slice();
		columns.set(stage, column);
		return column;
	};
	const grant = (order: number, read: (card: Card) => Wish | null): void => {
		const card = faces.get(order) ?? base.card(order);
		const wish = card && read(card);
		if (!card || !wish) return;
		const face = { ...card, stage_id: wish.to_stage, master_id: wish.master_id, ...wish.plan };
		const from = writable(card.stage_id);
		const index = from.findIndex((other) => other.id === order);
		if (index < 0) return;
		from.splice(index, 1);
		const to = writable(wish.to_stage);
		to.splice(wish.place ? landingIndex(to, wish.place) : index, 0, face);
		faces.set(order, face);
	};
	for (const mutation of pending) {
		grant(mutation.order_id, (card) => wishOf(base, card, mutation));
	}
	if (preview) grant(preview.order_id, (card) => shown(base, card, preview));
	return { columns, faces };
}

function wishOf(base: Base, card: Card, mutation: Mutation): Wish | null {
	if (mutation.kind === 'assign') return assigned(base, card, mutation);
	if (mutation.kind === 'plan') {
		const { planned_at, planned_minutes } = mutation;
		// of another hour only, the order stays in its column
		const wish =
			mutation.master_id === card.master_id
				? { order_id: card.id, to_stage: card.stage_id, master_id: card.master_id, place: null }
				: assigned(base, card, mutation);
		return { ...wish, plan: { planned_at, planned_minutes } };
	}
	const wish = moved(base, card, mutation, mutation.master_id);
	return wish && mutation.kind === 'undo' ? { ...wish, plan: mutation.plan } : wish;
}

function moved(
	base: Base,
	card: Card,
	place: Place,
	master: string | null = card.master_id
): Wish | null {
	const stage = base.stages.find((other) => other.id === place.to_stage);
	if (!stage) return null;
	return {
		order_id: card.id,
		to_stage: stage.id,
		master_id: stage.kind === 'unassigned' ? null : master,
		place
	};
}

/** What is carried into a lane is shown there, also in a column where it cannot stay. */
function shown(base: Base, card: Card, preview: Preview): Wish | null {
	const wish = moved(base, card, preview);
	return wish && preview.master_id !== undefined ? { ...wish, master_id: preview.master_id } : wish;
}

/** Assigning an unassigned order puts it on top of the first assigned column, and the reverse. */
function assigned(base: Base, card: Card, wish: { master_id: string | null }): Wish {
	const kind = base.stages.find((stage) => stage.id === card.stage_id)?.kind;
	const wanted =
		kind === 'unassigned' && wish.master_id !== null
			? 'assigned'
			: kind === 'assigned' && wish.master_id === null
				? 'unassigned'
				: null;
	const stage = wanted && firstStage(base.stages, wanted, card.location_id);
	return {
		order_id: card.id,
		to_stage: stage ? stage.id : card.stage_id,
		master_id: wish.master_id,
		place: stage ? { to_stage: stage.id, prev_id: null, next_id: null } : null
	};
}

function firstStage(stages: readonly Stage[], kind: Stage['kind'], location: number | null) {
	return stages.find(
		(stage) => stage.kind === kind && (stage.location_id === null || stage.location_id === location)
	);
}
