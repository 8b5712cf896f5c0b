/** What a list of leads is narrowed by: as its address says it, as SQL takes it, and for live rows. */
import { createFormat } from '$lib/format/format.ts';
import { statuses, type Lead, type LeadStatus } from './lead.ts';

export const shows = ['open', ...statuses, 'all'] as const;
export type Show = (typeof shows)[number];
export const owners = ['mine', 'unclaimed'] as const;

/** The names are those of the address bar. */
export const filterFields = [
	'q',
	'status',
	'who',
	'campaign',
	'source',
	'location',
	'from',
	'to'
] as const;
export type FilterField = (typeof filterFields)[number];
export type LeadFilters = Partial<Record<FilterField, string>>;

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
const isId = (text: string) => /^[1-9]\d{0,14}$/.test(text);

const valid: Record<FilterField, (text: string) => boolean> = {
	q: (text) => text.length <= 120,
	status: (text) => text !== 'open' && shows.some((show) => show === text),
	who: (text) => owners.some((owner) => owner === text),
	campaign: isId,
	source: (text) => text.length <= 80,
	location: isId,
	from: isDay,
	to: isDay
};

/** What of an address makes sense; the rest is ignored, as if it were not there. */
export function filtersOf(params: URLSearchParams): LeadFilters {
	const filters: LeadFilters = {};
	for (const field of filterFields) {
		const text = params.get(field)?.trim() ?? '';
		if (text && valid[field](text)) filters[field] = text;
	}
	return filters;
}

/** '?status=new&who=mine', or nothing. */
export function searchOf(filters: LeadFilters): string {
	const params = new URLSearchParams();
	for (const field of filterFields) if (filters[field]) params.set(field, filters[field]);
	const search = params.toString();
	return search ? `?${search}` : '';
}

/** Without a wish: those that are still to be worked. */
const statusesOf = ({ status = 'open' }: LeadFilters): readonly LeadStatus[] | null =>
	status === 'all' ? null : status === 'open' ? ['new', 'contacted'] : [status as LeadStatus];

/** Days are the company's; 'until' counts the day itself. Milliseconds. */
function boundsOf({ from, to }: LeadFilters, timeZone: string) {
	const { startOfDay } = createFormat('en', timeZone);
	return { from: from ? startOfDay(from) : null, to: to ? startOfDay(to, 1) : null };
}

/** The filters of `find_leads`. */
export function queryOf(filters: LeadFilters, timeZone: string): Record<string, unknown> {
	const { from, to } = boundsOf(filters, timeZone);
	const query = {
		words: filters.q,
		statuses: statusesOf(filters) ?? undefined,
		mine: filters.who === 'mine' || undefined,
		unclaimed: filters.who === 'unclaimed' || undefined,
		campaign_ids: filters.campaign ? [Number(filters.campaign)] : undefined,
		source: filters.source,
		location_id: filters.location ? Number(filters.location) : undefined,
		created_from: from === null ? undefined : new Date(from).toISOString(),
		created_to: to === null ? undefined : new Date(to).toISOString()
	};
	return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** Whether a lead belongs in the list; words are a matter of the database: 'ask'. */
export type Verdict = 'in' | 'out' | 'ask';

export function judge(filters: LeadFilters, me: string, timeZone: string): (lead: Lead) => Verdict {
	const wanted = statusesOf(filters);
	const { from, to } = boundsOf(filters, timeZone);
	const tests: ((lead: Lead) => boolean)[] = [
		({ status }) => wanted === null || wanted.includes(status),
		({ claimed_by }) => filters.who !== 'mine' || claimed_by === me,
		({ claimed_by }) => filters.who !== 'unclaimed' || claimed_by === null,
		({ campaign_id }) => !filters.campaign || campaign_id === Number(filters.campaign),
		({ source }) => !filters.source || source === filters.source,
		({ location_id }) => !filters.location || location_id === Number(filters.location),
		({ created_at }) => from === null || Date.parse(created_at) >= from,
		({ created_at }) => to === null || Date.parse(created_at) < to
	];
	return (lead) => (tests.every((test) => test(lead)) ? (filters.q ? 'ask' : 'in') : 'out');
}
