/** Queries of the statistics. What may fail as expected comes back as a value. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Scope, Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import { bucketOf, type Range } from './period.ts';
import type { Query } from './query.ts';
import type { CampaignFigures, Names, OrderFigures, Part, Reports } from './statistics.ts';

type Ask = { query: Query; range: Range; money: boolean };

/** requests that take longer are as good as lost; they are repeated */
const PATIENCE_MS = 8_000;
const SCOPES: readonly string[] = ['campaigns', 'campaign_money'] satisfies Scope[];

const filtersOf = ({ query, range }: Ask) => ({
	...range,
	...(query.location === null ? {} : { location: query.location }),
	...(query.campaign === null ? {} : { campaign: query.campaign }),
	...(query.service === null ? {} : { service: query.service })
});
const daysOf = ({ query, range }: Ask) => ({
	from_day: range.from,
	to_day: range.to,
	...(query.location === null ? {} : { location: query.location })
});

const fetchers: { [P in Part]: (client: Client, ask: Ask) => PromiseLike<Reports[P]> } = {
	campaigns: async (client, ask) =>
		(await read(client.rpc('campaign_report', daysOf(ask)))).filter((row) => isAsked(row, ask)),
	money: async (client, ask) =>
		ask.money
			? read(
					client.rpc('money_report', { filters: { ...filtersOf(ask), by: bucketOf(ask.range) } })
				)
			: [],
	funnel: async (client, ask) => {
		const [row] = await read(client.rpc('funnel_report', { filters: filtersOf(ask) }));
		return row ?? { leads: 0, contacted: 0, converted: 0, orders: 0, done: 0 };
	},
	stages: (client, ask) => read(client.rpc('stage_report', daysOf(ask))),
	locations: (client, ask) => orders(client, ask, 'location'),
	masters: (client, ask) => orders(client, ask, 'master')
};

function isAsked(row: CampaignFigures, { query }: Ask): boolean {
	if (query.campaign !== null && row.campaign_id !== query.campaign) return false;
	if (query.service !== null && row.service_id !== query.service) return false;
	return query.location === null || (row.location_id ?? query.location) === query.location;
}

const orders = (client: Client, ask: Ask, by: string): Promise<OrderFigures[]> =>
	read(client.rpc('order_report', { filters: { ...filtersOf(ask), by } }));

type Answer<T> = { data: T | null; error: unknown; status: number };
type Asked<T> = PromiseLike<Answer<T>> & {
	abortSignal(signal: AbortSignal): PromiseLike<Answer<T>>;
};

/** @throws what the answer says went wrong */
async function read<T>(asked: Asked<T>): Promise<T> {
	const { data, error, status } = await asked.abortSignal(AbortSignal.timeout(PATIENCE_MS));
	if (error || data === null) throw new Refusal(error, status);
	return data;
}
class Refusal extends Error {
	readonly reason: unknown;
	readonly status: number;
	constructor(reason: unknown, status: number) {
		super('The figures were refused.');
		this.reason = reason;
		this.status = status;
	}
}

/** The parts asked for, side by side. */
export async function fetchReports(
	client: Client,
	ask: Ask,
	wanted: readonly Part[]
): Promise<Result<Partial<Reports>>> {
	try {
		const fetched = wanted.map(async (part) => [part, await fetchers[part](client, ask)] as const);
		return ok(Object.fromEntries(await Promise.all(fetched)));
	} catch (error) {
		return error instanceof Refusal ? failed(error.reason, error.status) : failed(error);
	}
}

/** What the filters offer and figures are called, in the reader's language. */
export async function loadNames(client: Client, language: string): Promise<Result<Names>> {
	const [stages, locations, campaigns, services, masters] = await Promise.all([
		client.from('stages').select('id, name, kind').order('position'),
		client.from('locations').select('id, name').order('name'),
		client.from('campaign_names').select('id, name').order('name'),
		client.from('services').select('id, name').order('position'),
		client.from('employees').select('id, full_name').eq('role', 'master').order('full_name')
	]);
	for (const { error, status } of [stages, locations, campaigns, services, masters])
		if (error) return failed(error, status);
	const translated = (name: unknown) => {
		const words = (name ?? {}) as Record<string, string>;
		return words[language] ?? words['en'] ?? Object.values(words)[0] ?? '';
	};
	return ok({
		stages: (stages.data ?? []).map((row) => ({ ...row, name: translated(row.name) })),
		locations: locations.data ?? [],
		campaigns: (campaigns.data ?? []).map(({ id, name }) => ({ id: id ?? 0, name: name ?? '' })),
		services: (services.data ?? []).map(({ id, name }) => ({ id, name: translated(name) })),
		masters: (masters.data ?? []).map((row) => ({ id: row.id, name: row.full_name }))
	});
}

/** The topics that say when figures move. @throws when they cannot be asked for */
export async function fetchTopics(client: Client): Promise<Topic[]> {
	const { data, error } = await client.rpc('my_topics');
	if (error) throw error;
	return data
		.filter(({ scope }) => SCOPES.includes(scope))
		.map((row) => ({ ...row, scope: row.scope as Scope }));
}
