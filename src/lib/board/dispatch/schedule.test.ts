// hours of orders: where a block stands, what is wrong about it, where there is room
import { describe, expect, it } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import type { Card, Stage, StageKind } from '../board.ts';
import { makeCard, stages } from '../testing/server-double.ts';
import { dateAt, dayOf, daysAfter, hoursOf, isDate, zoomOf } from './day.ts';
import { blocksOf, firstGap, HOUR, MINUTE, nothingKnown, snap, type Facts } from './schedule.ts';
import { matching, trayOf } from './tray.ts';

const at = (time: string) => Date.parse(`2026-11-23T${time}:00Z`);
const iso = (time: string) => `2026-11-23T${time}:00+00:00`;
const day = { from: at('00:00'), to: at('00:00') + 24 * HOUR };
const stageOf = (kind: StageKind): Stage => ({
	...(stages.find((stage) => stage.kind === 'assigned') as Stage),
	id: stages.find((stage) => stage.kind === kind)?.id ?? 9,
	kind
});
const order = (id: number, face: Partial<Card>, kind: StageKind = 'assigned') => ({
	card: makeCard({ id, stage_id: stageOf(kind).id, master_id: 'olha', ...face }),
	stage: stageOf(kind)
});
const planned = (id: number, from: string, minutes: number, face: Partial<Card> = {}) =>
	order(id, { planned_at: iso(from), planned_minutes: minutes, ...face });
const shift = (from: string, to: string | null, closes: string) => ({
	started_at: iso(from),
	ended_at: to && iso(to),
	closes_at: iso(closes),
	breaks: []
});
const facts = (more: Partial<Facts> = {}): Facts => ({ ...nothingKnown, ...more });
const blocks = (orders: ReturnType<typeof order>[], known = facts(), now = at('08:00')) =>
	blocksOf(orders, 'olha', day, known, now);

describe('a block', () => {
	it('stands where it is planned, as long as planned, as the norm says, or an hour', () => {
		const services = { 7: { name: { en: 'Setup' }, norm_minutes: 45, skilled: false } };
		const lengths = blocks(
			[
				planned(1, '09:00', 30),
				order(2, { planned_at: iso('10:00'), service_id: 7 }),
				order(3, { planned_at: iso('12:00') })
			],
			facts({ services })
		).map(({ from, to }) => [from, (to - from) / MINUTE]);
		expect(lengths).toEqual([
			[at('09:00'), 30],
			[at('10:00'), 45],
			[at('12:00'), 60]
		]);
	});

	it('known by its promise only ends there', () => {
		const [block] = blocks([order(1, { promised_at: iso('15:00') })]);
		expect(block).toMatchObject({
			from: at('14:00'),
			to: at('15:00'),
			promised: true,
			late: false
		});
	});

	it('of refused, finished without a plan, or other days’ orders is not there', () => {
		const promised_at = iso('15:00');
		const other = order(3, { planned_at: '2026-11-24T10:00:00Z' });
		const none = [order(1, { promised_at }, 'refused'), order(2, { promised_at }, 'done'), other];
		expect(blocks(none)).toEqual([]);
	});

	it('that overlaps another says with which, and takes the next free line', () => {
		const day = [planned(1, '09:00', 60), planned(2, '09:30', 60), planned(3, '10:00', 60)];
		expect(blocks(day).map(({ line, overlaps }) => [line, overlaps])).toEqual([
			[0, [2]],
			[1, [1, 3]],
			[0, [2]]
		]);
	});

	it('that only touches another does not overlap it', () => {
		const row = blocks([planned(1, '09:00', 60), planned(2, '10:00', 60)]);
		expect(row.map(({ line, overlaps }) => [line, overlaps])).toEqual([
			[0, []],
			[0, []]
		]);
	});

	it('is late past its promise, by plan or by the clock', () => {
		const late = planned(1, '09:00', 60, { promised_at: iso('09:30') });
		const waits = planned(2, '12:00', 30, { promised_at: iso('13:00') });
		expect(blocks([late, waits]).map((block) => block.late)).toEqual([true, false]);
		expect(blocks([waits], facts(), at('13:01'))[0]?.late).toBe(true);
	});

	it('past the end of the shift, or of the longest one allowed, says so', () => {
		const masters = (own: ReturnType<typeof shift>) =>
			facts({ masters: { olha: { shifts: [own], skills: [] } } });
		const evening = [planned(1, '17:30', 60)];
		const over = (own: ReturnType<typeof shift>) => blocks(evening, masters(own))[0]?.afterShift;
		expect(over(shift('09:00', '18:00', '21:00'))).toBe(true);
		expect(over(shift('09:00', null, '18:00'))).toBe(true);
		expect(over(shift('09:00', null, '21:00'))).toBe(false);
		expect(blocks(evening)[0]?.afterShift).toBe(false);
	});

	it('in work goes on until now', () => {
		const working = { ...planned(1, '09:00', 60), stage: stageOf('in_progress') };
		const [block] = blocks([working], facts(), at('11:20'));
		expect(block).toMatchObject({ from: at('09:00'), to: at('11:20'), overrun: true });
	});

	it('warns where the company asks for a skill the master lacks, and only there', () => {
		const asked = planned(1, '09:00', 60, { service_id: 7 });
		const known = (skilled: boolean, skills: number[]) =>
			facts({
				masters: { olha: { shifts: [], skills } },
				services: { 7: { name: { en: 'Setup' }, norm_minutes: null, skilled } }
			});
		const warns = (of: Facts) => blocks([asked], of)[0]?.unskilled;
		expect([warns(known(true, [])), warns(known(true, [7])), warns(known(false, []))]).toEqual([
			true,
			false,
			false
		]);
	});
});

