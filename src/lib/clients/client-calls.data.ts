/** What the pages of clients do: notes, the blacklist, duplicates. Failures are values. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { WrittenKind } from './interaction.ts';

export type Note = { kind: WrittenKind; direction: 'in' | 'out' | null; body: string };

export async function addNote(supabase: Client, client: number, note: Note): Promise<Result<null>> {
	const { error, status } = await supabase
		.from('interactions')
		.insert({ client_id: client, ...note });
	return error ? failed(error, status) : ok(null);
}

/** @param reason null takes the client off the list */
export async function setBlacklist(
	supabase: Client,
	client: number,
	reason: string | null
): Promise<Result<null>> {
	const { error, status } = await supabase.rpc('set_blacklist', {
		client_id: client,
		blacklisted: reason !== null,
		...(reason === null ? {} : { reason })
	});
	return error ? failed(error, status) : ok(null);
}

export type Duplicate = {
	id: number;
	full_name: string;
	phone: string | null;
	reasons: string[];
	orders: number | null;
};

export async function findDuplicates(
	supabase: Client,
	client: number
): Promise<Result<Duplicate[]>> {
	const { data, error, status } = await supabase.rpc('duplicate_clients', { client_id: client });
	return error ? failed(error, status) : ok(data);
}

/** Clients by what was typed, for choosing a duplicate by hand. */
export async function findClients(supabase: Client, query: string): Promise<Result<Duplicate[]>> {
	const { data, error, status } = await supabase.rpc('search', {
		query,
		kinds: ['client'],
		max_rows: 10
	});
	if (error) return failed(error, status);
	return ok(
		data.map(({ id, title, subtitle }) => ({
			id,
			full_name: title,
			phone: subtitle,
			reasons: [],
			orders: null
		}))
	);
}

/** @returns the merge's id, for undoMerge; the same mutation twice merges once */
export async function mergeClients(
	supabase: Client,
	keep: number,
	drop: number,
	mutation: string
): Promise<Result<number>> {
	const { data, error, status } = await supabase.rpc('merge_clients', {
		keep_id: keep,
		drop_id: drop,
		mutation_id: mutation
	});
	return error ? failed(error, status) : ok(data);
}

export async function undoMerge(supabase: Client, merge: number): Promise<Result<number>> {
	const { data, error, status } = await supabase.rpc('undo_merge', { merge_id: merge });
	return error ? failed(error, status) : ok(data);
}
