/** Clients as lists and pages show them, and the filters of the list as its address says them. */
import type { Row } from '$lib/supabase/types.ts';

export type Phone = Pick<Row<'client_phones'>, 'id' | 'phone' | 'is_primary' | 'label'>;

export type ClientRow = Pick<
	Row<'clients'>,
	'id' | 'full_name' | 'middle_name' | 'email' | 'address' | 'blacklisted' | 'created_at'
> & { phones: Pick<Phone, 'phone' | 'is_primary'>[] };

export const shows = ['all', 'new', 'blacklisted'] as const;
export const sorts = ['newest', 'name'] as const;
export type Show = (typeof shows)[number];
export type Sort = (typeof sorts)[number];
export type Filters = { query: string; show: Show; sort: Sort };

/** Where the next page of a list begins: after this client. */
export type Cursor = { id: number; name: string };
export type ClientPage = { rows: ClientRow[]; next: Cursor | null };

/** How many days a client counts as new. */
export const NEW_DAYS = 7;

/** What an address asks for; anything it gets wrong is as if it were not there. */
export function filtersOf(params: URLSearchParams): Filters {
	return {
		query: (params.get('q') ?? '').slice(0, 200),
		show: shows.find((show) => show === params.get('show')) ?? 'all',
		sort: sorts.find((sort) => sort === params.get('sort')) ?? 'newest'
	};
}

/** The address of a list, as short as it can be said: '/app/clients?q=ivan'. */
export function hrefOf({ query, show, sort }: Filters): string {
	const params = new URLSearchParams();
	if (query.trim()) params.set('q', query);
	if (show !== 'all') params.set('show', show);
	if (sort !== 'newest') params.set('sort', sort);
	const asked = params.toString();
	return asked ? `/app/clients?${asked}` : '/app/clients';
}

/** 'Belousova Nika Dmitrievna' */
export const wholeName = (client: Pick<ClientRow, 'full_name' | 'middle_name'>) =>
	[client.full_name, client.middle_name].filter(Boolean).join(' ');

export const primaryPhone = ({ phones }: Pick<ClientRow, 'phones'>) =>
	(phones.find(({ is_primary }) => is_primary) ?? phones[0])?.phone;

/** A row as the data API nests it → ours. */
export function clientRow({
	client_phones: phones,
	...client
}: Omit<ClientRow, 'phones'> & { client_phones: ClientRow['phones'] }): ClientRow {
	return { ...client, phones };
}
