/** What the pages call types and lists of services. */
import { m } from '$lib/paraglide/messages.js';
import type { Locale } from '$lib/paraglide/runtime.js';
import type { OrderType, Show } from './service.ts';

export const typeNames: Record<OrderType, () => string> = {
	consultation: m.services_type_consultation,
	diagnostics: m.services_type_diagnostics,
	repair: m.services_type_repair,
	other: m.services_type_other
};

export const showNames: Record<Show, () => string> = {
	active: m.services_show_active,
	public: m.services_show_public,
	archived: m.services_show_archived
};

export const languageNames: Record<Locale, () => string> = {
	en: m.language_en,
	ru: m.language_ru,
	uk: m.language_uk
};
