/** Campaigns as the marketers' pages show them, the filters of their list, and the form of one. Pure. */
export const channels = [
	...(['search', 'social', 'maps', 'referral', 'print'] as const),
	...(['radio', 'outdoor', 'email', 'other'] as const)
];
export type Channel = (typeof channels)[number];
export const shows = ['current', 'running', 'ended', 'archived'] as const;
export type Show = (typeof shows)[number];
export const spans = ['ever', 'year', 'month'] as const;
export type Span = (typeof spans)[number];

export type Campaign = {
	id: number;
	version: number;
	name: string;
	channel: Channel;
	service_id: number | null;
	location_id: number | null;
	/** null also for those who may not see money */
	budget: number | null;
	starts_on: string;
	ends_on: string | null;
	archived_at: string | null;
};

/** What a campaign brought; amounts are null for those who may not see money, fractions also when nothing was spent. */
export type Figures = {
	leads: number;
	contacted: number;
	converted: number;
	rejected: number;
	/** average */
	first_call_seconds: number | null;
	orders: number;
	done: number;
	contracts: number;
	spend: number | null;
	revenue: number | null;
	profit: number | null;
	/** a fraction: 0.5 is 50 % */
	roi: number | null;
	cost_per_lead: number | null;
	cost_per_client: number | null;
	payback_on: string | null;
};
export type ListedCampaign = Campaign & { figures: Figures };
export type Spend = { id: number; day: string; amount: number; note: string | null };

export type Filters = { query: string; show: Show; channel: Channel | null; span: Span };

/** What an address asks for; anything it gets wrong is as if it were not there. */
export function filtersOf(params: URLSearchParams): Filters {
	return {
		query: (params.get('q') ?? '').slice(0, 200),
		show: shows.find((show) => show === params.get('show')) ?? 'current',
		channel: channels.find((channel) => channel === params.get('channel')) ?? null,
		span: spans.find((span) => span === params.get('span')) ?? 'ever'
	};
}

/** The address of a list, as short as it can be said. */
export function hrefOf({ query, show, channel, span }: Filters): string {
	const params = new URLSearchParams();
	if (query.trim()) params.set('q', query);
	if (show !== 'current') params.set('show', show);
	if (channel !== null) params.set('channel', channel);
	if (span !== 'ever') params.set('span', span);
	const asked = params.toString();
	return asked ? `/app/campaigns?${asked}` : '/app/campaigns';
}

export type State = 'planned' | 'running' | 'ended' | 'archived';

/** @param today the company's day, YYYY-MM-DD */
export function stateOf(
	{ archived_at, starts_on, ends_on }: Pick<Campaign, 'archived_at' | 'starts_on' | 'ends_on'>,
	today: string
): State {
	if (archived_at !== null) return 'archived';
	if (starts_on > today) return 'planned';
	return ends_on !== null && ends_on < today ? 'ended' : 'running';
}

const plain = (text: string) => text.trim().toLocaleLowerCase();

/** The campaigns asked for, running ones first, then by what they earned. */
export function narrowed(
	campaigns: readonly ListedCampaign[],
	{ query, show, channel }: Filters,
	today: string
): ListedCampaign[] {
	const wanted = plain(query);
	const isShown = (state: State) => (show === 'current' ? state !== 'archived' : state === show);
	const rank = (campaign: Campaign) => (stateOf(campaign, today) === 'running' ? 0 : 1);
	return campaigns
		.filter(
			(campaign) =>
				isShown(stateOf(campaign, today)) &&
				(channel === null || campaign.channel === channel) &&
				plain(campaign.name).includes(wanted)
		)
		.sort(
			(one, other) =>
				rank(one) - rank(other) ||
				(other.figures.revenue ?? 0) - (one.figures.revenue ?? 0) ||
				other.figures.leads - one.figures.leads ||
				one.id - other.id
		);
}

/** A campaign as its form holds it: texts as typed. */
export type Draft = {
	name: string;
	channel: Channel;
	service: string;
	location: string;
	budget: string;
	starts_on: string;
	ends_on: string;
};
export type CampaignFields = Omit<Campaign, 'id' | 'version' | 'archived_at' | 'budget'> & {
	/** left out by those who may not see money */
	budget?: number | null;
};

export function draftOf(campaign: Campaign | null, today: string): Draft {
	return {
		name: campaign?.name ?? '',
		channel: campaign?.channel ?? 'search',
		service: String(campaign?.service_id ?? ''),
		location: String(campaign?.location_id ?? ''),
		budget: String(campaign?.budget ?? ''),
		starts_on: campaign?.starts_on ?? today,
		ends_on: campaign?.ends_on ?? ''
	};
}

export type DraftField = 'name' | 'budget' | 'starts_on' | 'ends_on';

/** People write 1,5 as well as 1.5, and 1 500. Null for nothing, NaN for what is no number. */
export const amountOf = (text: string): number | null =>
	text.trim() === '' ? null : Number(text.replace(/\s/g, '').replace(',', '.'));

/** What the form says, for the database; or which fields make no sense. */
export function fieldsOf(draft: Draft): { fields: CampaignFields; wrong: DraftField[] } {
	const budget = amountOf(draft.budget);
	const wrong: DraftField[] = [];
	if (draft.name.trim() === '' || draft.name.length > 120) wrong.push('name');
	if (budget !== null && !(budget >= 0 && budget < 1e10)) wrong.push('budget');
	if (draft.starts_on === '') wrong.push('starts_on');
	if (draft.ends_on !== '' && draft.ends_on < draft.starts_on) wrong.push('ends_on');
	const fields: CampaignFields = {
		name: draft.name.trim(),
		channel: draft.channel,
		service_id: draft.service === '' ? null : Number(draft.service),
		location_id: draft.location === '' ? null : Number(draft.location),
		budget,
		starts_on: draft.starts_on,
		ends_on: draft.ends_on || null
	};
	return { fields, wrong };
}
