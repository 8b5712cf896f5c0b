/**
 * `POST /rest/v1/rpc/<function>` in one round trip to Postgres (gateway.call), where lite needs
 * about nine. Serves the plain call that supabase-js makes; whatever asks for more (filters, paging,
 * single-object answers, GET, overloads, unknown names) is passed on to lite.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Sql } from 'postgres';
import type { Identity } from '../gateway/identity.ts';
import { sendJson } from '../gateway/web.ts';
import { openPool } from '../postgres/pool.ts';
import { isUnavailable } from '../postgres/unavailable.ts';
import { noteFailure } from '../request.ts';
import { readFunctions, type CallableFunction } from './functions.ts';
import { statusOfSqlState, tellable } from './status.ts';

const RELOAD_PAUSE_MS = 1_000;
const POOL_SIZE = 16;

export class RpcDoor {
	#sql: Sql;
	#functions: Map<string, CallableFunction> | null = null;
	#loadedAt = 0;
	#loading: Promise<void> | null = null;

	constructor(authenticatorUrl: string) {
		this.#sql = openPool(authenticatorUrl, {
			max: POOL_SIZE,
			idle_timeout: 300,
			connection: { application_name: 'verstak-rpc' }
		});
	}

	/** Reads the catalogue again; called after migrations and on `notify pgrst`. */
	async reload(): Promise<void> {
		this.#loadedAt = Date.now();
		this.#functions = await readFunctions(this.#sql);
	}

	/**
	 * Serves the request when it is a plain call.
	 * @returns false when lite has to answer it; nothing has been sent then
	 */
	async serve(
		name: string,
		request: IncomingMessage,
		response: ServerResponse,
		body: Buffer,
		identity: Identity
	): Promise<boolean> {
		const given = plainArguments(request, body);
		const callable = given && (await this.#find(name));
		if (!given || !callable?.accepts(Object.keys(given.object))) return false;
		const statement = callable.statement(Object.keys(given.object));
		const details = {
			method: request.method,
			path: `/rpc/${name}`,
			headers: JSON.stringify(forwardedHeaders(request))
		};
		try {
			const [row] = await this.#sql<{ answer: string | null }[]>`select gateway.call(
				${identity.role}, ${JSON.stringify(identity.claims)}, ${JSON.stringify(details)}::text::json,
				${statement}, ${given.text}::text::json) as answer`;
			sendAnswer(response, callable.returnsVoid, row?.answer ?? null);
		} catch (error) {
			if (isStaleCatalogue(error)) {
				await this.reload();
				return false;
			}
			sendError(response, error, identity.role === 'anon');
		}
		return true;
	}

	async #find(name: string): Promise<CallableFunction | undefined> {
		const known = this.#functions?.get(name);
		if (known) return known;
		// who comes while the catalogue is being read waits for it: lite writes documents as texts
		if (!this.#functions || Date.now() - this.#loadedAt >= RELOAD_PAUSE_MS)
			this.#loading ??= this.reload().finally(() => (this.#loading = null));
		await this.#loading;
		return this.#functions?.get(name);
	}

	async close(): Promise<void> {
		await this.#sql.end({ timeout: 2 });
	}
}

type Arguments = { object: Record<string, unknown>; text: string };

function plainArguments(request: IncomingMessage, body: Buffer): Arguments | null {
	const { accept = '*/*', prefer, range } = request.headers;
	const wantsJson = accept.includes('*/*') || /^application\/json\b/.test(accept);
	if (request.method !== 'POST' || !wantsJson || prefer || range) return null;
	if (request.url?.replace(/\?apikey=[^&]*$/, '').includes('?')) return null;
	const text = body.length === 0 ? '{}' : body.toString('utf8');
	try {
		const object: unknown = JSON.parse(text);
		if (typeof object !== 'object' || object === null || Array.isArray(object)) return null;
		return { object: object as Record<string, unknown>, text };
	} catch {
		return null;
	}
}

/** What a function may want to know of the request; never the caller's credentials. */
function forwardedHeaders(request: IncomingMessage): Record<string, string> {
	const address = request.socket.remoteAddress ?? '';
	return { 'x-forwarded-for': address, 'user-agent': request.headers['user-agent'] ?? '' };
}

function sendAnswer(response: ServerResponse, isVoid: boolean, answer: string | null): void {
	if (isVoid) {
		response.writeHead(204).end();
		return;
	}
	const text = Buffer.from(answer ?? 'null');
	response.writeHead(200, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': text.length
	});
	response.end(text);
}

/** The function was dropped or got other arguments since the catalogue was read. */
function isStaleCatalogue(error: unknown): boolean {
	const { code, message } = error as { code?: string; message?: string };
	return code === '42883' && /function public\./.test(message ?? '');
}

function sendError(response: ServerResponse, error: unknown, anonymous: boolean): void {
	const { code, message, detail, hint } = error as Record<string, string | undefined>;
	const fromPostgres = /^[0-9A-Z]{5}$/.test(code ?? '');
	// the gateway knows how to tell that the database is away
	if (!fromPostgres || isUnavailable(error)) throw error;
	const status = statusOfSqlState(code ?? '', anonymous);
	if (status >= 500) noteFailure(error);
	const told = tellable(code ?? '', message);
	sendJson(response, status, {
		code,
		message: told,
		details: told === message ? (detail ?? null) : null,
		hint: hint ?? null
	});
}
