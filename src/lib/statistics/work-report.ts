/** Reports of work: what is asked, and the answer as a table. Pure. */
import { m } from '$lib/paraglide/messages.js';
import type { Cell, Table } from './csv.ts';
import type { Unit } from './figures.ts';
import { hrefOf, queryOf, type Query } from './query.ts';
import type { Names, OrderFigures } from './statistics.ts';

export const subjects = ['location', 'master', 'service', 'type', 'campaign'] as const;
export type Subject = (typeof subjects)[number];
export const types = ['consultation', 'diagnostics', 'repair', 'other'] as const;
export type OrderType = (typeof types)[number];

export type WorkQuery = Query & { by: Subject; type: OrderType | null; master: string | null };
export type Refusals = readonly { reason: string; orders: number }[];

export function workQueryOf(parameters: URLSearchParams): WorkQuery {
	const by = parameters.get('by') as Subject;
	const type = parameters.get('type') as OrderType;
	const master = parameters.get('master') ?? '';
	return {
		...queryOf(parameters),
		compare: false,
		by: subjects.includes(by) ? by : 'location',
		type: types.includes(type) ? type : null,
		master: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(master) ? master : null
	};
}

export function workHref(query: WorkQuery): string {
	const url = new URL(hrefOf(query, '/app/statistics/reports'), 'http://app');
	if (query.by !== 'location') url.searchParams.set('by', query.by);
	if (query.type) url.searchParams.set('type', query.type);
	if (query.master) url.searchParams.set('master', query.master);
	return url.pathname + url.search;
}

export const subjectNames: Record<Subject, () => string> = {
	location: m.statistics_location,
	master: m.statistics_master,
	service: m.statistics_service,
	type: m.statistics_type,
	campaign: m.statistics_campaign
};
export const typeNames: Record<OrderType, () => string> = {
	consultation: m.statistics_type_consultation,
	diagnostics: m.statistics_type_diagnostics,
	repair: m.statistics_type_repair,
	other: m.statistics_type_other
};

/** What the columns after the name count. */
export const columnUnits: readonly Unit[] = [
	...(['count', 'count', 'count', 'count', 'percent', 'hours', 'money'] as const)
];

export function workTable(
	rows: readonly OrderFigures[],
	by: Subject,
	names: Names,
	money: boolean
): Table {
	const head = [
		subjectNames[by](),
		m.statistics_taken(),
		m.statistics_done(),
		m.statistics_closed(),
		m.statistics_refused(),
		m.statistics_in_time(),
		m.statistics_lead_time(),
		...(money ? [m.statistics_revenue()] : [])
	];
	const lines = rows.map((row): Cell[] => [
		nameOf(row.key, by, names),
		row.created,
		row.done,
		row.closed,
		row.refused,
		row.promised === 0 ? null : Math.round((row.on_time / row.promised) * 1000) / 1000,
		row.lead_seconds === null ? null : Math.round(row.lead_seconds / 360) / 10,
		...(money ? [row.revenue ?? 0] : [])
	]);
	return { head, rows: lines };
}

export const refusalTable = (refusals: Refusals): Table => ({
	head: [m.statistics_reason(), m.statistics_orders()],
	rows: refusals.map(({ reason, orders }) => [reason, orders])
});

function nameOf(key: string | null, by: Subject, names: Names): string {
	if (key === null) return m.statistics_without();
	if (by === 'type') return typeNames[key as OrderType]?.() ?? key;
	const lists = {
		location: names.locations,
		master: names.masters,
		service: names.services,
		campaign: names.campaigns
	};
	const list: readonly { id: number | string; name: string }[] = lists[by];
	return list.find(({ id }) => String(id) === key)?.name ?? `#${key}`;
}
