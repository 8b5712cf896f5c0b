import { error } from '@sveltejs/kit';
import { loadForm } from '$lib/forms/lead-form.data.ts';
import { takeLead } from '$lib/forms/lead-form.server.ts';
import { visitOf } from '$lib/forms/lead-form.ts';
import { m } from '$lib/paraglide/messages.js';
import { listPublicServices } from '$lib/services/catalogue.data.ts';

const campaignOf = (text: string) =>
	/^[1-9]\d{0,14}$/.test(text) ? Number(text) : error(404, m.forms_unknown());

export async function load({ locals: { supabase }, params, url, request }) {
	const campaign = campaignOf(params.campaign);
	const [form, services] = await Promise.all([
		loadForm(supabase, campaign),
		listPublicServices(supabase)
	]);
	if (form.state === 'unknown') error(404, m.forms_unknown());
	if (form.state === 'closed') error(410, m.forms_closed());
	return {
		service: form.service_id,
		services: services.map(({ id, name }) => ({ id, name })),
		visit: visitOf(url, request.headers.get('referer'))
	};
}

export const actions = { default: (event) => takeLead(event, campaignOf(event.params.campaign)) };
