/** Saved and shared views of the board: a name and the address's query. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';

export interface SavedView {
	readonly id: number;
	readonly owner_id: string;
	readonly name: string;
	readonly query: string;
	readonly shared: boolean;
}

const columns = 'id, owner_id, name, query, shared';

/** One's own and those shared where one works, by name. */
export async function listViews(client: Client): Promise<Result<SavedView[]>> {
	const { data, error, status } = await client.from('board_views').select(columns).order('name');
	return error ? failed(error, status) : ok(data);
}

export async function saveView(
	client: Client,
	view: Pick<SavedView, 'name' | 'query' | 'shared'>
): Promise<Result<SavedView>> {
	const { data, error, status } = await client
		.from('board_views')
		.insert(view)
		.select(columns)
		.single();
	return error ? failed(error, status) : ok(data);
}

export async function removeView(client: Client, id: number): Promise<Result<number>> {
	const { error, status } = await client.from('board_views').delete().eq('id', id);
	return error ? failed(error, status) : ok(id);
}
