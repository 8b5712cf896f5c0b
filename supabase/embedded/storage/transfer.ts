/** Bytes in and out: request bodies to files, files to answers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readBody } from '../gateway/web.ts';
import { storageErrors } from './errors.ts';
import type { ObjectFiles } from './files.ts';
import type { StoredObject } from './objects.ts';

export type Incoming = {
	body: Readable;
	type: string;
	cacheControl: string;
	userMetadata: Record<string, unknown> | null;
};

/** Boundaries, headers and fields around the file in a form. */
const FORM_OVERHEAD = 1_000_000;

const header = (request: IncomingMessage, name: string) => {
	const value = request.headers[name];
	return Array.isArray(value) ? value[0] : value;
};

/**
 * The file in a request: the raw body, or the first file of a form (what browsers send for a Blob).
 * A raw body is not read here, so that it goes to disk as it arrives.
 * @param limit bytes the file may have
 */
export async function incomingFile(request: IncomingMessage, limit: number): Promise<Incoming> {
	const type = header(request, 'content-type') ?? 'application/octet-stream';
	const form = type.toLowerCase().startsWith('multipart/form-data');
	const announced = Number(header(request, 'content-length') ?? 0);
	if (announced > limit + (form ? FORM_OVERHEAD : 0)) throw storageErrors.tooLarge();
	if (form) return fileOfForm(request, type, limit);
	return {
		body: request,
		type,
		cacheControl: header(request, 'cache-control') ?? 'no-cache',
		userMetadata: decodeMetadata(header(request, 'x-metadata'))
	};
}

async function fileOfForm(
	request: IncomingMessage,
	type: string,
	limit: number
): Promise<Incoming> {
	const bytes = await readBody(request, limit + FORM_OVERHEAD);
	const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
		.formData()
		.catch(() => {
			throw storageErrors.badRequest('The form cannot be read');
		});
	const file = [...form.values()].find((value) => typeof value !== 'string');
	if (!file) throw storageErrors.badRequest('No content provided');
	const field = (name: string) => {
		const value = form.get(name);
		return typeof value === 'string' && value !== '' ? value : undefined;
	};
	const age = field('cacheControl');
	return {
		body: Readable.fromWeb(file.stream() as never),
		type: field('contentType') ?? (file.type || 'application/octet-stream'),
		cacheControl: age ? `max-age=${age}` : 'no-cache',
		userMetadata: parseMetadata(field('metadata'))
	};
}

function parseMetadata(text: string | undefined): Record<string, unknown> | null {
	if (!text) return null;
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
	} catch {
		// told below
	}
	throw storageErrors.badRequest('The metadata is not a JSON object');
}

const decodeMetadata = (encoded: string | undefined) =>
	parseMetadata(encoded && Buffer.from(encoded, 'base64').toString());

export type Outgoing = {
	/** file name to save as; empty keeps the object's, null shows it in the browser */
	download: string | null;
	/** when a signed address ends */
	expires?: Date;
};

/** Sends an object, or the asked part of it, or 304 when the client has it already. */
export async function sendObject(
	request: IncomingMessage,
	response: ServerResponse,
	files: ObjectFiles,
	object: StoredObject,
	outgoing: Outgoing
): Promise<void> {
	const size = await files.size(object.version);
	if (size === null) throw storageErrors.noObject();
	const headers = headersOf(object, outgoing);
	if (isFresh(request, headers)) {
		response.writeHead(304, headers).end();
		return;
	}
	const range = size > 0 ? askedRange(header(request, 'range'), size) : null;
	if (range) headers['content-range'] = `bytes ${range.start}-${range.end}/${size}`;
	headers['content-length'] = String(range ? range.end - range.start + 1 : size);
	response.writeHead(range ? 206 : 200, headers);
	if (request.method === 'HEAD') {
		response.end();
		return;
	}
	// a client that goes away in the middle is no error of ours
	await pipeline(files.read(object.version, range ?? undefined), response).catch(() => {});
}

function headersOf(object: StoredObject, outgoing: Outgoing): Record<string, string> {
	const meta = object.metadata ?? {};
	const stored = String(meta.mimetype ?? 'application/octet-stream');
	const headers: Record<string, string> = {
		'accept-ranges': 'bytes',
		// as on hosted, so that nobody serves a web page from here
		'content-type': stored.includes('text/html') ? 'text/plain' : stored,
		etag: String(meta.eTag ?? ''),
		'last-modified': new Date(object.updated_at).toUTCString(),
		'x-content-type-options': 'nosniff',
		'x-robots-tag': 'none'
	};
	if (outgoing.expires) headers.expires = outgoing.expires.toUTCString();
	else headers['cache-control'] = String(meta.cacheControl ?? 'no-cache');
	// scripts in a drawing would run with the API's origin
	if (/svg|xml/.test(stored)) headers['content-security-policy'] = 'sandbox';
	const name = outgoing.download;
	if (name === '') headers['content-disposition'] = 'attachment;';
	else if (name !== null) {
		const encoded = encodeURIComponent(name);
		headers['content-disposition'] =
			`attachment; filename=${encoded}; filename*=UTF-8''${encoded};`;
	}
	return headers;
}

function isFresh(request: IncomingMessage, headers: Record<string, string>): boolean {
	const known = header(request, 'if-none-match');
	if (known) return known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === headers.etag);
	const since = Date.parse(header(request, 'if-modified-since') ?? '');
	return Date.parse(headers['last-modified'] ?? '') <= since;
}

/** One byte range (RFC 9110 §14.1.2); several or another unit are answered with the whole. */
function askedRange(value: string | undefined, size: number) {
	const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(value?.trim() ?? '') ?? [];
	if (!from && !to) return null;
	const start = from ? Number(from) : Math.max(0, size - Number(to));
	const end = from && to ? Math.min(Number(to), size - 1) : size - 1;
	if (start > end || start >= size) throw storageErrors.badRange();
	return { start, end };
}
