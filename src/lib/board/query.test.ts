import { describe, expect, it } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import type { Card, Master, Stage } from './board.ts';
import { comparePromised, matcher, type FilterFacts } from './filter.ts';
import { laneOf, lanesOf, welcome } from './lanes.ts';
import {
	everything,
	filterCount,
	isFiltered,
	parseQuery,
	phoneDigits,
	queryText,
	writeQuery,
	type BoardQuery
} from './query.ts';
import { makeCard, stages } from './testing/server-double.ts';

const ivan = '11111111-1111-4111-8111-111111111111';
const now = Date.parse('2026-11-21T12:00:00Z');
const stage = stages[0] as Stage;
const master = (face: Partial<Master> = {}): Master => ({
	id: ivan,
	full_name: 'Ivan Bondar',
	location_id: 1,
	capacity: 2,
	active_count: 0,
	availability: 'free',
	...face
});
const facts: FilterFacts = {
	me: ivan,
	now,
	masters: new Map([[ivan, master()]]),
	clients: new Set([77]),
	startOfDay: createFormat('en', 'Europe/Kyiv').startOfDay
};
const shows = (query: Partial<BoardQuery>, face: Partial<Card> = {}, where = stage) =>
	matcher({ ...everything, ...query }, facts)?.(makeCard({ id: 155026, ...face }), where) ?? true;

describe('what is shown, as the address says it', () => {
	it('reads what it wrote, whatever it was', () => {
		const query: BoardQuery = {
			text: 'Олена & co?',
			instrument: 'Fender',
			stages: [3, 1],
			types: ['repair', 'other'],
			masters: ['none', ivan],
			createdFrom: '2026-01-02',
			createdTo: '2026-02-03',
			promisedFrom: '',
			promisedTo: '2026-11-30',
			overdue: true,
			mine: true,
			sort: 'promised',
			lanes: 'master'
		};
		expect(parseQuery(new URLSearchParams(queryText(query)))).toEqual(query);
		expect(filterCount(query)).toBe(9);
	});

	it('says nothing of what is as usual, and keeps what is not its own', () => {
		const written = writeQuery(everything, new URLSearchParams('location=2&q=x&lanes=master'));
		expect(written.toString()).toBe('location=2');
		expect(isFiltered(parseQuery(written))).toBe(false);
	});

	it('takes nonsense for absent', () => {
		const nonsense =
			'stage=x,-1,1.5&type=love&master=me&created_from=tomorrow&sort=1&lanes=z&mine=yes';
		expect(parseQuery(new URLSearchParams(nonsense))).toEqual(everything);
		expect(parseQuery(new URLSearchParams({ q: 'x'.repeat(999) })).text).toHaveLength(100);
	});

	it('knows a phone from a word', () => {
		expect(phoneDigits('+38 (067) 123')).toBe('38067123');
		expect(phoneDigits('12 3')).toBe('');
		expect(phoneDigits('dom 1234')).toBe('');
	});
});

