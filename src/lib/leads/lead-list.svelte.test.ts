import { expect, it } from 'vitest';
import { failed, ok } from '$lib/errors/domain-error.ts';
import { judge } from './lead-filters.ts';
import { LeadList } from './lead-list.svelte.ts';
import type { Cursor, Lead } from './lead.ts';
import { makeLead } from './testing.ts';

const open = judge({}, 'me', 'Europe/Kyiv');

/** A server with leads, newest first, and a list that has read the first `shown` of them. */
function setUp(leads: Lead[], shown = leads.length, verdict = open) {
	const server = { leads, down: false, during: () => {} };
	const page = (after: Cursor | null, rows: number) => {
		const from = after ? server.leads.findIndex(({ id }) => id === after.id) + 1 : 0;
		const part = server.leads.slice(from, from + rows);
		const last = part.at(-1);
		const more = last && server.leads.length > from + rows;
		return { leads: part, next: more ? { id: last.id, created_at: last.created_at } : null };
	};
	const list = new LeadList(page(null, shown), verdict, async (after, rows) => {
		if (server.down) return failed(new TypeError('fetch failed'));
		const answer = page(after, rows);
		server.during();
		return ok(answer);
	});
	const ids = () => list.rows.map(({ id }) => id);
	const hear = (lead: Lead) => list.accept(lead.id, lead.version, lead);
	return { server, list, ids, hear };
}

it('a new lead comes on top, once, however often it is told', () => {
	const { list, ids, hear } = setUp([makeLead(2), makeLead(1)]);
	hear(makeLead(3));
	hear(makeLead(3));
	expect(ids()).toEqual([3, 2, 1]);
	expect([list.isFresh(3), list.isFresh(2)]).toEqual([true, false]);
});

it('late news do not overwrite newer ones, nor bring back what is gone', () => {
	const { list, ids, hear } = setUp([makeLead(1, { version: 4 })]);
	hear(makeLead(1, { version: 3, first_name: 'Old' }));
	expect(list.rows[0]?.first_name).toBe('Lada');
	list.accept(1, 6, null);
	hear(makeLead(1, { version: 5 }));
	expect(ids()).toEqual([]);
});

it('a lead that no longer fits leaves, one that fits again returns to its place', () => {
	const { ids, hear } = setUp([makeLead(3), makeLead(2), makeLead(1)]);
	hear(makeLead(2, { version: 2, status: 'rejected' }));
	expect(ids()).toEqual([3, 1]);
	hear(makeLead(2, { version: 3 }));
	expect(ids()).toEqual([3, 2, 1]);
});

it('what is older than the last row waits for its page', async () => {
	const { list, ids, hear, server } = setUp([makeLead(9), makeLead(8), makeLead(7)], 2);
	hear(makeLead(5));
	expect(ids()).toEqual([9, 8]);
	server.leads.push(makeLead(5));
	await list.more();
	expect(ids()).toEqual([9, 8, 7, 5]);
	expect(list.hasMore).toBe(false);
});

it('words are a matter of the database: only rows that are shown change by themselves', () => {
	const { list, hear } = setUp([makeLead(1)], 1, judge({ q: 'lada' }, 'me', 'Europe/Kyiv'));
	expect(hear(makeLead(2))).toBe(false);
	expect(hear(makeLead(1, { version: 2, first_name: 'Leda' }))).toBe(true);
	expect(list.rows.map(({ first_name }) => first_name)).toEqual(['Leda']);
});

it('a repair reads as much as is shown, and what is heard meanwhile wins', async () => {
	const many = Array.from({ length: 120 }, (_, index) => makeLead(200 - index));
	const { list, ids, server, hear } = setUp(many, 100);
	server.leads = [makeLead(300), ...many.filter(({ id }) => id !== 150)];
	server.during = () => {
		hear(makeLead(301));
		hear(makeLead(200, { version: 2, first_name: 'Newer' }));
	};
	await list.repair();
	expect(ids().slice(0, 3)).toEqual([301, 300, 200]);
	expect(list.rows.find(({ id }) => id === 200)?.first_name).toBe('Newer');
	expect(ids()).not.toContain(150);
	expect(list.isFresh(300)).toBe(true);
});

it('an unreachable server leaves the list as it is, and says so', async () => {
	const { list, ids, server } = setUp([makeLead(2), makeLead(1)], 1);
	server.down = true;
	await list.more();
	expect([list.error?.key, ids()]).toEqual(['network', [2]]);
	await expect(list.repair()).rejects.toThrow();
	expect(ids()).toEqual([2]);
});
