/**
 * Dragging with the mouse, and by a long press where the browser drags for fingers
 * (pragmatic-drag-and-drop, native HTML drag). The hand carries only an id.
 */
import {
	draggable,
	dropTargetForElements,
	monitorForElements,
	type ElementDropTargetEventBasePayload
} from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
import type { Attachment } from 'svelte/attachments';
import type { Desk, Spot } from './desk.svelte.ts';
import type { DispatchState } from './dispatch.svelte.ts';
import { HOUR, snap } from './schedule.ts';

type DropLocation = ElementDropTargetEventBasePayload['location']['current'];
const isOrder = (data: Record<string | symbol, unknown>) => typeof data.planning === 'number';

export class DispatchDrag {
	#state: DispatchState;
	#desk: Desk;
	#hourWidth: () => number;
	/** the order in the hand, and the version it was taken in */
	#held = $state.raw<{ order: number; seen: number } | null>(null);
	#overTray = $state.raw(false);

	/** `hourWidth` in px */
	constructor(state: DispatchState, desk: Desk, hourWidth: () => number) {
		this.#state = state;
		this.#desk = desk;
		this.#hourWidth = hourWidth;
	}

	get held(): number | null {
		return this.#held?.order ?? null;
	}

	/** The hand is over the tray: dropped there, an order is nobody's. */
	get overTray(): boolean {
		return this.#overTray;
	}

	/** For an order. A block is held where it was taken, a card of the tray by its beginning. */
	order = (id: number, byHour: boolean): Attachment<HTMLElement> => {
		return (element) =>
			draggable({
				element,
				canDrag: () => this.#desk.plans,
				getInitialData: ({ input }) => ({
					planning: id,
					grab: byHour ? input.clientX - element.getBoundingClientRect().left : 0
				})
			});
	};

	/** For the hours of a master. */
	track = (master: string): Attachment<HTMLElement> => {
		return (element) =>
			dropTargetForElements({
				element,
				canDrop: ({ source }) => isOrder(source.data),
				getData: ({ input }) => ({
					master,
					x: input.clientX - element.getBoundingClientRect().left
				})
			});
	};

	tray: Attachment<HTMLElement> = (element) =>
		dropTargetForElements({
			element,
			canDrop: ({ source }) => isOrder(source.data),
			getData: () => ({ tray: true })
		});

	/** For what should scroll when an order is held near its edge. */
	scroller: Attachment<HTMLElement> = (element) =>
		autoScrollForElements({ element, canScroll: ({ source }) => isOrder(source.data) });

	monitor: Attachment<HTMLElement> = () =>
		monitorForElements({
			canMonitor: ({ source }) => isOrder(source.data),
			onDragStart: ({ source }) => {
				const order = source.data.planning as number;
				this.#held = { order, seen: this.#state.board.version(order) };
			},
			onDrag: ({ source, location }) => this.#follow(source.data, location.current),
			onDropTargetChange: ({ source, location }) => this.#follow(source.data, location.current),
			onDrop: ({ source, location }) => this.#drop(source.data, location.current)
		});

	#follow(data: Record<string | symbol, unknown>, { dropTargets }: DropLocation): void {
		this.#overTray = dropTargets[0]?.data.tray === true;
		this.#desk.point(this.#spotOf(data, dropTargets));
	}

	#drop(data: Record<string | symbol, unknown>, { dropTargets }: DropLocation): void {
		const seen = this.#held?.seen;
		const spot = this.#spotOf(data, dropTargets);
		this.#held = null;
		this.#overTray = false;
		this.#desk.point(null);
		const order = data.planning as number;
		if (spot) this.#desk.drop(spot, seen);
		else if (dropTargets[0]?.data.tray === true) this.#takeBack(order, seen);
	}

	/** What is dropped back where it came from stays as it is. */
	#takeBack(order: number, seen: number | undefined): void {
		if (this.#state.board.card(order)?.master_id !== null) this.#desk.withdraw(order, seen);
	}

	#spotOf(
		data: Record<string | symbol, unknown>,
		targets: DropLocation['dropTargets']
	): Spot | null {
		const over = targets[0]?.data;
		if (typeof over?.master !== 'string') return null;
		const { from, to } = this.#state.day;
		const x = (over.x as number) - (data.grab as number);
		const time = from + (x / this.#hourWidth()) * HOUR;
		return {
			order: data.planning as number,
			master: over.master,
			from: Math.min(Math.max(snap(time, from), from), to - HOUR / 4)
		};
	}
}
