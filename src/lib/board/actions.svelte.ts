/**
 * What a person can ask of the board, whichever way they ask (mouse, keys, menu): checks what is
 * known here, and asks for a reason where the column wants one. How it ended `Teller` says.
 */
import { m } from '$lib/paraglide/messages.js';
import type { BoardState } from './board.svelte.ts';
import type { Card, Place, Stage } from './board.ts';
import type { DropHint } from './drag.svelte.ts';
import type { Hands } from './hands.svelte.ts';
import { NOBODY } from './query.ts';
import type { BoardRules, Verdict } from './rules.ts';
import type { Selection } from './selection.svelte.ts';
import type { Teller } from './teller.svelte.ts';
import type { BoardView } from './view.svelte.ts';
import type { WishOptions } from './wishes.svelte.ts';

/** A move that waits for its reason. */
export interface ReasonRequest {
	/** one order, or several that go together */
	readonly orders: readonly number[];
	readonly place: Place;
	readonly stage: Stage;
	readonly options: WishOptions;
}

export type MenuKind = 'move' | 'assign' | 'proposal';

interface Tools {
	board: BoardState;
	hands: Hands;
	view: BoardView;
	rules: BoardRules;
	selection: Selection;
	teller: Teller;
	/** the person's id */
	me: string;
	/** shows an order whole */
	open: (order_id: number) => void;
}

