/** Languages under their own names, which are the same in every language. */
import { m } from '$lib/paraglide/messages.js';

export const languages = [
	{ code: 'en', name: m.language_en },
	{ code: 'ru', name: m.language_ru },
	{ code: 'uk', name: m.language_uk }
] as const;
