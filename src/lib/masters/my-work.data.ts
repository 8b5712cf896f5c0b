/** What the phone of a master asks and tells the server. Answers are checked here. */
import * as z from 'zod/mini';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Topic } from '$lib/realtime/live-topics.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { Action } from './action.ts';
import {
	workCardSchema,
	workChangesSchema,
	workSnapshotSchema,
	type Contact,
	type Transition,
	type WorkCard,
	type WorkChanges,
	type WorkSnapshot
} from './my-work.ts';
import { uploadPhoto } from './photo.data.ts';
import { shiftAnswerSchema, shiftSchema, type Shift, type ShiftAnswer } from './shift.ts';

const WRITE_PATIENCE_MS = 10_000;
const READ_PATIENCE_MS = 4_000;

export interface Service {
	readonly id: number;
	readonly name: Readonly<Record<string, string>>;
	readonly price: number | null;
}

/** Everything the page starts with. */
export interface WorkStart {
	readonly snapshot: WorkSnapshot;
	readonly contacts: ReadonlyMap<number, Contact>;
	readonly transitions: readonly Transition[];
	readonly services: readonly Service[];
	/** the running shift */
	readonly shift: Shift | null;
}

/** What an open page needs of a server; tests hand in a double. */
export interface WorkServer {
	send(action: Action): Promise<Result<WorkCard | ShiftAnswer | null>>;
	changes(known: Readonly<Record<string, number>>): Promise<Result<WorkChanges>>;
	contacts(): Promise<ReadonlyMap<number, Contact>>;
	markSeen(order: number): Promise<boolean>;
	topics(): Promise<readonly Topic[]>;
}

/** @throws the request's error */
export async function loadWork(client: Client, me: string): Promise<WorkStart> {
	const [snapshot, contacts, transitions, services, shift] = await Promise.all([
		client.rpc('board_snapshot').throwOnError(),
		listContacts(client),
		client.from('stage_transitions').select('from_kind, to_kind, permission').throwOnError(),
		client.from('services').select('id, name, price').is('archived_at', null).throwOnError(),
		loadShift(client, me)
	]);
	return {
		snapshot: workSnapshotSchema.parse(snapshot.data),
		contacts,
		transitions: transitions.data,
		services: services.data as Service[],
		shift
	};
}

/** The calls an open page makes; the client is asked for at the first one. */
export function workServer(client: () => Client): WorkServer {
	return {
		send: (action) => send(client(), action),
		async changes(known) {
			const { data, error, status } = await client()
				.rpc('board_changes', { known })
				.abortSignal(AbortSignal.timeout(READ_PATIENCE_MS));
			if (error) return failed(error, status);
			const parsed = workChangesSchema.safeParse(data);
			return parsed.success ? ok(parsed.data) : failed(parsed.error);
		},
		contacts: () => listContacts(client()),
		async markSeen(order) {
			const { error } = await client().rpc('mark_order_seen', { order_id: order });
			return !error;
		},
		async topics() {
			const { data } = await client().rpc('my_topics').throwOnError();
			return data.filter(({ scope }) => scope === 'master') as Topic[];
		}
	};
}

const contactSchema = z.object({
	client_id: z.number(),
	address: z.nullable(z.string()),
	phones: z.array(z.object({ phone: z.string(), label: z.nullable(z.string()) }))
});

async function listContacts(client: Client): Promise<ReadonlyMap<number, Contact>> {
	const { data } = await client
		.from('my_order_clients')
		.select('client_id, address, phones')
		.throwOnError();
	return new Map(
		z
			.array(contactSchema)
			.parse(data)
			.map((row) => [row.client_id, row])
	);
}

async function loadShift(client: Client, me: string): Promise<Shift | null> {
	const { data } = await client
		.from('shifts')
		.select('*, breaks:shift_breaks(id, started_at, ended_at)')
		.eq('employee_id', me)
		.is('ended_at', null)
		.maybeSingle()
		.throwOnError();
	return data === null ? null : shiftSchema.parse(data);
}

async function send(
	client: Client,
	action: Action
): Promise<Result<WorkCard | ShiftAnswer | null>> {
	if (action.kind === 'photo') return uploadPhoto(client, action);
	const call = request(client, action).abortSignal(AbortSignal.timeout(WRITE_PATIENCE_MS));
	const { data, error, status } = await call;
	if (error) return failed(error, status);
	const parsed =
		action.kind === 'shift' ? shiftAnswerSchema.safeParse(data) : workCardSchema.safeParse(data);
	return parsed.success ? ok(parsed.data) : failed(parsed.error);
}

type Call = Exclude<Action, { kind: 'photo' }>;

function request(client: Client, action: Call) {
	const order_id = action.order_id ?? 0;
	const { id: mutation_id, seen_version } = action;
	switch (action.kind) {
		case 'accept':
			return client.rpc('respond_to_assignment', { order_id, accept: true, mutation_id });
		case 'decline': {
			const { reason } = action;
			return client.rpc('respond_to_assignment', { order_id, accept: false, reason, mutation_id });
		}
		case 'move':
			return client.rpc('move_order', {
				order_id,
				to_stage: action.to_stage,
				// on top of the column; the generated types do not know that these may be null
				prev_id: null as unknown as number,
				next_id: null as unknown as number,
				seen_version,
				mutation_id,
				...(action.reason === null ? {} : { reason: action.reason })
			});
		case 'lines': {
			const lines = action.lines.map((line) => ({ ...line }));
			return client.rpc('add_order_lines', { order_id, lines, mutation_id });
		}
		case 'finish': {
			const { result } = action;
			return client.rpc('finish_order', { order_id, result, seen_version, mutation_id });
		}
		case 'shift':
			return client.rpc(action.button);
	}
}
