/** What the Realtime server is started with, and its limits with their defaults. */

export type RealtimeSecrets = {
	jwtSecret: string;
	keyId: string;
	publishableKey: string;
	secretKey: string;
	anonKey: string;
	serviceRoleKey: string;
};

export type LogLevel = 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, message: string, detail?: Record<string, unknown>) => void;

export type RealtimeOptions = {
	/** superuser: reads the WAL and asks row-level security in any caller's name */
	databaseUrl: string;
	secrets: RealtimeSecrets;
	limits?: Partial<Limits>;
	/** refuse public channels, as hosted's "Allow public access: off" */
	privateOnly?: boolean;
	/**
	 * name of the logical replication slot for broadcasts; the one for postgres_changes is called
	 * the same with `_changes`. One server on one database at a time.
	 */
	slotName?: string;
	/** receives one event with its fields; by default warnings and errors go to stderr */
	log?: (event: string, fields: Record<string, unknown>) => void;
};

/**
 * One company on one machine: the connection limits are hosted's (supabase-facts §1.11), the event
 * limits are higher, because a board fans every move out to all who look at it.
 */
export type Limits = {
	/** open sockets */
	connections: number;
	/** joins a second over all sockets, averaged over a minute */
	joinsPerSecond: number;
	channelsPerConnection: number;
	/** messages sent by clients plus their deliveries, a second, averaged over a minute */
	eventsPerSecond: number;
	/** messages one socket may send a second, averaged over a minute */
	eventsPerConnectionPerSecond: number;
	/** track and untrack calls over all sockets a second, averaged over a minute */
	presencePerSecond: number;
	/** track and untrack calls of one channel within presenceWindowMs */
	presenceCalls: number;
	presenceWindowMs: number;
	/** broadcast payload, tracked presence payload (kB of 1000 bytes; 500 bytes are added) */
	payloadKb: number;
	/** bytes of one websocket message; a larger one closes the socket with code 1009 */
	frameBytes: number;
	/** bytes waiting for a client that does not read; beyond it the socket is dropped */
	backlogBytes: number;
	/** a socket that sends nothing for so long is closed (clients send a heartbeat every 25 s) */
	idleMs: number;
	/** a socket without any channel for so long is closed */
	noChannelMs: number;
	/** pause before a refused connection or join is answered */
	errorBackoffMs: number;
	/** how long a policy on realtime.messages may think */
	policyTimeoutMs: number;
	/** database connections that ask policies */
	databaseConnections: number;
	/** a WAL connection over which nothing came for so long is renewed */
	replicationSilenceMs: number;
	/** how long after a restart joining channels are given what they missed by it */
	rejoinMs: number;
	/** pause between looks at the replication slots */
	watchdogMs: number;
	/** unconfirmed WAL at which a slot is given up; 0 for half of max_slot_wal_keep_size */
	slotLagBytes: number;
	/** how long the WAL is still read for postgres_changes when nobody listens any more */
	changesIdleMs: number;
};

export const DEFAULT_LIMITS: Limits = {
	connections: 1000,
	joinsPerSecond: 500,
	channelsPerConnection: 100,
	eventsPerSecond: 100_000,
	eventsPerConnectionPerSecond: 100,
	presencePerSecond: 1000,
	presenceCalls: 5,
	presenceWindowMs: 30_000,
	payloadKb: 3000,
	frameBytes: 5_000_000,
	backlogBytes: 16_000_000,
	idleMs: 60_000,
	noChannelMs: 600_000,
	errorBackoffMs: 200,
	policyTimeoutMs: 5000,
	databaseConnections: 4,
	replicationSilenceMs: 10_000,
	rejoinMs: 15_000,
	watchdogMs: 5000,
	slotLagBytes: 0,
	changesIdleMs: 30_000
};

/** The server's own log, on top of the one that was given to it. */
export function makeLog(sink: RealtimeOptions['log']): Log {
	return (level, message, detail) => {
		if (sink) sink('realtime', { level, message, ...detail });
		else if (level !== 'info') console.error(`realtime ${level}: ${message}`, detail ?? '');
	};
}
