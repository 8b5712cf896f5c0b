/**
 * Dispatch by keyboard: arrows walk to the nearest order in their direction; Space lifts one, arrows
 * carry it by a quarter of an hour or to another master, Space drops it, Escape puts it back.
 */
import { orderNumber } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import { cardOf, isKeyP, isTyping, steps, type Step } from '../key-steps.ts';
import type { Desk, Spot } from './desk.svelte.ts';
import type { DispatchState } from './dispatch.svelte.ts';
import { HOUR, STEP } from './schedule.ts';

export class DispatchKeys {
	#state: DispatchState;
	#desk: Desk;
	#focused = $state.raw<number | null>(null);
	#lifted = $state.raw<{ order: number; seen: number } | null>(null);

	constructor(state: DispatchState, desk: Desk) {
		this.#state = state;
		this.#desk = desk;
	}

	get lifted(): number | null {
		return this.#lifted?.order ?? null;
	}

	/** The one order that Tab reaches: where the person was, else the first of `orders`. */
	isTabStop(id: number, first: number | undefined): boolean {
		return (this.#focused ?? first) === id;
	}

	/** For focusin: remembers where the person is. */
	follow = ({ target }: FocusEvent): void => {
		const id = cardOf(target);
		if (id !== null) this.#focused = id;
	};

	/** After an order moved or a dialog closed: the focus goes with the order. */
	accompany(id: number): void {
		requestAnimationFrame(() =>
			requestAnimationFrame(() =>
				document.querySelector<HTMLElement>(`[data-card-id="${id}"]`)?.focus()
			)
		);
	}

	/** For a click anywhere: an order in the air is put back. */
	release = (): void => {
		if (this.#lifted) this.#cancel(this.#lifted.order);
	};

	/** For the page's keydown. */
	press = (event: KeyboardEvent): void => {
		if ((event.ctrlKey || event.metaKey) && event.code === 'KeyZ' && !isTyping(event.target)) {
			event.preventDefault();
			return event.shiftKey ? this.#desk.redo() : this.#desk.undo();
		}
		if (event.ctrlKey || event.metaKey || event.altKey || this.#desk.dialog) return;
		const id = cardOf(event.target);
		const handled = this.#lifted ? this.#carry(event) : id !== null && this.#walk(id, event);
		if (handled) event.preventDefault();
	};

	#walk(id: number, event: KeyboardEvent): boolean {
		const { key, code } = event;
		const step = steps[key];
		if (step && Number.isFinite(step.rows)) focusNearest(event.target as HTMLElement, step);
		else if (key === 'Enter') this.#desk.open(id);
		else if (!this.#desk.plans) return false;
		else if (key === ' ') this.#lift(id);
		else if (isKeyP(event)) this.#desk.propose(id);
		else if (code === 'KeyM') this.#desk.ask(id);
		else return false;
		return true;
	}

	#lift(id: number): void {
		const card = this.#state.board.card(id);
		const master = card?.master_id ?? this.#takers(id)[0];
		if (!card || !master) return;
		this.#lifted = { order: id, seen: this.#state.board.version(id) };
		const from = this.#state.block(id)?.from ?? this.#state.gap(master, card);
		const spot = { order: id, master, from: this.#within(from) };
		this.#desk.point(spot);
		this.#desk.announce(
			m.dispatch_key_lifted({ order: orderNumber(id), ...this.#desk.where(spot) })
		);
	}

	#carry({ key, shiftKey }: KeyboardEvent): boolean {
		const { spot } = this.#desk;
		if (!this.#lifted || !spot) return false;
		const { order, seen } = this.#lifted;
		const step = steps[key];
		if (key === 'Escape') this.#cancel(order);
		else if (step && Number.isFinite(step.rows)) this.#shift(spot, step, shiftKey ? HOUR : STEP);
		else if (key === ' ' || key === 'Enter') {
			this.#lifted = null;
			this.#desk.drop(spot, seen);
			this.accompany(order);
		} else return key === 'Tab' && this.#cancel(order);
		return true;
	}

	#shift(spot: Spot, { columns, rows }: Step, by: number): void {
		const takers = this.#takers(spot.order);
		const row = takers.indexOf(spot.master) + rows;
		const master = takers[Math.max(0, Math.min(row, takers.length - 1))] ?? spot.master;
		const next = { ...spot, master, from: this.#within(spot.from + columns * by) };
		this.#desk.point(next);
		this.#desk.announce(m.dispatch_key_at(this.#desk.where(next)));
	}

	/** @returns false: the key goes on */
	#cancel(order: number): false {
		this.#lifted = null;
		this.#desk.point(null);
		this.#desk.announce(m.dispatch_key_cancelled({ order: orderNumber(order) }));
		return false;
	}

	/** The masters an order may be carried to, as the rows stand. */
	#takers(order: number): string[] {
		const card = this.#state.board.card(order);
		if (!card) return [];
		const ids = this.#state.rows.map(({ master }) => master.id);
		return ids.filter((master) => this.#desk.mayTake(card, master));
	}

	#within(time: number): number {
		const { from, to } = this.#state.day;
		return Math.max(from, Math.min(time, to - STEP));
	}
}

/** Moves the focus to the order nearest in a direction; across it distance counts more than along. */
function focusNearest(here: HTMLElement, { columns, rows }: Step): void {
	const from = here.getBoundingClientRect();
	let best: HTMLElement | null = null;
	let least = Infinity;
	for (const element of document.querySelectorAll<HTMLElement>('[data-card-id]')) {
		const box = element.getBoundingClientRect();
		const along =
			columns * (box.left - from.left) +
			rows * (box.top + box.height / 2 - from.top - from.height / 2);
		if (element === here || along <= 1) continue;
		const across = columns === 0 ? Math.abs(box.left - from.left) : Math.abs(box.top - from.top);
		const distance = along + 3 * across;
		if (distance < least) [best, least] = [element, distance];
	}
	best?.focus();
}
