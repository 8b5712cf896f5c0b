/** Queries of the list of orders. Answers are checked here; expected failures are values. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Scope, Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import { pageSchema, type OrderPage } from './order-list.ts';

/** A page of orders after the key the page before ended with (null: the first). */
export async function findOrders(
	client: Client,
	filters: Record<string, unknown>,
	after: Record<string, unknown> | null,
	max_rows: number
): Promise<Result<OrderPage>> {
	const { data, error, status } = await client.rpc('find_orders', {
		filters: filters as never,
		after: after as never,
		max_rows
	});
	if (error) return failed(error, status);
	const parsed = pageSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

export interface ListChoices {
	stages: { id: number; name: Record<string, string>; colour: string }[];
	masters: { id: string; full_name: string }[];
	locations: { id: number; name: string }[];
}

/** What the list filters by, and how ids in it are called. @throws the request's error */
export async function loadListChoices(client: Client): Promise<ListChoices> {
	const [stages, masters, locations] = await Promise.all([
		client.from('stages').select('id, name, colour').order('position').order('id').throwOnError(),
		client
			.from('employees')
			.select('id, full_name')
			.eq('role', 'master')
			.order('full_name')
			.throwOnError(),
		client.from('locations').select('id, name').order('name').throwOnError()
	]);
	return {
		stages: stages.data as ListChoices['stages'],
		masters: masters.data,
		locations: locations.data
	};
}

/** Where changes of orders are told, of all the topics somebody may join. */
export async function fetchTopics(client: Client): Promise<Topic[]> {
	const { data } = await client.rpc('my_topics').throwOnError();
	return data
		.filter(({ scope }) => scope === 'board' || scope === 'master')
		.map((row) => ({ ...row, scope: row.scope as Scope }));
}
