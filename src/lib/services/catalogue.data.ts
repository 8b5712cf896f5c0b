/** The catalogue as anybody sees it: the views without a password. */
import { getLocale } from '$lib/paraglide/runtime.js';
import type { Client } from '$lib/supabase/types.ts';
import { amountFrom, wordsIn } from './words.ts';

export type PublicService = {
	id: number;
	name: string;
	description: string;
	/** from which it starts; null: by agreement */
	price: number | null;
	/** usual time of the work */
	minutes: number | null;
	/** the only workshop that offers it; null: each */
	location: string | null;
};
export type PublicPromotion = { id: number; title: string; body: string; until: string | null };
export type PublicCompany = Awaited<ReturnType<typeof loadPublicCompany>>;

/** What the public pages say of the company; nulls when the gateway does not answer, so that they still show. */
export async function loadPublicCompany(client: Client) {
	const { data } = await client.from('public_company').select().maybeSingle();
	return {
		name: data?.company_name ?? null,
		currency: data?.currency ?? 'UAH',
		phone: data?.public_phone ?? null,
		email: data?.public_email ?? null,
		address: data?.public_address ?? null,
		hours: wordsIn(data?.opening_hours, getLocale())
	};
}

/** In the order the company chose; empty when the gateway does not answer. */
export async function listPublicServices(client: Client): Promise<PublicService[]> {
	const [services, locations] = await Promise.all([
		client.from('public_services').select(),
		client.from('public_locations').select('id, name')
	]);
	const names = new Map(locations.data?.map(({ id, name }) => [id, name]));
	const locale = getLocale();
	return (services.data ?? []).map((row) => ({
		id: row.id ?? 0,
		name: wordsIn(row.name, locale),
		description: wordsIn(row.description, locale),
		price: amountFrom(row.price),
		minutes: row.norm_minutes,
		location: row.location_id === null ? null : (names.get(row.location_id) ?? null)
	}));
}

/** Offers that run today. */
export async function listPublicPromotions(client: Client): Promise<PublicPromotion[]> {
	const { data } = await client.from('public_promotions').select();
	const locale = getLocale();
	return (data ?? []).map((row) => ({
		id: row.id ?? 0,
		title: wordsIn(row.title, locale),
		body: wordsIn(row.body, locale),
		until: row.ends_on
	}));
}

/** Workshops with address and phone. */
export async function listPublicLocations(client: Client) {
	const { data } = await client.from('public_locations').select();
	return (data ?? []).map(({ id, name, address, phone }) => ({
		id: id ?? 0,
		name: name ?? '',
		address,
		phone
	}));
}
