/** What the pages of leads ask the server. Answers are checked here; expected failures are values. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import {
	detailsSchema,
	pageSchema,
	summarySchema,
	type Cursor,
	type LeadDetails,
	type LeadPage,
	type LeadSummary
} from './lead.ts';

type Answer = { data: unknown; error: unknown; status: number };

/** The answer as its schema has it, or why there is none. */
export function checked<Schema extends z.ZodMiniType>(
	schema: Schema,
	{ data, error, status }: Answer
): Result<z.infer<Schema>> {
	if (error) return failed(error, status);
	const parsed = z.safeParse(schema, data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

/** A page of leads after the key the page before ended with (null: the first). */
export async function findLeads(
	client: Client,
	filters: Record<string, unknown>,
	after: Cursor | null,
	max_rows: number
): Promise<Result<LeadPage>> {
	const answer = await client.rpc('find_leads', {
		filters: filters as never,
		after: after as never,
		max_rows
	});
	return checked(pageSchema, answer);
}

export async function loadDetails(client: Client, lead: number): Promise<Result<LeadDetails>> {
	return checked(detailsSchema, await client.rpc('lead_details', { lead_id: lead }));
}

export async function loadSummary(client: Client): Promise<Result<LeadSummary>> {
	return checked(summarySchema, await client.rpc('lead_summary'));
}

export interface LeadChoices {
	campaigns: { id: number; name: string; open: boolean }[];
	services: { id: number; name: Record<string, string> }[];
	locations: { id: number; name: string }[];
	sources: string[];
	/** ISO 3166; whose numbers are written without a code */
	phoneCountry: string;
}

/** What leads are filtered by and corrected to. @throws the request's error */
export async function loadLeadChoices(client: Client): Promise<LeadChoices> {
	const [campaigns, services, locations, sources, settings] = await Promise.all([
		client
			.from('campaign_names')
			.select('id, name, ends_on, archived_at')
			.order('name')
			.throwOnError(),
		client.from('services').select('id, name').is('archived_at', null).order('id').throwOnError(),
		client.from('locations').select('id, name').order('name').throwOnError(),
		client.rpc('lead_sources').throwOnError(),
		client.from('settings').select('phone_country').single().throwOnError()
	]);
	const today = new Date().toISOString().slice(0, 10);
	return {
		campaigns: campaigns.data.flatMap(({ id, name, ends_on, archived_at }) => {
			const open = archived_at === null && (ends_on === null || ends_on >= today);
			return id === null || name === null ? [] : [{ id, name, open }];
		}),
		services: services.data as LeadChoices['services'],
		locations: locations.data,
		sources: sources.data,
		phoneCountry: settings.data.phone_country
	};
}

/** Where leads are told of. @throws the request's error */
export async function leadTopics(client: Client): Promise<readonly Topic[]> {
	const { data } = await client.rpc('my_topics').throwOnError();
	return data.filter(({ scope }) => scope === 'leads') as Topic[];
}
