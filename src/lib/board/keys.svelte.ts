/**
 * The board by keyboard: one card is in the tab order, arrows walk over the others; Space lifts a
 * card, which `KeyCarry` carries then. Enter opens the order, M its menu, P proposes a master.
 */
import { untrack } from 'svelte';
import type { BoardActions } from './actions.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import { KeyCarry } from './carry.svelte.ts';
import { cardOf, clamp, isKeyP, isTyping, steps, type Step } from './key-steps.ts';
import type { BoardRules } from './rules.ts';
import type { Selection } from './selection.svelte.ts';
import type { BoardView, ShownColumn } from './view.svelte.ts';

export class BoardKeys {
	#board: BoardState;
	#view: BoardView;
	#rules: BoardRules;
	#actions: BoardActions;
	#selection: Selection;
	#focused = $state.raw<number | null>(null);
	/** a new object each time, so that the same card can be asked for twice */
	#wanted = $state.raw<{ id: number } | null>(null);
	#carry: KeyCarry;
	/** a card has the focus, or had it until it was taken away */
	#inside = false;
	#tabStop = $derived.by(() => {
		const { columns } = this.#view;
		const held = columns.some((column) => column.cards.some((card) => card.id === this.#focused));
		if (held) return this.#focused;
		return columns.find((column) => column.cards.length > 0)?.cards[0]?.id ?? null;
	});

	constructor(
		board: BoardState,
		view: BoardView,
		rules: BoardRules,
		actions: BoardActions,
		selection: Selection
	) {
		this.#selection = selection;
		this.#board = board;
		this.#view = view;
		this.#rules = rules;
		this.#actions = actions;
		this.#carry = new KeyCarry({ board, view, rules, actions, focus: (id) => this.focus(id) });
	}

	/** The one card that Tab reaches. */
	get tabStop(): number | null {
		return this.#tabStop;
	}

	/** A card that should take the focus, once its column has it on screen. */
	get wanted(): { id: number } | null {
		return this.#wanted;
	}

	get lifted(): number | null {
		return this.#carry.lifted;
	}

	/** The wanted card has the focus now. */
	arrived(id: number): void {
		if (this.#wanted?.id === id) this.#wanted = null;
	}

	/** Moves the focus to a card, scrolling to it if needed. */
	focus(id: number): void {
		this.#focused = id;
		this.#wanted = { id };
	}

	/** For the board's focusin: remembers where the person is. */
	follow = (event: FocusEvent): void => {
		const id = cardOf(event.target);
		this.#inside = id !== null;
		if (id !== null) this.#focused = id;
	};

	/** For the board's focusout: a card that is still there afterwards was left on purpose. */
	leave = ({ target }: FocusEvent): void => {
		setTimeout(() => {
			if (target instanceof HTMLElement && target.isConnected && target !== document.activeElement)
				this.#inside = cardOf(document.activeElement) !== null;
		});
	};

	/** After a menu closed: its button may be gone, the card is not. */
	restore(id: number): void {
		requestAnimationFrame(() => document.activeElement === document.body && this.focus(id));
	}

	/** After a menu moved a card: the focus goes with it, once the menu has let go of it. */
	accompany(id: number, frames = 20): void {
		requestAnimationFrame(() => {
			if (frames > 0 && document.querySelector('[role="menu"]')) this.accompany(id, frames - 1);
			else requestAnimationFrame(() => this.focus(id));
		});
	}

	/** After a repaint: a focused card that moved to another column takes the focus along. */
	refocus(): void {
		const id = untrack(() => this.#focused);
		if (!this.#inside || id === null || document.activeElement !== document.body) return;
		if (this.#board.card(id)) this.focus(id);
	}

	/** For a click anywhere: a card in the air is put back. */
	release = (): void => {
		this.#carry.cancel();
	};

	/** For the board's keydown. */
	press = (event: KeyboardEvent): void => {
		if ((event.ctrlKey || event.metaKey) && event.code === 'KeyZ' && !isTyping(event.target)) {
			event.preventDefault();
			return event.shiftKey ? this.#actions.redo() : this.#actions.undo();
		}
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const id = cardOf(event.target);
		// the focus needs a frame to reach a card; quick fingers are ahead of it
		const handled =
			this.#carry.lifted !== null
				? this.#carry.press(event.key)
				: id !== null && this.#walk(this.#focused ?? id, event);
		if (handled) event.preventDefault();
	};

	#walk(id: number, { key, code, shiftKey }: KeyboardEvent): boolean {
		const step = steps[key];
		const { movesCards } = this.#rules;
		if (step && shiftKey && step.rows !== 0 && movesCards) this.#extend(id, step);
		else if (step) this.#focusNext(id, step);
		else if (code === 'KeyX' && movesCards) this.#actions.select(id);
		else if (key === 'Escape' && this.#selection.size > 0) this.#selection.clear();
		else if (key === ' ' && this.#rules.movesCards) this.#carry.lift(id);
		else if (key === 'Enter') this.#actions.open(id);
		else if (isKeyP({ key, code }) && this.#rules.assigns)
			this.#actions.setMenu(id, 'proposal', true);
		else if (isKeyM(key) && this.#rules.movesCards) this.#actions.setMenu(id, 'move', true);
		else return false;
		return true;
	}

	/** Shift and an arrow: this card and the next are chosen. */
	#extend(id: number, step: Step): void {
		if (!this.#selection.has(id)) this.#actions.select(id);
		this.#focusNext(id, step);
		const next = this.#focused;
		if (next !== null && next !== id) this.#actions.select(next, true);
	}

	#focusNext(id: number, step: Step): void {
		const here = this.#view.placeOf(id);
		if (!here) return;
		let column: ShownColumn | undefined = here.column;
		// empty columns have nothing to focus: look past them
		if (step.columns !== 0) {
			do column = this.#neighbour(column, step.columns);
			while (column && column.cards.length === 0);
		}
		const cards = column?.cards ?? [];
		const row =
			column === here.column ? cards.findIndex((card) => card.id === id) + step.rows : here.index;
		const next = cards[clamp(row, cards.length - 1)];
		if (next) this.focus(next.id);
	}

	#neighbour(column: ShownColumn | undefined, by: -1 | 0 | 1): ShownColumn | undefined {
		const { columns } = this.#view;
		const index = column ? columns.indexOf(column) : -1;
		return index < 0 ? undefined : columns[index + by];
	}
}

/** whatever the keyboard's language */
const isKeyM = (key: string): boolean => 'mMьЬ'.includes(key) && key.length === 1;
