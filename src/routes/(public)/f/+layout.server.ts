import { embedLanguage } from '$lib/forms/embed.ts';
import { loadPublicCompany } from '$lib/services/catalogue.data.ts';
import { config } from '$lib/supabase/config.server.ts';

// forms for anybody: they need no JavaScript
export const csr = false;

export async function load({ locals, url }) {
	return {
		company: await loadPublicCompany(locals.supabase),
		demo: config().demo,
		embedded: embedLanguage(url) !== undefined
	};
}
