/** What the pages of statistics are rendered with. */
import { can, type Actor } from '$lib/access/actor.ts';
import { ok, type Result } from '$lib/errors/domain-error.ts';
import { getLocale } from '$lib/paraglide/runtime.js';
import type { Client } from '$lib/supabase/types.ts';
import type { Subject } from './live-figures.ts';
import { todayIn } from './period.ts';
import { daysBefore, daysOf, queryOf } from './query.ts';
import { fetchReports, loadNames } from './statistics.data.ts';
import type { Figures } from './statistics.svelte.ts';
import { parts, type Names, type Reports } from './statistics.ts';

export async function loadStatistics(client: Client, actor: Actor, url: URL, timeZone: string) {
	const asked = queryOf(url.searchParams);
	// one's own workshop cannot be left, whatever the address says; SQL sees to that
	const query = { ...asked, location: actor.locationId ?? asked.location };
	const subject: Subject = {
		query,
		today: todayIn(timeZone),
		money: can(actor, 'campaigns.money')
	};
	const [figures, names] = await Promise.all([
		loadFigures(client, subject),
		loadNames(client, getLocale())
	]);
	return { subject, figures, names } satisfies { names: Result<Names> } & Record<string, unknown>;
}

async function loadFigures(client: Client, subject: Subject): Promise<Result<Figures>> {
	const { query, today, money } = subject;
	const past = daysBefore(query, today);
	const [now, before] = await Promise.all([
		fetchReports(client, { query, money, range: daysOf(query, today) }, parts),
		past ? fetchReports(client, { query, money, range: past }, parts) : null
	]);
	if (!now.ok) return now;
	if (before && !before.ok) return before;
	// all parts were asked for
	return ok({ now: now.value as Reports, before: (before?.value as Reports | undefined) ?? null });
}
