/**
 * A day of a board being played: where time stands, what had happened by then and what the columns
 * looked like. Seeking applies or takes back only the events in between.
 */
import { compareCards, isTerminal, type Card, type Stage } from '../board.ts';
import { PastBoard, waited, type Past, type PastDay, type PastEvent } from './replay.ts';

/** One column as it was. `stage` null: it was removed since. */
export interface PastColumn {
	readonly stage: Stage | null;
	readonly cards: readonly Card[];
	readonly count: number;
}

/** minutes of the day per second */
export const speeds = [1, 10, 60] as const;

export class ReplayPlayer {
	readonly day: PastDay;
	readonly begins: number;
	readonly ends: number;
	#stages: readonly Stage[];
	#board: PastBoard;
	#times: number[];
	/** how long each applied event's order had waited, by the event's place in the day */
	#waits: (number | null)[] = [];
	#columns = $state.raw<readonly PastColumn[]>([]);
	#applied = $state.raw(0);
	#time = $state.raw(0);
	#playing = $state.raw(false);
	#speed = $state.raw<number>(speeds[1]);
	#frame = 0;

	constructor(past: Past, day: PastDay, place: number | null) {
		this.day = day;
		this.begins = Date.parse(day.from);
		this.ends = Date.parse(day.to);
		this.#stages = past.stages;
		this.#board = new PastBoard(past, place);
		this.#times = day.events.map(({ at }) => Date.parse(at));
		this.seek(this.begins);
	}

	get columns(): readonly PastColumn[] {
		return this.#columns;
	}

	/** Milliseconds. */
	get time(): number {
		return this.#time;
	}

	/** How many of the day's events had happened. */
	get applied(): number {
		return this.#applied;
	}

	/** The latest event at this time. */
	get current(): PastEvent | null {
		return this.day.events[this.#applied - 1] ?? null;
	}

	get playing(): boolean {
		return this.#playing;
	}

	get speed(): number {
		return this.#speed;
	}

	set speed(minutes: number) {
		this.#speed = minutes;
	}

	/** How long the order of an event had been in the column it left; null until it happened. */
	waitedAt(index: number): number | null {
		return this.#waits[index] ?? null;
	}

	/** Goes to a moment of the day. */
	seek(time: number): void {
		this.#time = Math.max(this.begins, Math.min(time, this.ends));
		this.#reach(this.#times.filter((at) => at <= this.#time).length);
	}

	/** One event on (1) or back (-1); time follows. */
	step(by: 1 | -1): void {
		this.pause();
		this.goto(this.#applied - 1 + by);
	}

	/** To right after an event of the day; -1 is the day's beginning. */
	goto(index: number): void {
		const wanted = Math.max(-1, Math.min(index, this.#times.length - 1));
		this.#time = this.#times[wanted] ?? this.begins;
		this.#reach(wanted + 1);
	}

	play(): void {
		if (this.#playing) return;
		if (this.#time >= this.ends) this.seek(this.begins);
		this.#playing = true;
		let last = performance.now();
		const tick = (now: number) => {
			this.seek(this.#time + (now - last) * this.#speed * 60);
			last = now;
			if (this.#time >= this.ends) this.pause();
			else this.#frame = requestAnimationFrame(tick);
		};
		this.#frame = requestAnimationFrame(tick);
	}

	pause(): void {
		this.#playing = false;
		if (typeof cancelAnimationFrame === 'function') cancelAnimationFrame(this.#frame);
	}

	#reach(applied: number): void {
		if (applied === this.#board.steps && this.#columns.length > 0) return;
		while (this.#board.steps < applied) {
			const event = this.day.events[this.#board.steps] as PastEvent;
			this.#waits[this.#board.steps] = waited(event, this.#board.cards.get(event.order_id));
			this.#board.apply(event);
		}
		while (this.#board.steps > applied) this.#board.back();
		this.#applied = applied;
		this.#columns = this.#paint();
	}

	#paint(): PastColumn[] {
		const columns = new Map<number, Card[]>(this.#stages.map(({ id }) => [id, []]));
		const lost: Card[] = [];
		for (const card of this.#board.cards.values()) (columns.get(card.stage_id) ?? lost).push(card);
		const painted: PastColumn[] = this.#stages.map((stage) => {
			const cards = (columns.get(stage.id) ?? []).sort(compareCards);
			const known = this.#board.counts.get(stage.id) ?? cards.length;
			return { stage, cards, count: isTerminal(stage.kind) ? known : cards.length };
		});
		if (lost.length === 0) return painted;
		return [...painted, { stage: null, cards: lost.sort(compareCards), count: lost.length }];
	}
}
