/** What people do with leads. Each call answers the lead as it is afterwards, or why not. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { leadSchema, type Lead, type LeadNote } from './lead.ts';
import { checked } from './leads.data.ts';

export const claimLead = async (client: Client, lead: number): Promise<Result<Lead>> =>
	checked(leadSchema, await client.rpc('claim_lead', { lead_id: lead }));

export const releaseLead = async (client: Client, lead: number): Promise<Result<Lead>> =>
	checked(leadSchema, await client.rpc('release_lead', { lead_id: lead }));

export const reopenLead = async (client: Client, lead: number): Promise<Result<Lead>> =>
	checked(leadSchema, await client.rpc('reopen_lead', { lead_id: lead }));

export const rejectLead = async (
	client: Client,
	lead: number,
	reason: string
): Promise<Result<Lead>> =>
	checked(leadSchema, await client.rpc('reject_lead', { lead_id: lead, reason }));

/** Somebody reached out; what was said may be empty. */
export const markContacted = async (
	client: Client,
	lead: number,
	note: string
): Promise<Result<Lead>> =>
	checked(leadSchema, await client.rpc('mark_lead_contacted', { lead_id: lead, note }));

export type NewNote = Pick<LeadNote, 'kind' | 'direction' | 'body'>;

export async function addLeadNote(
	client: Client,
	lead: number,
	note: NewNote
): Promise<Result<null>> {
	const { error, status } = await client.from('lead_notes').insert({ lead_id: lead, ...note });
	return error ? failed(error, status) : ok(null);
}

/** The columns people may write. */
export type LeadFields = Pick<
	Lead,
	| 'first_name'
	| 'middle_name'
	| 'last_name'
	| 'phone'
	| 'email'
	| 'message'
	| 'campaign_id'
	| 'location_id'
	| 'service_id'
	| 'source'
>;

/** @returns the new lead's id */
export async function addLead(client: Client, fields: LeadFields): Promise<Result<number>> {
	const { data, error, status } = await client.from('leads').insert(fields).select('id').single();
	return error ? failed(error, status) : ok(data.id);
}

/** @returns false when the lead is not as it was seen any more: somebody else changed it */
export async function correctLead(
	client: Client,
	lead: Pick<Lead, 'id' | 'version'>,
	fields: Partial<LeadFields>
): Promise<Result<boolean>> {
	const { data, error, status } = await client
		.from('leads')
		.update(fields)
		.eq('id', lead.id)
		.eq('version', lead.version)
		.select('id');
	return error ? failed(error, status) : ok(data.length > 0);
}

const convertedSchema = z.object({
	client_id: z.number(),
	order_id: z.nullable(z.number()),
	contract_id: z.nullable(z.number()),
	warnings: z.array(z.object({ key: z.string(), params: z.record(z.string(), z.unknown()) }))
});
export type Converted = z.infer<typeof convertedSchema>;

/** The same `mutation` again makes nothing a second time. */
export async function convertLead(
	client: Client,
	lead: number,
	payload: Record<string, unknown>,
	mutation: string
): Promise<Result<Converted>> {
	const answer = await client.rpc('convert_lead', {
		lead_id: lead,
		payload: payload as never,
		mutation_id: mutation
	});
	return checked(convertedSchema, answer);
}
