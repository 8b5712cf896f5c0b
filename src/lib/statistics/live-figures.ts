/** Joins the figures a page was rendered with to the live connection. */
import { LiveTopics } from '$lib/realtime/live-topics.ts';
import { ok } from '$lib/errors/domain-error.ts';
import type { Client } from '$lib/supabase/types.ts';
import { daysBefore, daysOf, type Query } from './query.ts';
import { fetchReports, fetchTopics } from './statistics.data.ts';
import { StatisticsState, type Figures } from './statistics.svelte.ts';

/** what the figures of a page are of */
export type Subject = { query: Query; today: string; money: boolean };

/** @param client the browser's; asked for at the first call */
export function liveFigures(
	client: () => Client,
	subject: Subject,
	first: Figures
): StatisticsState {
	const { query, today, money } = subject;
	const [range, past] = [daysOf(query, today), daysBefore(query, today)];
	return new StatisticsState(first, {
		topics: () => fetchTopics(client()),
		async figures(wanted) {
			const [now, before] = await Promise.all([
				fetchReports(client(), { query, money, range }, wanted),
				past ? fetchReports(client(), { query, money, range: past }, wanted) : null
			]);
			if (!now.ok) return now;
			if (before && !before.ok) return before;
			return ok({ now: now.value, before: before?.value ?? null });
		}
	});
}

/** Starts the live connection of a page; returns the undo. */
export function goLive(state: StatisticsState, client: () => Client): () => void {
	state.start((options) => new LiveTopics(client(), options));
	return () => state.destroy();
}
