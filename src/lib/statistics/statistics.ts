/** The figures of the wall: their shapes, and which of them an event may have moved. Pure. */
import * as z from 'zod/mini';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

export type CampaignFigures = {
	campaign_id: number;
	name: string;
	service_id: number | null;
	location_id: number | null;
	archived_at: string | null;
	leads: number;
	converted: number;
	orders: number;
	contracts: number;
	/** null for those who may not see money */
	spend: number | null;
	revenue: number | null;
	/** a fraction; null also when nothing was spent */
	roi: number | null;
};
export type MoneyFigures = { key: string; revenue: number; spend: number | null };
export type Funnel = {
	leads: number;
	contacted: number;
	converted: number;
	orders: number;
	done: number;
};
/** seconds: the average time in the column */
export type StageFigures = {
	stage_id: number;
	exits: number;
	seconds: number | null;
	now_there: number | null;
};
export type OrderFigures = {
	key: string | null;
	created: number;
	done: number;
	closed: number;
	refused: number;
	promised: number;
	on_time: number;
	/** average from taken to done */
	lead_seconds: number | null;
	revenue: number | null;
};

export type Reports = {
	campaigns: readonly CampaignFigures[];
	/** empty for those who may not see money */
	money: readonly MoneyFigures[];
	funnel: Funnel;
	stages: readonly StageFigures[];
	locations: readonly OrderFigures[];
	masters: readonly OrderFigures[];
};
export type Part = keyof Reports;
export const parts: readonly Part[] = [
	'campaigns',
	'money',
	'funnel',
	'stages',
	'locations',
	'masters'
];

/** What things are called that figures know by id. */
export type Names = {
	stages: readonly { id: number; name: string; kind: string }[];
	locations: readonly { id: number; name: string }[];
	campaigns: readonly { id: number; name: string }[];
	services: readonly { id: number; name: string }[];
	masters: readonly { id: string; name: string }[];
};

/** What moved a figure last. */
export type Cause = {
	kind: string;
	at: string;
	amount?: number | undefined;
	order_id?: number | null | undefined;
	contract_id?: number | null | undefined;
};

const countsSchema = z.object({ kind: z.nullable(z.string()), at: z.string() });
const moneySchema = z.object({
	at: z.string(),
	cause: z.object({
		kind: z.string(),
		amount: z.optional(z.number()),
		order_id: z.optional(z.nullable(z.number())),
		contract_id: z.optional(z.nullable(z.number()))
	})
});

const moved: Record<string, readonly Part[]> = {
	order: ['funnel', 'stages', 'locations', 'masters'],
	lead: ['funnel'],
	// no chart counts contracts; their money comes as payments
	contract: [],
	move: ['stages'],
	spend: ['campaigns', 'money'],
	payment: ['campaigns', 'money', 'locations', 'masters'],
	refund: ['campaigns', 'money', 'locations', 'masters'],
	campaign: ['campaigns']
};

/** What an event moved and why; everything, for a reason unknown, when it is not understood. */
export function news(
	event: string,
	payload: unknown
): { moved: readonly Part[]; cause: Cause | null } {
	if (event === 'campaign_money_changed') {
		const parsed = moneySchema.safeParse(payload);
		if (parsed.success) {
			const { cause, at } = parsed.data;
			return { moved: moved[cause.kind] ?? parts, cause: { ...cause, at } };
		}
	}
	if (event === 'campaign_changed') {
		const parsed = countsSchema.safeParse(payload);
		if (parsed.success && parsed.data.kind !== null) {
			const { kind, at } = parsed.data;
			return { moved: moved[kind] ?? parts, cause: { kind, at } };
		}
	}
	return { moved: parts, cause: null };
}

/**
 * The cause to tell. One payment is told on two topics, with and without its amount and in any
 * order; both carry the time of the same transaction.
 */
export const laterCause = (known: Cause | undefined, told: Cause): Cause =>
	known && known.at === told.at && known.amount !== undefined && told.amount === undefined
		? known
		: told;
