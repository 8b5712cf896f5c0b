/**
 * One line of JSON per request on stdout, and a request id that the answer carries too. No query
 * strings, bodies, addresses or names: nothing in the log is personal.
 */
import { isHttpError, isRedirect, type Handle } from '@sveltejs/kit';

export const requestLog: Handle = async ({ event, resolve }) => {
	const began = performance.now();
	event.locals.requestId = requestIdOf(event.request.headers.get('x-request-id'));
	let status = 500;
	try {
		const response = await resolve(event);
		status = response.status;
		response.headers.set('x-request-id', event.locals.requestId);
		return response;
	} catch (thrown) {
		if (isRedirect(thrown) || isHttpError(thrown)) status = thrown.status;
		throw thrown;
	} finally {
		const { method } = event.request;
		const ms = Math.round((performance.now() - began) * 10) / 10;
		const line = { method, path: event.url.pathname, status, ms, request: event.locals.requestId };
		console.log(JSON.stringify({ at: new Date().toISOString(), kind: 'request', ...line }));
	}
};

/** A proxy's id when it is a plain word, else a new one: the log must not be written by strangers. */
export const requestIdOf = (given: string | null) =>
	given && /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID();
