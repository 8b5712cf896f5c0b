/**
 * Broadcast over HTTP (supabase-facts §1.9):
 * `POST …/api/broadcast` with `{messages: [{topic, event, payload, private?}]}`, and
 * `POST …/api/broadcast/:topic/events/:event?private=true` with a JSON or binary body.
 * Both answer 202 without a body; topics come without `realtime:`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { noteFailure } from '../request.ts';
import { AccessUnavailable, type Caller } from './access.ts';
import { NOT_STORED } from './broadcast.ts';
import { BINARY, JSON_TEXT } from './frame.ts';
import { fits, type Hub } from './hub.ts';
import { binaryBroadcast, textBroadcast } from './outgoing.ts';
import { roomName } from './room.ts';
import { TokenError } from './token.ts';
import { customHeaders } from './upgrade.ts';

const PATH = /\/api\/broadcast(?:\/([^/]+)\/events\/([^/]+))?\/?$/;

const CORS = {
	'access-control-allow-origin': '*',
	'access-control-allow-headers': 'authorization, apikey, content-type, x-client-info',
	'access-control-allow-methods': 'POST, OPTIONS'
};

class HttpError extends Error {
	readonly status: number;
	readonly body: unknown;
	constructor(status: number, body: unknown) {
		super(`HTTP ${status}`);
		this.status = status;
		this.body = body;
	}
}

type BatchMessage = { topic: string; event: string; payload: object; private: boolean };

/** Answers the request when it is for one of the two paths; otherwise leaves it and returns false. */
export function handleHttp(hub: Hub, request: IncomingMessage, response: ServerResponse): boolean {
	const url = new URL(request.url ?? '/', 'http://realtime');
	const match = PATH.exec(url.pathname);
	if (!match) return false;
	const finish = (status: number, body?: unknown) => {
		response.writeHead(status, { ...CORS, 'content-type': 'application/json' });
		response.end(body === undefined ? undefined : JSON.stringify(body));
	};
	if (request.method === 'OPTIONS') finish(204);
	else if (request.method !== 'POST') finish(405, { message: 'Method not allowed' });
	else {
		serve(hub, request, url, match).then(
			() => finish(202),
			(error: unknown) => {
				if (error instanceof HttpError) return finish(error.status, error.body);
				noteFailure(error instanceof AccessUnavailable ? error.cause : error);
				finish(error instanceof AccessUnavailable ? 503 : 500, { message: 'Broadcast failed' });
			}
		);
	}
	return true;
}

async function serve(hub: Hub, request: IncomingMessage, url: URL, path: RegExpExecArray) {
	const caller = await identify(hub, request, url);
	const body = await readBody(request, hub.limits.frameBytes);
	const [, topic, event] = path;
	if (topic === undefined || event === undefined) return batch(hub, caller, body);
	const names = { topic: decode(topic), event: decode(event) };
	const isPrivate = url.searchParams.get('private') === 'true';
	// `persist=true` or `persist[ttl]=60`
	if (/[?&]persist(=|\[|%5B)/i.test(url.search)) throw new HttpError(422, { error: NOT_STORED });
	return single(
		hub,
		caller,
		{ ...names, private: isPrivate },
		request.headers['content-type'],
		body
	);
}

async function identify(hub: Hub, request: IncomingMessage, url: URL): Promise<Caller> {
	const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
	const token = bearer ?? request.headers.apikey ?? url.searchParams.get('apikey');
	try {
		if (typeof token !== 'string') throw new TokenError('MalformedJWT', 'missing');
		return { identity: await hub.verifier.identify(token), headers: customHeaders(request) };
	} catch (error) {
		if (error instanceof TokenError) throw new HttpError(401, { message: 'Unauthorized' });
		throw error;
	}
}

async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > limit) throw new HttpError(413, { message: 'Payload too large' });
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

async function single(
	hub: Hub,
	caller: Caller,
	to: Omit<BatchMessage, 'payload'>,
	type: string | undefined,
	body: Buffer
): Promise<void> {
	const binary = type?.startsWith('application/octet-stream');
	if (!binary && !type?.startsWith('application/json')) {
		throw new HttpError(415, { error: 'Unsupported Media Type: use JSON or octet-stream' });
	}
	if (!binary) parse(body);
	refuseOversize(hub, body.length);
	if (!(await mayWrite(hub, caller, to))) throw new HttpError(403, { message: 'Unauthorized' });
	const content = { event: to.event, encoding: binary ? BINARY : JSON_TEXT, body } as const;
	send(hub, to, (topic) => binaryBroadcast({ topic, ...content }));
}

/** Private messages the caller may not send are skipped without a word, as on hosted. */
async function batch(hub: Hub, caller: Caller, body: Buffer): Promise<void> {
	const messages = readBatch(parse(body));
	const rights = new Map<string, Promise<boolean>>();
	for (const message of messages) {
		const text = JSON.stringify(message.payload);
		refuseOversize(hub, Buffer.byteLength(text));
		const { topic } = message;
		const right = message.private
			? (rights.get(topic) ?? mayWrite(hub, caller, message))
			: Promise.resolve(true);
		if (message.private) rights.set(topic, right);
		if (await right) send(hub, message, (name) => textBroadcast(name, message.event, text));
	}
}

function readBatch(value: unknown): BatchMessage[] {
	const given = (value as { messages?: unknown } | null)?.messages;
	const fail = (errors: unknown) => new HttpError(422, { errors });
	if (!Array.isArray(given) || given.length === 0) throw fail({ messages: ["can't be blank"] });
	return given.map((entry) => {
		const message = (entry ?? {}) as Record<string, unknown>;
		const { topic, event, payload } = message;
		if (typeof topic !== 'string' || topic === '') throw fail({ topic: ["can't be blank"] });
		if (typeof event !== 'string' || event === '') throw fail({ event: ["can't be blank"] });
		if (!payload || typeof payload !== 'object') throw fail({ payload: ['is invalid'] });
		return { topic, event, payload, private: message.private === true };
	});
}

async function mayWrite(hub: Hub, caller: Caller, to: Omit<BatchMessage, 'payload'>) {
	if (!to.private) return !hub.privateOnly;
	return (await hub.access.check('write', to.topic, caller, ['broadcast'])).broadcast;
}

function send(
	hub: Hub,
	to: { topic: string; private: boolean },
	encode: (topic: string) => ReturnType<typeof textBroadcast>
): void {
	const room = hub.rooms.find(roomName(to.topic, to.private));
	if (!hub.rates.events.allow(1 + (room?.members.size ?? 0))) {
		throw new HttpError(429, { message: 'Too many requests' });
	}
	hub.counters.fromClients++;
	if (room) hub.counters.delivered += room.send(encode(room.topic), 'broadcast');
}

function refuseOversize(hub: Hub, bytes: number): void {
	if (fits(hub, bytes)) return;
	hub.counters.oversize++;
	throw new HttpError(422, { errors: { payload: ['exceeds the size limit'] } });
}

function parse(body: Buffer): unknown {
	try {
		return JSON.parse(body.toString());
	} catch {
		throw new HttpError(422, { errors: { body: ['is not JSON'] } });
	}
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		throw new HttpError(422, { errors: { topic: ['is invalid'] } });
	}
}
