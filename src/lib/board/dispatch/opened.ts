/** Puts one open dispatch page together: orders and masters of the board, a day, a hand, a keyboard. */
import type { Result } from '$lib/errors/domain-error.ts';
import type { Format } from '$lib/format/format.ts';
import type { Client } from '$lib/supabase/types.ts';
import type { Toaster } from '$lib/ui/toaster.svelte.ts';
import { boardServer } from '../board.data.ts';
import { BoardState } from '../board.svelte.ts';
import type { Snapshot } from '../board.ts';
import { lackingSkill } from '../skill.data.ts';
import { Teller } from '../teller.svelte.ts';
import type { DispatchContext } from './context.ts';
import { dateAt, dayOf } from './day.ts';
import { Desk } from './desk.svelte.ts';
import { loadFacts } from './dispatch.data.ts';
import { DispatchState } from './dispatch.svelte.ts';
import { DispatchDrag } from './drag.svelte.ts';
import { DispatchKeys } from './keys.svelte.ts';
import { nothingKnown, type Facts } from './schedule.ts';

interface Tools {
	supabase: () => Client;
	format: Format;
	toaster: Toaster;
	locale: string;
}

interface Given {
	snapshot: Snapshot;
	facts: Result<Facts>;
	/** the day they are of */
	factsDate: string;
	timeZone: string;
	location: number | null;
	plans: boolean;
}

interface Page {
	/** px */
	hourWidth(): number;
	open(order: number): void;
	news(order: number | null): void;
	reload(): void;
}

export function openDispatch(tools: Tools, given: Given, page: Page): DispatchContext {
	const { supabase, format, locale } = tools;
	const { snapshot, facts, location } = given;
	const board: BoardState = new BoardState({
		snapshot,
		location,
		server: boardServer(supabase, location),
		onNotice: (notice) => teller.tell(notice),
		onNews: (order) => page.news(order),
		onOutdated: () => page.reload()
	});
	const teller: Teller = new Teller({
		board,
		toaster: tools.toaster,
		format,
		locale,
		undo: (group) => void board.wishes.undo(group),
		lackingSkill: (card) => lackingSkill(supabase(), card, locale)
	});
	const state = new DispatchState({
		board,
		facts: facts.ok ? facts.value : nothingKnown,
		day: dayOf(given.factsDate, format),
		fetchFacts: (day) => loadFacts(supabase(), day, location),
		fetchTopics: () => boardServer(supabase, location).topics(),
		dayAt: (now) => dayOf(dateAt(now, given.timeZone), format)
	});
	const open = (order: number) => page.open(order);
	const desk = new Desk({ state, teller, format, plans: given.plans, open });
	const drag = new DispatchDrag(state, desk, () => page.hourWidth());
	return { state, desk, drag, keys: new DispatchKeys(state, desk) };
}
