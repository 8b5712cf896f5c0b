import {
	listPublicLocations,
	listPublicPromotions,
	listPublicServices,
	loadPublicCompany
} from '$lib/services/catalogue.data.ts';
import { config } from '$lib/supabase/config.server.ts';

// a page to read: it needs no JavaScript
export const csr = false;

export async function load({ locals: { supabase } }) {
	const [company, services, promotions, locations] = await Promise.all([
		loadPublicCompany(supabase),
		listPublicServices(supabase),
		listPublicPromotions(supabase),
		listPublicLocations(supabase)
	]);
	return { company, services, promotions, locations, demo: config().demo };
}
