/**
 * A day of work: which hours an order takes, what stands beside what, what runs over. Pure; times
 * are milliseconds, durations minutes where the name says so.
 */
import * as z from 'zod/mini';
import { isTerminal, type Card, type Master, type Stage } from '../board.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** what a plan is rounded to */
export const STEP = 15 * MINUTE;
/** how long work takes that nobody gave a norm */
export const USUAL_MINUTES = 60;

const span = z.object({ started_at: z.string(), ended_at: z.nullable(z.string()) });
export const factsSchema = z.object({
	masters: z.record(
		z.string(),
		z.object({
			shifts: z.array(z.extend(span, { closes_at: z.string(), breaks: z.array(span) })),
			skills: z.array(z.number())
		})
	),
	services: z.record(
		z.string(),
		z.object({
			name: z.record(z.string(), z.string()),
			norm_minutes: z.nullable(z.number()),
			/** whether the company asks for a skill */
			skilled: z.boolean()
		})
	)
});
/** Answer of `dispatch_day`. */
export type Facts = z.infer<typeof factsSchema>;
type Shift = Facts['masters'][string]['shifts'][number];

export const nothingKnown: Facts = { masters: {}, services: {} };

export interface Span {
	readonly from: number;
	readonly to: number;
}

/** An order with the column it stands in. */
export interface Placed {
	readonly card: Card;
	readonly stage: Stage;
}

/** An order's hours in its master's row. */
export interface Block extends Placed, Span {
	/** only its promise is known: it ends there, nobody planned when it starts */
	readonly promised: boolean;
	/** which line of the row it is drawn on, from 0 */
	readonly line: number;
	/** the orders its master would have to do at the same time */
	readonly overlaps: readonly number[];
	/** ends, or is still not done, after its promise */
	readonly late: boolean;
	/** ends after the master's shift */
	readonly afterShift: boolean;
	/** in work longer than planned */
	readonly overrun: boolean;
	readonly unskilled: boolean;
}

export const intersect = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;
/** Down to a quarter of an hour; `from` says where the quarters begin. */
export const snap = (time: number, from = 0): number =>
	from + Math.floor((time - from) / STEP) * STEP;

/** How long an order's work takes: as planned, else the service's norm, else an hour. */
export function minutesOf(card: Card, { services }: Facts): number {
	const norm = services[String(card.service_id)]?.norm_minutes;
	return card.planned_minutes ?? norm ?? USUAL_MINUTES;
}

/** An order's hours; null if it has none. What is in work lasts until now at least. */
export function spanOf({ card, stage }: Placed, facts: Facts, now: number) {
	const length = minutesOf(card, facts) * MINUTE;
	const planned = card.planned_at ? Date.parse(card.planned_at) : null;
	// what is done has its hours only from a plan: a promise was not when it was done
	if (planned === null && (card.promised_at === null || isTerminal(stage.kind))) return null;
	const from = planned ?? Date.parse(card.promised_at ?? '') - length;
	const overrun = stage.kind === 'in_progress' && from + length < now;
	return { from, to: overrun ? now : from + length, promised: planned === null, overrun };
}

/** Whether the company asks for a skill that the master lacks. */
export function lacksSkill(card: Card, master: string, { masters, services }: Facts): boolean {
	const service = card.service_id ?? null;
	if (service === null || !services[service]?.skilled) return false;
	return masters[master]?.skills.includes(service) === false;
}

/** When the last of these shifts ends, or would be ended by rule; null without one. */
export function endOfWork(shifts: readonly Shift[]): number | null {
	const ends = shifts.map(({ ended_at, closes_at }) => Date.parse(ended_at ?? closes_at));
	return ends.length > 0 ? Math.max(...ends) : null;
}

/** A master's orders that touch a day, each on the first line free, with what is wrong about them. */
export function blocksOf(
	orders: readonly Placed[],
	master: Master['id'],
	day: Span,
	facts: Facts,
	now: number
): Block[] {
	const spans = orders
		.flatMap((placed) => {
			const hours = placed.stage.kind === 'refused' ? null : spanOf(placed, facts, now);
			return hours && intersect(hours, day) ? [{ ...placed, ...hours }] : [];
		})
		.sort((a, b) => a.from - b.from || a.card.id - b.card.id);
	const end = endOfWork(facts.masters[master]?.shifts ?? []);
	const lines: number[] = [];
	return spans.map((hours) => {
		const { card, stage, from, to } = hours;
		const open = !isTerminal(stage.kind);
		const free = lines.findIndex((until) => until <= from);
		const line = free < 0 ? lines.length : free;
		lines[line] = to;
		const others = spans.filter(
			(other) =>
				other.card.id !== card.id && !isTerminal(other.stage.kind) && intersect(other, hours)
		);
		return {
			...hours,
			line,
			overlaps: open ? others.map((other) => other.card.id) : [],
			late: open && isLate(card, to, now),
			afterShift: open && end !== null && to > end && from < day.to,
			unskilled: open && lacksSkill(card, master, facts)
		};
	});
}

function isLate(card: Card, end: number, now: number): boolean {
	if (card.promised_at === null) return false;
	return Math.max(end, now) > Date.parse(card.promised_at);
}

/** The first moment from `since` on when nothing of a row is in the way for so many minutes. */
export function firstGap(row: readonly Span[], since: number, minutes: number): number {
	let start = snap(since + STEP - 1);
	for (const { from, to } of [...row].sort((a, b) => a.from - b.from)) {
		if (from >= start + minutes * MINUTE) break;
		if (to > start) start = snap(to + STEP - 1);
	}
	return start;
}

export interface ShiftBand extends Span {
	readonly breaks: readonly Span[];
	/** when a running shift would be ended by rule; null for one that is over */
	readonly until: number | null;
}

/** Shifts with the breaks in them; a running one has lasted until now. */
export function shiftBands(shifts: readonly Shift[], now: number): ShiftBand[] {
	const over = (end: string | null) => (end === null ? now : Date.parse(end));
	return shifts.map(({ started_at, ended_at, closes_at, breaks }) => ({
		from: Date.parse(started_at),
		to: Math.max(over(ended_at), Date.parse(started_at)),
		until: ended_at === null ? Math.max(now, Date.parse(closes_at)) : null,
		breaks: breaks.map((pause) => ({
			from: Date.parse(pause.started_at),
			to: over(pause.ended_at)
		}))
	}));
}
