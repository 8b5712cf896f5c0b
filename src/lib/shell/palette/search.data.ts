/** The palette's question to SQL: orders, clients and assets by anything people remember of them. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';

export interface Found {
	readonly kind: 'order' | 'client' | 'asset';
	readonly id: number;
	readonly title: string;
	readonly subtitle: string;
	readonly client_id: number;
}

const MOST = 12;

/** `signal` ends a question that was overtaken by the next. */
export async function search(
	client: Client,
	query: string,
	signal: AbortSignal
): Promise<Result<Found[]>> {
	const { data, error, status } = await client
		.rpc('search', { query, max_rows: MOST })
		.abortSignal(signal);
	return error ? failed(error, status) : ok(data as Found[]);
}
