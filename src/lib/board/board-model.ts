/**
 * What the person sees: the confirmed board with their own unconfirmed wishes layered on top. The
 * layer is computed again whenever either changes, so a refusal is undone exactly by dropping the
 * wish, and a colleague's change under a wish carries the wish along with its neighbours.
 */
import {
	landingIndex,
	type Card,
	type Changes,
	type Mutation,
	type OrderChanged,
	type Place,
	type Snapshot,
	type Stage
} from './board.ts';
import { Confirmed } from './confirmed.ts';
import { layer, type Base, type Layer, type Preview } from './optimistic.ts';

/** One column as it should be painted. Replaced, never mutated. */
export interface ColumnView {
	readonly cards: readonly Card[];
	readonly count: number;
}

export class BoardModel {
	readonly stages: readonly Stage[];
	readonly #confirmed: Confirmed;
	readonly #base: Base;
	readonly #views = new Map<number, ColumnView>();
	readonly #stale = new Set<number>();
	#pending: readonly Mutation[] = [];
	#preview: Preview | null = null;
	#layer: Layer = { columns: new Map(), faces: new Map() };
	#layerStale = false;

	/** `location` narrows the board to one workshop; null shows all that the person may see. */
	constructor(snapshot: Snapshot, location: number | null = null) {
		this.stages = [...snapshot.stages].sort((a, b) => a.position - b.position || a.id - b.id);
		this.#confirmed = new Confirmed(snapshot, location);
		this.#base = {
			stages: this.stages,
			card: (id) => this.#confirmed.card(id),
			column: (stage) => this.#confirmed.column(stage)
		};
	}

	get pending(): readonly Mutation[] {
		return this.#pending;
	}

	get preview(): Preview | null {
		return this.#preview;
	}

	stage(id: number): Stage | undefined {
		return this.#confirmed.stage(id);
	}

	/** `{id: version}` of all confirmed cards, as `board_changes` takes it. */
	known(): Record<string, number> {
		return this.#confirmed.known();
	}

	/** What the server last said of an order. */
	confirmed(id: number): Card | undefined {
		return this.#confirmed.card(id);
	}

	/** The card as shown, own wishes included. */
	card(id: number): Card | undefined {
		this.#refresh();
		return this.#layer.faces.get(id) ?? this.#confirmed.card(id);
	}

	/** The column a card will be in once all pending wishes are granted; a preview does not count. */
	stageOf(id: number): Stage | undefined {
		const asked = this.#pending.some((wish) => wish.order_id === id);
		const granted = asked ? layer(this.#base, this.#pending).faces.get(id) : undefined;
		const card = granted ?? this.#confirmed.card(id);
		return card && this.stage(card.stage_id);
	}

	/** The column as shown. The same object as before if nothing in it changed. */
	view(stage: number): ColumnView {
		this.#refresh();
		const known = this.#views.get(stage);
		if (known) return known;
		const own = this.#confirmed.column(stage);
		const cards = this.#layer.columns.get(stage) ?? own;
		const view = { cards, count: this.#confirmed.count(stage) + cards.length - own.length };
		this.#views.set(stage, view);
		return view;
	}

	/** Where the card stands in what is shown; null if it is not on the board. */
	placeOf(id: number): (Place & { index: number }) | null {
		const card = this.card(id);
		if (!card) return null;
		const { cards } = this.view(card.stage_id);
		const index = cards.findIndex((other) => other.id === id);
		const prev_id = cards[index - 1]?.id ?? null;
		const next_id = cards[index + 1]?.id ?? null;
		return { index, to_stage: card.stage_id, prev_id, next_id };
	}

	/** Whether the card would land where it stands. */
	isAt(id: number, place: Place): boolean {
		const now = this.placeOf(id);
		if (!now || now.to_stage !== place.to_stage) return false;
		const others = this.view(place.to_stage).cards.filter((card) => card.id !== id);
		return landingIndex(others, place) === now.index;
	}

	/** Layers a wish on top. */
	add(mutation: Mutation): void {
		this.#pending = [...this.#pending, mutation];
		this.#layerStale = true;
	}

	/** Drops a wish: confirmed, refused or given up. True if it was still there. */
	settle(mutationId: string): boolean {
		const left = this.#pending.filter((wish) => wish.mutation_id !== mutationId);
		if (left.length === this.#pending.length) return false;
		this.#pending = left;
		this.#layerStale = true;
		return true;
	}

	/** Shows a card at a place without asking for it yet; null puts it back. */
	setPreview(preview: Preview | null): void {
		this.#preview = preview;
		this.#layerStale = true;
	}

	/**
	 * Takes a card from an answer of the server. One that is not here an answer does not bring: it
	 * cannot tell where the card was counted before, the live event or the next repair can.
	 */
	accept(card: Card): boolean {
		return this.#confirmed.card(card.id) !== undefined && this.#confirmed.accept(card);
	}

	/** Applies a live event; one that carries our own mutation id also confirms that wish. */
	apply(event: OrderChanged, location: number | null): boolean {
		const changed = this.#confirmed.apply(event, location);
		if (event.mutation_id !== null) this.settle(event.mutation_id);
		return changed;
	}

	/** Whether only a repair can tell what an event means for the counts; to be asked before `apply`. */
	isUnclear(event: OrderChanged, location: number | null): boolean {
		return this.#confirmed.isUnclear(event, location);
	}

	/** Applies the difference fetched after a gap; `known` is what was sent to ask for it. */
	repair(changes: Changes, known: Readonly<Record<string, number>>): void {
		this.#confirmed.repair(changes, known);
	}

	/** Takes a page of older cards of a column that is not loaded whole. */
	acceptOlder(cards: readonly Card[]): void {
		this.#confirmed.acceptOlder(cards);
	}

	/** Forgets them; the columns they stood in. */
	dropOlder(): Set<number> {
		return this.#confirmed.dropOlder();
	}

	/** The columns that look different since the last call, with what to paint. */
	flush(): Map<number, ColumnView> {
		this.#refresh();
		const changed = new Map<number, ColumnView>();
		for (const stage of this.#stale) changed.set(stage, this.view(stage));
		this.#stale.clear();
		return changed;
	}

	#refresh(): void {
		const { dirty } = this.#confirmed;
		const wishes = this.#pending.length > 0 || this.#preview !== null;
		const again = this.#layerStale || (wishes && dirty.size > 0);
		for (const stage of dirty) this.#outdate(stage);
		dirty.clear();
		if (!again) return;
		for (const stage of this.#layer.columns.keys()) this.#outdate(stage);
		this.#layer = layer(this.#base, this.#pending, this.#preview);
		for (const stage of this.#layer.columns.keys()) this.#outdate(stage);
		this.#layerStale = false;
	}

	#outdate(stage: number): void {
		this.#views.delete(stage);
		this.#stale.add(stage);
	}
}
