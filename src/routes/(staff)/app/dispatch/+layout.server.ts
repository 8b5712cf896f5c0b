import { requirePage } from '$lib/access/require.ts';
import { listLocations, loadSnapshot } from '$lib/board/board.data.ts';
import { dateAt, dayOf, isDate } from '$lib/board/dispatch/day.ts';
import { loadFacts } from '$lib/board/dispatch/dispatch.data.ts';
import { createFormat } from '$lib/format/format.ts';

export async function load({ locals, url, parent, untrack }) {
	const actor = requirePage(locals, 'dispatch');
	const asked = Number(url.searchParams.get('location'));
	// one's own workshop cannot be left, whatever the address says; SQL sees to that
	const location = actor.locationId ?? (Number.isSafeInteger(asked) && asked > 0 ? asked : null);
	const { timeZone } = (await parent()).company;
	// another day changes nothing of the orders: the open page asks for its shifts by itself
	const wanted = untrack(() => url.searchParams.get('day'));
	const date = isDate(wanted) ? wanted : dateAt(Date.now(), timeZone);
	const [snapshot, locations, facts] = await Promise.all([
		loadSnapshot(locals.supabase, location),
		listLocations(locals.supabase),
		loadFacts(locals.supabase, dayOf(date, createFormat('en', timeZone)), location)
	]);
	return { snapshot, locations, location, facts, factsDate: date };
}
