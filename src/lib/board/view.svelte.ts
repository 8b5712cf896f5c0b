/**
 * What is shown of the board: its columns filtered, sorted and cut into lanes as the address says.
 * Every column is derived by itself, so a change in one costs nothing in the others.
 */
import { untrack } from 'svelte';
import type { BoardColumn } from './board-column.svelte.ts';
import type { BoardState } from './board.svelte.ts';
import type { Card, Stage } from './board.ts';
import { comparePromised, matcher, type FilterFacts, type Matches } from './filter.ts';
import { laneOf, lanesOf, type Lane } from './lanes.ts';
import { everything, type BoardQuery } from './query.ts';

const none: readonly Card[] = [];

/** A pointer that has not moved for this long (ms) no longer aims at anything. */
const REST_MS = 500;

/** One column as shown. */
export class ShownColumn {
	readonly stage: Stage;
	#column: BoardColumn;
	#view: BoardView;
	#held = $state.raw<readonly Card[] | null>(null);
	#selected = $derived.by(() => this.#select());
	#cards = $derived.by(() => this.#steady());
	#cells = $derived.by(() => this.#cut());

	constructor(column: BoardColumn, view: BoardView) {
		this.stage = column.stage;
		this.#column = column;
		this.#view = view;
	}

	/** The cards shown, top to bottom; with lanes, lane after lane. */
	get cards(): readonly Card[] {
		if (this.#view.lanes.length === 0) return this.#cards;
		return this.#view.lanes.flatMap(({ key }) => this.cell(key));
	}

	/** All cards loaded, whether shown or not. */
	get loaded(): readonly Card[] {
		return this.#column.cards;
	}

	/** True number of orders, loaded or not. */
	get count(): number {
		return this.#column.count;
	}

	/** The cards of one lane; of the whole column when there are no lanes. */
	cell(lane: string): readonly Card[] {
		return lane === '' ? this.#cards : (this.#cells.get(lane) ?? none);
	}

	/**
	 * Keeps the order of cards for as long as somebody points at them: colleagues' changes on a card
	 * are shown, but nothing moves under the pointer until `release`.
	 */
	hold(): void {
		this.#held ??= untrack(() => this.#selected);
	}

	release(): void {
		this.#held = null;
	}

	/** Whether a card left this column and only waits for the pointer to let it go. */
	isGone(id: number): boolean {
		return this.#held !== null && !this.#selected.some((card) => card.id === id);
	}

	#steady(): readonly Card[] {
		if (this.#held === null) return this.#selected;
		const now = new Map(this.#selected.map((card) => [card.id, card]));
		return this.#held.map((card) => now.get(card.id) ?? card);
	}

	#select(): readonly Card[] {
		const { matches, query } = this.#view;
		const all = this.#column.cards;
		const cards = matches ? all.filter((card) => matches(card, this.stage)) : all;
		return query.sort === 'promised' ? cards.toSorted(comparePromised) : cards;
	}

	#cut(): ReadonlyMap<string, readonly Card[]> {
		const cells = new Map<string, Card[]>();
		const { lanes } = this.#view.query;
		for (const card of this.#cards) {
			const key = laneOf(card, lanes);
			const cell = cells.get(key);
			if (cell) cell.push(card);
			else cells.set(key, [card]);
		}
		return cells;
	}
}

export interface ViewFacts extends Pick<FilterFacts, 'me' | 'startOfDay'> {
	readonly locations: readonly { readonly id: number; readonly name: string }[];
}

export class BoardView {
	readonly columns: readonly ShownColumn[];
	#board: BoardState;
	#facts: ViewFacts;
	#query = $state.raw<BoardQuery>(everything);
	#clients = $state.raw<ReadonlySet<number>>(new Set());
	// the clock moves every few seconds: only "overdue" looks at it
	#now = $derived.by(() => (this.#query.overdue ? this.#board.now : 0));
	#named = $derived.by(() => (this.#query.text === '' ? new Map() : this.#board.masters));
	#matches = $derived.by(() =>
		matcher(this.#query, {
			...this.#facts,
			now: this.#now,
			masters: this.#named,
			clients: this.#clients
		})
	);
	#lanes = $derived.by(() => this.#divide());
	#pointed: number | null = null;
	#rest: ReturnType<typeof setTimeout> | undefined;

	constructor(board: BoardState, query: BoardQuery, facts: ViewFacts) {
		this.#board = board;
		this.#facts = facts;
		this.#query = query;
		this.columns = board.columns.map((column) => new ShownColumn(column, this));
	}

	get query(): BoardQuery {
		return this.#query;
	}

	/** Null when everything is shown. */
	get matches(): Matches | null {
		return this.#matches;
	}

	/** Empty when the board is not cut into lanes. */
	get lanes(): readonly Lane[] {
		return this.#lanes;
	}

	column(stage: number): ShownColumn | undefined {
		return this.columns.find((column) => column.stage.id === stage);
	}

	/** Where a card stands in what is shown; null if it is hidden or gone. */
	placeOf(id: number): { column: ShownColumn; lane: string; index: number } | null {
		const card = this.#board.card(id);
		const column = card && this.column(card.stage_id);
		if (!card || !column) return null;
		const lane = this.laneOf(card);
		const index = column.cell(lane).findIndex((other) => other.id === id);
		return index < 0 ? null : { column, lane, index };
	}

	/** The lane a card stands in; '' without lanes. */
	laneOf(card: Card): string {
		return laneOf(card, this.#query.lanes);
	}

	/** Somebody points at a column: its cards stay where they are until the pointer rests. */
	point(stage: number): void {
		if (this.#pointed !== stage) this.release();
		this.#pointed = stage;
		this.column(stage)?.hold();
		clearTimeout(this.#rest);
		this.#rest = setTimeout(() => this.release(), REST_MS);
	}

	/** What waited for the pointer is shown now. */
	release(): void {
		clearTimeout(this.#rest);
		if (this.#pointed !== null) this.column(this.#pointed)?.release();
		this.#pointed = null;
	}

	/** Shows another part of the board. */
	show(query: BoardQuery): void {
		this.#query = query;
	}

	/** The clients whose phone fits the text, as the server says. */
	found(clients: ReadonlySet<number>): void {
		if (clients.size > 0 || this.#clients.size > 0) this.#clients = clients;
	}

	#divide(): Lane[] {
		const kind = this.#query.lanes;
		if (kind === 'none') return [];
		const owners = new Set<string>();
		if (kind === 'master') {
			for (const column of this.#board.columns)
				for (const card of column.cards) if (card.master_id !== null) owners.add(card.master_id);
		}
		const { masters } = this.#board;
		return lanesOf(kind, { masters, locations: this.#facts.locations, owners });
	}
}
