/** Passes one request to a running function and its answer back, both as streams. */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { sendJson } from '../gateway/web.ts';
import { noteFailure } from '../request.ts';
import { forwardedHeaders } from './headers.ts';
import type { FunctionLimits } from './options.ts';
import type { Worker } from './worker.ts';

/** Hosted's answers (supabase/cli, functions/serve/templates/main.ts). */
const FAILURES = {
	boot: { status: 503, code: 'BOOT_ERROR', message: 'Worker failed to boot (please check logs)' },
	crash: {
		status: 500,
		code: 'WORKER_ERROR',
		message: 'Function exited due to an error (please check logs)'
	},
	limit: {
		status: 546,
		code: 'WORKER_LIMIT',
		message: 'Worker failed to respond due to a resource limit (please check logs)'
	}
};

export function sendFailure(response: ServerResponse, failure: keyof typeof FAILURES): void {
	if (response.headersSent) return void response.destroy();
	const { status, code, message } = FAILURES[failure];
	noteFailure(code);
	// a page that called may read why, though the function could not say so itself
	sendJson(response, status, { code, message }, { 'access-control-allow-origin': '*' });
}

/** Resolves when the answer is out, or the client or the function is gone. */
export async function forward(
	worker: Worker,
	limits: FunctionLimits,
	request: IncomingMessage,
	response: ServerResponse,
	path: string
): Promise<void> {
	const port = await worker.ready.catch(() => null);
	if (port === null) return sendFailure(response, 'boot');
	const { finish } = worker.begin();
	try {
		await exchange({ worker, limits, request, response, path, port });
	} finally {
		finish();
	}
}

type Exchange = {
	worker: Worker;
	limits: FunctionLimits;
	request: IncomingMessage;
	response: ServerResponse;
	path: string;
	port: number;
};

function exchange({ worker, limits, request, response, path, port }: Exchange): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const upstream = httpRequest({
		host: '127.0.0.1',
		port,
		agent: worker.agent,
		method: request.method,
		// bytes that no address may hold reach us unescaped, and Node would not send them on
		path: path.replace(/[^\x21-\x7e]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`),
		setHost: false,
		headers: [...forwardedHeaders(request), 'x-embedded-key', worker.key]
	});
	const end = (failure?: 'limit' | 'crash') => {
		clearTimeout(wall);
		if (failure) sendFailure(response, failure);
		upstream.destroy();
		resolve();
	};
	const wall = setTimeout(() => {
		// others may be served well by this process; it takes no new requests and goes after them
		worker.retire();
		end('limit');
	}, limits.wallMs);
	upstream.setTimeout(limits.silenceMs, () => {
		if (!response.headersSent) {
			noteFailure(`the function ${worker.name} is silent`);
			sendJson(response, 504, { message: 'The upstream server is timing out' });
		} else response.destroy();
		end();
	});
	upstream.on('error', () => void reasonOfEnd(worker).then(end));
	upstream.on('response', (answer) => {
		if ((answer.statusCode ?? 500) >= 500) noteFailure(`the function ${worker.name} said so`);
		response.writeHead(answer.statusCode ?? 500, answer.statusMessage, endToEnd(answer.rawHeaders));
		// pipeline also ends the other side when one breaks off in the middle
		pipeline(answer, response, () => end());
	});
	response.once('close', () => end());
	pipeline(request, upstream, () => {});
	return promise;
}

/** A broken connection and the end of its process arrive in any order. */
async function reasonOfEnd(worker: Worker): Promise<'limit' | 'crash'> {
	const patience = new Promise<null>((resolve) => setTimeout(resolve, 1_000, null));
	return (await Promise.race([worker.ended, patience])) === 'limit' ? 'limit' : 'crash';
}

const HOP_BY_HOP = new Set([
	'connection',
	'keep-alive',
	'transfer-encoding',
	'upgrade',
	'te',
	'trailer'
]);

function endToEnd(raw: string[]): string[] {
	return raw.flatMap((name, at) =>
		at % 2 === 0 && !HOP_BY_HOP.has(name.toLowerCase()) ? [name, raw[at + 1] as string] : []
	);
}
