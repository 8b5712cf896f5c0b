import { can } from '$lib/access/actor.ts';
import { requirePermission } from '$lib/access/require.ts';
import { getLocale } from '$lib/paraglide/runtime.js';
import { todayIn } from '$lib/statistics/period.ts';
import { daysOf } from '$lib/statistics/query.ts';
import { loadNames } from '$lib/statistics/statistics.data.ts';
import { fetchRefusals, fetchWork } from '$lib/statistics/work-report.data.ts';
import { workQueryOf } from '$lib/statistics/work-report.ts';

export async function load({ locals: { supabase, ...locals }, url, parent }) {
	const actor = requirePermission(locals, 'reports.read');
	const asked = workQueryOf(url.searchParams);
	const query = { ...asked, location: actor.locationId ?? asked.location };
	const { company } = await parent();
	const range = daysOf(query, todayIn(company.timeZone));
	const [rows, refusals, names] = await Promise.all([
		fetchWork(supabase, query, range),
		fetchRefusals(supabase, query, range),
		loadNames(supabase, getLocale())
	]);
	return { query, range, rows, refusals, names, money: can(actor, 'reports.money') };
}
