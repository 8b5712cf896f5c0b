/** The list of orders: its filters as the address bar has them, and as `find_orders` takes them. Pure. */
import * as z from 'zod/mini';
import { cardSchema } from '$lib/board/board.ts';
import { fromWallClock } from '../wall-clock.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

export const paymentStates = ['none', 'unpaid', 'part', 'paid'] as const;

export const rowSchema = z.extend(cardSchema, {
	asset_label: z.optional(z.nullable(z.string())),
	payment_state: z.optional(z.enum(paymentStates))
});
export type OrderRow = z.infer<typeof rowSchema>;

/** Answer of `find_orders`; `money` only for those who may see it: [total, paid] by order. */
export const pageSchema = z.object({
	cards: z.array(rowSchema),
	next: z.nullable(z.record(z.string(), z.unknown())),
	money: z.optional(z.nullable(z.record(z.string(), z.array(z.number()))))
});
export type OrderPage = z.infer<typeof pageSchema>;

/** The names are those of the address bar, so that a link opens the same list. */
export const queryFields = [
	'q',
	'instrument',
	'client',
	'stage',
	'type',
	'master',
	'location',
	'campaign',
	'service',
	'payment',
	'created_from',
	'created_to',
	'promised_from',
	'promised_to',
	'overdue',
	'sort'
] as const;
export type QueryField = (typeof queryFields)[number];
export type ListQuery = Partial<Record<QueryField, string>>;

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
const isId = (text: string) => /^[1-9]\d{0,14}$/.test(text);
const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const oneOf =
	(...words: readonly string[]) =>
	(text: string) =>
		words.includes(text);

const valid: Record<QueryField, (text: string) => boolean> = {
	q: (text) => text.length <= 120,
	instrument: (text) => text.length <= 120,
	client: isId,
	stage: isId,
	type: oneOf('consultation', 'diagnostics', 'repair', 'other'),
	master: (text) => text === 'me' || text === 'none' || isUuid(text),
	location: isId,
	campaign: isId,
	service: isId,
	payment: oneOf(...paymentStates),
	created_from: isDay,
	created_to: isDay,
	promised_from: isDay,
	promised_to: isDay,
	overdue: oneOf('1'),
	sort: oneOf('promised')
};

/** What of an address makes sense; the rest is ignored, as if it were not there. */
export function parseQuery(get: (field: QueryField) => string | null): ListQuery {
	const query: ListQuery = {};
	for (const field of queryFields) {
		const text = get(field)?.trim() ?? '';
		if (text && valid[field](text)) query[field] = text;
	}
	return query;
}

const DAY = 24 * 3_600_000;

/** The filters of `find_orders`. Days are the company's; 'until' counts the day itself. */
export function filtersOf(query: ListQuery, timeZone: string): Record<string, unknown> {
	const start = (day: string | undefined) => day && fromWallClock(`${day}T00:00`, timeZone);
	const next = (day: string | undefined) =>
		day && start(new Date(Date.parse(day) + DAY).toISOString().slice(0, 10));
	const { master } = query;
	const filters = {
		client: query.q,
		instrument: query.instrument,
		client_id: query.client && Number(query.client),
		stage_ids: query.stage && [Number(query.stage)],
		types: query.type && [query.type],
		master_ids: master && isUuid(master) ? [master] : undefined,
		mine: master === 'me' || undefined,
		unassigned: master === 'none' || undefined,
		location_id: query.location && Number(query.location),
		campaign_ids: query.campaign && [Number(query.campaign)],
		service_ids: query.service && [Number(query.service)],
		payment_states: query.payment && [query.payment],
		created_from: start(query.created_from),
		created_to: next(query.created_to),
		promised_from: start(query.promised_from),
		promised_to: next(query.promised_to),
		overdue: query.overdue ? true : undefined,
		sort: query.sort
	};
	return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}

/** A cell of a table for spreadsheets: quoted where needed, and never taken for a formula. */
export function csvCell(value: unknown): string {
	const text = String(value ?? '');
	const harmless = /^[=+\-@\t\r]/.test(text) && typeof value !== 'number' ? `'${text}` : text;
	return /[",;\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const csvLine = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;
