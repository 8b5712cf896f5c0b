/**
 * What this person asked for: layered on the board at once, sent in order, confirmed by the answer
 * or by the live event (whichever is first), undone exactly when refused.
 */
import { toDomainError, type DomainError } from '$lib/errors/domain-error.ts';
import type { BoardModel } from './board-model.ts';
import type { BoardServer, Notice } from './board-server.ts';
import { cardSchema, newMutationId, type Card, type Mutation, type Place } from './board.ts';
import { BulkSender } from './bulk-sender.ts';
import type { BulkCall } from './bulk.ts';
import { MutationQueue } from './mutation-queue.ts';
import { isPlanned, type PlanWish, type Saving, type WishOptions } from './mutation.ts';
import { UndoStack, type UndoStep } from './undo.ts';

export type { Saving, WishOptions } from './mutation.ts';

/** what the person is told when a wish was granted */
const granted = { move: 'moved', assign: 'assigned', plan: 'planned', undo: 'undone' } as const;

export class Wishes {
	#model: BoardModel;
	#now: () => number;
	#queue: MutationQueue;
	#undo = new UndoStack();
	#redo = new UndoStack();
	#bulk: BulkSender;
	/** wishes that go together: the call each belongs to */
	#calls = new Map<string, string>();
	#saving = $state.raw<ReadonlyMap<number, Saving>>(new Map());
	#paint: () => void;
	#notify: (notice: Notice) => void;

	/** `paint` shows the model's changes before the next frame; `now` is the server's clock (ms). */
	constructor(
		model: BoardModel,
		server: Pick<BoardServer, 'send' | 'bulk'>,
		paint: () => void,
		notify: (notice: Notice) => void,
		now: () => number = Date.now
	) {
		this.#model = model;
		this.#now = now;
		this.#bulk = new BulkSender(server, () => this.#mark());
		this.#paint = paint;
		this.#notify = notify;
		this.#queue = new MutationQueue({
			send: (mutation) => server.send(mutation),
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
		if (!card || (options.master === undefined && this.#model.isAt(order_id, place))) return false;
		const head = { ...this.#head(order_id, options), reason: options.reason ?? null };
		const master = options.master === undefined ? {} : { master_id: options.master };
		return this.#ask({ kind: 'move', ...head, ...place, ...master }, this.#undo);
	}

	/** Gives an order to a master, or takes it back. False if it is gone or already so. */
	assign(order_id: number, master_id: string | null, options: WishOptions = {}): boolean {
		const card = this.#model.card(order_id);
		if (!card || card.master_id === master_id) return false;
		return this.#ask({ kind: 'assign', ...this.#head(order_id, options), master_id }, this.#undo);
	}

	/** Gives an order to a master from an hour on. False if it is gone or already so. */
	plan(order_id: number, plan: PlanWish, options: WishOptions = {}): boolean {
		const card = this.#model.card(order_id);
		if (!card || isPlanned(card, plan)) return false;
		return this.#ask({ kind: 'plan', ...this.#head(order_id, options), ...plan }, this.#undo);
	}

	/** Asks for the same wish again, over what somebody else did meanwhile. */
	insist(mutation: Mutation): boolean {
		const head = this.#head(mutation.order_id, {});
		return head.seen_version > 0 && this.#ask({ ...mutation, ...head }, this.#undo);
	}

	/** Takes back the latest confirmed wish, or that one, with all that were asked for together. */
	undo(group?: string): boolean {
		return this.#takeBack(this.#undo.take(group), this.#redo);
	}

	/** Does again what was taken back last. */
	redo(): boolean {
		return this.#takeBack(this.#redo.take(), this.#undo);
	}

	/** Many cards in one call, each granted or refused for itself. False if none is here. */
	bulk(orders: readonly number[], ask: BulkCall['ask']): boolean {
		const group = newMutationId();
		const wishes: Mutation[] = [];
		for (const order_id of orders) {
			if (!this.#model.confirmed(order_id)) continue;
			const prev_id = wishes.at(-1)?.order_id ?? null;
			const head = this.#head(order_id, {});
			const wish = ask.kind === 'move' ? { ...ask, prev_id, next_id: null } : ask;
			wishes.push({ ...head, ...wish });
		}
		if (wishes.length === 0) return false;
		this.#redo.clear();
		for (const wish of wishes) {
			this.#remember(wish, this.#undo, group);
			this.#calls.set(wish.mutation_id, group);
			this.#model.add(wish);
		}
		this.#mark();
		this.#paint();
		void this.#sendAll({ mutation_id: group, items: wishes, ask }, wishes);
		return true;
	}

	/** A live event named this mutation: it needs no repeating. */
	confirmed(mutationId: string): void {
		this.#undo.confirm(mutationId);
		this.#redo.confirm(mutationId);
		this.#queue.confirmed(mutationId);
		this.#mark();
	}

	/** The server can be reached again. */
	retryNow(): void {
		this.#queue.retryNow();
		this.#bulk.retryNow();
	}

	destroy(): void {
		this.#queue.destroy();
		this.#bulk.destroy();
	}

	#head(order_id: number, { seen }: WishOptions) {
		const version = seen ?? this.#model.confirmed(order_id)?.version ?? 0;
		return {
			mutation_id: newMutationId(),
			order_id,
			seen_version: version,
			asked_at: this.#now()
		};
	}

	#takeBack(steps: UndoStep[], stack: UndoStack): boolean {
		const group = newMutationId();
		for (const { order_id, place, master_id, plan, done } of steps) {
			if (!this.#model.confirmed(order_id) || done === null) continue;
			const head = this.#head(order_id, {});
			const back = { ...place, master_id, plan, undo_of: done };
			this.#ask({ kind: 'undo', ...head, ...back }, stack, group);
		}
		return steps.length > 0;
	}

	#remember(mutation: Mutation, stack: UndoStack, group = mutation.mutation_id): void {
		const { mutation_id, order_id } = mutation;
		const place = this.#model.placeOf(order_id);
		const card = this.#model.card(order_id);
		if (!place || !card) return;
		const { master_id, planned_at = null, planned_minutes = null } = card;
		const plan = { planned_at, planned_minutes };
		stack.remember({ mutation_id, group, order_id, place, master_id, plan, done: null });
	}

	#ask(mutation: Mutation, stack: UndoStack, group?: string): true {
		this.#remember(mutation, stack, group);
		if (mutation.kind !== 'undo') this.#redo.clear();
		this.#model.add(mutation);
		this.#queue.push(mutation);
		this.#mark();
		this.#paint();
		return true;
	}

	async #sendAll(call: BulkCall, wishes: readonly Mutation[]): Promise<void> {
		const answer = await this.#bulk.send(call);
		if (!answer) return;
		const results = new Map(answer.ok ? answer.value.map((one) => [one.order_id, one]) : []);
		const refused: { order_id: number; error: DomainError }[] = [];
		for (const { mutation_id, order_id } of wishes) {
			const result = results.get(order_id);
			if (result?.card) this.#model.accept(result.card);
			if (result?.ok) this.#undo.confirm(mutation_id, result.mutation_id);
			else {
				this.#undo.forget(mutation_id);
				refused.push({ order_id, error: answer.ok ? toDomainError(result?.error) : answer.error });
			}
			this.#calls.delete(mutation_id);
			this.#model.settle(mutation_id);
		}
		this.#mark();
		this.#paint();
		const done = wishes.length - refused.length;
		this.#notify({ kind: 'bulk', group: call.mutation_id, ask: call.ask, done, refused });
	}

