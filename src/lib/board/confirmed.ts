/**
 * The confirmed half of the board: exactly what the server has told us, whichever way it came
 * (snapshot, repair, RPC answer, live event) and in whatever order. Versions decide: an older or
 * equal version of a card never replaces a newer one, and a removal is remembered, so that a late
 * event cannot bring a card back.
 */
import {
	compareCards,
	withCard,
	isTerminal,
	type Card,
	type Changes,
	type OrderChanged,
	type Snapshot,
	type Stage
} from './board.ts';
import { Departures } from './departures.ts';
import { TrueCounts } from './true-counts.ts';

const none: readonly Card[] = [];

export class Confirmed {
	/** columns whose content or count changed since the owner last looked */
	readonly dirty = new Set<number>();
	#stages = new Map<number, Stage>();
	#cards = new Map<number, Card>();
	#columns = new Map<number, readonly Card[]>();
	#departures = new Departures();
	/** cards older than what the server compares a board with: it would call them removed */
	#older = new Set<number>();
	/** what was told of older cards that are not here: a page of them may be on its way from before that */
	#told = new Map<number, Card>();
	#counts = new TrueCounts(
		(stage) => this.#ends(stage),
		(stage) => this.dirty.add(stage)
	);
	#location: number | null;

	constructor(snapshot: Snapshot, location: number | null) {
		this.#location = location;
		for (const stage of snapshot.stages) this.#stages.set(stage.id, stage);
		this.#counts.replace(snapshot.counts, this.#stages.keys());
		for (const card of snapshot.cards) this.#cards.set(card.id, card);
		for (const stage of snapshot.stages) {
			const own = snapshot.cards.filter((card) => card.stage_id === stage.id);
			this.#columns.set(stage.id, own.sort(compareCards));
			this.dirty.add(stage.id);
		}
	}

	get size(): number {
		return this.#cards.size;
	}

	card(id: number): Card | undefined {
		return this.#cards.get(id);
	}

	stage(id: number): Stage | undefined {
		return this.#stages.get(id);
	}

	column(stage: number): readonly Card[] {
		return this.#columns.get(stage) ?? none;
	}

	/** True number of orders in a column, loaded or not. */
	count(stage: number): number {
		const loaded = this.column(stage).length;
		return this.#ends(stage) ? Math.max(this.#counts.of(stage), loaded) : loaded;
	}

	/** `{id: version}` of everything held, as `board_changes` takes it. What changes from now on, `repair` must weigh. */
	known(): Record<string, number> {
		const known: Record<string, number> = {};
		this.#counts.asked();
		for (const card of this.#cards.values()) {
			if (!this.#older.has(card.id)) known[card.id] = card.version;
		}
		return known;
	}

	/**
	 * Takes a card from an RPC answer or a repair. `origin` is the column it left, if the card
	 * itself was not here to tell. True if it was news.
	 */
	accept(card: Card, origin: number | null = null): boolean {
		if (this.#location !== null && card.location_id !== this.#location) {
			return this.remove(card.id, card.version);
		}
		const old = this.#cards.get(card.id);
		if (old && old.version >= card.version) return false;
		if (this.#departures.outdates(card)) return false;
		this.#departures.back(card.id);
		this.#cards.set(card.id, card);
		if (old) this.#takeOut(old);
		this.#putIn(card);
		const from = old?.stage_id ?? origin;
		if (from !== card.stage_id) {
			this.#older.delete(card.id);
			this.#counts.went(card.id, from, card.stage_id);
		}
		return true;
	}

	/** Takes a page of older cards of a column; true counts know them already. */
	acceptOlder(cards: readonly Card[]): void {
		for (const read of cards) {
			const told = this.#told.get(read.id);
			const card = told && told.version > read.version ? told : read;
			if (this.#cards.has(card.id) || this.#departures.outdatesOlder(card)) continue;
			if (this.#location !== null && card.location_id !== this.#location) continue;
			this.#older.add(card.id);
			this.#cards.set(card.id, card);
			this.#putIn(card);
		}
	}

	/** Forgets the older cards: after a gap nobody says what became of them. Their columns. */
	dropOlder(): Set<number> {
		const stages = new Set<number>();
		for (const id of this.#older) {
			const card = this.#cards.get(id);
			if (!card) continue;
			stages.add(card.stage_id);
			this.#cards.delete(id);
			this.#takeOut(card);
		}
		this.#older.clear();
		this.#told.clear();
		return stages;
	}

	/** Takes a card off the board unless a newer version of it is here. True if it was here. */
	remove(id: number, version: number): boolean {
		this.#departures.left(id, version);
		const old = this.#cards.get(id);
		if (!old || old.version > version) return false;
		this.#cards.delete(id);
		this.#older.delete(id);
		this.#takeOut(old);
		this.#counts.went(id, old.stage_id, null);
		return true;
	}

	/**
	 * Applies a live event. `location` is that of the topic it came by (null for a master's own
	 * topic): leaving one location's board is no removal for a card already seen on another's.
	 * True if it changed anything.
	 */
	apply(event: OrderChanged, location: number | null): boolean {
		const old = this.#cards.get(event.id);
		if (!event.card) {
			if (old && location !== null && old.location_id !== location) return false;
			return this.remove(event.id, event.version);
		}
		if (old || event.event === 'created') return this.accept(event.card);
		const origin = event.from_stage;
		const ended = origin !== null && this.#ends(origin);
		// an old closed order outside the newest few was edited in place: still not ours to show
		if (ended && origin === event.card.stage_id) {
			this.#told.set(event.id, event.card);
			return false;
		}
		return this.accept(event.card, ended ? origin : null);
	}

	/**
	 * Whether an event about an order that is not here, in a column not loaded whole, may change its
	 * count in a way only the server can tell: it may have come to a master or left him, or a place.
	 */
	isUnclear({ id, card, from_stage }: OrderChanged, location: number | null): boolean {
		if (this.#cards.has(id) || from_stage === null || !this.#ends(from_stage)) return false;
		return card === null || location === null;
	}

	/**
	 * Applies a repair. `known` is what was sent with it: a card that changed while the answer
	 * travelled is not removed by it, and is counted where it stands now, not where the server saw it.
	 */
	repair(changes: Changes, known: Readonly<Record<string, number>>): void {
		const take = () => {
			for (const card of changes.cards) {
				this.#older.delete(card.id);
				this.accept(card);
			}
			for (const id of changes.removed) {
				const version = known[id];
				if (version !== undefined) this.remove(id, version);
			}
			for (const { id, version } of changes.aged) {
				// a late word of how it got where it is counted already is no news
				this.remove(id, version);
				this.#departures.aged(id, version);
			}
		};
		const columnOf = (id: number) => this.#cards.get(id)?.stage_id ?? null;
		this.#counts.repair(changes, this.#stages.keys(), take, columnOf);
	}

	#ends(stage: number): boolean {
		const kind = this.#stages.get(stage)?.kind;
		return kind !== undefined && isTerminal(kind);
	}

	#takeOut(card: Card): void {
		const column = this.column(card.stage_id);
		this.#columns.set(
			card.stage_id,
			column.filter((other) => other.id !== card.id)
		);
		this.dirty.add(card.stage_id);
	}

	#putIn(card: Card): void {
		this.#columns.set(card.stage_id, withCard(this.column(card.stage_id), card));
		this.dirty.add(card.stage_id);
	}
}
