/**
 * What a person can ask of the board, whichever way they ask (mouse, keys, menu): checks what is
 * known here, asks for a reason where the column wants one, and says how it ended.
 */
import type { DomainError } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Toaster } from '$lib/ui/toaster.svelte.ts';
import type { Notice } from './board-server.ts';
import type { BoardState } from './board.svelte.ts';
import type { Hands } from './hands.svelte.ts';
import { stageName, type Card, type Place, type Stage } from './board.ts';
import type { DropHint } from './drag.svelte.ts';
import { NOBODY } from './query.ts';
import type { BoardRules, Verdict } from './rules.ts';
import type { UndoStep } from './undo.ts';
import type { BoardView } from './view.svelte.ts';
import type { WishOptions } from './wishes.svelte.ts';

/** A move that waits for its reason. */
export interface ReasonRequest {
	readonly order_id: number;
	readonly place: Place;
	readonly stage: Stage;
	readonly options: WishOptions;
}

export type MenuKind = 'move' | 'assign';

interface Tools {
	board: BoardState;
	hands: Hands;
	view: BoardView;
	rules: BoardRules;
	toaster: Toaster;
	format: Format;
	locale: string;
	/** the person's id */
	me: string;
}

export class BoardActions {
	#tools: Tools;
	#asking = $state.raw<ReasonRequest | null>(null);
	#menu = $state.raw<{ order: number; kind: MenuKind } | null>(null);
	#announcement = $state.raw('');

	constructor(tools: Tools) {
		this.#tools = tools;
	}

	/** The person's id. */
	get me(): string {
		return this.#tools.me;
	}

	/** The move that waits for a reason; its dialog is open. */
	get asking(): ReasonRequest | null {
		return this.#asking;
	}

	/** What the screen reader should say now. */
	get announcement(): string {
		return this.#announcement;
	}

	isMenuOpen(order: number, kind: MenuKind): boolean {
		return this.#menu?.order === order && this.#menu.kind === kind;
	}

	/** Opens one card's menu, closing any other. */
	setMenu(order: number, kind: MenuKind, open: boolean): void {
		if (open) this.#menu = { order, kind };
		else if (this.isMenuOpen(order, kind)) this.#menu = null;
	}

	announce(text: string): void {
		this.#announcement = text;
	}

