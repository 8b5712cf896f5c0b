/**
 * The one port of the embedded Supabase: `/rest/v1`, `/auth/v1`, `/realtime/v1`, `/storage/v1`,
 * `/functions/v1` and `/health`.
 * Answers CORS preflights, limits bodies and hands each request to its service.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RpcDoor } from '../rest/rpc.ts';
import { withRequest, type RequestContext } from '../request.ts';
import { answerFailure, answerUnavailable, followAnswer } from './failures.ts';
import type { Identities } from './identity.ts';
import { GatewayError, readBody, sendJson, sendWebResponse, toWebRequest } from './web.ts';

export type GatewayOptions = {
	host: string;
	port: number;
	identities: Identities;
	rpc: RpcDoor;
	/** lite's REST and Auth, the latter with completed tokens */
	rest: (request: Request, peer: string | null) => Promise<Response>;
	auth: (request: Request, peer: string | null) => Promise<Response>;
	/** looked up on every use, because realtime can be restarted by itself */
	realtime: () => RealtimeMount | null;
	/** edge functions; they answer preflights and limit bodies themselves */
	functions?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
	/** answers by itself, because files do not pass through memory */
	storage: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
	health: () => Promise<Record<string, string>>;
	log: (event: string, fields?: Record<string, unknown>) => void;
};

export type RealtimeMount = {
	handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
};

export type Gateway = { close(): Promise<void> };

const MAX_BODY_BYTES = 10_000_000;
/** what somebody stores about himself travels in each of his tokens, and those in a header */
const MAX_AUTH_BODY_BYTES = 16_000;

const CORS = {
	'access-control-allow-origin': '*',
	'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS',
	'access-control-expose-headers':
		'Content-Range, Content-Location, Preference-Applied, Retry-After, X-Total-Count, Link, sb-request-id'
};

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
	const server = createServer((request, response) => {
		for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
		withRequest((context) => {
			followAnswer(options.log, context, request, response);
			answer(options, context, request, response).catch((error: unknown) =>
				answerFailure(error, request, response)
			);
		});
	});
	// lite's own timeouts are longer than a lost connection deserves
	server.keepAliveTimeout = 65_000;
	server.on('upgrade', (request, socket, head) => {
		const realtime = isRealtime(request) ? options.realtime() : null;
		if (!realtime) {
			// whoever goes away before the end of it is no error of ours
			socket.on('error', () => socket.destroy());
			const status = isRealtime(request) ? '503 Service Unavailable' : '404 Not Found';
			socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
			return;
		}
		realtime.handleUpgrade(request, socket, head);
	});
	await listen(server, options);
	return { close: () => close(server) };
}

const isRealtime = (request: IncomingMessage) => request.url?.startsWith('/realtime/v1/') ?? false;

async function answer(
	options: GatewayOptions,
	context: RequestContext,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	const path = readPath(request);
	if (options.functions && path.startsWith('/functions/v1/')) {
		for (const name of Object.keys(CORS)) response.removeHeader(name);
		return options.functions(request, response);
	}
	if (request.method === 'OPTIONS') return preflight(request, response);
	if (path === '/health') return answerHealth(options, response);
	if (isRealtime(request)) {
		const served = options.realtime()?.handleHttp(request, response);
		if (!served) sendJson(response, 404, { message: 'No such realtime endpoint' });
		return;
	}
	if (path.startsWith('/storage/v1/')) return options.storage(request, response);
	const isRest = path.startsWith('/rest/v1/') || path === '/rest/v1';
	if (!isRest && !path.startsWith('/auth/v1/')) {
		sendJson(response, 404, { message: 'No service of this Supabase answers at this path' });
		return;
	}
	if (isRest && asksForInherited(request)) {
		throw new GatewayError(400, 'PGRST100', 'The request cannot be parsed');
	}
	if (isRest && (await options.identities.refuses(request.headers.authorization))) {
		throw new GatewayError(401, 'PGRST301', 'The bearer is no token of this API');
	}
	const body = await readBody(request, isRest ? MAX_BODY_BYTES : MAX_AUTH_BODY_BYTES);
	const name = /^\/rest\/v1\/rpc\/(\w+)$/.exec(path)?.[1];
	if (name && (await tryRpc(options, name, request, response, body))) return;
	const service = isRest ? options.rest : options.auth;
	if (isRest) nameTheCaller(request);
	const web = toWebRequest(request, body, `http://${request.headers.host ?? 'localhost'}`);
	const answered = await service(web, request.socket.remoteAddress ?? null);
	// lite takes a lost database for many things, a session that has ended among them
	if (context.unavailable && answered.status >= 400) return answerUnavailable(request, response);
	await sendWebResponse(answered, response);
}

const INHERITED = Object.getOwnPropertyNames(Object.prototype).join('|');
const INHERITED_OPERATOR = new RegExp(`[?&][^=&]*=(not\\.)?(${INHERITED})([.(&]|$)`);

/** lite looks operators up in a plain object, where `constructor` is always there, and falls over it. */
function asksForInherited({ method = '', url = '' }: IncomingMessage): boolean {
	const isArgument = /^(GET|HEAD)$/.test(method) && url.startsWith('/rest/v1/rpc/');
	return !isArgument && INHERITED_OPERATOR.test(url);
}

/** @throws GatewayError 400 for what is no address, so that no service has to expect it */
function readPath({ url = '/' }: IncomingMessage): string {
	if (!URL.canParse(url, 'http://localhost')) {
		throw new GatewayError(400, 'bad_request', 'The request cannot be understood');
	}
	return url.split('?')[0] ?? '/';
}

/** SQL counts tries by address (private.caller_address); what a caller says of himself is no address. */
function nameTheCaller({ headers, socket }: IncomingMessage): void {
	delete headers['cf-connecting-ip'];
	headers['x-forwarded-for'] = socket.remoteAddress ?? '';
}

async function tryRpc(
	options: GatewayOptions,
	name: string,
	request: IncomingMessage,
	response: ServerResponse,
	body: Buffer
): Promise<boolean> {
	const url = new URL(request.url ?? '/', 'http://localhost');
	const header = request.headers.apikey;
	const key = (Array.isArray(header) ? header[0] : header) ?? url.searchParams.get('apikey');
	const identity = await options.identities.identify(
		key ?? undefined,
		request.headers.authorization
	);
	return identity !== null && options.rpc.serve(name, request, response, body, identity);
}

function preflight(request: IncomingMessage, response: ServerResponse): void {
	response.writeHead(204, {
		'access-control-allow-headers':
			request.headers['access-control-request-headers'] ?? 'authorization, apikey, content-type',
		'access-control-max-age': '86400',
		vary: 'access-control-request-headers'
	});
	response.end();
}

async function answerHealth(options: GatewayOptions, response: ServerResponse): Promise<void> {
	const parts = await options.health();
	const ok = Object.values(parts).every((state) => state === 'ok');
	sendJson(response, ok ? 200 : 503, { ok, ...parts });
}

function listen(server: Server, options: GatewayOptions): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) => {
			const busy = error.code === 'EADDRINUSE';
			reject(
				busy ? new Error(`Port ${options.port} for the API is in use by another program.`) : error
			);
		});
		server.listen(options.port, options.host, resolve);
	});
}

function close(server: Server): Promise<void> {
	return new Promise((resolve) => {
		server.close(() => resolve());
		server.closeAllConnections();
	});
}
