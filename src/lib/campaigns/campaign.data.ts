/** Queries of the pages of campaigns. What may fail as expected comes back as a value. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Scope, Topic } from '$lib/realtime/live-topics.ts';
import type { Bucket, Range } from '$lib/statistics/period.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { Campaign, CampaignFields, Figures, ListedCampaign, Spend } from './campaign.ts';

const COLUMNS =
	'id, version, name, channel, service_id, location_id, budget, starts_on, ends_on, archived_at';
const SCOPES: readonly string[] = ['campaigns', 'campaign_money'] satisfies Scope[];
/** a year and a day of spend; older days are in the reports */
const SPEND_DAYS = 366;

const nothing: Figures = {
	...{ leads: 0, contacted: 0, converted: 0, rejected: 0, first_call_seconds: null },
	...{ orders: 0, done: 0, contracts: 0, spend: null, revenue: null, profit: null },
	...{ roi: null, cost_per_lead: null, cost_per_client: null, payback_on: null }
};

/** What campaigns brought in these days; ever for null. */
async function figuresOf(client: Client, range: Range | null) {
	const days = range && { from_day: range.from, to_day: range.to };
	const answer = await client.rpc('campaign_report', days ?? {});
	const byId = new Map(
		answer.data?.map(({ campaign_id, ...row }) => [campaign_id, row as unknown as Figures])
	);
	return { ...answer, byId };
}

/** Every campaign one may read, with its figures. */
export async function listCampaigns(
	client: Client,
	range: Range | null
): Promise<Result<ListedCampaign[]>> {
	const [campaigns, figures] = await Promise.all([
		client.from('campaigns').select(COLUMNS).order('id'),
		figuresOf(client, range)
	]);
	if (campaigns.error) return failed(campaigns.error, campaigns.status);
	if (figures.error) return failed(figures.error, figures.status);
	return ok(
		campaigns.data.map((row) => ({
			...(row as Campaign),
			figures: figures.byId.get(row.id) ?? nothing
		}))
	);
}

/** Null when there is none, or not for this person. @throws the request's error */
export async function loadCampaign(client: Client, id: number): Promise<Campaign | null> {
	const { data } = await client
		.from('campaigns')
		.select(COLUMNS)
		.eq('id', id)
		.maybeSingle()
		.throwOnError();
	return data as Campaign | null;
}

export type MoneyPoint = { key: string; revenue: number; spend: number };
/** All of a campaign that moves by itself. */
export type CampaignNews = { figures: Figures; spend: Spend[]; money: MoneyPoint[] };
export type Asked = { id: number; money: boolean; bucket: Bucket };

export async function fetchNews(
	client: Client,
	{ id, money, bucket }: Asked
): Promise<Result<CampaignNews>> {
	const [figures, spend, points] = await Promise.all([
		figuresOf(client, null),
		money ? listSpend(client, id) : { data: [], error: null, status: 200 },
		money
			? client.rpc('money_report', { filters: { campaign: id, by: bucket } })
			: { data: [], error: null, status: 200 }
	]);
	const wrong = [figures, spend, points].find(({ error }) => error);
	if (wrong) return failed(wrong.error, wrong.status);
	return ok({
		figures: figures.byId.get(id) ?? nothing,
		spend: spend.data ?? [],
		money: points.data ?? []
	});
}

const listSpend = (client: Client, campaign: number) =>
	client
		.from('campaign_spend')
		.select('id, day, amount, note')
		.eq('campaign_id', campaign)
		.order('day', { ascending: false })
		.limit(SPEND_DAYS);

/** @returns its id */
export async function createCampaign(
	client: Client,
	fields: CampaignFields
): Promise<Result<number>> {
	const { data, error, status } = await client
		.from('campaigns')
		.insert(fields)
		.select('id')
		.single();
	return error ? failed(error, status) : ok(data.id);
}

/**
 * Only if it still is as it was seen.
 * @returns whether it was; false: somebody changed it meanwhile, and nothing was written
 */
export async function changeCampaign(
	client: Client,
	{ id, version }: Pick<Campaign, 'id' | 'version'>,
	changes: Partial<CampaignFields> & { archived_at?: string | null }
): Promise<Result<boolean>> {
	const { data, error, status } = await client
		.from('campaigns')
		.update(changes)
		.eq('id', id)
		.eq('version', version)
		.select('id');
	return error ? failed(error, status) : ok(data.length > 0);
}

/** The topics that say when figures move. @throws when they cannot be asked for */
export async function fetchTopics(client: Client): Promise<Topic[]> {
	const { data, error } = await client.rpc('my_topics');
	if (error) throw error;
	return data
		.filter(({ scope }) => SCOPES.includes(scope))
		.map((row) => ({ ...row, scope: row.scope as Scope }));
}

/** Services and workshops a campaign may be for. @throws the request's error */
export async function loadChoices(client: Client) {
	const [services, locations] = await Promise.all([
		client.from('services').select('id, name, archived_at').order('position').throwOnError(),
		client.from('locations').select('id, name').order('name').throwOnError()
	]);
	return { services: services.data, locations: locations.data };
}
export type Choices = Awaited<ReturnType<typeof loadChoices>>;
