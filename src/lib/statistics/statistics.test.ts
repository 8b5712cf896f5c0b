import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '$lib/errors/domain-error.ts';
import { csvOf, tabbed } from './csv.ts';
import { bucketOf, keysOf, previousOf, rangeOf, todayIn } from './period.ts';
import { hrefOf, ordersHref, queryOf } from './query.ts';
import { StatisticsState, type Figures } from './statistics.svelte.ts';
import { laterCause, news, parts, type Part } from './statistics.ts';

describe('days', () => {
	test('are the company’s', () => {
		const midnight = Date.parse('2026-11-21T22:30:00Z');
		expect(todayIn('Europe/Kyiv', midnight)).toBe('2026-11-22');
		expect(todayIn('UTC', midnight)).toBe('2026-11-21');
	});

	test('of ready periods end today, and weeks begin on Monday', () => {
		expect(rangeOf('week', '2026-11-22')).toEqual({ from: '2026-11-16', to: '2026-11-22' });
		expect(rangeOf('week', '2026-11-23')).toEqual({ from: '2026-11-23', to: '2026-11-23' });
		expect(rangeOf('month', '2026-11-21').from).toBe('2026-11-01');
		expect(rangeOf('year', '2026-11-21').from).toBe('2026-01-01');
	});

	test('before them are as many of the period before', () => {
		const before = (
			period: 'today' | 'week' | 'month' | 'year' | 'range',
			from: string,
			to: string
		) => Object.values(previousOf(period, { from, to })).join(' ');
		expect(before('today', '2026-03-01', '2026-03-01')).toBe('2026-02-28 2026-02-28');
		expect(before('week', '2026-11-16', '2026-11-18')).toBe('2026-11-09 2026-11-11');
		expect(before('month', '2026-03-01', '2026-03-31')).toBe('2026-02-01 2026-02-28');
		expect(before('month', '2026-01-01', '2026-01-20')).toBe('2025-12-01 2025-12-20');
		expect(before('year', '2028-01-01', '2028-02-29')).toBe('2027-01-01 2027-02-28');
		expect(before('range', '2026-11-10', '2026-11-12')).toBe('2026-11-07 2026-11-09');
	});

	test('have a point each, also over a change of the clock', () => {
		const range = { from: '2026-10-24', to: '2026-10-27' };
		expect(keysOf(range, 'day')).toEqual(['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27']);
		expect(keysOf(range, 'week')).toEqual(['2026-10-19', '2026-10-26']);
		expect(keysOf({ from: '2026-11-15', to: '2027-01-02' }, 'month')).toHaveLength(3);
		for (const to of ['2026-01-01', '2026-04-30', '2026-12-31', '2030-12-31']) {
			const long = { from: '2026-01-01', to };
			expect(keysOf(long, bucketOf(long)).length).toBeLessThanOrEqual(62);
		}
	});
});

test('an address survives the way there and back, and nonsense does not', () => {
	const query = queryOf(
		new URLSearchParams('period=range&from=2026-01-02&to=2026-02-03&campaign=4&compare=1')
	);
	expect(queryOf(new URLSearchParams(hrefOf(query).split('?')[1]))).toEqual(query);
	for (const nonsense of ['period=range&from=2026-02-31&to=2026-03-01', 'period=x&location=-1', ''])
		expect(hrefOf(queryOf(new URLSearchParams(nonsense)))).toBe('/app/statistics');
	const range = { from: '2026-01-02', to: '2026-02-03' };
	expect(ordersHref(query, range, { campaign: '7', master: 'x' })).toBe(
		'/app/orders?created_from=2026-01-02&created_to=2026-02-03&campaign=7&master=x'
	);
});

test('tables are quoted, and texts are never formulas', () => {
	const table = {
		head: ['Name', 'Sum'],
		rows: [
			['=1+1', -5],
			['a "b",\nc', null]
		]
	};
	expect(csvOf(table)).toBe('\uFEFFName,Sum\r\n\'=1+1,-5\r\n"a ""b"",\nc",\r\n');
	expect(tabbed(table)).toBe('Name\tSum\n\'=1+1\t-5\na "b", c\t');
});

describe('an event', () => {
	test('names what it moved; one that is not understood moved everything', () => {
		const at = '2026-11-21T10:00:00Z';
		expect(news('campaign_changed', { kind: 'move', at }).moved).toEqual(['stages']);
		const payment = { at, cause: { kind: 'payment', amount: 5, order_id: 7, contract_id: null } };
		expect(news('campaign_money_changed', payment).cause).toMatchObject({ amount: 5, order_id: 7 });
		expect(news('campaign_changed', { kind: 'brand_new', at }).moved).toEqual(parts);
		expect(news('campaign_money_changed', { odd: 1 })).toEqual({ moved: parts, cause: null });
	});

	test('of a payment told twice keeps its amount', () => {
		const full = { kind: 'payment', at: '1', amount: 5 };
		const bare = { kind: 'payment', at: '1' };
		expect(laterCause(full, bare)).toBe(full);
		expect(laterCause(bare, full)).toBe(full);
		expect(laterCause(full, { kind: 'order', at: '2' }).kind).toBe('order');
	});
});

describe('figures', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	const setUp = () => {
		const asked: (readonly Part[])[] = [];
		let working = true;
		const first = { now: { stages: [] }, before: null } as unknown as Figures;
		const state = new StatisticsState(first, {
			topics: async () => [],
			async figures(wanted) {
				asked.push(wanted);
				if (!working) return { ok: false, error: { code: '', key: 'network', details: {} } };
				return ok({ now: { stages: [{ stage_id: asked.length } as never] }, before: null });
			}
		});
		const move = () =>
			state.receive({ event: 'campaign_changed', payload: { kind: 'move', at: '1' } });
		return { asked, state, move, fail: (failing: boolean) => (working = !failing) };
	};

	test('are fetched once for a burst, only the moved part, within a quarter of a second', async () => {
		const { asked, state, move } = setUp();
		for (let i = 0; i < 100; i++) move();
		await vi.advanceTimersByTimeAsync(260);
		expect(asked).toEqual([['stages']]);
		expect(state.now.stages[0]?.stage_id).toBe(1);
		expect(state.cause('stages')?.kind).toBe('move');
		expect(state.cause('money')).toBeNull();
		move();
		await vi.advanceTimersByTimeAsync(260);
		expect(asked).toHaveLength(2);
	});

	test('that could not be fetched are fetched again', async () => {
		const { asked, state, move, fail } = setUp();
		fail(true);
		move();
		await vi.advanceTimersByTimeAsync(260);
		expect(state.error?.key).toBe('network');
		fail(false);
		await vi.advanceTimersByTimeAsync(1600);
		expect(asked).toEqual([['stages'], ['stages']]);
		expect(state.error).toBeNull();
	});

	test('rest when the page is left', async () => {
		const { asked, state, move } = setUp();
		move();
		state.destroy();
		move();
		await vi.advanceTimersByTimeAsync(5000);
		expect(asked).toEqual([]);
	});
});
