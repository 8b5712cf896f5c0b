/** One order with all that its panel shows: the shape `order_details` answers with. */
import * as z from 'zod/mini';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const id = z.number();
const text = z.nullable(z.string());

/** What can be edited in place, and the order's other fields the panel shows. */
export const orderSchema = z.object({
	id,
	version: z.number(),
	type: z.enum(['consultation', 'diagnostics', 'repair', 'other']),
	stage_id: id,
	location_id: id,
	client_id: id,
	asset_id: z.nullable(id),
	service_id: z.nullable(id),
	campaign_id: z.nullable(id),
	master_id: text,
	address: text,
	problem: z.string(),
	result: text,
	priority: z.number(),
	promised_at: text,
	refusal_reason: text,
	payment_state: z.string(),
	stage_entered_at: z.string(),
	created_at: z.string()
});
export type Order = z.infer<typeof orderSchema>;
export const editableFields = [
	'problem',
	'type',
	'priority',
	'promised_at',
	'address',
	'asset_id',
	'service_id',
	'campaign_id',
	'client_id',
	'location_id',
	'result'
] as const;
export type EditableField = (typeof editableFields)[number];

const stageSchema = z.object({
	id,
	name: z.record(z.string(), z.string()),
	kind: z.string(),
	colour: z.string(),
	requires_reason: z.boolean(),
	/** the order's location has this column */
	here: z.boolean()
});
export type OrderStage = z.infer<typeof stageSchema>;

export const lineSchema = z.object({
	id,
	kind: z.enum(['work', 'part']),
	title: z.string(),
	quantity: z.number(),
	unit_price: z.number(),
	line_total: z.number()
});
export type OrderLine = z.infer<typeof lineSchema>;

const eventSchema = z.object({
	id,
	kind: z.string(),
	actor_id: text,
	from: z.record(z.string(), z.unknown()),
	to: z.record(z.string(), z.unknown()),
	reason: text,
	at: z.string()
});

const clientSchema = z.object({
	id,
	full_name: z.string(),
	middle_name: text,
	email: text,
	address: text,
	blacklisted: z.boolean(),
	blacklist_reason: text,
	phones: z.array(z.string())
});
export type OrderClient = z.infer<typeof clientSchema>;

export const orderDetailsSchema = z.object({
	order: orderSchema,
	stages: z.array(stageSchema),
	locations: z.nullable(z.record(z.string(), z.string())),
	/** who may take it; skilled: has the skill its service asks for, if it asks for one */
	masters: z.array(z.object({ id: z.string(), name: z.string(), skilled: z.boolean() })),
	/** null for those who may not read clients */
	client: z.nullable(clientSchema),
	client_orders: z.array(
		z.object({ id, stage_id: id, problem: z.string(), created_at: z.string() })
	),
	assets: z.array(z.object({ id, label: z.string(), serial: text })),
	/** what this location offers, and campaigns of its */
	services: z.array(z.object({ id, name: z.record(z.string(), z.string()) })),
	campaigns: z.array(z.object({ id, name: z.string() })),
	/** null, as the sums, for those who may not see them */
	lines: z.nullable(z.array(lineSchema)),
	total: z.nullable(z.number()),
	paid: z.nullable(z.number()),
	events: z.array(eventSchema),
	comments: z.array(
		z.object({ id, kind: z.string(), body: z.string(), author_id: text, at: z.string() })
	),
	photos: z.array(z.object({ id, path: z.string(), kind: z.string(), caption: text })),
	people: z.record(z.string(), z.string())
});
export type OrderDetails = z.infer<typeof orderDetailsSchema>;

/** A stage's name in a language, or in whatever language the company filled in. */
export const nameIn = (name: Readonly<Record<string, string>>, locale: string): string =>
	name[locale] || name.en || Object.values(name).find(Boolean) || '—';

/** Who last changed a field, as the history knows. */
export function changedBy({ events, people }: OrderDetails, field: string): string | null {
	const event = events.find(({ to }) => field in to);
	return (event?.actor_id && people[event.actor_id]) || null;
}

/** Amounts as people of the company read them. `locale` is one of our languages. */
export function moneyFormat(locale: string, currency: string): (amount: number) => string {
	const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
	return (amount) => format.format(amount);
}
