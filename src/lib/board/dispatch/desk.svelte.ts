/**
 * What a person can do on dispatch, whichever way they ask (mouse, keys, dialog): where the order
 * in the hand would land, and which dialog is open. How it ended the board's `Teller` says.
 */
import { orderNumber, type Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Card } from '../board.ts';
import type { Teller } from '../teller.svelte.ts';
import type { DispatchState } from './dispatch.svelte.ts';
import { MINUTE } from './schedule.ts';

/** A master's hour. */
export interface Spot {
	readonly order: number;
	readonly master: string;
	/** ms */
	readonly from: number;
}

interface Tools {
	state: DispatchState;
	teller: Teller;
	format: Format;
	/** may assign, so may plan */
	plans: boolean;
	/** shows an order whole */
	open: (order: number) => void;
}

export class Desk {
	#tools: Tools;
	#spot = $state.raw<Spot | null>(null);
	#dialog = $state.raw<{ kind: 'plan' | 'proposal'; order: number } | null>(null);

	constructor(tools: Tools) {
		this.#tools = tools;
	}

	get plans(): boolean {
		return this.#tools.plans;
	}

	/** Where the order in the hand would land. */
	get spot(): Spot | null {
		return this.#spot;
	}

	get dialog(): { kind: 'plan' | 'proposal'; order: number } | null {
		return this.#dialog;
	}

	/** What the screen reader should say now. */
	get announcement(): string {
		return this.#tools.teller.announcement;
	}

	announce(text: string): void {
		this.#tools.teller.announce(text);
	}

	open(order: number): void {
		this.#tools.open(order);
	}

	/** Asks for master, hour and length of an order. */
	ask(order: number): void {
		if (this.plans) this.#dialog = { kind: 'plan', order };
	}

	/** Proposes a master for an order. */
	propose(order: number): void {
		if (this.plans) this.#dialog = { kind: 'proposal', order };
	}

	close(): void {
		this.#dialog = null;
	}

	/** Shows where an order would land; null: nowhere. */
	point(spot: Spot | null): void {
		const now = this.#spot;
		const same =
			now?.order === spot?.order && now?.master === spot?.master && now?.from === spot?.from;
		if (!same) this.#spot = spot;
	}

	/** Whether a master works where the order is. */
	mayTake(card: Card, master: string): boolean {
		const location = this.#board.masters.get(master)?.location_id ?? null;
		return location === null || location === card.location_id;
	}

	/** An order was dropped on a master's hour; `seen` is the version it was taken in. */
	drop({ order, master, from }: Spot, seen?: number): boolean {
		const card = this.#board.card(order);
		this.#spot = null;
		if (!card) return false;
		const planned_at = new Date(from).toISOString();
		return this.plan(order, master, planned_at, card.planned_minutes ?? null, seen);
	}

	/** Asks for a master and an hour; false if that is known to be no plan. */
	plan(
		order: number,
		master_id: string | null,
		planned_at: string | null,
		planned_minutes: number | null,
		seen?: number
	): boolean {
		const card = this.#board.card(order);
		if (!card || !this.plans) return false;
		if (master_id !== null && !this.mayTake(card, master_id)) {
			const master = this.#board.masters.get(master_id)?.full_name ?? '';
			this.#tools.teller.say(m.dispatch_elsewhere({ order: orderNumber(order), master }));
			return false;
		}
		return this.#board.wishes.plan(order, { master_id, planned_at, planned_minutes }, { seen });
	}

	/** Takes an order back from its master, and from its hour. */
	withdraw(order: number, seen?: number): boolean {
		return this.plan(order, null, null, null, seen);
	}

	/** When a proposed master would begin; null on a day that is over: then only who, not when. */
	startFor(order: number, master: string): number | null {
		const { state } = this.#tools;
		const card = this.#board.card(order);
		if (!card) return null;
		const start = state.gap(master, card);
		return start + state.minutes(card) * MINUTE <= state.day.to ? start : null;
	}

	/** A proposal was taken: the order is the master's, in his first free time of the day. */
	accept(order: number, master: string): void {
		const card = this.#board.card(order);
		const start = this.startFor(order, master);
		this.close();
		if (!card) return;
		if (start === null) this.#board.assign(order, master);
		else this.drop({ order, master, from: start });
	}

	undo(): void {
		if (!this.#board.wishes.undo()) this.#tools.teller.say(m.board_undo_nothing());
	}

	redo(): void {
		if (!this.#board.wishes.redo()) this.#tools.teller.say(m.board_redo_nothing());
	}

	/** 'Olha, 14:30' */
	where({ master, from }: Spot): { master: string; time: string } {
		return {
			master: this.#board.masters.get(master)?.full_name ?? '',
			time: this.#tools.format.time(from)
		};
	}

	get #board() {
		return this.#tools.state.board;
	}
}