describe('a filter', () => {
	it('finds words of client, number, problem, master, instrument and the phone’s clients', () => {
		for (const text of ['petrenko', '155026', '№155', 'SOUND petr', '']) {
			expect(shows({ text })).toBe(true);
		}
		expect(shows({ text: 'bondar' }, { master_id: ivan })).toBe(true);
		expect(shows({ text: 'strat' }, { asset_label: 'Guitar Stratocaster' })).toBe(true);
		expect(shows({ text: '067123' }, { client_id: 77 })).toBe(true);
		expect(shows({ text: 'bondar' })).toBe(false);
		expect(shows({ text: 'petrenko missing' })).toBe(false);
	});

	it('chooses columns, types, masters, nobody’s and mine', () => {
		expect([shows({ stages: [1] }), shows({ stages: [2] })]).toEqual([true, false]);
		expect([shows({ types: ['repair'] }), shows({ types: ['other'] })]).toEqual([true, false]);
		expect([shows({ masters: ['none'] }), shows({ masters: [ivan] })]).toEqual([true, false]);
		expect(shows({ mine: true })).toBe(false);
		expect(shows({ mine: true, masters: [ivan] }, { master_id: ivan })).toBe(true);
		expect(shows({ mine: true }, { created_by: ivan })).toBe(true);
	});

	it('counts days by the company’s calendar, both ends included', () => {
		const promisedTo = '2026-11-21';
		expect(shows({ promisedTo }, { promised_at: '2026-11-21T21:59:00Z' })).toBe(true);
		expect(shows({ promisedTo }, { promised_at: '2026-11-21T22:00:00Z' })).toBe(false);
		expect(shows({ promisedTo }, { promised_at: null })).toBe(false);
		const created = { createdFrom: '2026-03-29', createdTo: '2026-03-29' };
		// that day has 23 hours in Kyiv
		expect(shows(created, { created_at: '2026-03-28T22:00:00Z' })).toBe(true);
		expect(shows(created, { created_at: '2026-03-29T20:59:59Z' })).toBe(true);
		expect(shows(created, { created_at: '2026-03-29T21:00:00Z' })).toBe(false);
	});

	it('knows what is overdue by promise and by the column’s norm', () => {
		const slow = { ...stage, norm_minutes: 60 };
		expect(shows({ overdue: true }, { promised_at: '2026-11-21T11:59:00Z' })).toBe(true);
		expect(shows({ overdue: true }, { promised_at: '2026-11-21T12:01:00Z' })).toBe(false);
		expect(shows({ overdue: true }, { stage_entered_at: '2026-11-21T10:59:00Z' }, slow)).toBe(true);
		expect(shows({ overdue: true }, { stage_entered_at: '2026-11-21T11:01:00Z' }, slow)).toBe(
			false
		);
		const done = { ...slow, kind: 'done' } as const;
		expect(shows({ overdue: true }, { promised_at: '2020-01-01T00:00:00Z' }, done)).toBe(false);
	});

	it('takes less than 50 ms for 5,000 cards, first and again', () => {
		const cards = Array.from({ length: 5000 }, (_, id) =>
			makeCard({ id, promised_at: '2026-11-21T11:59:00Z', problem: `No sound at all ${id}` })
		);
		for (const text of ['pet', 'petr 77']) {
			const test = matcher(
				{ ...everything, text, overdue: true, createdFrom: '2025-01-01' },
				facts
			);
			const started = performance.now();
			expect(cards.filter((card) => test?.(card, stage)).length).toBeGreaterThan(0);
			expect(performance.now() - started).toBeLessThan(50);
		}
	});

	it('sorts by promise, those without one last, ties by hand', () => {
		const cards = [
			makeCard({ id: 1 }),
			makeCard({ id: 2, promised_at: '2026-11-22T10:00:00+02:00' }),
			makeCard({ id: 4, promised_at: '2026-11-22T07:00:00Z' }),
			makeCard({ id: 3, promised_at: '2026-11-22T07:00:00Z' })
		];
		expect(cards.sort(comparePromised).map(({ id }) => id)).toEqual([3, 4, 2, 1]);
	});
});

describe('lanes', () => {
	const locations = [{ id: 1, name: 'Podil' }];
	const masters = new Map([
		['b', master({ id: 'b', full_name: 'Boris' })],
		['a', master({ id: 'a', full_name: 'Anna' })]
	]);

	it('of masters: nobody’s first, then by name, then those who left but have orders', () => {
		const lanes = lanesOf('master', { masters, locations, owners: new Set(['a', 'gone']) });
		expect(lanes.map(({ key }) => key)).toEqual(['none', 'a', 'b', 'gone']);
		expect(lanesOf('none', { masters, locations, owners: new Set() })).toEqual([]);
	});

	it('hold every card exactly once', () => {
		const cards = [
			makeCard({ id: 1, master_id: 'gone', priority: 7 }),
			makeCard({ id: 2, master_id: null, priority: -1 }),
			makeCard({ id: 3, master_id: 'a', priority: 1 })
		];
		const owners = new Set(['gone', 'a']);
		for (const kind of ['master', 'location', 'urgency'] as const) {
			const keys = lanesOf(kind, { masters, locations, owners }).map(({ key }) => key);
			for (const card of cards) {
				expect(keys.filter((key) => key === laneOf(card, kind))).toHaveLength(1);
			}
		}
	});

	it('say how welcome a card is', () => {
		const card = makeCard({ id: 1, master_id: 'other' });
		const say = (face: Partial<Master>) => welcome(master(face), card);
		expect(say({})).toBe('free');
		expect(say({ active_count: 2, availability: 'busy' })).toBe('over');
		expect(say({ active_count: 1, availability: 'busy' })).toBe('busy');
		expect(say({ active_count: 9, availability: 'off' })).toBe('off');
		expect(say({ availability: 'break' })).toBe('break');
		expect(say({ id: 'other', active_count: 2 })).toBe('own');
	});
});
