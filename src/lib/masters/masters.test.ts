import { describe, expect, it, test } from 'vitest';
import { makeCard } from '$lib/board/testing/server-double.ts';
import type { Stage, StageKind } from '$lib/board/board.ts';
import type { Action } from './action.ts';
import { draftLine, linesOf, parseAmount } from './lines.ts';
import { mapLink, workOrders, WorkRules, type WorkCard } from './my-work.ts';
import { reducedSize } from './photo.ts';
import { instantOf, monthFrom, shiftState, wallTime } from './shift.ts';

const kinds: StageKind[] = ['unassigned', 'assigned', 'in_progress', 'waiting', 'done', 'closed'];
const stages = kinds.map((kind, index): Stage => ({
	id: index + 1,
	name: { en: kind },
	kind,
	colour: '#888888',
	position: index,
	wip_limit: null,
	norm_minutes: null,
	requires_reason: false,
	location_id: null
}));
const way = (from_kind: StageKind, to_kind: StageKind, permission = 'orders.work') => ({
	from_kind,
	to_kind,
	permission
});
const rules = new WorkRules(
	stages,
	[
		way('assigned', 'in_progress'),
		way('assigned', 'waiting'),
		way('in_progress', 'waiting'),
		way('in_progress', 'done'),
		way('waiting', 'in_progress'),
		way('waiting', 'done', 'orders.close')
	],
	['orders.work']
);
const card = (id: number, stage_id: number, more: Partial<WorkCard> = {}): WorkCard => ({
	...makeCard({ id }),
	asset_label: null,
	photo_count: 0,
	assigned_at: null,
	seen_at: null,
	accepted_at: '2026-11-21T09:00:00Z',
	stage_id,
	...more
});
const base = { id: 'm', at: '2026-11-21T10:00:00Z', order_id: 1, seen_version: 1 };

describe('steps', () => {
	it.each([
		['a new assignment wants an answer', card(1, 2, { accepted_at: null }), ['accept', 'decline']],
		['an accepted one wants to be begun', card(1, 2), ['start', 'wait', 'decline']],
		['one in work is finished or waits', card(1, 3), ['done', 'wait']],
		['a waiting one goes on', card(1, 4), ['start', 'decline']],
		['a done one wants nothing', card(1, 5), []],
		['an unknown column offers nothing', card(1, 99), []]
	])('%s', (_, order, steps) => expect(rules.steps(order)).toEqual(steps));
});

describe('the list', () => {
	const ids = (cards: WorkCard[], actions: Action[] = []) =>
		workOrders(cards, actions, rules).map((order) => order.card.id);

	it('is by priority, then promise, then age; what is done is not in it', () => {
		const cards = [
			card(1, 2),
			card(2, 3, { promised_at: '2026-11-22T10:00:00+00:00' }),
			card(3, 4, { promised_at: '2026-11-22T11:30:00+02:00' }),
			card(4, 2, { priority: 2 }),
			card(5, 5)
		];
		expect(ids(cards)).toEqual([4, 3, 2, 1]);
	});

	it('shows at once what was pressed, and offers the step after it', () => {
		const accept: Action = { ...base, kind: 'accept' };
		const start: Action = {
			...base,
			kind: 'move',
			to_stage: 3,
			to_kind: 'in_progress',
			reason: null
		};
		const [order] = workOrders([card(1, 2, { accepted_at: null })], [accept, start], rules);
		expect(order).toMatchObject({ stage: { kind: 'in_progress' }, steps: ['done', 'wait'] });
		expect(order?.pending).toHaveLength(2);
	});

	it('keeps an order that leaves until the server knows, without buttons', () => {
		const finish: Action = { ...base, kind: 'finish', result: 'ok' };
		const [order] = workOrders([card(1, 3)], [finish], rules);
		expect(order).toMatchObject({ stage: { kind: 'done' }, steps: [] });
		expect(ids([card(1, 5)])).toEqual([]);
	});
});

test('a map opens where the phone has one', () => {
	expect(mapLink('Київ, Хрещатик 1', true)).toMatch(/^geo:0,0\?q=%D0%9A/);
	expect(mapLink('a&b', false)).toBe('https://www.google.com/maps/search/?api=1&query=a%26b');
});

describe('lines', () => {
	it.each([
		['1 250,50', 2, 1250.5],
		['3', 2, 3],
		['1.234', 2, null],
		['-1', 2, null],
		['', 2, null],
		['1e5', 2, null]
	])('%s', (text, digits, amount) => expect(parseAmount(text, digits)).toBe(amount));

	it('empty ones are left out, half-filled ones hold everything back', () => {
		const full = { ...draftLine('part'), title: ' Strings ', price: '12,5', quantity: '2' };
		const line = {
			kind: 'part',
			title: 'Strings',
			quantity: 2,
			unit_price: 12.5,
			service_id: null
		};
		expect(linesOf([draftLine('work'), full])).toEqual([line]);
		expect(linesOf([{ ...full, price: '' }])).toBeNull();
		expect(linesOf([{ ...full, quantity: '0' }])).toBeNull();
		expect(linesOf([])).toEqual([]);
	});
});

describe('shifts', () => {
	it('are off, running or in a break', () => {
		const pause = { id: 1, started_at: 'x', ended_at: null };
		expect(shiftState(null)).toBe('off');
		expect(shiftState({ ended_at: 'x', breaks: [] })).toBe('off');
		expect(shiftState({ ended_at: null, breaks: [] })).toBe('working');
		expect(shiftState({ ended_at: null, breaks: [pause] })).toBe('break');
	});

	it('turn wall time into an instant and back, summer and winter', () => {
		for (const iso of ['2026-07-01T05:30:00.000Z', '2026-12-31T22:15:00.000Z']) {
			const wall = wallTime(new Date(iso), 'Europe/Kyiv');
			expect(instantOf(wall, 'Europe/Kyiv').toISOString()).toBe(iso);
		}
		expect(wallTime(new Date('2026-12-31T22:15:00Z'), 'Europe/Kyiv')).toBe('2027-01-01T00:15');
	});

	it('go from month to month over the year', () => {
		expect(monthFrom('2026-01', -1)).toBe('2025-12');
		expect(monthFrom('2026-12', 1)).toBe('2027-01');
	});
});

test('photos get no side over 1600 px and are never enlarged', () => {
	expect(reducedSize(4000, 3000)).toEqual({ width: 1600, height: 1200 });
	expect(reducedSize(3000, 4000)).toEqual({ width: 1200, height: 1600 });
	expect(reducedSize(800, 600)).toEqual({ width: 800, height: 600 });
});
