import { beforeEach, expect, it } from 'vitest';
import { makeCard, makeSnapshot, stages } from '$lib/board/testing/server-double.ts';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Topic } from '$lib/realtime/live-topics.ts';
import type { Action } from './action.ts';
import type { WorkServer } from './my-work.data.ts';
import { MyWork } from './my-work.svelte.ts';
import type { WorkCard, WorkChanges } from './my-work.ts';
import type { WorkNotice } from './notice.ts';
import type { ShiftAnswer } from './shift.ts';

const [, assigned, running] = stages.map(({ id }) => id) as [number, number, number];
const topic: Topic = { scope: 'master', topic: 'master:me:1', location_id: 1 };

const mine = (id: number, version = 1, more: Partial<WorkCard> = {}): WorkCard => ({
	...makeCard({ id }),
	asset_label: null,
	photo_count: 0,
	assigned_at: null,
	seen_at: null,
	accepted_at: null,
	client_id: null,
	version,
	stage_id: assigned,
	master_id: 'me',
	...more
});

let notices: WorkNotice[];
let answer: (action: Action) => Result<WorkCard | ShiftAnswer | null>;
let changes: Partial<WorkChanges>;

beforeEach(() => {
	notices = [];
	answer = () => failed(new TypeError('fetch failed'));
	changes = {};
});

function setUp(...cards: WorkCard[]) {
	const snapshot = { ...makeSnapshot([]), cards };
	const server: WorkServer = {
		send: async (action) => answer(action),
		changes: async () =>
			ok({
				cards: [],
				removed: [],
				aged: [],
				masters: [],
				counts: {},
				at: snapshot.at,
				...changes
			}),
		contacts: async () => new Map(),
		markSeen: async () => true,
		topics: async () => [topic]
	};
	return new MyWork({
		start: { snapshot, contacts: new Map(), transitions: [], services: [], shift: null },
		me: 'me',
		permissions: ['orders.work'],
		server,
		store: { all: async () => [], put: async () => {}, remove: async () => {} },
		onNotice: (notice) => notices.push(notice),
		onOutdated: () => {}
	});
}

function hear(work: MyWork, id: number, version: number, card: WorkCard | null, actor = 'boss') {
	const head = { id, version, card, event: 'assigned', actor_id: actor, actor_name: 'Марина' };
	work.receive({ topic, event: 'order_changed', payload: { ...head, mutation_id: null } });
}
const ids = (work: MyWork) => work.orders.map(({ card }) => card.id);
const told = () => notices.map(({ kind }) => kind);

it('a new assignment is told once, whatever the number of messages about it', async () => {
	const work = setUp();
	hear(work, 7, 3, mine(7, 3));
	hear(work, 7, 3, mine(7, 3));
	changes = { cards: [mine(7, 3)] };
	await work.repair();
	expect(ids(work)).toEqual([7]);
	expect(told()).toEqual(['assigned']);
});

it('a withdrawn order goes with the name of who took it, and late news do not bring it back', () => {
	const work = setUp(mine(7, 3));
	hear(work, 7, 5, null);
	hear(work, 7, 4, mine(7, 4));
	expect(ids(work)).toEqual([]);
	expect(notices).toMatchObject([{ kind: 'withdrawn', actor: 'Марина' }]);
	hear(work, 7, 6, mine(7, 6));
	expect(ids(work)).toEqual([7]);
});

it('what was missed comes with a repair and is told as well', async () => {
	const work = setUp(mine(1), mine(2));
	changes = { cards: [mine(3)], removed: [1] };
	await work.repair();
	expect(ids(work)).toEqual([2, 3]);
	expect(told().sort()).toEqual(['assigned', 'withdrawn']);
});

it('what the master did himself is no news', async () => {
	const work = setUp(mine(1), mine(2));
	await work.act({ kind: 'decline', order_id: 1, reason: 'far' });
	hear(work, 1, 2, null);
	hear(work, 2, 2, mine(2, 2, { stage_id: running }), 'me');
	expect(told()).toEqual([]);
});

it('a step is on the screen at once, and the next one is offered on top of it', async () => {
	const work = setUp(mine(1));
	await work.act({ kind: 'accept', order_id: 1 });
	expect(work.orders[0]?.pending.map(({ kind }) => kind)).toEqual(['accept']);
	expect(work.orders[0]?.steps).not.toContain('accept');
	expect(work.waiting).toBe(1);
	work.destroy();
});

it('a refusal is told and kept; asked for again it names the version seen now', async () => {
	const work = setUp(mine(1, 3));
	const seen: number[] = [];
	answer = ({ seen_version }) => {
		seen.push(seen_version);
		return { ok: false, error: { code: 'VK409', key: 'order_changed', details: {} } };
	};
	await work.act({ kind: 'finish', order_id: 1, result: 'ok' });
	await expect.poll(() => work.refused.length).toBe(1);
	expect(told()).toEqual(['refused']);
	expect(work.orders[0]?.pending).toEqual([]);
	hear(work, 1, 8, mine(1, 8));
	answer = ({ seen_version }) => {
		seen.push(seen_version);
		return ok(mine(1, 9, { stage_id: running }));
	};
	await work.again((work.refused[0] as { action: Action }).action);
	await expect.poll(() => work.orders[0]?.stage.id).toBe(running);
	expect(seen).toEqual([3, 8]);
	expect(work.refused).toEqual([]);
});
