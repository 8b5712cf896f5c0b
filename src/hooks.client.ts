import type { HandleClientError } from '@sveltejs/kit';
import { baseLocale, isLocale, overwriteGetLocale } from '$lib/paraglide/runtime.js';

// the server has decided; the browser's own guess could differ from what is on the screen
overwriteGetLocale(() => {
	const { lang } = document.documentElement;
	return isLocale(lang) ? lang : baseLocale;
});

export const handleError: HandleClientError = ({ error, status, message }) => {
	if (status === 404) return { message };
	const id = crypto.randomUUID().slice(0, 8);
	console.error(id, error);
	return { message, id };
};
