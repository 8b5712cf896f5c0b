/**
 * A card carried by the keyboard: lifted with Space, shown where it would land, dropped with Space
 * or Enter, put back with Escape. Past the last card of a master's lane it enters the next one.
 */
import { orderNumber } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { BoardActions } from './actions.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import { placeAt } from './board.ts';
import { clamp, steps, type Step } from './key-steps.ts';
import { NOBODY } from './query.ts';
import type { BoardRules } from './rules.ts';
import type { BoardView, ShownColumn } from './view.svelte.ts';
import { laneWord } from './words.ts';

interface Tools {
	board: BoardState;
	view: BoardView;
	rules: BoardRules;
	actions: BoardActions;
	/** moves the focus to a card */
	focus: (id: number) => void;
}

export class KeyCarry {
	#tools: Tools;
	#lifted = $state.raw<number | null>(null);
	/** the lane it was lifted in */
	#home = '';

	constructor(tools: Tools) {
		this.#tools = tools;
	}

	get lifted(): number | null {
		return this.#lifted;
	}

	lift(id: number): void {
		const { view, actions } = this.#tools;
		this.#lifted = id;
		this.#home = view.placeOf(id)?.lane ?? '';
		actions.lift(id);
		actions.announce(m.board_key_lifted({ order: orderNumber(id), ...this.#where(id) }));
	}

	/** What a key does to the card in the air; false if none is. */
	press(key: string): boolean {
		const id = this.#lifted;
		if (id === null) return false;
		const step = steps[key];
		if (!this.#tools.board.card(id)) this.#putDown();
		else if (step) this.#shift(id, step);
		else if (key === ' ' || key === 'Enter') this.#drop(id);
		else if (key === 'Escape') this.cancel();
		return true;
	}

	/** Puts the card back, if one is in the air. */
	cancel(): void {
		const id = this.#lifted;
		if (id === null) return;
		const { board, actions, focus } = this.#tools;
		board.preview(null);
		this.#putDown();
		actions.announce(m.board_key_cancelled({ order: orderNumber(id), ...this.#where(id) }));
		focus(id);
	}

	#shift(id: number, step: Step): void {
		const { board, view, rules, actions, focus } = this.#tools;
		const here = view.placeOf(id);
		const from = board.stageOf(id);
		if (!here || !from) return;
		let column: ShownColumn | undefined = here.column;
		if (step.columns !== 0) {
			do column = view.columns[view.columns.indexOf(column) + step.columns];
			while (column && rules.verdict(from, column.stage) !== 'allowed');
		}
		if (!column) return actions.announce(m.board_key_edge());
		const { lane, index } = this.#slot(id, column, here, step.rows);
		const others = column.cell(lane).filter((card) => card.id !== id);
		const place = placeAt(column.stage.id, others, clamp(index, others.length));
		const master = lane === this.#home ? undefined : masterOf(lane);
		board.preview({ order_id: id, ...place, ...(master !== undefined && { master_id: master }) });
		board.hand.over(column.stage.id);
		focus(id);
		actions.announce(m.board_key_moved(this.#where(id)));
	}

	/** Which lane and slot `rows` further down are; beyond a lane's end lies the next, if it takes cards. */
	#slot(id: number, column: ShownColumn, here: { lane: string; index: number }, rows: number) {
		const { view, rules } = this.#tools;
		const { lane } = here;
		const index = here.index + rows;
		const count = column.cell(lane).filter((card) => card.id !== id).length;
		if (Math.abs(rows) !== 1 || (index >= 0 && index <= count)) return { lane, index };
		if (view.query.lanes !== 'master' || !rules.assigns) return { lane, index };
		const next = view.lanes[view.lanes.findIndex(({ key }) => key === lane) + rows];
		return next ? { lane: next.key, index: rows > 0 ? 0 : Infinity } : { lane, index };
	}

	#drop(id: number): void {
		const { board, view, actions, focus } = this.#tools;
		const place = board.placeOf(id);
		const lane = view.placeOf(id)?.lane ?? '';
		const where = this.#where(id);
		const { seen } = board.hand;
		this.#putDown();
		if (place && lane === this.#home) actions.move(id, place, { seen });
		else if (place) {
			board.preview(null);
			const [card, from, to] = [
				board.card(id),
				board.stageOf(id),
				board.column(place.to_stage)?.stage
			];
			const verdict = card && from && to && actions.verdict(card, from, to, lane);
			if (verdict) actions.drop(id, { ...place, lane, verdict }, seen);
		}
		actions.announce(m.board_key_dropped({ order: orderNumber(id), ...where }));
		focus(id);
	}

	#putDown(): void {
		this.#lifted = null;
		this.#tools.board.hand.drop();
	}

	#where(id: number): { stage: string; position: number; total: number } {
		const { board, view, actions } = this.#tools;
		const place = board.placeOf(id);
		const column = place && board.column(place.to_stage);
		const name = actions.nameOf(column?.stage);
		const key = view.placeOf(id)?.lane;
		const lane = view.lanes.find((one) => one.key === key);
		return {
			stage: lane ? `${laneWord(lane, view.query.lanes)}, ${name}` : name,
			position: (place?.index ?? 0) + 1,
			total: column?.count ?? 0
		};
	}
}

const masterOf = (lane: string): string | null => (lane === NOBODY ? null : lane);
