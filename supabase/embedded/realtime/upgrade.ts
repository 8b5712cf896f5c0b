/** Connecting: `…/websocket?apikey=KEY&vsn=2.0.0`. Refusals are plain HTTP answers (supabase-facts §1.1). */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocketServer } from 'ws';
import { Connection } from './connection.ts';
import type { Version } from './frame.ts';
import type { Hub } from './hub.ts';
import { TokenError } from './token.ts';

class Refusal extends Error {
	readonly status: number;
	constructor(status: number, message: string) {
		super(message);
		this.status = status;
	}
}

const REASONS: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	404: 'Not Found',
	429: 'Too Many Requests',
	503: 'Service Unavailable'
};

type Door = { hub: Hub; server: WebSocketServer; connections: Set<Connection>; open(): boolean };

/** Answers one upgrade request: with an open websocket, or with a refusal. Never throws. */
export async function upgrade(door: Door, request: IncomingMessage, socket: Duplex, head: Buffer) {
	const onError = () => socket.destroy();
	socket.on('error', onError);
	try {
		const { version, caller } = await admit(door, request);
		socket.off('error', onError);
		door.server.handleUpgrade(request, socket, head, (websocket) => {
			const connection = new Connection(door.hub, websocket, socket, version, caller);
			door.connections.add(connection);
			websocket.once('close', () => door.connections.delete(connection));
			if (!door.open()) connection.close();
		});
	} catch (error) {
		const refusal =
			error instanceof Refusal ? error : new Refusal(503, 'Error connecting to Realtime');
		if (refusal !== error) {
			door.hub.log('error', 'connect failed', { error: (error as Error).message });
		}
		await sleep(door.hub.limits.errorBackoffMs);
		answer(socket, refusal);
	}
}

async function admit({ hub, connections, open }: Door, request: IncomingMessage) {
	const url = new URL(request.url ?? '/', 'http://realtime');
	if (!url.pathname.endsWith('/websocket')) throw new Refusal(404, 'Not found');
	if (!open()) throw new Refusal(503, 'Realtime is restarting');
	if (connections.size >= hub.limits.connections) {
		throw new Refusal(429, 'Too many connected users');
	}
	const version = url.searchParams.get('vsn') ?? '1.0.0';
	if (version !== '1.0.0' && version !== '2.0.0') throw new Refusal(400, 'Unknown vsn');
	const token = header(request, 'x-api-key') ?? url.searchParams.get('apikey');
	if (!token) throw new Refusal(401, 'API key is missing');
	const identity = await hub.verifier.identify(token).catch(refuseToken);
	return { version: version as Version, caller: { identity, headers: customHeaders(request) } };
}

function refuseToken(error: unknown): never {
	if (!(error instanceof TokenError)) throw error;
	const expired = error.message.startsWith('Token has expired');
	throw new Refusal(401, expired ? 'Token has expired' : error.message);
}

const header = (request: IncomingMessage, name: string): string | undefined => {
	const value = request.headers[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The `x-…` headers, which policies may read from `request.headers`; never the key. */
export function customHeaders(request: IncomingMessage): Record<string, string> {
	const entries = Object.entries(request.headers).filter(
		(entry): entry is [string, string] =>
			entry[0].startsWith('x-') && entry[0] !== 'x-api-key' && typeof entry[1] === 'string'
	);
	return Object.fromEntries(entries);
}

function answer(socket: Duplex, { status, message }: Refusal): void {
	const body = JSON.stringify({ error: message });
	socket.end(
		`HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n` +
			'content-type: application/json\r\nconnection: close\r\n' +
			`content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
	);
}
