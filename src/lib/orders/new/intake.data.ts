/** What taking in an order asks the server. Answers are checked here; expected failures are values. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';

// zod's compiled parsers need `new Function`, which our CSP forbids
z.config({ jitless: true });

const callerSchema = z.object({
	id: z.number(),
	full_name: z.string(),
	blacklisted: z.boolean(),
	blacklist_reason: z.nullable(z.string()),
	address: z.nullable(z.string()),
	assets: z.array(z.object({ id: z.number(), label: z.string(), serial: z.nullable(z.string()) })),
	open_orders: z.array(z.object({ id: z.number(), problem: z.string(), created_at: z.string() }))
});
/** The client who is calling. */
export type Caller = z.infer<typeof callerSchema>;

/** The client with this whole phone; null if nobody has it. */
export async function findCaller(client: Client, phone: string): Promise<Result<Caller | null>> {
	const { data, error, status } = await client.rpc('find_client_by_phone', { phone });
	if (error) return failed(error, status);
	const parsed = z.nullable(callerSchema).safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

export interface Suggestion {
	readonly id: number;
	readonly title: string;
	readonly phone: string;
}

/** Clients by a part of a phone or name, with the phone that finds each of them whole. */
export async function suggestCallers(client: Client, query: string): Promise<Suggestion[]> {
	const { data } = await client.rpc('search', { query, kinds: ['client'], max_rows: 5 });
	return (data ?? []).flatMap(({ id, title, subtitle }) => {
		const phone = /\+\d{7,15}/.exec(subtitle)?.[0];
		return phone ? [{ id, title, phone }] : [];
	});
}

const createdSchema = z.object({ order_id: z.number() });

/** Takes the order. The same `mutation` again makes no second one. */
export async function createOrder(
	client: Client,
	payload: Record<string, unknown>,
	mutation: string
): Promise<Result<number>> {
	const { data, error, status } = await client.rpc('create_order', {
		payload: payload as never,
		mutation_id: mutation
	});
	if (error) return failed(error, status);
	const parsed = createdSchema.safeParse(data);
	return parsed.success ? ok(parsed.data.order_id) : failed(parsed.error);
}

export interface Choices {
	locations: { id: number; name: string }[];
	services: { id: number; name: Record<string, string> }[];
	masters: { id: string; full_name: string; location_id: number | null }[];
	/** ISO 3166; whose numbers are written without a code */
	phoneCountry: string;
}

/** What the form offers to choose from. @throws the request's error */
export async function loadChoices(client: Client): Promise<Choices> {
	const [locations, services, masters, settings] = await Promise.all([
		client.from('locations').select('id, name').order('name').throwOnError(),
		client.from('services').select('id, name').is('archived_at', null).order('id').throwOnError(),
		client
			.from('employees')
			.select('id, full_name, location_id')
			.eq('role', 'master')
			.eq('active', true)
			.order('full_name')
			.throwOnError(),
		client.from('settings').select('*').single().throwOnError()
	]);
	const { phone_country = 'UA' } = settings.data as { phone_country?: string };
	return {
		locations: locations.data,
		services: services.data as Choices['services'],
		masters: masters.data,
		phoneCountry: phone_country
	};
}
