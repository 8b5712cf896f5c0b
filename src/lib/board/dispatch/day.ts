/** A day of the company's calendar, and the hours of it. */
import type { Format } from '$lib/format/format.ts';
import { HOUR, type Span } from './schedule.ts';

export interface Day extends Span {
	/** YYYY-MM-DD */
	readonly date: string;
}

/** hour widths (px) to choose from */
export const zooms = [40, 64, 96, 160] as const;
const USUAL_ZOOM = 1;

export const dayOf = (date: string, { startOfDay }: Pick<Format, 'startOfDay'>): Day => ({
	date,
	from: startOfDay(date),
	to: startOfDay(date, 1)
});

/** The date at this moment (ms) in a time zone. */
export const dateAt = (now: number, timeZone: string | undefined): string =>
	// the Swedish way of writing dates is ISO 8601
	new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);

/** '2026-11-30' and 1 → '2026-12-01' */
export const daysAfter = (date: string, days: number): string =>
	new Date(Date.parse(`${date}T00:00:00Z`) + days * 24 * HOUR).toISOString().slice(0, 10);

/** '2026-02-30' looks like a date and is none. */
export const isDate = (text: string | null): text is string =>
	text !== null &&
	/^20\d\d-\d\d-\d\d$/.test(text) &&
	new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);

/** The beginnings of a day's hours: 24, on the days of a clock change 23 or 25. */
export const hoursOf = ({ from, to }: Span): number[] =>
	Array.from({ length: Math.round((to - from) / HOUR) }, (_, hour) => from + hour * HOUR);

/** The step of the address's `zoom`, or the usual one. */
export function zoomOf(text: string | null): number {
	const step = text === null || text === '' ? USUAL_ZOOM : Number(text);
	return Number.isInteger(step) && step >= 0 && step < zooms.length ? step : USUAL_ZOOM;
}
