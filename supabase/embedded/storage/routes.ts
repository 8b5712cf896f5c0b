/** From a request to its operation: who asks, for which object. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identities, Identity } from '../gateway/identity.ts';
import { readBody, sendJson } from '../gateway/web.ts';
import type { Caller } from './caller.ts';
import { storageErrors } from './errors.ts';
import {
	OPEN,
	PROTECTED,
	READING,
	type Exchange,
	type Operation,
	type Parts
} from './operations.ts';

const MAX_JSON_BYTES = 1_000_000;
const PREFIX = '/storage/v1';

/** A secret key in a browser is a leaked key; hosted refuses it, too. */
const BROWSER = /^Mozilla\/5\.0/i;

export async function routeStorage(
	parts: Parts,
	identities: Identities,
	request: IncomingMessage,
	response: ServerResponse
): Promise<void> {
	const url = new URL(request.url ?? '/', 'http://localhost');
	const path = url.pathname.slice(PREFIX.length) || '/';
	if (path.startsWith('/render/')) throw storageErrors.notSupported('image transformation');
	if (path.startsWith('/upload/resumable')) throw storageErrors.notSupported('resumable upload');
	const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
	const fits = <C>(list: Operation<C>[]) =>
		list.find((entry) => entry.method === method && entry.path.test(path));
	const open = fits(OPEN);
	const reading = open ? undefined : fits(READING);
	const guarded = open || reading ? undefined : fits(PROTECTED);
	const found = open ?? reading ?? guarded;
	if (!found) {
		const message = `Route ${request.method}:${path} not found`;
		return sendJson(response, 404, { statusCode: '404', error: 'Not Found', message });
	}
	const exchange = exchangeOf(parts, request, response, url, found.path.exec(path) ?? []);
	const caller = open ? null : await callerOf(identities, request, url, found.name);
	if (guarded && !caller) {
		throw storageErrors.badRequest("headers must have required property 'authorization'");
	}
	const answer = open
		? await open.work(exchange, null)
		: reading
			? await reading.work(exchange, caller)
			: await guarded?.work(exchange, caller as Caller);
	if (answer !== undefined) sendJson(response, 200, answer);
}

function exchangeOf(
	parts: Parts,
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	[, bucket = '', name = '']: string[]
): Exchange {
	return {
		...parts,
		request,
		response,
		query: url.searchParams,
		bucket: decode(bucket),
		name: name.split('/').map(decode).join('/'),
		upsert: request.headers['x-upsert'] === 'true',
		json: () => readJson(request)
	};
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		throw storageErrors.badKey(part.slice(0, 200));
	}
}

async function readJson(request: IncomingMessage): Promise<unknown> {
	const text = (await readBody(request, MAX_JSON_BYTES)).toString();
	try {
		return text === '' ? {} : (JSON.parse(text) as unknown);
	} catch {
		throw storageErrors.badRequest('Body is not valid JSON');
	}
}

/** @returns null without any credentials; bad ones are refused */
async function callerOf(
	identities: Identities,
	request: IncomingMessage,
	url: URL,
	operation: string
): Promise<Caller | null> {
	const header = request.headers.apikey;
	const key = (Array.isArray(header) ? header[0] : header) ?? url.searchParams.get('apikey');
	const { authorization } = request.headers;
	if (!key && !authorization) return null;
	const identity = await identify(identities, key ?? null, authorization);
	if (!identity) throw storageErrors.denied('Invalid API key or token');
	if (identity.role === 'service_role' && BROWSER.test(request.headers['user-agent'] ?? '')) {
		throw storageErrors.denied('Forbidden use of secret API key in browser');
	}
	return { ...identity, operation };
}

/** Unlike REST, storage takes a session's token without an API key beside it. */
async function identify(
	identities: Identities,
	key: string | null,
	authorization: string | undefined
): Promise<Identity | null> {
	const bearer = /^Bearer\s+(.+)$/i.exec(authorization ?? '')?.[1]?.trim();
	const bearerRole = identities.roleOfKey(bearer);
	if (bearer && bearerRole) return identities.identify(bearer);
	return identities.identify(key ?? identities.publishableKey, authorization);
}
