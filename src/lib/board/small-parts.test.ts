import { describe, expect, it } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import { mastersFor } from './availability.ts';
import { newMutationId, stageName, type Master } from './board.ts';
import { handshakeOf, timingOf } from './promise.ts';
import { BoardRules } from './rules.ts';
import { makeCard, stages } from './testing/server-double.ts';

const [unassigned, assigned, , waiting] = stages as [
	(typeof stages)[0],
	(typeof stages)[0],
	(typeof stages)[0],
	(typeof stages)[0]
];

describe('rules known before asking', () => {
	const transitions = [
		{ from_kind: 'unassigned', to_kind: 'assigned', permission: 'orders.assign' }
	] as const;

	it('need the transition and its permission', () => {
		const rules = new BoardRules(['orders.move', 'orders.assign'], transitions);
		expect(rules.verdict(unassigned, assigned)).toBe('allowed');
		expect(rules.verdict(unassigned, waiting)).toBe('no_transition');
		const watcher = new BoardRules(['board.read'], transitions);
		expect(watcher.verdict(unassigned, assigned)).toBe('no_permission');
		expect(watcher.movesCards).toBe(false);
	});

	it('let those who move reorder a column, and not a master who only works', () => {
		expect(new BoardRules(['orders.move'], []).verdict(assigned, assigned)).toBe('allowed');
		expect(new BoardRules(['orders.work'], []).verdict(assigned, assigned)).toBe('no_permission');
	});
});

describe('a promise', () => {
	const now = Date.parse('2026-03-02T12:00:00Z');
	const look = (promised_at: string | null, kind: (typeof stages)[0]['kind'] = 'waiting') =>
		timingOf(
			makeCard({ id: 1, promised_at }),
			{ ...waiting, kind },
			now,
			createFormat('en', 'UTC')
		);

	it('is relative, turns late by the clock, and ends with the order', () => {
		expect(look('2026-03-02T15:00:00Z')).toMatchObject({ late: false, text: 'in 3 hours' });
		expect(look('2026-03-02T11:59:00Z')?.late).toBe(true);
		expect(look('2026-02-28T10:00:00Z')?.text).toMatch(/Overdue 2\D+$/);
		expect(look('2026-02-28T10:00:00Z', 'done')).toBeNull();
		expect(look(null)).toBeNull();
	});

	it('yields to a norm that has run out, and an overdue promise does not', () => {
		const stage = { ...waiting, norm_minutes: 60 };
		const at = (promised_at: string | null, stage_entered_at: string) =>
			timingOf(
				makeCard({ id: 1, promised_at, stage_entered_at }),
				stage,
				now,
				createFormat('en', 'UTC')
			);
		expect(at('2026-03-02T15:00:00Z', '2026-03-02T09:00:00Z')).toMatchObject({
			late: true,
			text: 'Norm +2h'
		});
		expect(at(null, '2026-03-02T11:30:00Z')).toBeNull();
		expect(at('2026-03-02T11:00:00Z', '2026-03-02T09:00:00Z')?.text).toMatch(/Overdue 1h/);
	});

	it('of an answer is waited for until the master accepts', () => {
		const card = makeCard({ id: 1, master_id: 'm', assigned_at: '2026-03-02T11:48:00Z' });
		expect(handshakeOf(card, assigned, now)).toEqual({ seen: false, waited: 720_000 });
		const seen = { ...card, seen_at: '2026-03-02T11:50:00Z' };
		expect(handshakeOf(seen, assigned, now)?.seen).toBe(true);
		expect(handshakeOf({ ...seen, accepted_at: '2026-03-02T11:51:00Z' }, assigned, now)).toBeNull();
		expect(handshakeOf(card, waiting, now)).toBeNull();
	});
});

describe('masters for an order', () => {
	const master = (id: string, face: Partial<Master> = {}): Master => ({
		id,
		full_name: id,
		location_id: 1,
		capacity: 2,
		active_count: 0,
		availability: 'free',
		...face
	});

	it('are those of its workshop, the free and least loaded first', () => {
		const card = makeCard({ id: 1, location_id: 1 });
		const masters = [
			master('off', { availability: 'off' }),
			master('full', { availability: 'busy', active_count: 2 }),
			master('half', { active_count: 1 }),
			master('elsewhere', { location_id: 2 }),
			master('everywhere', { location_id: null })
		];
		const names = mastersFor(card, masters).map(({ id }) => id);
		expect(names).toEqual(['everywhere', 'half', 'full', 'off']);
	});
});

it('a column without a name in this language shows another, never nothing', () => {
	const stage = { ...unassigned, name: { ru: 'Новая', en: '' } };
	expect(stageName(stage, 'uk')).toBe('Новая');
	expect(stageName({ ...stage, name: {} }, 'uk')).toBe('—');
});

it('mutation ids are random version 4 uuids', () => {
	const ids = new Set(Array.from({ length: 100 }, newMutationId));
	expect(ids.size).toBe(100);
	for (const id of ids) {
		expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	}
});
