import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failed, ok } from '$lib/errors/domain-error.ts';
import type { Topic } from '$lib/realtime/live-topics.ts';
import { LeadDesk, type DeskServer } from './lead-desk.svelte.ts';
import { judge } from './lead-filters.ts';
import { LeadList } from './lead-list.svelte.ts';
import type { Lead } from './lead.ts';
import { makeLead } from './testing.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const topic: Topic = { scope: 'leads', topic: 'leads:1:1', location_id: 1 };
const mine = (lead: Lead) => ({ ...lead, version: lead.version + 1, claimed_by: 'me' });

function setUp(leads: Lead[], server: Partial<DeskServer> = {}) {
	const list: LeadList = new LeadList(
		{ leads, next: null },
		judge({}, 'me', 'Europe/Kyiv'),
		async () => ok({ leads: [...list.rows], next: null })
	);
	const said: { text: string; undo?: (() => void) | undefined }[] = [];
	const problems: string[] = [];
	const gap = vi.fn();
	const called = { leads: 0, called: 0, seconds: null };
	const summary = vi.fn(async () => ok({ new: 1, mine: 0, today: called, week: called }));
	const first = leads[0] as Lead;
	const desk = new LeadDesk({
		server: {
			topics: async () => [topic],
			summary,
			claim: async () => ok(mine(first)),
			release: async () => ok({ ...first, version: 9 }),
			contact: async () => ok(first),
			reject: async () => ok({ ...first, version: 2, status: 'rejected' }),
			reopen: async () => ok({ ...first, version: 3 }),
			...server
		},
		summary: null,
		list: () => list,
		say: (text, undo) => said.push({ text, undo }),
		complain: ({ key, details }) => problems.push(`${key} ${String(details.claimed_by_name)}`)
	});
	desk.start(() => ({ start: () => {}, destroy: () => {}, gap }));
	const hear = (event: string, payload: unknown) => desk.receive({ topic, event, payload });
	return { desk, list, said, problems, gap, summary, hear };
}

it('a claim shows at once and can be taken back', async () => {
	const lead = makeLead(1);
	const { desk, list, said } = setUp([lead]);
	expect(await desk.claim(lead)).toBe(true);
	expect(list.rows[0]?.claimed_by).toBe('me');
	said[0]?.undo?.();
	await vi.advanceTimersByTimeAsync(0);
	expect(list.rows[0]?.claimed_by).toBe(null);
});

it('who comes too late is told who was first, and the list is read again', async () => {
	const refusal = { code: 'VK409', message: 'lead_claimed', details: '{"claimed_by_name":"Olha"}' };
	const lead = makeLead(1);
	const { desk, problems, gap } = setUp([lead], { claim: async () => failed(refusal) });
	expect(await desk.claim(lead)).toBe(false);
	expect(problems).toEqual(['lead_claimed Olha']);
	expect(gap).toHaveBeenCalledOnce();
	expect(desk.isBusy(1)).toBe(false);
});

it('a call claims a lead that is nobody’s, and no other', () => {
	const claim = vi.fn(async () => ok(mine(makeLead(1))));
	const { desk } = setUp([makeLead(1)], { claim });
	desk.calling(makeLead(1, { claimed_by: 'other' }));
	desk.calling(makeLead(1, { status: 'rejected' }));
	expect(claim).not.toHaveBeenCalled();
	desk.calling(makeLead(1));
	desk.calling(makeLead(1));
	expect(claim).toHaveBeenCalledOnce();
});

it('news reach the list, those who listen and, after a burst, the figures once', async () => {
	const { desk, list, hear, summary } = setUp([makeLead(1)]);
	const heard: (number | null)[] = [];
	desk.listen((id) => heard.push(id));
	hear('lead_changed', { id: 2, version: 1, lead: makeLead(2) });
	hear('lead_changed', { id: 1, version: 2, lead: null });
	hear('lead_noted', { id: 2 });
	expect(list.rows.map(({ id }) => id)).toEqual([2]);
	expect(heard).toEqual([2, 1, 2]);
	await vi.advanceTimersByTimeAsync(1000);
	expect(summary).toHaveBeenCalledOnce();
	expect(desk.summary?.new).toBe(1);
});

it('an import, or news it cannot read, make it read everything again', () => {
	const { hear, gap } = setUp([makeLead(1)]);
	hear('leads_imported', { created: 500 });
	hear('lead_changed', { id: 'x' });
	expect(gap).toHaveBeenCalledTimes(2);
});
