/** How the gateway tells of failures: in the service's own words to the caller, with the cause to the log. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { isUnavailable, RETRY_AFTER_S } from '../postgres/unavailable.ts';
import { noteFailure, type RequestContext } from '../request.ts';
import { GatewayError, sendJson } from './web.ts';

/** Gives the answer its id, and writes a line for every answer above 499 and what caused it. */
export function followAnswer(
	log: Log,
	{ id, causes }: RequestContext,
	request: IncomingMessage,
	response: ServerResponse
): void {
	response.setHeader('sb-request-id', id);
	response.once('close', () => {
		if (response.statusCode < 500 || !response.headersSent) return;
		// the query may carry filters with personal data, the path of a file its name
		const [, service = '', version = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
		log('request_failed', {
			request_id: id,
			method: request.method,
			path: `/${service}/${version}`.slice(0, 40),
			status: response.statusCode,
			cause: causes.join('; ') || 'unknown'
		});
	});
}

/** Answers a request whose service threw. */
export function answerFailure(
	error: unknown,
	request: IncomingMessage,
	response: ServerResponse
): void {
	// the client went away in the middle of its request: nobody is there to be answered
	if (response.headersSent || (response.socket?.destroyed ?? true)) {
		response.destroy();
		return;
	}
	if (error instanceof GatewayError) {
		const { status, code, message } = error;
		sendJson(response, status, { code, message }, { connection: 'close' });
		return;
	}
	noteFailure(error);
	if (isUnavailable(error)) return answerUnavailable(request, response);
	sendJson(response, 500, { code: 'unexpected_failure', message: 'Unexpected failure' });
}

const MESSAGE = 'The database is away. Try again in a moment.';

/** 503 as the asked service would say it. */
export function answerUnavailable(request: IncomingMessage, response: ServerResponse): void {
	const body = request.url?.startsWith('/auth/')
		? { code: 503, error_code: 'request_timeout', msg: MESSAGE }
		: { code: 'PGRST001', message: MESSAGE, details: null, hint: null };
	sendJson(response, 503, body, { 'retry-after': String(RETRY_AFTER_S) });
}