describe('the first free time', () => {
	it('is between what is planned, where it fits, on a quarter of an hour', () => {
		const row = [
			{ from: at('09:00'), to: at('10:10') },
			{ from: at('10:30'), to: at('12:00') }
		];
		expect(firstGap(row, at('08:50'), 60)).toBe(at('12:00'));
		expect(firstGap(row, at('08:50'), 15)).toBe(at('10:15'));
		expect(firstGap(row, at('07:01'), 60)).toBe(at('07:15'));
		expect(snap(at('07:14'), at('00:00'))).toBe(at('07:00'));
	});
});

describe('the tray', () => {
	const tray = (orders: ReturnType<typeof order>[]) =>
		trayOf(orders, nothingKnown, at('12:00'), day.from);

	it('holds orders of nobody by urgency: priority, promise, age', () => {
		const nobody = { master_id: null };
		const orders = [
			order(1, { ...nobody }, 'unassigned'),
			order(2, { ...nobody, promised_at: iso('18:00') }, 'unassigned'),
			order(3, { ...nobody, priority: 2 }, 'unassigned'),
			order(4, { ...nobody, promised_at: iso('09:00') }, 'unassigned'),
			order(5, nobody, 'closed')
		];
		expect(tray(orders).unassigned.map(({ card }) => card.id)).toEqual([3, 4, 2, 1]);
	});

	it('holds orders that have a master and no hour left', () => {
		const orders = [
			order(1, {}),
			order(2, { promised_at: iso('15:00') }),
			order(3, { promised_at: '2026-11-20T15:00:00Z' }),
			order(4, { promised_at: '2026-11-20T15:00:00Z' }, 'in_progress')
		];
		expect(tray(orders).unplanned.map(({ card }) => card.id)).toEqual([3, 1]);
	});

	it('finds by number, client and problem, all words at once', () => {
		const orders = [order(155001, { problem: 'Buzzes' }), order(155002, {})];
		const found = (text: string) => matching(orders, text).map(({ card }) => card.id);
		expect([found('№155001'), found('petrenko buzz'), found('petrenko')]).toEqual([
			[155001],
			[155001],
			[155001, 155002]
		]);
	});
});

describe('a day', () => {
	const format = createFormat('en', 'Europe/Kyiv');

	it('has 24 hours, but 23 and 25 where the clock changes', () => {
		const lengths = ['2026-11-23', '2026-03-29', '2026-10-25'].map(
			(date) => hoursOf(dayOf(date, format)).length
		);
		expect(lengths).toEqual([24, 23, 25]);
	});

	it('is the company’s, and comes from the address only if it is one', () => {
		expect(dateAt(Date.parse('2026-11-22T22:30:00Z'), 'Europe/Kyiv')).toBe('2026-11-23');
		expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01');
		expect(['2026-02-30', 'x', null, '2026-02-28'].map(isDate)).toEqual([
			false,
			false,
			false,
			true
		]);
		expect(['0', '3', '4', 'x', null].map(zoomOf)).toEqual([0, 3, 1, 1, 1]);
	});
});
