/**
 * Dragging with the mouse (pragmatic-drag-and-drop, native HTML drag). Nothing of the board is held
 * back during a drag: the hand carries only an id, and everything else is looked up when it drops.
 */
import {
	draggable,
	dropTargetForElements,
	monitorForElements,
	type ElementDropTargetEventBasePayload
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import type { Attachment } from 'svelte/attachments';
import type { BoardActions } from './actions.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import { placeAt, type Card, type Place } from './board.ts';
import type { BoardRules, Verdict } from './rules.ts';
import type { BoardView, ShownColumn } from './view.svelte.ts';

/** Where the card would land now. */
export interface DropHint extends Place {
	/** '' on a board without lanes */
	readonly lane: string;
	readonly verdict: Verdict;
}

type DropLocation = ElementDropTargetEventBasePayload['location']['current'];

const same = (a: DropHint | null, b: DropHint | null): boolean =>
	a?.to_stage === b?.to_stage &&
	a?.lane === b?.lane &&
	a?.prev_id === b?.prev_id &&
	a?.next_id === b?.next_id;

export class BoardDrag {
	#board: BoardState;
	#view: BoardView;
	#rules: BoardRules;
	#actions: BoardActions;
	#hint = $state.raw<DropHint | null>(null);

	constructor(board: BoardState, view: BoardView, rules: BoardRules, actions: BoardActions) {
		this.#board = board;
		this.#view = view;
		this.#rules = rules;
		this.#actions = actions;
	}

	get hint(): DropHint | null {
		return this.#hint;
	}

	/** For a card. A new version of it must not register it anew: only its id counts. */
	card = (id: number): Attachment<HTMLElement> => {
		return (element) =>
			draggable({
				element,
				canDrag: () => this.#rules.movesCards,
				getInitialData: () => ({ card: id })
			});
	};

	/**
	 * For a column, header and empty space included, or for a lane's part of one. `slotAt` tells
	 * between which cards a height on the screen lies (0 is above the first): the list knows, while
	 * the elements under the pointer come and go with scrolling.
	 */
	cell = (
		stage: number,
		lane: string,
		slotAt: (clientY: number) => number
	): Attachment<HTMLElement> => {
		return (element) =>
			dropTargetForElements({
				element,
				canDrop: ({ source }) => typeof source.data.card === 'number',
				getData: ({ input }) => ({ stage, lane, slot: slotAt(input.clientY) })
			});
	};

	/** For anything that should scroll when a card is held near its edge. */
	scroller: Attachment<HTMLElement> = (element) =>
		autoScrollForElements({
			element,
			canScroll: ({ source }) => typeof source.data.card === 'number'
		});

	/** For the board: follows the hand. */
	monitor: Attachment<HTMLElement> = () =>
		monitorForElements({
			canMonitor: ({ source }) => typeof source.data.card === 'number',
			onDragStart: ({ source }) => this.#actions.lift(source.data.card as number),
			onDrag: ({ source, location }) => this.#follow(source.data.card as number, location.current),
			onDropTargetChange: ({ source, location }) =>
				this.#follow(source.data.card as number, location.current),
			onDrop: ({ source, location }) => this.#drop(source.data.card as number, location.current)
		});

	#follow(id: number, location: DropLocation): void {
		const over = location.dropTargets[0]?.data.stage;
		if (typeof over === 'number') this.#view.point(over);
		else this.#view.release();
		const hint = this.#resolve(id, location);
		if (same(hint, this.#hint)) return;
		this.#hint = hint;
		this.#board.hand.over((hint ?? this.#board.placeOf(id))?.to_stage ?? null);
	}

	#drop(id: number, location: DropLocation): void {
		const hint = this.#resolve(id, location);
		const { seen } = this.#board.hand;
		this.#hint = null;
		this.#board.hand.drop();
		// a card that vanished meanwhile was told when it happened
		if (hint && this.#board.card(id)) this.#actions.drop(id, hint, seen);
	}

	/** Esc and a drop outside leave no target; next to itself a card stays where it is. */
	#resolve(id: number, { dropTargets }: DropLocation): DropHint | null {
		const data = dropTargets[0]?.data;
		const column = typeof data?.stage === 'number' ? this.#view.column(data.stage) : undefined;
		const origin = this.#board.stageOf(id);
		const card = this.#board.card(id);
		if (!column || !origin || !card) return null;
		const lane = data?.lane as string;
		const place = this.#placeIn(column, lane, card, data?.slot as number);
		if (!place) return null;
		return { ...place, lane, verdict: this.#actions.verdict(card, origin, column.stage, lane) };
	}

	#placeIn(column: ShownColumn, lane: string, { id }: Card, slot: number): Place | null {
		const cards = column.cell(lane);
		const own = cards.findIndex((card) => card.id === id);
		if (this.#view.query.sort === 'promised') {
			return own >= 0 ? null : placeAt(column.stage.id, [], 0);
		}
		if (own >= 0 && (slot === own || slot === own + 1)) return null;
		const others = cards.filter((card) => card.id !== id);
		const index = own >= 0 && slot > own ? slot - 1 : slot;
		return placeAt(column.stage.id, others, Math.min(index, others.length));
	}
}
