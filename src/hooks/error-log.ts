/** Unexpected errors: the log gets the whole story, the user a number to quote. */
import type { HandleServerError } from '@sveltejs/kit';

export const logError: HandleServerError = ({ error, event, status, message }) => {
	// a wrong address is no fault of ours
	if (status === 404) return { message };
	const id = crypto.randomUUID().slice(0, 8);
	const { name, message: what, stack } = error instanceof Error ? error : new Error(String(error));
	const where = { method: event.request.method, route: event.route.id, status };
	const line = { id, request: event.locals.requestId, ...where, name, error: what, stack };
	console.error(JSON.stringify({ at: new Date().toISOString(), kind: 'error', ...line }));
	return { message, id };
};
