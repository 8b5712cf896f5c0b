/**
 * What this person asked for: layered on the board at once, sent in order, confirmed by the answer
 * or by the live event (whichever is first), undone exactly when refused.
 */
import type { DomainError } from '$lib/errors/domain-error.ts';
import type { BoardModel } from './board-model.ts';
import type { BoardServer, Notice } from './board-server.ts';
import {
	cardSchema,
	landingIndex,
	newMutationId,
	type Card,
	type Mutation,
	type Place
} from './board.ts';
import { MutationQueue } from './mutation-queue.ts';
import { UndoStack, type UndoStep } from './undo.ts';

/** `unsent`: the server could not be reached yet; the wish is repeated until it is. */
export type Saving = 'saving' | 'unsent';

export interface WishOptions {
	/** why, where the column wants to know */
	reason?: string | null;
	/** the version the person was looking at when they took the card; by default the newest */
	seen?: number | undefined;
	/** whose the order becomes with the same drop; undefined leaves it as it is */
	master?: string | null | undefined;
	/** this wish takes an earlier one back: quietly, and not to be undone itself */
	undoing?: boolean;
}

export class Wishes {
	#model: BoardModel;
	#queue: MutationQueue;
	#undo = new UndoStack();
	#saving = $state.raw<ReadonlyMap<number, Saving>>(new Map());
	#paint: () => void;
	#notify: (notice: Notice) => void;

	/** `paint` shows the model's changes before the next frame. */
	constructor(
		model: BoardModel,
		send: BoardServer['send'],
		paint: () => void,
		notify: (notice: Notice) => void
	) {
		this.#model = model;
		this.#paint = paint;
		this.#notify = notify;
		this.#queue = new MutationQueue({
			send,
			onDone: (mutation, card) => this.#done(mutation, card),
			onRefused: (mutation, error, dropped) => this.#refused(mutation, error, dropped),
			onChange: () => this.#mark()
		});
	}

	/** Orders with a wish the server has not confirmed. */
	get saving(): ReadonlyMap<number, Saving> {
		return this.#saving;
	}

	/** Moves an order. False if it is gone or already there. */
	move(order_id: number, place: Place, options: WishOptions = {}): boolean {
		const card = this.#model.card(order_id);
		if (!card || (options.master === undefined && this.#isThere(order_id, place))) return false;
		const head = { ...this.#head(order_id, options), reason: options.reason ?? null };
		const master = options.master === undefined ? {} : { master_id: options.master };
		return this.#ask({ kind: 'move', ...head, ...place, ...master }, card, options);
	}

	/** Gives an order to a master, or takes it back. False if it is gone or already so. */
	assign(order_id: number, master_id: string | null, options: WishOptions = {}): boolean {
		const card = this.#model.card(order_id);
		if (!card || card.master_id === master_id) return false;
		const head = this.#head(order_id, options);
		return this.#ask({ kind: 'assign', ...head, master_id }, card, options);
	}

	/** The latest confirmed wish (or that one) with what it takes to undo it; it is taken out. */
	takeUndo(mutationId?: string): UndoStep | null {
		return this.#undo.take(mutationId);
	}

	/** A live event named this mutation: it needs no repeating. */
	confirmed(mutationId: string, version: number): void {
		this.#undo.confirm(mutationId, version);
		this.#queue.confirmed(mutationId);
		this.#mark();
	}

	/** The server can be reached again. */
	retryNow(): void {
		this.#queue.retryNow();
	}

	destroy(): void {
		this.#queue.destroy();
	}

	#head(order_id: number, { seen }: WishOptions) {
		const version = seen ?? this.#model.confirmed(order_id)?.version ?? 0;
		return { mutation_id: newMutationId(), order_id, seen_version: version };
	}

	#isThere(order_id: number, place: Place): boolean {
		const now = this.#model.placeOf(order_id);
		if (!now || now.to_stage !== place.to_stage) return false;
		const others = this.#model.view(place.to_stage).cards.filter((card) => card.id !== order_id);
		return landingIndex(others, place) === now.index;
	}

	#ask(mutation: Mutation, card: Card, { undoing = false }: WishOptions): true {
		const { mutation_id, order_id } = mutation;
		const place = this.#model.placeOf(order_id);
		if (place && !undoing) {
			const { master_id } = card;
			this.#undo.remember({ mutation_id, order_id, place, master_id, version: null });
		}
		this.#model.add(mutation);
		this.#queue.push(mutation);
		this.#mark();
		this.#paint();
		return true;
	}

	#done(mutation: Mutation, card: Card): void {
		const { mutation_id } = mutation;
		const step = this.#undo.confirm(mutation_id, card.version);
		this.#model.accept(card);
		this.#settle(mutation);
		const kind = mutation.kind === 'move' ? 'moved' : 'assigned';
		if (step) this.#notify({ kind, mutation_id, card, from_stage: step.place.to_stage });
	}

	#refused(mutation: Mutation, error: DomainError, dropped: readonly Mutation[]): void {
		const now = cardSchema.safeParse(error.details.card);
		if (now.success) this.#model.accept(now.data);
		for (const wish of [mutation, ...dropped]) {
			this.#undo.forget(wish.mutation_id);
			this.#settle(wish);
		}
		this.#notify({ kind: 'refused', order_id: mutation.order_id, error });
	}

	#settle(mutation: Mutation): void {
		this.#model.settle(mutation.mutation_id);
		this.#mark();
		this.#paint();
	}

	#mark(): void {
		const saving = new Map<number, Saving>();
		for (const { order_id, mutation_id } of this.#model.pending) {
			const unsent = this.#queue.isUnsent(mutation_id) || saving.get(order_id) === 'unsent';
			saving.set(order_id, unsent ? 'unsent' : 'saving');
		}
		if (saving.size > 0 || this.#saving.size > 0) this.#saving = saving;
	}
}
