import { requirePermission } from '$lib/access/require.ts';
import { loadPast } from '$lib/board/replay/replay.data.ts';

export async function load({ locals, url, parent }) {
	const actor = requirePermission(locals, 'board.read');
	requirePermission(locals, 'orders.read');
	const { timeZone } = (await parent()).company;
	// the Swedish way of writing dates is ISO 8601
	const today = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format();
	const asked = url.searchParams.get('day') ?? '';
	const day = isDay(asked) && asked <= today ? asked : today;
	const place = Number(url.searchParams.get('location'));
	const location = actor.locationId ?? (Number.isSafeInteger(place) && place > 0 ? place : null);
	return { day, today, location, replay: await loadPast(locals.supabase, day, location) };
}

/** '2026-02-30' looks like one and is none */
const isDay = (text: string) =>
	/^20\d\d-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text);
