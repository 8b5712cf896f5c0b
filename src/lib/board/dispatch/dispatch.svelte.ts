/**
 * What dispatch shows: the board's live orders as hours of its live masters, on one day. The board
 * owns orders and wishes; this adds shifts, skills and norms, fetched anew whenever a master changes
 * or something was missed.
 */

import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import { LiveTopics, type Scope, type Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { BoardState } from '../board.svelte.ts';
import type { Card, Master } from '../board.ts';
import type { Day } from './day.ts';
import {
	blocksOf,
	firstGap,
	minutesOf,
	shiftBands,
	type Block,
	type Facts,
	type Placed,
	type ShiftBand
} from './schedule.ts';
import { trayOf } from './tray.ts';

export interface Row {
	readonly master: Master;
	readonly blocks: readonly Block[];
	/** how many lines the blocks take, one at least */
	readonly lines: number;
	readonly shifts: readonly ShiftBand[];
}

interface Options {
	board: BoardState;
	facts: Facts;
	day: Day;
	fetchFacts: (day: Day) => Promise<Result<Facts>>;
	fetchTopics: () => Promise<readonly Topic[]>;
	/** the day a moment (ms) belongs to */
	dayAt: (now: number) => Day;
}

/** masters may change by the dozen, as when everybody clocks in */
const PATIENCE_MS = 500;

export class DispatchState {
	#options: Options;
	#day = $state.raw() as Day;
	#facts = $state.raw() as Facts;
	#loading = $state.raw(false);
	#problem = $state.raw<DomainError | null>(null);
	#timer: ReturnType<typeof setTimeout> | undefined;
	#asked = 0;
	#known: BoardState['masters'];
	#orders: readonly Placed[] = $derived.by(() =>
		this.#options.board.columns.flatMap(({ stage, cards }) =>
			cards.map((card) => ({ card, stage }))
		)
	);
	#rows: readonly Row[] = $derived.by(() => {
		const { board } = this.#options;
		const of = byMaster(this.#orders);
		return [...board.masters.values()]
			.sort((a, b) => a.full_name.localeCompare(b.full_name) || (a.id < b.id ? -1 : 1))
			.map((master) => this.#row(master, of.get(master.id) ?? []));
	});
	#tray = $derived.by(() =>
		trayOf(this.#orders, this.#facts, this.now, this.#options.dayAt(this.now).from)
	);

	constructor(options: Options) {
		this.#options = options;
		this.#day = options.day;
		this.#facts = options.facts;
		this.#known = options.board.masters;
	}

	get board(): BoardState {
		return this.#options.board;
	}

	get day(): Day {
		return this.#day;
	}

	/** The server's clock (ms). */
	get now(): number {
		return this.#options.board.now;
	}

	get facts(): Facts {
		return this.#facts;
	}

	/** The shifts of the day are on their way. */
	get loading(): boolean {
		return this.#loading;
	}

	/** Why shifts and norms are not those of this day. */
	get problem(): DomainError | null {
		return this.#problem;
	}

	get rows(): readonly Row[] {
		return this.#rows;
	}

	get tray(): ReturnType<typeof trayOf> {
		return this.#tray;
	}

	row(master: string): Row | undefined {
		return this.#rows.find((row) => row.master.id === master);
	}

	block(order: number): Block | undefined {
		return this.#rows.flatMap(({ blocks }) => blocks).find(({ card }) => card.id === order);
	}

	/** How long an order takes, as far as is known (minutes). */
	minutes(card: Card): number {
		return minutesOf(card, this.#facts);
	}

	/** When a master could begin with an order on this day: not in the past, nor on top of other work. */
	gap(master: string, card: Card): number {
		const others = this.row(master)?.blocks.filter((block) => block.card.id !== card.id) ?? [];
		return firstGap(others, Math.max(this.now, this.#day.from), this.minutes(card));
	}

	/** Another day is to be shown. */
	show(day: Day): void {
		if (day.date === this.#day.date) return;
		this.#day = day;
		this.#loading = true;
		void this.#fetch();
	}

	/** Shifts, skills or norms may have changed. */
	refresh(): void {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			void this.#fetch();
		}, PATIENCE_MS);
	}

	/** Joins the live topics. Call once, in the browser. */
	start(client: Client): void {
		const heard: readonly Scope[] = ['board', 'masters'];
		const fetchTopics = async () =>
			(await this.#options.fetchTopics()).filter(({ scope }) => heard.includes(scope));
		this.board.start((options) => new LiveTopics(client, { ...options, fetchTopics }));
	}

	/** For an effect: a shift or a break is told as a change of its master, and so is a gap. */
	follow(): void {
		const { masters } = this.board;
		if (this.#known !== masters) this.refresh();
		this.#known = masters;
	}

	destroy(): void {
		this.board.destroy();
		clearTimeout(this.#timer);
		this.#asked = -1;
	}

	async #fetch(): Promise<void> {
		const asked = ++this.#asked;
		const answer = await this.#options.fetchFacts(this.#day);
		// of two answers the one asked for last counts, in whatever order they come
		if (asked !== this.#asked) return;
		this.#loading = false;
		this.#problem = answer.ok ? null : answer.error;
		if (answer.ok) this.#facts = answer.value;
	}

	#row(master: Master, orders: readonly Placed[]): Row {
		const blocks = blocksOf(orders, master.id, this.#day, this.#facts, this.now);
		return {
			master,
			blocks,
			lines: Math.max(1, ...blocks.map(({ line }) => line + 1)),
			shifts: shiftBands(this.#facts.masters[master.id]?.shifts ?? [], this.now)
		};
	}
}

function byMaster(orders: readonly Placed[]): Map<string | null, Placed[]> {
	const groups = new Map<string | null, Placed[]>();
	for (const order of orders) {
		const own = groups.get(order.card.master_id);
		if (own) own.push(order);
		else groups.set(order.card.master_id, [order]);
	}
	return groups;
}
