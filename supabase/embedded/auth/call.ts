/** One request to `/auth/v1`, read once so that it can be looked at and still be passed on. */
import { AuthError, invalid } from './errors.ts';

export type Call = {
	method: string;
	/** after `/auth/v1`, with a leading slash */
	path: string;
	url: URL;
	headers: Headers;
	/** the JSON body; empty when there is none or it is not an object */
	body: Record<string, unknown>;
	text: string;
	/** where it comes from, for limits and challenges */
	address: string;
};

/** @param trustForwardedFor whether a proxy of ours appends the client to `X-Forwarded-For` */
export async function readCall(
	request: Request,
	peer: string | null,
	trustForwardedFor: boolean
): Promise<Call> {
	const url = new URL(request.url);
	const text = request.body ? await request.text() : '';
	const forwarded = trustForwardedFor && request.headers.get('x-forwarded-for');
	return {
		method: request.method,
		path: url.pathname.replace(/^\/auth\/v1/, '') || '/',
		url,
		headers: request.headers,
		body: parseObject(text),
		text,
		// the nearest proxy writes last; what stands before it was sent by the client
		address: (forwarded ? forwarded.split(',').at(-1)?.trim() : peer) || 'unknown'
	};
}

export type Change = {
	method?: string;
	path?: string;
	query?: Record<string, string>;
	body?: unknown;
};

/** The request to hand to lite, with the given parts replaced. */
export function toRequest(call: Call, change: Change = {}): Request {
	const url = new URL(call.url);
	if (change.path) url.pathname = `/auth/v1${change.path}`;
	if (change.query) url.search = new URLSearchParams(change.query).toString();
	const method = change.method ?? call.method;
	const headers = new Headers(call.headers);
	headers.delete('content-length');
	const text = change.body === undefined ? call.text : JSON.stringify(change.body);
	const hasBody = method !== 'GET' && method !== 'HEAD' && text !== '';
	return new Request(url, { method, headers, ...(hasBody ? { body: text } : {}) });
}

/** A field of the body as text; anything that is no text counts as missing. */
export function textOf(call: Call, field: string): string {
	const value = call.body[field];
	return typeof value === 'string' ? value : '';
}

export const emailOf = (call: Call) => textOf(call, 'email').trim().toLowerCase();

const TEXT_FIELDS = [
	'email',
	'password',
	'phone',
	'token',
	'token_hash',
	'type',
	'refresh_token',
	'auth_code',
	'code_verifier'
];

/** Refuses what neither Postgres nor lite can take: zero bytes, bodies and fields of a wrong type. */
export function assertReadable(call: Call): void {
	if (/\0|\\u0000/.test(call.text) || /%00/.test(call.url.href)) {
		throw invalid('A zero byte is not allowed');
	}
	const wrong = TEXT_FIELDS.find((field) => !['string', 'undefined'].includes(kindOf(call, field)));
	if (wrong) throw badJson(`${wrong} must be a string`);
	const value = parse(call.text);
	if (value !== undefined && !isObject(value)) throw badJson('an object is expected');
}

const FORM = /^(multipart\/form-data|application\/x-www-form-urlencoded)/i;

/** The one path that takes forms, from providers that answer by POST. lite fails over broken ones. */
export async function assertReadableForm({ path, method, headers, text }: Call): Promise<void> {
	const type = headers.get('content-type') ?? '';
	if (path !== '/callback' || method === 'GET' || !FORM.test(type)) return;
	const form = new Response(text, { headers: { 'content-type': type } });
	await form.formData().catch(() => {
		throw invalid('The form cannot be read');
	});
}

const badJson = (why: string) =>
	new AuthError(400, 'bad_json', `Could not parse request body as JSON: ${why}`);

/** null counts as not given, as in GoTrue */
const kindOf = (call: Call, field: string) => typeof (call.body[field] ?? undefined);

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function parseObject(text: string): Record<string, unknown> {
	const value = parse(text);
	return isObject(value) ? value : {};
}
