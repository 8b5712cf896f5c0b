/** Queries of one order. Answers are checked here; expected failures are values. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client, Database } from '$lib/supabase/types.ts';
import { orderDetailsSchema, type EditableField, type OrderDetails } from './order-details.ts';

type Json = Database['public']['Functions']['edit_order']['Args']['changes'];

/** Somebody else changed the same field since it was seen. */
export interface FieldChanged {
	readonly field: string;
	readonly theirs: unknown;
	readonly by_name: string | null;
}
/** the version the edit made, or why it was refused */
export type Edited = Result<number> | { ok: false; changed: FieldChanged };

/** The order with all its panel shows. */
export async function loadOrder(client: Client, id: number): Promise<Result<OrderDetails>> {
	const { data, error, status } = await client.rpc('order_details', { order_id: id });
	if (error) return failed(error, status);
	const parsed = orderDetailsSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

/** Changes one field; refused only if the very same field changed since it was `seen`. */
export async function editOrder(
	client: Client,
	edit: { id: number; field: EditableField; value: Json; seen: Json; mutation: string }
): Promise<Edited> {
	const { data, error, status } = await client.rpc('edit_order', {
		order_id: edit.id,
		changes: { [edit.field]: edit.value },
		seen: { [edit.field]: edit.seen },
		mutation_id: edit.mutation
	});
	if (!error) return ok((data as { version: number }).version);
	const changed = fieldChanged(error);
	return changed ? { ok: false, changed } : failed(error, status);
}

function fieldChanged(error: { code?: string; message: string; details?: unknown }) {
	if (error.code !== 'VK409' || error.message !== 'field_changed') return null;
	const details = typeof error.details === 'string' ? JSON.parse(error.details) : error.details;
	return details as FieldChanged;
}

export interface FoundClient {
	readonly id: number;
	readonly title: string;
	readonly subtitle: string;
}

/** A few clients by a part of name or phone; nobody when it cannot be asked. */
export async function findClients(client: Client, query: string): Promise<FoundClient[]> {
	const { data } = await client.rpc('search', { query, kinds: ['client'], max_rows: 6 });
	return (data ?? []).map(({ id, title, subtitle }) => ({ id, title, subtitle }));
}

const done = ({ error, status }: { error: object | null; status: number }): Result<null> =>
	error ? failed(error, status) : ok(null);

/** Gives the order to a master, or to nobody (null). */
export async function assignOrder(
	client: Client,
	wish: { id: number; master: string | null; seen: number; mutation: string }
): Promise<Result<null>> {
	return done(
		await client.rpc('assign_order', {
			order_id: wish.id,
			// the generated types do not know that it may be null
			master_id: wish.master as string,
			seen_version: wish.seen,
			mutation_id: wish.mutation
		})
	);
}

/** Puts the order on top of another column. */
export async function moveOrder(
	client: Client,
	wish: { id: number; to: number; seen: number; mutation: string; reason: string | null }
): Promise<Result<null>> {
	const nobody = null as unknown as number;
	return done(
		await client.rpc('move_order', {
			order_id: wish.id,
			to_stage: wish.to,
			prev_id: nobody,
			next_id: nobody,
			seen_version: wish.seen,
			mutation_id: wish.mutation,
			...(wish.reason === null ? {} : { reason: wish.reason })
		})
	);
}

/** Writes a note about the order into its client's history. */
export async function addComment(
	client: Client,
	note: { order: number; client: number; body: string }
): Promise<Result<null>> {
	return done(
		await client
			.from('interactions')
			.insert({ order_id: note.order, client_id: note.client, kind: 'note', body: note.body })
	);
}

export type LineDraft = {
	kind: 'work' | 'part';
	title: string;
	quantity: number;
	unit_price: number;
};

export async function addLine(client: Client, order: number, line: LineDraft) {
	return done(await client.from('order_lines').insert({ order_id: order, ...line }));
}

export async function changeLine(client: Client, id: number, line: Partial<LineDraft>) {
	return done(await client.from('order_lines').update(line).eq('id', id));
}

export async function removeLine(client: Client, id: number) {
	return done(await client.from('order_lines').delete().eq('id', id));
}
