/** What every connection of one server shares. */
import type { Access } from './access.ts';
import type { Backlog } from './backlog.ts';
import type { Changes } from './changes/changes.ts';
import type { Limits, Log } from './options.ts';
import type { Rate } from './rate.ts';
import type { Rooms } from './room.ts';
import type { TokenVerifier } from './token.ts';

export type Counters = {
	/** broadcasts that came from realtime.messages */
	fromDatabase: number;
	/** broadcasts that came from sockets and over HTTP */
	fromClients: number;
	/** frames written for them */
	delivered: number;
	/** frames written for postgres_changes */
	changes: number;
	/** broadcasts refused for their size */
	oversize: number;
	/** sockets dropped because their client did not read */
	stalled: number;
};

export type Hub = {
	limits: Limits;
	privateOnly: boolean;
	log: Log;
	verifier: TokenVerifier;
	access: Access;
	changes: Changes;
	rooms: Rooms;
	backlog: Backlog;
	rates: { joins: Rate; events: Rate; presence: Rate };
	counters: Counters;
	/** resolves to true once the WAL is being read, to false when that takes too long */
	streaming(timeoutMs: number): Promise<boolean>;
};

/** Whether a payload is within the limit: `payloadKb` × 1000 + 500 bytes, as hosted counts. */
export const fits = (hub: Hub, bytes: number): boolean =>
	bytes <= hub.limits.payloadKb * 1000 + 500;
