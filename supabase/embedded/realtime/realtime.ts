/**
 * Realtime server of the embedded Supabase: speaks hosted's protocol to unmodified realtime-js.
 * See README.md for the data flow. Mounted by the gateway on `/realtime/v1`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Access } from './access.ts';
import { Backlog } from './backlog.ts';
import type { Connection } from './connection.ts';
import { Changes } from './changes/changes.ts';
import { monotonic } from './clock.ts';
import { broadcastRow } from './database-broadcast.ts';
import { handleHttp } from './http.ts';
import type { Counters, Hub } from './hub.ts';
import { DEFAULT_LIMITS, makeLog, type RealtimeOptions } from './options.ts';
import { Rate } from './rate.ts';
import { ReplicationStream } from './replication/stream.ts';
import { Rooms } from './room.ts';
import { TokenVerifier } from './token.ts';
import { upgrade } from './upgrade.ts';
import { Watchdog } from './watchdog.ts';

export type { Limits, RealtimeOptions, RealtimeSecrets } from './options.ts';

export type RealtimeStats = {
	connections: number;
	channels: number;
	rooms: number;
	messages: Counters;
	/** whether the WAL is being read, up to where it is confirmed, how often it was opened */
	replication: { streaming: boolean; confirmed: string; connects: number };
};

export type Realtime = {
	/** for the HTTP server's `upgrade` event */
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** true when the request was for the broadcast API and is being answered */
	handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
	stats(): RealtimeStats;
	/** closes every socket; clients come back by themselves when a server is there again */
	stop(): Promise<void>;
};

const SLOT = 'supabase_realtime_messages_replication_slot_embedded';
const CHANGES_SLOT = 'supabase_realtime_replication_slot_embedded';
const PUBLICATION = 'supabase_realtime_messages_publication';
const SWEEP_MS = 1000;
const PARTITIONS_MS = 3_600_000;
const FIRST_CONNECT_MS = 5000;

/** Starts the server; resolves once it reads the WAL, or after 5 s when Postgres is away. */
export async function startRealtime(options: RealtimeOptions): Promise<Realtime> {
	const connections = new Set<Connection>();
	const hub = makeHub(options, (ms) => stream.ready(ms));
	const stream = openStream(options, hub);
	const watchdog = new Watchdog(hub.log, hub.limits.slotLagBytes);
	const server = new WebSocketServer({
		noServer: true,
		clientTracking: false,
		perMessageDeflate: false,
		maxPayload: hub.limits.frameBytes
	});
	let open = true;
	const door = { hub, server, connections, open: () => open };
	const timers = [
		setInterval(() => sweep(connections), SWEEP_MS),
		setInterval(() => void keepPartitions(hub), PARTITIONS_MS),
		setInterval(() => void watch(hub, stream, watchdog), hub.limits.watchdogMs)
	];
	if (await stream.ready(FIRST_CONNECT_MS)) await hub.changes.clean().catch(() => {});
	return {
		handleUpgrade: (request, socket, head) => void upgrade(door, request, socket, head),
		handleHttp: (request, response) => handleHttp(hub, request, response),
		stats: () => stats(hub, connections, stream),
		async stop() {
			open = false;
			timers.forEach((timer) => clearInterval(timer));
			for (const connection of connections) connection.close();
			await Promise.all([stream.stop(), hub.changes.stop()]);
			await hub.access.stop();
			server.close();
		}
	};
}

function openStream({ databaseUrl, slotName = SLOT }: RealtimeOptions, hub: Hub) {
	return new ReplicationStream({
		databaseUrl,
		slotName,
		publication: PUBLICATION,
		log: hub.log,
		silenceMs: hub.limits.replicationSilenceMs,
		onChange: ({ row }) => row && broadcastRow(hub, row),
		onResume: () => hub.backlog.begin(),
		// joining again makes clients fetch what they may have missed
		onGap: () => hub.rooms.privateChannels().forEach((channel) => channel.crash())
	});
}

function makeHub(options: RealtimeOptions, streaming: Hub['streaming']): Hub {
	const limits = { ...DEFAULT_LIMITS, ...options.limits };
	const log = makeLog(options.log);
	const hub = {
		limits,
		privateOnly: options.privateOnly ?? false,
		log,
		verifier: new TokenVerifier(options.secrets),
		access: new Access(options.databaseUrl, limits),
		rooms: new Rooms(),
		backlog: new Backlog(limits.rejoinMs, log),
		rates: {
			joins: new Rate(limits.joinsPerSecond),
			events: new Rate(limits.eventsPerSecond),
			presence: new Rate(limits.presencePerSecond)
		},
		counters: noCounts(),
		streaming
	} as Hub;
	hub.changes = new Changes(hub, {
		databaseUrl: options.databaseUrl,
		slotName: options.slotName ? `${options.slotName}_changes` : CHANGES_SLOT
	});
	return hub;
}

const noCounts = (): Counters => ({
	...{ fromDatabase: 0, fromClients: 0, delivered: 0 },
	...{ changes: 0, oversize: 0, stalled: 0 }
});

/** Gives up slots that would fill the disk. While Postgres is away there is nothing to watch. */
async function watch(hub: Hub, stream: ReplicationStream, watchdog: Watchdog): Promise<void> {
	const { changes, access } = hub;
	const readers = [stream, changes.stream];
	const names = readers.flatMap((reader) => reader?.slotName ?? []);
	for (const slot of await access.slots(names).catch(() => [])) {
		const reader = readers.find((each) => each?.slotName === slot.name);
		if (reader) watchdog.look(slot, reader);
	}
	if (!changes.stream) await changes.clean().catch(() => {});
}

/** Ends silent sockets and expired tokens. */
function sweep(connections: Set<Connection>): void {
	const at = monotonic();
	for (const connection of connections) connection.expire(at);
}

async function keepPartitions({ access, log }: Hub): Promise<void> {
	await access.ensurePartitions().catch((error: Error) => {
		log('error', 'partitions of realtime.messages could not be made', { error: error.message });
	});
}

function stats(hub: Hub, connections: Set<Connection>, stream: ReplicationStream): RealtimeStats {
	let channels = 0;
	for (const connection of connections) channels += connection.channels.size;
	return {
		connections: connections.size,
		channels,
		rooms: hub.rooms.size,
		messages: { ...hub.counters },
		replication: stream.state
	};
}
