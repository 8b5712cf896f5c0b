// an open dispatch page: plans are seen at once, refusals put back, masters' news asks for shifts
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import { ok, type DomainError, type Result } from '$lib/errors/domain-error.ts';
import type { Notice } from '../board-server.ts';
import { BoardState } from '../board.svelte.ts';
import type { Card, Master, Mutation } from '../board.ts';
import type { Teller } from '../teller.svelte.ts';
import { makeCard, makeSnapshot } from '../testing/server-double.ts';
import { dayOf } from './day.ts';
import { Desk } from './desk.svelte.ts';
import { DispatchState } from './dispatch.svelte.ts';
import { HOUR, nothingKnown } from './schedule.ts';

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 16));
	vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

const olha: Master = {
	id: 'olha',
	full_name: 'Olha',
	location_id: 1,
	capacity: 3,
	active_count: 0,
	availability: 'free'
};
const petro: Master = { ...olha, id: 'petro', full_name: 'Petro', location_id: 2 };

function setUp() {
	const sent: Mutation[] = [];
	const answers: ((answer: Result<Card>) => void)[] = [];
	const notices: Notice[] = [];
	const said: string[] = [];
	const fetchFacts = vi.fn(async () => ok(nothingKnown));
	const board = new BoardState({
		snapshot: { ...makeSnapshot([makeCard({ id: 1 })]), masters: [petro, olha] },
		location: null,
		server: {
			send: (mutation) => {
				sent.push(mutation);
				return new Promise((resolve) => answers.push(resolve));
			},
			bulk: () => new Promise(() => {}),
			changes: () => new Promise(() => {}),
			older: async () => ok({ cards: [], next: null }),
			topics: async () => []
		},
		onNotice: (notice) => notices.push(notice),
		onOutdated: () => {}
	});
	const format = createFormat('en', 'UTC');
	const day = dayOf('2026-01-01', format);
	const state = new DispatchState({
		board,
		facts: nothingKnown,
		day,
		fetchFacts,
		fetchTopics: async () => [],
		dayAt: () => day
	});
	const teller = { say: (text: string) => said.push(text) } as unknown as Teller;
	const desk = new Desk({ state, teller, format, plans: true, open: () => {} });
	const answer = async (index: number, result: Result<Card>) => {
		answers[index]?.(result);
		await vi.advanceTimersByTimeAsync(20);
	};
	return { board, state, desk, sent, notices, said, day, answer, fetchFacts };
}

const hours = (state: DispatchState, master: string) =>
	state.row(master)?.blocks.map(({ card, from }) => [card.id, (from - state.day.from) / HOUR]);
const refused: DomainError = { code: 'VK422', key: 'master_at_capacity', details: {} };

it('a drop is on the master’s hour in the same moment, and one call', () => {
	const { state, desk, sent, day } = setUp();
	expect(desk.drop({ order: 1, master: 'olha', from: day.from + 9 * HOUR })).toBe(true);
	expect(hours(state, 'olha')).toEqual([[1, 9]]);
	expect(state.tray.unassigned).toEqual([]);
	expect(sent).toMatchObject([
		{ kind: 'plan', master_id: 'olha', planned_at: '2026-01-01T09:00:00.000Z', seen_version: 1 }
	]);
});

it('a refused drop is back in the tray', async () => {
	const { state, desk, day, answer, notices } = setUp();
	desk.drop({ order: 1, master: 'olha', from: day.from });
	await answer(0, { ok: false, error: refused });
	expect(hours(state, 'olha')).toEqual([]);
	expect(state.tray.unassigned.map(({ card }) => card.id)).toEqual([1]);
	expect(notices).toMatchObject([{ kind: 'refused', error: refused }]);
});

it('what was planned is undone with its hour, at once and by name', async () => {
	const { board, state, desk, day, sent, answer } = setUp();
	desk.drop({ order: 1, master: 'olha', from: day.from + HOUR });
	const planned = makeCard({
		id: 1,
		version: 2,
		stage_id: 2,
		master_id: 'olha',
		planned_at: '2026-01-01T01:00:00+00:00',
		planned_minutes: null
	});
	await answer(0, ok(planned));
	desk.drop({ order: 1, master: 'olha', from: day.from + 5 * HOUR });
	await answer(1, ok({ ...planned, version: 3, planned_at: '2026-01-01T05:00:00+00:00' }));
	desk.undo();
	expect(hours(state, 'olha')).toEqual([[1, 1]]);
	expect(sent[2]).toMatchObject({ kind: 'undo', undo_of: sent[1]?.mutation_id });
	expect(board.card(1)?.stage_id).toBe(2);
});

it('the same hour again asks for nothing', () => {
	const { desk, sent } = setUp();
	desk.plan(1, 'olha', '2026-01-01T01:00:00Z', 30);
	expect(desk.plan(1, 'olha', '2026-01-01T01:00:00+00:00', 30)).toBe(false);
	expect(sent).toHaveLength(1);
});

it('a master of another workshop is known to be no taker', () => {
	const { desk, sent, said, day } = setUp();
	expect(desk.drop({ order: 1, master: 'petro', from: day.from })).toBe(false);
	expect(sent).toEqual([]);
	expect(said).toHaveLength(1);
});

it('a proposal begins in the first free time of the day', () => {
	const { state, desk } = setUp();
	desk.plan(1, 'olha', '2026-01-01T00:00:00Z', 30);
	const next = makeCard({ id: 2 });
	expect(state.gap('olha', next) - state.day.from).toBe(HOUR / 2);
});

it('news of a master asks for shifts, many of them once', async () => {
	const { board, state, fetchFacts } = setUp();
	const topic = { scope: 'masters', topic: 'x', location_id: 1 } as const;
	for (const availability of ['busy', 'break', 'off'] as const) {
		board.receive({ topic, event: 'master_changed', payload: { ...olha, availability } });
		state.follow();
	}
	await vi.advanceTimersByTimeAsync(1_000);
	expect(fetchFacts).toHaveBeenCalledTimes(1);
	expect(state.rows.map(({ master }) => [master.id, master.availability])).toEqual([
		['olha', 'off'],
		['petro', 'free']
	]);
});

it('of two days asked for the last one counts, whichever answer comes last', async () => {
	const { state, fetchFacts } = setUp();
	const answers: ((facts: Result<typeof nothingKnown>) => void)[] = [];
	fetchFacts.mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
	const format = createFormat('en', 'UTC');
	state.show(dayOf('2026-01-02', format));
	state.show(dayOf('2026-01-03', format));
	const third = { masters: {}, services: { 3: { name: {}, norm_minutes: 3, skilled: false } } };
	answers[1]?.(ok(third));
	answers[0]?.(ok(nothingKnown));
	await vi.advanceTimersByTimeAsync(1);
	expect([state.facts, state.loading]).toEqual([third, false]);
});
