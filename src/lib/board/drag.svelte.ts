/**
 * Dragging with the mouse (pragmatic-drag-and-drop, native HTML drag). Nothing of the board is held
 * back during a drag: the hand carries only an id, and everything else is looked up when it drops.
 */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import {
	draggable,
	dropTargetForElements,
	monitorForElements,
	type ElementDropTargetEventBasePayload
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import {
	attachClosestEdge,
	extractClosestEdge
} from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge';
import type { Attachment } from 'svelte/attachments';
import type { BoardActions } from './actions.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import { placeAt, type Place } from './board.ts';
import type { BoardRules, Verdict } from './rules.ts';

/** Where the card would land now. */
export interface DropHint extends Place {
	readonly verdict: Verdict;
}

type DropLocation = ElementDropTargetEventBasePayload['location']['current'];

const same = (a: DropHint | null, b: DropHint | null): boolean =>
	a?.to_stage === b?.to_stage && a?.prev_id === b?.prev_id && a?.next_id === b?.next_id;

export class BoardDrag {
	#board: BoardState;
	#rules: BoardRules;
	#actions: BoardActions;
	#hint = $state.raw<DropHint | null>(null);
	#seen = 0;

	constructor(board: BoardState, rules: BoardRules, actions: BoardActions) {
		this.#board = board;
		this.#rules = rules;
		this.#actions = actions;
	}

	get hint(): DropHint | null {
		return this.#hint;
	}

	/** For the slot around a card: the card inside can be taken, the slot can be dropped on. */
	slot = (id: number): Attachment<HTMLElement> => {
		return (element) =>
			combine(
				draggable({
					element: element.firstElementChild as HTMLElement,
					canDrag: () => this.#rules.movesCards,
					getInitialData: () => ({ card: id })
				}),
				dropTargetForElements({
					element,
					canDrop: ({ source }) => typeof source.data.card === 'number',
					getData: ({ input, element: slot }) =>
						attachClosestEdge(
							{ over: id },
							{ input, element: slot, allowedEdges: ['top', 'bottom'] }
						)
				})
			);
	};

	/** For a column, header and empty space included. */
	column = (stage: number): Attachment<HTMLElement> => {
		return (element) =>
			dropTargetForElements({
				element,
				canDrop: ({ source }) => typeof source.data.card === 'number',
				getData: ({ input }) => {
					const cards = element.querySelector('[data-cards]');
					const top = cards?.getBoundingClientRect().top ?? 0;
					return { stage, onTop: input.clientY < top };
				}
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
			onDragStart: ({ source }) => {
				const id = source.data.card as number;
				this.#seen = this.#board.version(id);
				this.#board.carry(id);
			},
			onDrag: ({ source, location }) => this.#follow(source.data.card as number, location.current),
			onDropTargetChange: ({ source, location }) =>
				this.#follow(source.data.card as number, location.current),
			onDrop: ({ source, location }) => this.#drop(source.data.card as number, location.current)
		});

	#follow(id: number, location: DropLocation): void {
		const hint = this.#resolve(id, location);
		if (!same(hint, this.#hint)) this.#hint = hint;
	}

	#drop(id: number, location: DropLocation): void {
		const hint = this.#resolve(id, location);
		this.#hint = null;
		this.#board.carry(null);
		// a card that vanished meanwhile was told when it happened
		if (hint && this.#board.card(id)) this.#actions.move(id, placeOf(hint), { seen: this.#seen });
	}

	/** Esc and a drop outside leave no targets; over its own slot a card stays where it is. */
	#resolve(id: number, { dropTargets }: DropLocation): DropHint | null {
		const over = dropTargets.find((target) => typeof target.data.over === 'number');
		const column = dropTargets.find((target) => typeof target.data.stage === 'number');
		const stage = column && this.#board.column(column.data.stage as number);
		const origin = this.#board.stageOf(id);
		if (!stage || !origin || over?.data.over === id) return null;
		const others = stage.cards.filter((card) => card.id !== id);
		const at = over ? others.findIndex((card) => card.id === over.data.over) : -1;
		const below = over && extractClosestEdge(over.data) === 'bottom' ? 1 : 0;
		const end = column.data.onTop ? 0 : others.length;
		const place = placeAt(stage.stage.id, others, at < 0 ? end : at + below);
		return { ...place, verdict: this.#rules.verdict(origin, stage.stage) };
	}
}

const placeOf = ({ to_stage, prev_id, next_id }: DropHint): Place => ({
	to_stage,
	prev_id,
	next_id
});
