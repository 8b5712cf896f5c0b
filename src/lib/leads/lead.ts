/** Leads: people who asked for something, as the calls of the database answer about them. */
import * as z from 'zod/mini';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const id = z.number();
const text = z.nullable(z.string());

export const statuses = ['new', 'contacted', 'converted', 'rejected'] as const;
export type LeadStatus = (typeof statuses)[number];

/** A row of `lead_faces`. Times are ISO 8601. */
export const leadSchema = z.object({
	id,
	version: z.number(),
	first_name: z.string(),
	middle_name: text,
	last_name: text,
	phone: text,
	email: text,
	message: text,
	campaign_id: z.nullable(id),
	campaign_name: text,
	location_id: z.nullable(id),
	service_id: z.nullable(id),
	source: text,
	utm: z.record(z.string(), z.string()),
	status: z.enum(statuses),
	claimed_by: text,
	claimed_by_name: text,
	claimed_at: text,
	first_call_at: text,
	contacted_at: text,
	rejected_reason: text,
	client_id: z.nullable(id),
	order_id: z.nullable(id),
	contract_id: z.nullable(id),
	known_client_id: z.nullable(id),
	blacklisted: z.boolean(),
	duplicates: z.number(),
	submissions: z.number(),
	last_submitted_at: z.string(),
	created_at: z.string()
});
export type Lead = z.infer<typeof leadSchema>;

export const cursorSchema = z.object({ created_at: z.string(), id });
export type Cursor = z.infer<typeof cursorSchema>;
export const pageSchema = z.object({ leads: z.array(leadSchema), next: z.nullable(cursorSchema) });
export type LeadPage = z.infer<typeof pageSchema>;

const callsSchema = z.object({
	leads: z.number(),
	called: z.number(),
	/** to the first call, on average; null when nobody was called */
	seconds: z.nullable(z.number())
});
export const summarySchema = z.object({
	new: z.number(),
	mine: z.number(),
	today: callsSchema,
	week: callsSchema
});
export type LeadSummary = z.infer<typeof summarySchema>;

const noteSchema = z.object({
	id,
	kind: z.enum(['call', 'note', 'message']),
	direction: z.nullable(z.enum(['in', 'out'])),
	body: z.string(),
	author: text,
	at: z.string()
});
export type LeadNote = z.infer<typeof noteSchema>;

const twinSchema = z.object({
	id,
	name: z.string(),
	status: z.enum(statuses),
	campaign_name: text,
	claimed_by_name: text,
	rejected_reason: text,
	created_at: z.string()
});
export type LeadTwin = z.infer<typeof twinSchema>;

const clientSchema = z.object({
	id,
	full_name: z.string(),
	blacklisted: z.boolean(),
	blacklist_reason: text,
	by: z.enum(['phone', 'email', 'conversion']),
	orders: z.number()
});
export type LeadClient = z.infer<typeof clientSchema>;

export const detailsSchema = z.object({
	lead: leadSchema,
	notes: z.array(noteSchema),
	twins: z.array(twinSchema),
	client: z.nullable(clientSchema)
});
export type LeadDetails = z.infer<typeof detailsSchema>;

/** What `lead_changed` carries; `lead` is null for those who see it no more. */
export const changeSchema = z.object({ id, version: z.number(), lead: z.nullable(leadSchema) });

export const isOpen = ({ status }: Pick<Lead, 'status'>) =>
	status === 'new' || status === 'contacted';

/** 'Komarov Eduard Petrovich' */
export const wholeName = (lead: Pick<Lead, 'first_name' | 'middle_name' | 'last_name'>) =>
	[lead.last_name, lead.first_name, lead.middle_name].filter(Boolean).join(' ');

/** How long somebody waited for the first call, or is waiting (ms); null when nobody will call. */
export function waitOf(
	lead: Pick<Lead, 'status' | 'created_at' | 'first_call_at'>,
	now: number
): number | null {
	const until = lead.first_call_at ? Date.parse(lead.first_call_at) : now;
	if (!lead.first_call_at && !isOpen(lead)) return null;
	return Math.max(0, until - Date.parse(lead.created_at));
}
