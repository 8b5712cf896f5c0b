/**
 * Asks the policies on realtime.messages, in the caller's name and in one round trip, through
 * realtime.check_access() (bootstrap/realtime.sql): read at join, write at the first broadcast.
 */
import type { JSONValue, Sql } from 'postgres';
import { openPool } from '../postgres/pool.ts';
import type { Limits } from './options.ts';
import type { Identity } from './token.ts';
import type { SlotState } from './watchdog.ts';

export type Extension = 'broadcast' | 'presence';
export type Rights = Record<Extension, boolean>;

export const ALL_RIGHTS: Rights = { broadcast: true, presence: true };

/** Who asks: a verified identity and the `x-…` headers of its connection. */
export type Caller = { identity: Identity; headers: Record<string, string> };

export type StoredMessage = {
	id: string;
	event: string;
	/** JSON text, or null for a binary message */
	payload: string | null;
	bytes: Buffer | null;
};

/** The database could not answer; `code` is one of hosted's join error codes. */
export class AccessUnavailable extends Error {
	readonly code: string;
	constructor(code: string, message: string, cause: unknown) {
		super(message, { cause });
		this.code = code;
	}
}

export class Access {
	readonly #sql: Sql;

	constructor(databaseUrl: string, limits: Limits) {
		this.#sql = openPool(databaseUrl, {
			max: limits.databaseConnections,
			fetch_types: false,
			connection: {
				application_name: 'realtime access',
				statement_timeout: limits.policyTimeoutMs,
				// probes are rolled back: nothing is worth waiting for the disk
				synchronous_commit: 'off'
			}
		});
	}

	/** @throws AccessUnavailable */
	async check(
		action: 'read' | 'write',
		topic: string,
		caller: Caller,
		extensions: Extension[]
	): Promise<Rights> {
		const { claims } = caller.identity;
		const who = this.#sql.json({
			role: claims.role,
			claims,
			headers: caller.headers
		} as JSONValue);
		const rows = await this.#ask(this.#sql<{ allowed: string }[]>`
			select array_to_string(realtime.check_access(
				${action}, ${topic}, ${who}, string_to_array(${extensions.join()}, ',')
			), ',') as allowed`);
		const allowed = rows[0]?.allowed.split(',') ?? [];
		return { broadcast: allowed.includes('broadcast'), presence: allowed.includes('presence') };
	}

	/** The newest stored messages of a private topic since a moment, oldest first. */
	async replay(topic: string, sinceMs: number, limit: number): Promise<StoredMessage[]> {
		const since = new Date(sinceMs).toISOString();
		const rows = await this.#ask(this.#sql<StoredMessage[]>`
			select id, event, payload::text as payload, binary_payload as bytes
			from realtime.messages
			where topic = ${topic} and private and extension = 'broadcast' and event is not null
				and inserted_at >= ${since}::timestamp and inserted_at < localtimestamp + interval '1 minute'
			order by inserted_at desc limit ${limit}`);
		return [...rows].reverse();
	}

	/** Today's and the next days' partitions, and an end to those past their time. */
	async ensurePartitions(): Promise<void> {
		await this.#ask(this.#sql`select realtime.ensure_message_partitions()`);
	}

	/** How far our slots are behind, and how far they may be. */
	async slots(names: string[]): Promise<SlotState[]> {
		const rows = await this.#ask(this.#sql<Record<keyof SlotState, string>[]>`
			select slot_name as name, pg_current_wal_lsn() - confirmed_flush_lsn as lag,
				(select setting::bigint * 1048576 from pg_settings where name = 'max_slot_wal_keep_size') as limit
			from pg_replication_slots
			where slot_name = any (string_to_array(${names.join()}, ','))
				and confirmed_flush_lsn is not null`);
		return rows.map(({ name, lag, limit }) => ({ name, lag: Number(lag), limit: Number(limit) }));
	}

	async stop(): Promise<void> {
		await this.#sql.end({ timeout: 1 });
	}

	async #ask<T>(query: PromiseLike<T>): Promise<T> {
		try {
			return await query;
		} catch (error) {
			throw explain(error);
		}
	}
}

function explain(error: unknown): AccessUnavailable {
	const { code = '', message } = error as { code?: string; message: string };
	if (code === '57014') {
		return new AccessUnavailable('QueryCanceled', 'A policy took too long', error);
	}
	if (code === '23514') {
		return new AccessUnavailable('MissingPartition', 'No partition for today', error);
	}
	// class 08 and 57P: the server ended the connection; letters only: the driver or the network did
	if (/^(08|57P)/.test(code) || /^[A-Z_]+$/.test(code)) {
		const text = 'Realtime was unable to connect to the project database';
		return new AccessUnavailable('UnableToConnectToProject', text, error);
	}
	return new AccessUnavailable('Unknown Error on Channel', message, error);
}
