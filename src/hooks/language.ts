/**
 * The page's language: of a form on somebody's site what its address says, else the visitor's choice
 * (cookie), else what the browser prefers, else English.
 */
import type { Handle } from '@sveltejs/kit';
import { embedLanguage } from '$lib/forms/embed.ts';
import { defineCustomServerStrategy } from '$lib/paraglide/runtime.js';
import { paraglideMiddleware } from '$lib/paraglide/server.js';

// in a frame of another site the browser keeps no cookie of ours
defineCustomServerStrategy('custom-embed', {
	getLocale: (request) => (request ? embedLanguage(new URL(request.url)) : undefined)
});

export const language: Handle = ({ event, resolve }) =>
	paraglideMiddleware(event.request, ({ request, locale }) => {
		event.request = request;
		return resolve(event, {
			transformPageChunk: ({ html }) => html.replace('%lang%', locale)
		});
	});
