import { expect, test } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import { eventSentence, type OrderEvent } from './event-sentence.ts';

const format = createFormat('en', 'Europe/Kyiv');
const names = {
	stage: (id: number) => ['', 'Unassigned', 'Assigned'][id] ?? null,
	person: (id: string) => (id === 'oleg' ? 'Oleg' : null)
};
const say = (kind: string, from: OrderEvent['from'], to: OrderEvent['to']) =>
	eventSentence({ kind, from, to }, names, format);

test('moves, assignments and what both at once is', () => {
	expect(say('moved', { stage_id: 1, rank: 'a' }, { stage_id: 2, rank: 'b' })).toBe(
		'Moved from “Unassigned” to “Assigned”'
	);
	expect(say('moved', { stage_id: 1, rank: 'a' }, { stage_id: 1, rank: 'b' })).toBe(
		'Reordered within “Unassigned”'
	);
	expect(
		say('assigned', { master_id: null, stage_id: 1 }, { master_id: 'oleg', stage_id: 2 })
	).toBe('Given to Oleg, moved to “Assigned”');
	expect(say('assigned', { master_id: 'oleg' }, { master_id: null })).toBe('Taken from Oleg');
	expect(say('moved', { stage_id: 9 }, { stage_id: 1 })).toBe('Moved from “—” to “Unassigned”');
});

test('a plan says when, and for how long if that is all', () => {
	const plan = { planned_at: new Date().toISOString().replace(/T.*/, 'T10:00:00Z') };
	const none = { planned_at: null };
	expect(say('planned', none, plan)).toMatch(/^Planned for today 1[23]:00$/);
	expect(say('planned', plan, none)).toBe('Planned hour removed');
	expect(say('planned', { planned_minutes: null }, { planned_minutes: 30 })).toBe(
		'Planned duration: empty → 30'
	);
});

test('one short change is quoted, many or long ones are named', () => {
	expect(say('changed', { priority: 0 }, { priority: 2 })).toBe('Priority: Normal → Urgent');
	expect(say('changed', { address: null }, { address: 'Soborna 4' })).toBe(
		'Address: empty → Soborna 4'
	);
	expect(say('changed', { problem: 'x' }, { problem: 'y'.repeat(80) })).toBe('Changed: problem');
	expect(say('changed', { problem: 'x', priority: 1 }, { problem: 'y', priority: 2 })).toBe(
		'Changed: problem, priority'
	);
	expect(say('changed', { client_id: 1 }, { client_id: 2 })).toBe('Changed: client');
});

test('kinds that came later are told, and unknown ones do no harm', () => {
	expect(say('created', {}, { stage_id: 1 })).toBe('Order taken in');
	expect(say('paid', {}, {})).toBe('Payment received');
	expect(say('flown', {}, {})).toBe('Updated');
});
