/** Between Node's request/response objects and the web's `Request`/`Response`. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request the gateway refuses before any service sees it. */
export class GatewayError extends Error {
	status: number;
	code: string;
	constructor(status: number, code: string, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

/** Reads a whole body; more than `limit` bytes is refused with 413 without being kept. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request) {
		size += (chunk as Buffer).length;
		if (size > limit) {
			throw new GatewayError(413, 'payload_too_large', `The body is larger than ${limit} bytes`);
		}
		chunks.push(chunk as Buffer);
	}
	return Buffer.concat(chunks);
}

export function toWebRequest(request: IncomingMessage, body: Buffer, origin: string): Request {
	const headers = new Headers();
	for (const [name, value] of Object.entries(request.headers)) {
		if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
	}
	const method = request.method ?? 'GET';
	const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0;
	try {
		return new Request(new URL(request.url ?? '/', origin), {
			method,
			headers,
			...(hasBody ? { body: new Uint8Array(body) } : {})
		});
	} catch {
		// HTTP allows methods, hosts and addresses that the web's Request does not
		throw new GatewayError(400, 'bad_request', 'The request cannot be understood');
	}
}

export async function sendWebResponse(answer: Response, response: ServerResponse): Promise<void> {
	const headers: Record<string, string | string[]> = {};
	answer.headers.forEach((value, name) => {
		headers[name] = value;
	});
	const cookies = answer.headers.getSetCookie();
	if (cookies.length > 0) headers['set-cookie'] = cookies;
	const body = Buffer.from(await answer.arrayBuffer());
	delete headers['transfer-encoding'];
	delete headers['content-encoding'];
	// a 204 carries no length, and HEAD keeps the one it was given
	if (body.length > 0) headers['content-length'] = String(body.length);
	response.writeHead(answer.status, headers);
	response.end(body);
}

export function sendJson(
	response: ServerResponse,
	status: number,
	body: unknown,
	headers: Record<string, string> = {}
): void {
	const text = Buffer.from(JSON.stringify(body));
	response.writeHead(status, {
		'content-type': 'application/json; charset=utf-8',
		'content-length': text.length,
		...headers
	});
	response.end(text);
}