	#done(mutation: Mutation, card: Card): void {
		const { mutation_id } = mutation;
		const step = this.#undo.confirm(mutation_id) ?? this.#redo.confirm(mutation_id);
		this.#model.accept(card);
		this.#settle(mutation);
		if (!step) return;
		const { group, place } = step;
		const handed = card.master_id !== null && card.master_id !== step.master_id;
		this.#notify({ kind: granted[mutation.kind], group, card, from_stage: place.to_stage, handed });
	}

	#refused(mutation: Mutation, error: DomainError, dropped: readonly Mutation[]): void {
		const now = cardSchema.safeParse(error.details.card);
		if (now.success) this.#model.accept(now.data);
		for (const wish of [mutation, ...dropped]) {
			this.#undo.forget(wish.mutation_id);
			this.#redo.forget(wish.mutation_id);
			this.#settle(wish);
		}
		this.#notify({ kind: 'refused', order_id: mutation.order_id, mutation, error });
	}

	#settle(mutation: Mutation): void {
		this.#model.settle(mutation.mutation_id);
		this.#mark();
		this.#paint();
	}

	#mark(): void {
		const saving = new Map<number, Saving>();
		for (const { order_id, mutation_id } of this.#model.pending) {
			const call = this.#calls.get(mutation_id);
			const unsent = call ? this.#bulk.isUnsent(call) : this.#queue.isUnsent(mutation_id);
			const before = saving.get(order_id);
			saving.set(order_id, unsent || before === 'unsent' ? 'unsent' : 'saving');
		}
		if (saving.size > 0 || this.#saving.size > 0) this.#saving = saving;
	}
}
