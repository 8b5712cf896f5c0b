import { redirect } from '@sveltejs/kit';
import { homeOf } from '$lib/access/pages.ts';
import { takeLead } from '$lib/forms/lead-form.server.ts';
import { visitOf } from '$lib/forms/lead-form.ts';
import {
	listPublicLocations,
	listPublicServices,
	loadPublicCompany
} from '$lib/services/catalogue.data.ts';
import { config } from '$lib/supabase/config.server.ts';

// a page to read: it needs no JavaScript
export const csr = false;

const SHOWN = 6;

export async function load({ locals, url, request }) {
	const { visitor, supabase } = locals;
	if (visitor.kind === 'employee') redirect(303, homeOf(visitor.actor));
	const [company, services, locations] = await Promise.all([
		loadPublicCompany(supabase),
		listPublicServices(supabase),
		listPublicLocations(supabase)
	]);
	return {
		company,
		services: services.slice(0, SHOWN),
		choices: services.map(({ id, name }) => ({ id, name })),
		locations,
		visit: visitOf(url, request.headers.get('referer')),
		demo: config().demo,
		outsider: visitor.kind === 'outsider' ? visitor.email : null
	};
}

export const actions = { default: (event) => takeLead(event, null) };
