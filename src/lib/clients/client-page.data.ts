/** One client with everything that is his, in one go. */
import type { Client } from '$lib/supabase/types.ts';
import type { Interaction } from './interaction.ts';

const ORDERS = 100;
const HISTORY = 200;

export type ClientDetail = NonNullable<Awaited<ReturnType<typeof loadClient>>>;
export type ClientOrder = ClientDetail['orders'][number];
export type ClientAsset = ClientDetail['assets'][number];

/** Null when there is no such client, or not for this person. @throws the request's error */
export async function loadClient(supabase: Client, id: number) {
	const { data: client } = await supabase
		.from('clients')
		.select(
			'id, version, full_name, first_name, middle_name, last_name, email, address, source, blacklisted, created_at'
		)
		.eq('id', id)
		.maybeSingle()
		.throwOnError();
	if (!client) return null;
	const [blacklisted, phones, assets, orders, history] = await Promise.all([
		loadReason(supabase, id),
		supabase
			.from('client_phones')
			.select('id, phone, is_primary, label')
			.eq('client_id', id)
			.order('is_primary', { ascending: false })
			.order('id')
			.throwOnError(),
		supabase
			.from('assets')
			.select('id, label, serial, description, archived_at')
			.eq('client_id', id)
			.order('id', { ascending: false })
			.throwOnError(),
		loadOrders(supabase, id),
		loadHistory(supabase, id)
	]);
	return {
		...client,
		blacklist_reason: blacklisted,
		phones: phones.data,
		assets: assets.data,
		orders: orders.data,
		history
	};
}

/** Why he is blacklisted; null when he is not. */
async function loadReason(supabase: Client, id: number): Promise<string | null> {
	const { data } = await supabase
		.from('client_blacklist')
		.select('reason')
		.eq('client_id', id)
		.maybeSingle()
		.throwOnError();
	return data?.reason ?? null;
}

function loadOrders(supabase: Client, id: number) {
	return supabase
		.from('orders')
		.select('id, problem, created_at, promised_at, stages(name, colour, kind)')
		.eq('client_id', id)
		.order('id', { ascending: false })
		.limit(ORDERS)
		.throwOnError();
}

async function loadHistory(supabase: Client, id: number): Promise<Interaction[]> {
	const { data } = await supabase
		.from('interactions')
		.select('id, kind, direction, body, template_key, params, at, edited_at, order_id, author_id')
		.eq('client_id', id)
		.order('at', { ascending: false })
		.order('id', { ascending: false })
		.limit(HISTORY)
		.throwOnError();
	const ids = [...new Set(data.flatMap(({ author_id }) => author_id ?? []))];
	const names = new Map<string, string>();
	if (ids.length > 0) {
		const authors = await supabase
			.from('employees')
			.select('id, full_name')
			.in('id', ids)
			.throwOnError();
		for (const author of authors.data) names.set(author.id, author.full_name);
	}
	return data.map(({ author_id, ...entry }) => ({
		...entry,
		author: author_id ? (names.get(author_id) ?? null) : null
	}));
}
