/** Queries of the clients' pages. What may fail as expected comes back as a value. */
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { clientRow, NEW_DAYS, type ClientPage, type Cursor, type Filters } from './client.ts';

const COLUMNS =
	'id, full_name, middle_name, email, address, blacklisted, created_at, client_phones(phone, is_primary)';
export const PAGE = 100;
/** as many as search gives at most */
const FOUND = 50;

/** One page of the list: the newest or the alphabet by keyset, a search by rank. */
export async function listClients(
	supabase: Client,
	filters: Filters,
	after: Cursor | null = null
): Promise<Result<ClientPage>> {
	if (filters.query.trim()) return searchClients(supabase, filters);
	let asked = rowsOf(supabase, filters).limit(PAGE);
	if (filters.sort === 'name') {
		asked = asked.order('full_name').order('id');
		// the first condition lets the index find the place, the second is exact
		if (after) asked = asked.gte('full_name', after.name).or(laterByName(after));
	} else {
		asked = asked.order('id', { ascending: false });
		if (after) asked = asked.lt('id', after.id);
	}
	const { data, error, status } = await asked;
	if (error) return failed(error, status);
	const rows = data.map(clientRow);
	const last = rows.at(-1);
	const more = rows.length === PAGE && last !== undefined;
	return ok({ rows, next: more ? { id: last.id, name: last.full_name } : null });
}

async function searchClients(supabase: Client, filters: Filters): Promise<Result<ClientPage>> {
	const found = await supabase.rpc('search', {
		query: filters.query,
		kinds: ['client'],
		max_rows: FOUND
	});
	if (found.error) return failed(found.error, found.status);
	const ids = found.data.map(({ id }) => id);
	if (ids.length === 0) return ok({ rows: [], next: null });
	const { data, error, status } = await rowsOf(supabase, filters).in('id', ids);
	if (error) return failed(error, status);
	const byId = new Map(data.map((row) => [row.id, clientRow(row)]));
	const rows = ids.flatMap((id) => byId.get(id) ?? []);
	return ok({ rows, next: null });
}

function rowsOf(supabase: Client, { show }: Filters) {
	const asked = supabase.from('clients').select(COLUMNS);
	if (show === 'blacklisted') return asked.is('blacklisted', true);
	if (show === 'new') {
		return asked.gte('created_at', new Date(Date.now() - NEW_DAYS * 86_400_000).toISOString());
	}
	return asked;
}

/** PostgREST's way to say (full_name, id) > (name, id); the name may hold anything. */
function laterByName({ name, id }: Cursor): string {
	const quoted = `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
	return `full_name.gt.${quoted},and(full_name.eq.${quoted},id.gt.${id})`;
}
