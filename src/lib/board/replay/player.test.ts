import { expect, test } from 'vitest';
import type { Card } from '../board.ts';
import { ReplayPlayer } from './player.svelte.ts';
import type { Past, PastDay, PastEvent } from './replay.ts';

const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00+00:00`;
const stage = (id: number, kind: 'unassigned' | 'waiting' | 'closed') => ({
	id,
	name: { en: kind },
	kind,
	colour: '#888888',
	position: id,
	wip_limit: null,
	norm_minutes: null,
	requires_reason: false,
	location_id: null
});
const card = (id: number, more: Partial<Card> = {}): Card => ({
	id,
	version: 1,
	stage_id: 1,
	rank: `V${id}`,
	location_id: 1,
	client_id: 1,
	client_name: 'Tkach',
	type: 'repair',
	problem: 'Buzzes',
	address: null,
	priority: 0,
	master_id: null,
	promised_at: null,
	stage_entered_at: at(0),
	created_at: at(0),
	updated_at: at(0),
	...more
});
let serial = 0;
const event = (order_id: number, hour: number, more: Partial<PastEvent>): PastEvent => ({
	id: ++serial,
	order_id,
	at: at(hour),
	kind: 'moved',
	actor_id: null,
	from: {},
	to: {},
	reason: null,
	card: null,
	...more
});
const past: Past = {
	stages: [stage(1, 'unassigned'), stage(2, 'waiting'), stage(3, 'closed')],
	cards: [card(1), card(2)],
	counts: { 1: 2, 2: 0, 3: 70 },
	people: {},
	at: at(0)
};
const day = (events: PastEvent[]): PastDay => ({
	from: at(0),
	to: '2026-11-21T00:00:00+00:00',
	events,
	truncated: false,
	people: {}
});
const events = [
	event(1, 5, { from: { stage_id: 1, rank: 'V1' }, to: { stage_id: 2, rank: 'V9' } }),
	event(9, 7, {
		from: { stage_id: 3, rank: 'V1' },
		to: { stage_id: 1, rank: 'V0' },
		card: card(9, { rank: 'V0', stage_entered_at: at(7) })
	}),
	event(2, 9, { kind: 'changed', from: { location_id: 1 }, to: { location_id: 2 } })
];
const shape = (player: ReplayPlayer) =>
	player.columns.map(({ cards, count }) => [cards.map(({ id }) => id).join(), count]);

test('seeking forward and back shows the columns of that moment, with true counts', () => {
	const player = new ReplayPlayer(past, day(events), 1);
	const start = [
		['1,2', 2],
		['', 0],
		['', 70]
	];
	expect(shape(player)).toEqual(start);
	player.seek(Date.parse(at(8)));
	expect(shape(player)).toEqual([
		['9,2', 2],
		['1', 1],
		['', 69]
	]);
	expect(player.current?.order_id).toBe(9);
	player.goto(2);
	expect(shape(player)[0]).toEqual(['9', 1]);
	player.seek(Date.parse(at(1)));
	expect(shape(player)).toEqual(start);
	expect(player.current).toBe(null);
});

test('steps go event by event, take time along and stop at both ends', () => {
	const player = new ReplayPlayer(past, day(events), 1);
	player.step(1);
	expect([player.applied, player.time]).toEqual([1, Date.parse(at(5))]);
	expect(player.waitedAt(0)).toBe(5 * 3_600_000);
	for (let press = 0; press < 5; press++) player.step(1);
	expect(player.applied).toBe(3);
	expect(player.waitedAt(1)).toBe(null);
	for (let press = 0; press < 5; press++) player.step(-1);
	expect([player.applied, player.time]).toEqual([0, player.begins]);
});

test('cards in a column that was removed since stand in one of their own', () => {
	const player = new ReplayPlayer({ ...past, cards: [card(4, { stage_id: 77 })] }, day([]), 1);
	expect(player.columns.at(-1)).toMatchObject({ stage: null, count: 1 });
});
