/** Sends visitors away from pages of a group that is not theirs. Rules: lib/access/guard.ts. */
import { redirect, type Handle } from '@sveltejs/kit';
import { detour } from '$lib/access/guard.ts';

export const guard: Handle = ({ event, resolve }) => {
	const { method } = event.request;
	const elsewhere = detour(event.locals.visitor, {
		routeId: event.route.id,
		method,
		url: event.url
	});
	if (elsewhere) redirect(303, elsewhere);
	return resolve(event);
};
