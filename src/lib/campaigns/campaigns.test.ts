import { describe, expect, test } from 'vitest';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import {
	draftOf,
	fieldsOf,
	filtersOf,
	hrefOf,
	narrowed,
	stateOf,
	type Figures,
	type ListedCampaign
} from './campaign.ts';
import { LiveFigures } from './live.svelte.ts';
import { amountIn, dayOf, spendOf } from './spend-csv.ts';

const figures: Figures = {
	...{ leads: 0, contacted: 0, converted: 0, rejected: 0, first_call_seconds: null },
	...{ orders: 0, done: 0, contracts: 0, spend: null, revenue: null, profit: null },
	...{ roi: null, cost_per_lead: null, cost_per_client: null, payback_on: null }
};
const campaign = (id: number, more: Partial<ListedCampaign> = {}): ListedCampaign => ({
	...{ id, version: 1, name: `Campaign ${id}`, channel: 'search', service_id: null },
	...{ location_id: null, budget: null, starts_on: '2026-01-01', ends_on: null },
	...{ archived_at: null, figures },
	...more
});
const TODAY = '2026-11-21';

describe('the address of a list', () => {
	test('says what is asked for and is read back', () => {
		for (const href of [
			'/app/campaigns',
			'/app/campaigns?q=radio&show=archived&channel=radio&span=month'
		])
			expect(hrefOf(filtersOf(new URL(href, 'http://x').searchParams))).toBe(href);
	});
	test('is forgiven its nonsense', () => {
		const params = new URLSearchParams({
			q: 'x'.repeat(999),
			show: 'evil',
			channel: 'tv',
			span: ''
		});
		expect(filtersOf(params)).toEqual({
			query: 'x'.repeat(200),
			show: 'current',
			channel: null,
			span: 'ever'
		});
	});
});

test('a campaign is planned, runs through its last day, has ended, or is archived', () => {
	expect(stateOf(campaign(1, { starts_on: '2026-11-22' }), TODAY)).toBe('planned');
	expect(stateOf(campaign(1, { ends_on: TODAY }), TODAY)).toBe('running');
	expect(stateOf(campaign(1, { ends_on: '2026-11-20' }), TODAY)).toBe('ended');
	expect(stateOf(campaign(1, { archived_at: TODAY }), TODAY)).toBe('archived');
});

test('a list is narrowed by name, channel and state; what runs and earns comes first', () => {
	const all = [
		campaign(1, { ends_on: '2026-02-01', figures: { ...figures, revenue: 900 } }),
		campaign(2, { channel: 'radio' }),
		campaign(3, { figures: { ...figures, revenue: 5 } }),
		campaign(4, { archived_at: TODAY })
	];
	const ids = (asked: Partial<Parameters<typeof narrowed>[1]>) =>
		narrowed(all, { ...filtersOf(new URLSearchParams()), ...asked }, TODAY).map(({ id }) => id);
	expect(ids({})).toEqual([3, 2, 1]);
	expect(ids({ show: 'ended' })).toEqual([1]);
	expect(ids({ show: 'archived' })).toEqual([4]);
	expect(ids({ channel: 'radio' })).toEqual([2]);
	expect(ids({ query: ' CAMPAIGN 3' })).toEqual([3]);
});

test('a form that is not touched changes nothing, and nonsense is named', () => {
	const known = campaign(1, { budget: 1500.5, service_id: 4, ends_on: '2026-12-01' });
	const { id, version, archived_at, figures: _, ...fields } = known;
	expect([id, version, archived_at]).toEqual([1, 1, null]);
	expect(fieldsOf(draftOf(known, TODAY))).toEqual({ fields, wrong: [] });
	const draft = { ...draftOf(null, TODAY), name: ' ', budget: 'lots', ends_on: '2026-01-01' };
	expect(fieldsOf(draft).wrong).toEqual(['name', 'budget', 'ends_on']);
	expect(fieldsOf({ ...draft, name: 'A', budget: '1 500,5', ends_on: '' })).toMatchObject({
		wrong: [],
		fields: { budget: 1500.5, ends_on: null, starts_on: TODAY }
	});
});

describe('a file of spend', () => {
	test('is read with any delimiter, with quotes, titles or none', () => {
		expect(
			spendOf('\uFEFFКампания;Дата;Расход\r\n"A ""b""; c";21.11.2026;"1 234,50 ₴"\r\n')
		).toEqual([{ day: '2026-11-21', amount: '1234.50' }]);
		expect(spendOf('Day,Cost,Comment\n2026-11-01,$99.90,"two\nlines"\n\n')).toEqual([
			{ day: '2026-11-01', amount: '99.90', note: 'two\nlines' }
		]);
		expect(spendOf('2026-11-01\t5\tnote\n1/2/2026\t6')).toEqual([
			{ day: '2026-11-01', amount: '5', note: 'note' },
			{ day: '2026-02-01', amount: '6' }
		]);
		expect(spendOf('\n\n')).toEqual([]);
	});
	test('leaves what it does not understand for the database to refuse', () => {
		expect(['soon', '2026-13-01', '1.2.26'].map(dayOf)).toEqual(['soon', '2026-13-01', '1.2.26']);
		expect(['-5', 'free', '', '1e9', '12 apples too many'].map(amountIn)).toEqual([
			'-5',
			'free',
			'',
			'1e9',
			'12 apples too many'
		]);
		expect(['1,234', '1.234.567,8', '1,5', '0', '12 грн.'].map(amountIn)).toEqual([
			'1234',
			'1234567.8',
			'1.5',
			'0',
			'12'
		]);
	});
});

describe('live figures', () => {
	const live = (campaignId: number | null, answers: Result<number>[]) => {
		let calls = 0;
		const server = {
			figures: () =>
				Promise.resolve(answers[Math.min(calls++, answers.length - 1)] as Result<number>),
			topics: () => Promise.resolve([])
		};
		return { state: new LiveFigures(0, server, campaignId), calls: () => calls };
	};
	const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
	const event = (campaign_id: number | null, kind = 'order') => ({
		payload: { campaign_id, kind }
	});

	test('fetch once for a burst, and only for what is shown', async () => {
		const { state, calls } = live(7, [ok(1)]);
		state.receive(event(8));
		state.receive(event(null));
		await pause(300);
		expect([state.value, calls()]).toEqual([0, 0]);
		for (let i = 0; i < 20; i++) state.receive(event(7));
		await pause(300);
		expect([state.value, calls()]).toEqual([1, 1]);
		// a file of leads names none of its campaigns
		state.receive(event(null, 'lead'));
		await pause(300);
		expect(calls()).toBe(2);
		state.destroy();
	});

	test('keep what they had when a trip fails, say so, and try again', async () => {
		const { state } = live(null, [failed({ message: 'TypeError: x', code: '' }, 0), ok(2)]);
		await expect(state.refresh()).rejects.toThrow('network');
		expect([state.value, state.error?.key]).toEqual([0, 'network']);
		await state.refresh();
		expect([state.value, state.error]).toEqual([2, null]);
	});
});