	nameOf(stage: Stage | undefined): string {
		return stage ? stageName(stage, this.#tools.locale) : '';
	}

	/** Takes an order into the hand; who holds it already is told, but does not keep it. */
	lift(order_id: number): void {
		const column = this.#board.placeOf(order_id)?.to_stage ?? null;
		this.#board.hand.lift(order_id, column, this.#board.version(order_id));
		const other = this.#tools.hands.of(order_id);
		if (!other) return;
		const text = m.board_hand_claimed({ order: this.#number(order_id), name: other.name });
		this.#tools.toaster.show(text, { key: `order-${order_id}` });
	}

	/** Whether a card may go from its column into a lane's part of another. */
	verdict(card: Card, from: Stage, to: Stage, lane: string): Verdict {
		const { rules, view } = this.#tools;
		const changesLane = lane !== '' && lane !== view.laneOf(card);
		if (!changesLane) return rules.verdict(from, to);
		if (view.query.lanes !== 'master') return 'other_lane';
		if (!rules.assigns) return 'no_permission';
		return from.id === to.id ? 'allowed' : rules.verdict(from, to);
	}

	/** A card was dropped on a column, or on a lane's part of one, where it may change hands. */
	drop(order_id: number, { lane, verdict, ...place }: DropHint, seen: number): boolean {
		const card = this.#board.card(order_id);
		const from = this.#board.stageOf(order_id);
		const to = this.#board.column(place.to_stage)?.stage;
		if (!card || !from || !to) return false;
		const { view } = this.#tools;
		const changesLane = lane !== '' && lane !== view.laneOf(card);
		if (!changesLane || verdict !== 'allowed') {
			return this.move(order_id, place, { seen, verdict });
		}
		const master = lane === NOBODY ? null : lane;
		// assigned and unassigned are two words for the same: having a master, or not
		const stays = from.id === to.id;
		const empty = to.kind === 'unassigned';
		if (stays) return this.#board.assign(order_id, master, { seen });
		return this.move(order_id, place, empty ? { seen } : { seen, master });
	}

	/**
	 * Asks for a move. `options.seen` is the version the person took in hand. False if it was
	 * refused here, or the order is gone or already there.
	 */
	move(order_id: number, place: Place, options: WishOptions & { verdict?: Verdict } = {}): boolean {
		const from = this.#board.stageOf(order_id);
		const stage = this.#board.column(place.to_stage)?.stage;
		if (!from || !stage) {
			this.#board.preview(null);
			return false;
		}
		const verdict = options.verdict ?? this.#tools.rules.verdict(from, stage);
		// a card that changed in the hand may stand elsewhere now: the server says who did that
		const changed = options.seen !== undefined && options.seen < this.#board.version(order_id);
		if (verdict !== 'allowed' && !changed) {
			this.#board.preview(null);
			this.#refuse(order_id, forbidden(verdict, from, stage));
			return false;
		}
		if (!stage.requires_reason || stage.id === from.id) {
			return this.#board.move(order_id, place, options);
		}
		this.#board.preview({ order_id, ...place });
		this.#asking = { order_id, place, stage, options };
		return true;
	}

	/** The reason was given: the move goes on. */
	giveReason(reason: string): void {
		const asked = this.#asking;
		this.#asking = null;
		if (asked) this.#board.move(asked.order_id, asked.place, { ...asked.options, reason });
	}

	/** No reason, no move: the card goes back to where it was. */
	withdraw(): void {
		if (this.#asking) this.#board.preview(null);
		this.#asking = null;
	}

	assign(order_id: number, master_id: string | null): void {
		this.#board.assign(order_id, master_id);
	}

	/** Takes back the latest confirmed move, or the given one. */
	undo(mutationId?: string): void {
		const step = this.#board.takeUndo(mutationId);
		if (!step) return this.#say(m.board_undo_nothing());
		if (!this.#board.card(step.order_id)) {
			return this.#say(m.board_undo_gone({ order: this.#number(step.order_id) }));
		}
		if (!this.#takeBack(step)) return;
		const stage = this.nameOf(this.#board.column(step.place.to_stage)?.stage);
		this.#say(m.board_undone({ order: this.#number(step.order_id), stage }));
	}

	/** Tells what happened to an own wish or to the card in hand. */
	tell(notice: Notice): void {
		if (notice.kind === 'refused') this.#refuse(notice.order_id, notice.error);
		else if (notice.kind === 'carried') this.#warn(notice);
		else this.#confirm(notice);
	}

	get #board(): BoardState {
		return this.#tools.board;
	}

	#number(order_id: number): string {
		return this.#tools.format.orderNumber(order_id);
	}

	#takeBack(step: UndoStep): boolean {
		const card = this.#board.card(step.order_id);
		const options = { seen: step.version ?? undefined, undoing: true };
		if (card?.stage_id === step.place.to_stage && card.master_id !== step.master_id) {
			return this.#board.assign(step.order_id, step.master_id, options);
		}
		const master = card?.master_id === step.master_id ? {} : { master: step.master_id };
		return this.move(step.order_id, step.place, { ...options, ...master }) && !this.#asking;
	}

	#say(text: string): void {
		this.#tools.toaster.show(text, { key: 'board' });
	}

	#refuse(order_id: number, error: DomainError): void {
		const sentence = errorSentence(error, this.#tools.format);
		const order = this.#number(order_id);
		const own = error.key === 'order_changed' || error.key === 'order_not_found';
		const text = own ? sentence : m.board_refused({ order, sentence });
		this.#tools.toaster.show(text, { tone: 'danger', key: `order-${order_id}` });
	}

	/** Reordering within a column is seen, not told. */
	#confirm(notice: Extract<Notice, { mutation_id: string }>): void {
		const { mutation_id, card, kind } = notice;
		if (kind === 'moved' && notice.from_stage === card.stage_id) return;
		const order = this.#number(card.id);
		const now = this.#board.column(card.stage_id)?.stage;
		const before = this.#board.column(notice.from_stage)?.stage;
		const undoable = now && before && this.#tools.rules.verdict(now, before) === 'allowed';
		const action = { label: m.ui_undo(), run: () => this.undo(mutation_id) };
		const master = card.master_id && this.#board.masters.get(card.master_id);
		const text =
			kind === 'moved'
				? m.board_moved({ order, stage: this.nameOf(now) })
				: master
					? m.board_assigned({ order, master: master.full_name })
					: m.board_unassigned({ order });
		this.#tools.toaster.show(text, { key: 'board', ...(undoable ? { action } : {}) });
	}

	#warn({ change, card, actor }: Extract<Notice, { kind: 'carried' }>): void {
		const order = this.#number(card.id);
		const name = actor ?? m.error_somebody();
		const stage = this.nameOf(this.#board.column(card.stage_id)?.stage);
		const text =
			change === 'moved'
				? m.board_carried_moved({ order, name, stage })
				: change === 'removed'
					? m.board_carried_removed({ order, name })
					: m.board_carried_changed({ order, name });
		this.#tools.toaster.show(text, { key: `order-${card.id}` });
		this.announce(text);
	}
}

function forbidden(verdict: Verdict, from: Stage, to: Stage): DomainError {
	return {
		code: '',
		key: verdict === 'no_permission' ? 'not_allowed' : 'transition_not_allowed',
		details: { from_kind: from.kind, to_kind: to.kind }
	};
}
