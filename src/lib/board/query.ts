/**
 * What of the board is shown, as the address bar says it: filters, lanes and order. Pure words both
 * ways; a value nobody understands is as good as absent, so that no link can break the board.
 */
import { orderTypes, type Card } from './board.ts';

export const laneKinds = ['none', 'master', 'location', 'urgency'] as const;
export type LaneKind = (typeof laneKinds)[number];

/** The lane and the filter of orders that nobody has. */
export const NOBODY = 'none';

export interface BoardQuery {
	/** client, order number, problem, address; or a phone */
	readonly text: string;
	readonly instrument: string;
	readonly stages: readonly number[];
	readonly types: readonly Card['type'][];
	/** masters' ids, or NOBODY */
	readonly masters: readonly string[];
	/** days of the company's calendar, both included: YYYY-MM-DD or '' */
	readonly createdFrom: string;
	readonly createdTo: string;
	readonly promisedFrom: string;
	readonly promisedTo: string;
	readonly overdue: boolean;
	readonly mine: boolean;
	readonly sort: 'hand' | 'promised';
	readonly lanes: LaneKind;
}

export const everything: BoardQuery = {
	text: '',
	instrument: '',
	stages: [],
	types: [],
	masters: [],
	createdFrom: '',
	createdTo: '',
	promisedFrom: '',
	promisedTo: '',
	overdue: false,
	mine: false,
	sort: 'hand',
	lanes: 'none'
};

const names = {
	text: 'q',
	instrument: 'instrument',
	stages: 'stage',
	types: 'type',
	masters: 'master',
	createdFrom: 'created_from',
	createdTo: 'created_to',
	promisedFrom: 'promised_from',
	promisedTo: 'promised_to',
	overdue: 'overdue',
	mine: 'mine',
	sort: 'sort',
	lanes: 'lanes'
} as const satisfies Record<keyof BoardQuery, string>;

const MOST_TEXT = 100;
const MOST_CHOICES = 50;
const day = (text: string | null): string => (text && /^\d{4}-\d\d-\d\d$/.test(text) ? text : '');
const oneOf = <T extends string>(known: readonly T[], text: string | null): T | undefined =>
	known.find((word) => word === text);

export function parseQuery(params: URLSearchParams): BoardQuery {
	const one = (key: keyof BoardQuery) => params.get(names[key]);
	const many = (key: keyof BoardQuery) =>
		[...new Set((one(key) ?? '').split(','))].filter(Boolean).slice(0, MOST_CHOICES);
	const types = many('types').map((word) => oneOf(orderTypes, word));
	return {
		text: (one('text') ?? '').slice(0, MOST_TEXT),
		instrument: (one('instrument') ?? '').slice(0, MOST_TEXT),
		stages: many('stages')
			.map(Number)
			.filter((id) => Number.isSafeInteger(id) && id > 0),
		types: types.filter((word) => word !== undefined),
		masters: many('masters').filter((id) => id === NOBODY || /^[0-9a-f-]{36}$/.test(id)),
		createdFrom: day(one('createdFrom')),
		createdTo: day(one('createdTo')),
		promisedFrom: day(one('promisedFrom')),
		promisedTo: day(one('promisedTo')),
		overdue: one('overdue') === '1',
		mine: one('mine') === '1',
		sort: oneOf(['promised'], one('sort')) ?? 'hand',
		lanes: oneOf(laneKinds, one('lanes')) ?? 'none'
	};
}

/** The address's parameters with these in place of the old ones; what is not ours is kept. */
export function writeQuery(query: BoardQuery, params: URLSearchParams): URLSearchParams {
	const written = new URLSearchParams(params);
	for (const key of Object.keys(names) as (keyof BoardQuery)[]) {
		const value = query[key];
		const text = typeof value === 'boolean' ? (value ? '1' : '') : value.toString().trim();
		if (text === '' || value === everything[key]) written.delete(names[key]);
		else written.set(names[key], text);
	}
	return written;
}

/** The query alone, as saved views keep it. */
export const queryText = (query: BoardQuery): string =>
	writeQuery(query, new URLSearchParams()).toString();

/** How many filters are on, the text in the toolbar not counted. */
export function filterCount(query: BoardQuery): number {
	const { text: _, sort: __, lanes: ___, ...filters } = query;
	return Object.values(filters).filter((value) =>
		typeof value === 'boolean' ? value : value.length > 0
	).length;
}

/** Whether it hides anything at all. */
export const isFiltered = (query: BoardQuery): boolean =>
	query.text.trim() !== '' || filterCount(query) > 0;

/** A text that may be part of a phone number: its digits, else ''. */
export function phoneDigits(text: string): string {
	if (!/^[+\d\s()-]+$/.test(text.trim())) return '';
	const digits = text.replaceAll(/\D/g, '');
	return digits.length >= 4 ? digits : '';
}
