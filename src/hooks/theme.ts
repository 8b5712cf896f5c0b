/** Writes the chosen theme into the page, so that it is right from the first paint. */
import type { Handle } from '@sveltejs/kit';
import { parseTheme, THEME_COOKIE } from '$lib/shell/theme.ts';

export const theme: Handle = ({ event, resolve }) => {
	const chosen = parseTheme(event.cookies.get(THEME_COOKIE));
	return resolve(event, {
		transformPageChunk: ({ html }) => html.replace('%theme%', chosen)
	});
};
