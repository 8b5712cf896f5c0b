/** The board's queries. Answers are checked here; expected failures are values. */
import type * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Scope } from '$lib/realtime/live-topics.ts';
import type { Json } from '$lib/supabase/database.types.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { BoardServer } from './board-server.ts';
import {
	cardSchema,
	changesSchema,
	pageSchema,
	snapshotSchema,
	type Card,
	type Mutation,
	type Snapshot
} from './board.ts';
import { bulkAnswerSchema, type BulkCall } from './bulk.ts';
import type { Transition } from './rules.ts';

/** Requests that take longer are as good as lost, on a connection that died; they are repeated. */
const WRITE_PATIENCE_MS = 10_000;
const REPAIR_PATIENCE_MS = 4_000;

/** What a board listens to, of all the topics somebody may join. */
const BOARD_SCOPES: readonly string[] = [
	'board',
	'hands',
	'masters',
	'master',
	'money'
] satisfies Scope[];

export interface Location {
	id: number;
	name: string;
}

/** The board in one trip. `location` null: everything the person may see. */
export async function loadSnapshot(
	client: Client,
	location: number | null
): Promise<Result<Snapshot>> {
	const asked = location === null ? {} : { location };
	const { data, error, status } = await client.rpc('board_snapshot', asked);
	return error ? failed(error, status) : checked(snapshotSchema, data);
}

/** The locations the person sees, by name. */
export async function listLocations(client: Client): Promise<Result<Location[]>> {
	const { data, error, status } = await client.from('locations').select('id, name').order('name');
	return error ? failed(error, status) : ok(data);
}

/** Which kinds of column an order may go between, and the permission it takes. */
export async function listTransitions(client: Client): Promise<Result<Transition[]>> {
	const { data, error, status } = await client
		.from('stage_transitions')
		.select('from_kind, to_kind, permission');
	return error ? failed(error, status) : ok(data);
}

/** The calls an open board makes; the client is asked for at the first one. */
export function boardServer(client: () => Client, location: number | null): BoardServer {
	return {
		send: (mutation) => send(client(), mutation),
		bulk: (call) => bulk(client(), call),
		async changes(known) {
			const { data, error, status } = await client()
				.rpc('board_changes', location === null ? { known } : { known, location })
				.abortSignal(AbortSignal.timeout(REPAIR_PATIENCE_MS));
			return error ? failed(error, status) : checked(changesSchema, data);
		},
		async older({ stage, after, filters }) {
			const place = location === null ? {} : { location };
			const { data, error, status } = filters
				? await client().rpc('find_orders', {
						filters: {
							...filters,
							stage_ids: [stage],
							...(location && { location_id: location })
						} as Json,
						...(after && { after }),
						max_rows: 50
					})
				: await client().rpc('board_more', { stage_id: stage, ...after, ...place });
			return error ? failed(error, status) : checked(pageSchema, data);
		},
		async topics() {
			const { data, error } = await client().rpc('my_topics');
			if (error) throw error;
			return data
				.filter(({ scope }) => BOARD_SCOPES.includes(scope))
				.map((row) => ({ ...row, scope: row.scope as Scope }));
		}
	};
}

async function send(client: Client, wish: Mutation): Promise<Result<Card>> {
	const call = callOf(client, wish);
	const { data, error, status } = await call.abortSignal(AbortSignal.timeout(WRITE_PATIENCE_MS));
	return error ? failed(error, status) : checked(cardSchema, data);
}

async function bulk(client: Client, { ask, items, mutation_id }: BulkCall) {
	const cards = items.map(({ order_id, seen_version }) => ({ order_id, seen_version }));
	const call =
		ask.kind === 'move'
			? client.rpc('bulk_move', {
					items: cards,
					to_stage: ask.to_stage,
					mutation_id,
					...(ask.reason === null ? {} : { reason: ask.reason })
				})
			: client.rpc('bulk_assign', {
					items: cards,
					// the generated types do not know that it may be null
					master_id: ask.master_id as string,
					mutation_id
				});
	const { data, error, status } = await call.abortSignal(AbortSignal.timeout(WRITE_PATIENCE_MS));
	return error ? failed(error, status) : checked(bulkAnswerSchema, data);
}

/** One wish is one call. */
function callOf(client: Client, wish: Mutation) {
	const { order_id, seen_version, mutation_id } = wish;
	const head = { order_id, seen_version, mutation_id };
	if (wish.kind === 'undo') {
		return client.rpc('undo_move', { order_id, mutation_id, undo_of: wish.undo_of });
	}
	if (wish.kind === 'assign') {
		return client.rpc('assign_order', { ...head, master_id: wish.master_id as string });
	}
	if (wish.kind === 'plan') {
		const { master_id, planned_at, planned_minutes } = wish;
		return client.rpc('plan_order', {
			...head,
			// as below
			master_id: master_id as string,
			planned_at: planned_at as string,
			planned_minutes: planned_minutes as number
		});
	}
	const place = {
		...head,
		to_stage: wish.to_stage,
		// the generated types do not know that these may be null
		prev_id: wish.prev_id as number,
		next_id: wish.next_id as number,
		...(wish.reason === null ? {} : { reason: wish.reason })
	};
	return wish.master_id === undefined
		? client.rpc('move_order', place)
		: client.rpc('place_order', { ...place, master_id: wish.master_id as string });
}

/** The clients one of whose phones holds these digits; nobody for those who may not see phones. */
export async function findClientsByPhone(client: Client, digits: string): Promise<Set<number>> {
	const { data } = await client
		.from('client_phones')
		.select('client_id')
		.like('phone', `%${digits}%`)
		.limit(200);
	return new Set(data?.map((row) => row.client_id));
}

/** An answer of another shape than agreed is a failure like any other, not an exception. */
function checked<Schema extends z.ZodMiniType>(
	schema: Schema,
	data: unknown
): Result<z.output<Schema>> {
	const parsed = schema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}
