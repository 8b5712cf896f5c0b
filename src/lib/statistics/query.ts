/** What the page shows, as its address says it: a link opens the same figures. */
import { isDay, periods, previousOf, rangeOf, type Period, type Range } from './period.ts';

export type Query = {
	period: Period;
	/** only of the period 'range' */
	from: string | null;
	to: string | null;
	location: number | null;
	campaign: number | null;
	service: number | null;
	compare: boolean;
};

const idOf = (text: string | null) => (text && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null);

/** What of an address makes sense; the rest is ignored. */
export function queryOf(parameters: URLSearchParams): Query {
	const asked = parameters.get('period') as Period;
	const day = (name: string) => {
		const text = parameters.get(name) ?? '';
		return isDay(text) ? text : null;
	};
	const [from, to] = [day('from'), day('to')];
	const whole = from !== null && to !== null && from <= to;
	const known = periods.includes(asked) && (asked !== 'range' || whole);
	const period = known ? asked : 'month';
	return {
		period,
		from: period === 'range' ? from : null,
		to: period === 'range' ? to : null,
		location: idOf(parameters.get('location')),
		campaign: idOf(parameters.get('campaign')),
		service: idOf(parameters.get('service')),
		compare: parameters.get('compare') === '1'
	};
}

/** The address of a query, without what goes without saying. */
export function hrefOf(query: Query, path = '/app/statistics'): string {
	const parameters = new URLSearchParams();
	if (query.period !== 'month') parameters.set('period', query.period);
	for (const field of ['from', 'to', 'location', 'campaign', 'service'] as const) {
		if (query[field] !== null) parameters.set(field, String(query[field]));
	}
	if (query.compare) parameters.set('compare', '1');
	const text = parameters.toString();
	return text ? `${path}?${text}` : path;
}

/** The days a query is about. */
export function daysOf(query: Query, today: string): Range {
	if (query.period !== 'range') return rangeOf(query.period, today);
	return { from: query.from ?? today, to: query.to ?? today };
}

/** The days it is compared with; null when it is not. */
export const daysBefore = (query: Query, today: string): Range | null =>
	query.compare ? previousOf(query.period, daysOf(query, today)) : null;

/** The orders behind a figure, in the list of orders. */
export function ordersHref(
	query: Query,
	range: Range,
	more: Record<string, string | null>
): string {
	const parameters = new URLSearchParams({ created_from: range.from, created_to: range.to });
	const fields = {
		location: query.location && String(query.location),
		campaign: query.campaign && String(query.campaign),
		service: query.service && String(query.service),
		...more
	};
	for (const [name, value] of Object.entries(fields)) {
		if (value) parameters.set(name, value);
		else if (name in more) parameters.delete(name);
	}
	return `/app/orders?${parameters}`;
}
