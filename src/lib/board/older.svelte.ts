/**
 * The older cards of columns that are not loaded whole, a page at a time: the next ones as somebody
 * scrolls, or with filters on those the server finds.
 */
import type { BoardServer } from './board-server.ts';
import type { BoardState } from './board.svelte.ts';
import { isTerminal, type Page, type Stage } from './board.ts';
import type { Money } from './money.svelte.ts';
import { isFiltered, NOBODY, phoneDigits, type BoardQuery } from './query.ts';

interface Progress {
	after: Page['next'];
	done: boolean;
	busy: boolean;
}

const fresh = (): Progress => ({ after: null, done: false, busy: false });

export class Older {
	#board: BoardState;
	#money: Money;
	#server: Pick<BoardServer, 'older'>;
	#startOfDay: (day: string, after?: number) => number;
	#progress = $state.raw<ReadonlyMap<string, Progress>>(new Map());

	constructor(
		board: BoardState,
		money: Money,
		server: Pick<BoardServer, 'older'>,
		startOfDay: (day: string, after?: number) => number
	) {
		this.#board = board;
		this.#money = money;
		this.#server = server;
		this.#startOfDay = startOfDay;
	}

	/** Whether a page of this column is on its way. */
	isBusy(stage: Stage, query: BoardQuery): boolean {
		return this.#of(stage, query).busy;
	}

	/** Whether the server may have more of this column than is loaded. */
	hasMore(stage: Stage, query: BoardQuery, missing: number): boolean {
		return isTerminal(stage.kind) && missing > 0 && !this.#of(stage, query).done;
	}

	/** Fetches the next page of a column. */
	async more(stage: Stage, query: BoardQuery): Promise<void> {
		const key = keyOf(stage, query);
		const now = this.#of(stage, query);
		if (now.busy || now.done) return;
		this.#set(key, { ...now, busy: true });
		const filters = isFiltered(query) ? filtersOf(query, this.#startOfDay) : null;
		let { after } = now;
		let known: boolean;
		do {
			const answer = await this.#server.older({ stage: stage.id, after, filters });
			if (!answer.ok) return this.#set(key, { ...now, busy: false });
			const page = answer.value;
			// the first pages may be here already: nobody waits for what they see
			known = page.cards.every((card) => this.#board.card(card.id) !== undefined);
			after = page.next;
			this.#money.more(page);
			this.#board.showOlder(page);
		} while (known && after !== null);
		this.#set(key, { after, done: after === null, busy: false });
	}

	/** After a gap the older cards of these columns were dropped: their next page is fetched again. */
	repair(stages: ReadonlySet<number>, query: BoardQuery): void {
		this.#progress = new Map();
		for (const id of stages) {
			const stage = this.#board.column(id)?.stage;
			if (stage) void this.more(stage, query);
		}
	}

	#of(stage: Stage, query: BoardQuery): Progress {
		return this.#progress.get(keyOf(stage, query)) ?? fresh();
	}

	#set(key: string, progress: Progress): void {
		this.#progress = new Map(this.#progress).set(key, progress);
	}
}

const keyOf = ({ id }: Stage, query: BoardQuery): string =>
	isFiltered(query) ? `${id}:${JSON.stringify({ ...query, sort: '', lanes: '' })}` : String(id);

/** The board's filters in the words of `find_orders`. */
export function filtersOf(
	query: BoardQuery,
	startOfDay: (day: string, after?: number) => number
): Record<string, unknown> {
	const masters = query.masters.filter((id) => id !== NOBODY);
	const from = (day: string) => (day === '' ? undefined : new Date(startOfDay(day)).toISOString());
	const to = (day: string) => (day === '' ? undefined : new Date(startOfDay(day, 1)).toISOString());
	const filters: Record<string, unknown> = {
		types: query.types.length > 0 ? query.types : undefined,
		master_ids: masters.length > 0 ? masters : undefined,
		unassigned: query.masters.includes(NOBODY) && masters.length === 0 ? true : undefined,
		client: phoneDigits(query.text) || query.text.trim() || undefined,
		instrument: query.instrument.trim() || undefined,
		created_from: from(query.createdFrom),
		created_to: to(query.createdTo),
		promised_from: from(query.promisedFrom),
		promised_to: to(query.promisedTo),
		mine: query.mine || undefined,
		overdue: query.overdue || undefined
	};
	return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
