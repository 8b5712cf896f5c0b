/**
 * Which days a page of statistics is about. Days are the company's, written 'YYYY-MM-DD'; both ends
 * belong to the range. Pure: 'today' is always handed in.
 */
export const periods = ['today', 'week', 'month', 'year', 'range'] as const;
export type Period = (typeof periods)[number];
export type Range = { from: string; to: string };
export type Bucket = 'day' | 'week' | 'month';

const DAY = 86_400_000;
const daysOf = (day: string) => Date.parse(day) / DAY;
const dayAt = (days: number) => new Date(days * DAY).toISOString().slice(0, 10);

export const isDay = (text: string) =>
	/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && dayAt(daysOf(text)) === text;
export const addDays = (day: string, days: number) => dayAt(daysOf(day) + days);

/** The company's calendar day at this moment. */
export const todayIn = (timeZone: string, now: number = Date.now()) =>
	// the Swedish way of writing dates is ISO 8601
	new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(now);

const monday = (day: string) => addDays(day, -((daysOf(day) + 3) % 7));

/** The days of a ready period up to today. */
export function rangeOf(period: Exclude<Period, 'range'>, today: string): Range {
	const from = {
		today,
		week: monday(today),
		month: `${today.slice(0, 7)}-01`,
		year: `${today.slice(0, 4)}-01-01`
	};
	return { from: from[period], to: today };
}

/** The same days a year or some months earlier; the 31st becomes the last day of a shorter month. */
function shiftMonths(day: string, months: number): string {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const last = new Date(Date.UTC(year, month - 1 + months + 1, 0));
	const first = Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), 1) / DAY;
	return dayAt(first + Math.min(date, last.getUTCDate()) - 1);
}

/** What a range is compared with: as many days of the week, month or year before. */
export function previousOf(period: Period, { from, to }: Range): Range {
	if (period === 'month') return { from: shiftMonths(from, -1), to: shiftMonths(to, -1) };
	if (period === 'year') return { from: shiftMonths(from, -12), to: shiftMonths(to, -12) };
	const length = period === 'week' ? 7 : daysOf(to) - daysOf(from) + 1;
	return { from: addDays(from, -length), to: addDays(to, -length) };
}

/** How fine a line over these days is: never more than some sixty points. */
export function bucketOf({ from, to }: Range): Bucket {
	const days = daysOf(to) - daysOf(from) + 1;
	if (days <= 62) return 'day';
	return days <= 400 ? 'week' : 'month';
}

/** The keys of all buckets of a range, those without any figure too. */
export function keysOf({ from, to }: Range, bucket: Bucket): string[] {
	const keys: string[] = [];
	const start = { day: from, week: monday(from), month: `${from.slice(0, 7)}-01` }[bucket];
	for (let key = start; key <= to; key = nextKey(key, bucket)) keys.push(key);
	return keys;
}

const nextKey = (key: string, bucket: Bucket) =>
	bucket === 'month' ? shiftMonths(key, 1) : addDays(key, bucket === 'week' ? 7 : 1);