export class BoardActions {
	#tools: Tools;
	#asking = $state.raw<ReasonRequest | null>(null);
	#menu = $state.raw<{ order: number; kind: MenuKind } | null>(null);

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
		return this.#tools.teller.announcement;
	}

	isMenuOpen(order: number, kind: MenuKind): boolean {
		return this.#menu?.order === order && this.#menu.kind === kind;
	}

	/** The order a master is being proposed for. */
	get proposing(): number | null {
		return this.#menu?.kind === 'proposal' ? this.#menu.order : null;
	}

	/** Opens one card's menu, closing any other. */
	setMenu(order: number, kind: MenuKind, open: boolean): void {
		if (open) this.#menu = { order, kind };
		else if (this.isMenuOpen(order, kind)) this.#menu = null;
	}

	/** Shows an order whole, beside the board. */
	open(order_id: number): void {
		this.#tools.open(order_id);
	}

	/** A card was clicked: its buttons have their own use, and with a key held down it is something else. */
	click(event: MouseEvent, order_id: number): void {
		const inside = event.target instanceof Element && event.target.closest('button, a');
		if (!inside && !event.ctrlKey && !event.metaKey && !event.shiftKey) this.open(order_id);
	}

	announce(text: string): void {
		this.#tools.teller.announce(text);
	}

	nameOf(stage: Stage | undefined): string {
		return this.#tools.teller.nameOf(stage);
	}

	/** Takes an order into the hand; who holds it already is told, but does not keep it. */
	lift(order_id: number): void {
		const column = this.#board.placeOf(order_id)?.to_stage ?? null;
		this.#board.hand.lift(order_id, column, this.#board.version(order_id));
		const other = this.#tools.hands.of(order_id);
		if (other) this.#tools.teller.claimed(order_id, other);
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

	/**
	 * A card was dropped on a column, or on a lane's part of one, where it may change hands. One of
	 * several chosen takes the others along.
	 */
	drop(order_id: number, { lane, verdict, ...place }: DropHint, seen: number): void {
		const { view, selection } = this.#tools;
		const card = this.#board.card(order_id);
		const from = this.#board.stageOf(order_id);
		const to = this.#board.column(place.to_stage)?.stage;
		if (!card || !from || !to) return;
		const orders = selection.with(order_id);
		const changesLane = lane !== '' && lane !== view.laneOf(card) && verdict === 'allowed';
		const master = lane === NOBODY ? null : lane;
		if (orders.length > 1) {
			if (changesLane && from.id === to.id) this.assignAll(orders, master);
			else this.moveAll(orders, to.id);
		} else if (!changesLane) this.move(order_id, place, { seen, verdict });
		else if (from.id === to.id) this.assign(order_id, master, { seen });
		// nobody works on what is unassigned, whosoever lane it is dropped on
		else this.move(order_id, place, to.kind === 'unassigned' ? { seen } : { seen, master });
	}

	/**
	 * Asks for a move. `options.seen` is the version the person took in hand. False if it was
	 * refused here, or the order is gone or already there.
	 */
	move(
		order_id: number,
		place: Place,
		{ verdict: known, ...options }: WishOptions & { verdict?: Verdict } = {}
	): boolean {
		this.#begin();
		const from = this.#board.stageOf(order_id);
		const stage = this.#board.column(place.to_stage)?.stage;
		if (!from || !stage) {
			this.#board.preview(null);
			return false;
		}
		const verdict = known ?? this.#tools.rules.verdict(from, stage);
		// a card that changed in the hand may stand elsewhere now: the server says who did that
		const changed = options.seen !== undefined && options.seen < this.#board.version(order_id);
		if (verdict !== 'allowed' && !changed) {
			this.#board.preview(null);
			this.#tools.teller.forbid(order_id, verdict, from, stage);
			return false;
		}
		if (!stage.requires_reason || stage.id === from.id) {
			return this.#board.move(order_id, place, options);
		}
		this.#board.preview({ order_id, ...place });
		this.#asking = { orders: [order_id], place, stage, options };
		return true;
	}

	/** Asks for many moves at once, to the top of a column. */
	moveAll(orders: readonly number[], to_stage: number): void {
		this.#begin();
		const stage = this.#board.column(to_stage)?.stage;
		if (!stage) return;
		const place = { to_stage, prev_id: null, next_id: null };
		if (stage.requires_reason) this.#asking = { orders, place, stage, options: {} };
		else this.#moveAll(orders, to_stage, null);
	}

	/** The reason was given: the move goes on. */
	giveReason(reason: string): void {
		const asked = this.#asking;
		this.#asking = null;
		if (!asked) return;
		const { orders, place, options } = asked;
		const [only] = orders;
		if (orders.length > 1) this.#moveAll(orders, place.to_stage, reason);
		else if (only !== undefined) this.#board.move(only, place, { ...options, reason });
	}

	/** No reason, no move: the card goes back to where it was. */
	withdraw(): void {
		if (this.#asking) this.#board.preview(null);
		this.#asking = null;
	}

	assign(order_id: number, master_id: string | null, options: WishOptions = {}): void {
		this.#begin();
		this.#board.assign(order_id, master_id, options);
	}

	/** Gives many orders to one master, or takes them back. */
	assignAll(orders: readonly number[], master_id: string | null): void {
		this.#begin();
		if (this.#board.wishes.bulk(orders, { kind: 'assign', master_id }))
			this.#tools.selection.clear();
	}

	/** Takes back the latest confirmed move, or the given one. */
	undo(group?: string): void {
		this.#begin();
		if (!this.#board.wishes.undo(group)) this.#tools.teller.say(m.board_undo_nothing());
	}

	/** Does again what was taken back last. */
	redo(): void {
		this.#begin();
		if (!this.#board.wishes.redo()) this.#tools.teller.say(m.board_redo_nothing());
	}

	/** Chooses a card, or all from the last chosen to this one. */
	select(order_id: number, range = false): void {
		const { selection, view, teller } = this.#tools;
		const column = view.placeOf(order_id)?.column;
		if (range && column) selection.extend(order_id, column.cards);
		else selection.toggle(order_id);
		teller.announce(m.board_selected({ count: selection.size }));
	}

	/** A menu must be closed before its card goes, or it would open again where the card arrives. */
	#begin(): void {
		this.#menu = null;
		this.#tools.view.release();
	}

	get #board(): BoardState {
		return this.#tools.board;
	}

	#moveAll(orders: readonly number[], to_stage: number, reason: string | null): void {
		const moved = this.#board.wishes.bulk(orders, { kind: 'move', to_stage, reason });
		if (moved) this.#tools.selection.clear();
	}
}
