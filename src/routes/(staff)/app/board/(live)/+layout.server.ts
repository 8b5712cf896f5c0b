import { requirePermission } from '$lib/access/require.ts';
import { errorSentence } from '$lib/errors/error-sentence.ts';
import { listLocations, listTransitions, loadSnapshot } from '$lib/board/board.data.ts';

export async function load({ locals, url }) {
	const actor = requirePermission(locals, 'board.read');
	const asked = Number(url.searchParams.get('location'));
	// one's own workshop cannot be left, whatever the address says; SQL sees to that
	const location = actor.locationId ?? (Number.isSafeInteger(asked) && asked > 0 ? asked : null);
	const [snapshot, locations, transitions] = await Promise.all([
		loadSnapshot(locals.supabase, location),
		listLocations(locals.supabase),
		listTransitions(locals.supabase)
	]);
	const failed = [snapshot, locations, transitions].find((answer) => !answer.ok);
	const problem = failed && !failed.ok ? errorSentence(failed.error) : null;
	return { snapshot, locations, transitions, location, problem };
}
