// assigned, seen, accepted or declined, finished; and what happens when nobody answers
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignOrder, call, moveOrder } from '../support/calls.ts';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Who
} from '../support/database.ts';

let db: Database;
let location: number;
let coordinator: string;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	coordinator = await makeEmployee(db.owner, 'coordinator');
});
afterAll(() => db?.stop());
beforeEach(async () => {
	location = await makeLocation(db.owner);
	master = await makeEmployee(db.owner, 'master', { location, capacity: 5, name: 'Oleg' });
});

async function assigned(to = master): Promise<Card> {
	const card = await makeOrder(db.owner, { location });
	return db.commitAs(coordinator, (tx) =>
		assignOrder(tx, { order: card.id, master: to, seen: card.version })
	);
}
const seen = (who: Who, card: Card) =>
	db.commitAs(who, (tx) => call(tx, 'mark_order_seen', { order_id: card.id }));
const respond = (who: Who, card: Card, accept: boolean, reason: string | null = null) =>
	db.commitAs(who, (tx) =>
		call(tx, 'respond_to_assignment', { order_id: card.id, accept, reason })
	);
const finish = (who: Who, card: Card, result: string | null = 'Done', mutation = randomUUID()) =>
	db.commitAs(who, (tx) =>
		call(tx, 'finish_order', {
			order_id: card.id,
			result,
			seen_version: card.version,
			mutation_id: mutation
		})
	);
const kindsOf = async (card: Card) =>
	(
		await db.owner`select kind from public.order_events where order_id = ${card.id} order by id`
	).map((row) => row.kind as string);
const lastEvent = async (card: Card) =>
	(
		await db.owner`select kind, actor_id, reason, to_values from public.order_events
		where order_id = ${card.id} order by id desc limit 1`
	)[0] as Record<string, unknown>;

describe('a master', () => {
	it('sees and accepts, each once, and history tells', async () => {
		const card = await assigned();
		expect(card).toMatchObject({
			assigned_at: expect.any(String),
			seen_at: null,
			accepted_at: null
		});
		const first = await seen(master, card);
		expect(first.seen_at).toEqual(expect.any(String));
		expect(await seen(master, card)).toEqual(first);
		const accepted = await respond(master, card, true);
		expect(accepted).toMatchObject({ seen_at: first.seen_at, accepted_at: expect.any(String) });
		expect(await respond(master, card, true)).toEqual(accepted);
		expect(await kindsOf(card)).toEqual(['created', 'assigned', 'seen', 'accepted']);
	});

	it('declines with a reason, and the order is nobody’s again', async () => {
		const card = await assigned();
		for (const reason of [null, ' ', '\u200b']) {
			expect(await refusal(respond(master, card, false, reason))).toMatchObject({
				code: 'VK422',
				message: 'reason_required'
			});
		}
		const declined = await respond(master, card, false, 'No such tool');
		expect(declined).toMatchObject({
			master_id: null,
			assigned_at: null,
			stage_id: await stageOf(db.owner, 'unassigned')
		});
		expect(await lastEvent(card)).toMatchObject({
			kind: 'declined',
			actor_id: master,
			reason: 'No such tool'
		});
		expect(await refusal(respond(master, card, true))).toMatchObject({
			message: 'order_not_found'
		});
	});

	it('who replays an answer over a bad connection gets the same one', async () => {
		const [card, mutation] = [await assigned(), randomUUID()];
		const decline = () =>
			db.commitAs(master, (tx) =>
				call(tx, 'respond_to_assignment', {
					order_id: card.id,
					accept: false,
					reason: 'Ill',
					mutation_id: mutation
				})
			);
		expect(await decline()).toEqual(await decline());
	});

	it('has accepted what he starts, and cannot decline it then', async () => {
		const card = await assigned();
		const to = await stageOf(db.owner, 'in_progress');
		const started = await db.commitAs(master, (tx) =>
			moveOrder(tx, { order: card.id, to, seen: card.version })
		);
		expect(started.accepted_at).toEqual(expect.any(String));
		expect(await refusal(respond(master, card, false, 'Tired'))).toMatchObject({
			code: 'VK422',
			message: 'transition_not_allowed'
		});
	});

	it('finishes with what was done, once', async () => {
		const [card, mutation] = [await assigned(), randomUUID()];
		for (const result of [null, ' ']) {
			expect(await refusal(finish(master, card, result))).toMatchObject({
				details: { field: 'result' }
			});
		}
		const done = await finish(master, card, ' New strings ', mutation);
		expect(done.stage_id).toBe(await stageOf(db.owner, 'done'));
		expect(await finish(master, card, ' New strings ', mutation)).toEqual(done);
		const [row] = await db.owner`select result from public.orders where id = ${card.id}`;
		expect(row?.result).toBe('New strings');
		expect(await refusal(finish(master, done))).toMatchObject({
			message: 'transition_not_allowed'
		});
	});

	it('is told who was faster', async () => {
		const card = await assigned();
		const to = await stageOf(db.owner, 'waiting');
		await db.commitAs(coordinator, (tx) =>
			moveOrder(tx, { order: card.id, to, seen: card.version })
		);
		expect(await refusal(finish(master, card))).toMatchObject({
			message: 'order_changed',
			details: { changed_by: coordinator }
		});
	});
});

it('a new master starts the handshake anew', async () => {
	const card = await assigned();
	const accepted = await respond(master, card, true);
	const other = await makeEmployee(db.owner, 'master', { location });
	const given = await db.commitAs(coordinator, (tx) =>
		assignOrder(tx, { order: card.id, master: other, seen: accepted.version })
	);
	expect(given).toMatchObject({ master_id: other, seen_at: null, accepted_at: null });
});

it('nobody answers for another', async () => {
	const card = await assigned();
	const colleague = await makeEmployee(db.owner, 'master', { location });
	for (const who of [colleague, coordinator]) {
		for (const answer of [() => seen(who, card), () => respond(who, card, true)]) {
			expect(await refusal(answer())).toMatchObject({ code: 'VK404', message: 'order_not_found' });
		}
	}
	expect((await refusal(finish(colleague, card))).message).toBe('order_not_found');
	for (const [who, code] of [
		[await makeUser(db.owner), 'VK403'],
		[null, '42501']
	] as [Who, string][]) {
		const answers = [
			() => seen(who, card),
			() => respond(who, card, true),
			() => finish(who, card)
		];
		for (const answer of answers) expect((await refusal(answer())).code).toBe(code);
	}
});
