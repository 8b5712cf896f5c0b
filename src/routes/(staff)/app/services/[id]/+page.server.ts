import { error } from '@sveltejs/kit';
import { can } from '$lib/access/actor.ts';
import { requirePage } from '$lib/access/require.ts';
import { statusOf } from '$lib/errors/domain-error.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { m } from '$lib/paraglide/messages.js';
import { listLocations, listSkills, loadService } from '$lib/services/service.data.ts';

export async function load({ locals, params }) {
	const actor = requirePage(locals, 'services');
	const id = /^[1-9]\d{0,14}$/.test(params.id) ? Number(params.id) : 0;
	const { supabase } = locals;
	const readsSkills = can(actor, 'masters.read') && can(actor, 'employees.read');
	const [service, locations, skills] = await Promise.all([
		loadService(supabase, id),
		listLocations(supabase),
		readsSkills ? listSkills(supabase, id) : null
	]);
	if (!service.ok) error(statusOf(service.error), errorSentence(service.error));
	if (!service.value) error(404, m.error_service_not_found());
	const may = {
		manage: can(actor, 'services.manage'),
		teach: can(actor, 'employees.manage'),
		readOrders: can(actor, 'orders.read')
	};
	return { service: service.value, locations, skills, may };
}
