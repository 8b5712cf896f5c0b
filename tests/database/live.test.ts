// what is told live, to whom, and who may listen: realtime.messages as the triggers write them
import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignOrder, moveOrder } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	openShift,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

type Message = { topic: string; event: string; payload: Record<string, unknown>; private: boolean };

let db: Database;
let location: number;
let coordinator: string;
let master: string;
let epoch: number;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location, capacity: 1, name: 'Oleg' });
	await openShift(db.owner, master);
	const [row] = await db.owner`select private.current_epoch() as epoch`;
	epoch = row?.epoch;
});

/** The messages a change sends to the staff, in order. */
async function told(change: () => Promise<unknown>): Promise<Message[]> {
	await db.owner`delete from realtime.messages`;
	await change();
	const rows = await db.owner<Message[]>`
		select topic, event, payload, private from realtime.messages where extension = 'broadcast' and topic ~ '^(board|masters|master|money):'`;
	return [...rows];
}
const on = (messages: Message[], topic: string) => messages.filter((each) => each.topic === topic);
const board = (place = location) => `board:${place}:${epoch}`;
const asCoordinator = <T>(run: (tx: TransactionSql) => Promise<T>) => db.commitAs(coordinator, run);

describe('an order', () => {
	it('that is created is told to its board, by nobody when a program made it', async () => {
		let card = {} as Card;
		const messages = await told(async () => (card = await makeOrder(db.owner, { location })));
		expect(messages).toEqual([
			{
				topic: board(),
				event: 'order_changed',
				private: true,
				payload: {
					id: card.id,
					version: 1,
					card,
					event: 'created',
					from_stage: null,
					to_stage: card.stage_id,
					actor_id: null,
					actor_name: null,
					mutation_id: null,
					at: expect.stringMatching(/^\d{4}-.*\+00:00$/)
				}
			}
		]);
	});

	it('that is moved is told once, with the mover and the mutation', async () => {
		const card = await makeOrder(db.owner, { location });
		const [to, mutation] = [await stageOf(db.owner, 'waiting'), randomUUID()];
		let moved = {} as Card;
		const messages = await told(async () => {
			moved = await asCoordinator((tx) => moveOrder(tx, { order: card.id, to, seen: 1, mutation }));
		});
		expect(messages).toHaveLength(1);
		expect(messages[0]).toMatchObject({ topic: board(), event: 'order_changed' });
		expect(messages[0]?.payload).toMatchObject({
			event: 'moved',
			version: 2,
			card: moved,
			from_stage: card.stage_id,
			to_stage: to,
			actor_id: coordinator,
			actor_name: 'Anna',
			mutation_id: mutation
		});
		const again = await told(() =>
			asCoordinator((tx) => moveOrder(tx, { order: card.id, to, seen: 1, mutation }))
		);
		expect(again).toEqual([]);
	});

	it('that is refused tells nothing', async () => {
		const card = await makeOrder(db.owner, { location });
		const to = await stageOf(db.owner, 'closed');
		const messages = await told(() =>
			refusal(asCoordinator((tx) => moveOrder(tx, { order: card.id, to, seen: 1 })))
		);
		expect(messages).toEqual([]);
	});

	it('that is assigned is told to the board, the master and the list of masters', async () => {
		const card = await makeOrder(db.owner, { location });
		let given = {} as Card;
		const messages = await told(async () => {
			given = await asCoordinator((tx) => assignOrder(tx, { order: card.id, master, seen: 1 }));
		});
		expect(messages.map(({ topic }) => topic).sort()).toEqual(
			[board(), `master:${master}:${epoch}`, `masters:${location}:${epoch}`].sort()
		);
		const [mine] = on(messages, `master:${master}:${epoch}`);
		expect(mine?.payload).toMatchObject({ event: 'assigned', card: given });
		expect(on(messages, `masters:${location}:${epoch}`)[0]).toMatchObject({
			event: 'master_changed',
			payload: {
				id: master,
				full_name: 'Oleg',
				location_id: location,
				capacity: 1,
				active_count: 1,
				availability: 'busy'
			}
		});
	});

	it('that is taken away leaves its master with the news and no card', async () => {
		const card = await makeOrder(db.owner, {
			location,
			master,
			stage: await stageOf(db.owner, 'assigned')
		});
		const second = await makeEmployee(db.owner, 'master', { location });
		const messages = await told(() =>
			asCoordinator((tx) => assignOrder(tx, { order: card.id, master: second, seen: 1 }))
		);
		const [lost] = on(messages, `master:${master}:${epoch}`);
		expect(lost?.payload).toMatchObject({ id: card.id, card: null, event: 'removed', version: 2 });
		const [won] = on(messages, `master:${second}:${epoch}`);
		expect(won?.payload).toMatchObject({ event: 'assigned', card: { master_id: second } });
		expect(on(messages, `masters:${location}:${epoch}`)).toHaveLength(2);
	});

	it('that is edited is told as changed, and the masters hear nothing', async () => {
		const card = await makeOrder(db.owner, { location });
		const messages = await told(() =>
			asCoordinator((tx) => tx`update public.orders set priority = 2 where id = ${card.id}`)
		);
		expect(messages).toHaveLength(1);
		expect(messages[0]?.payload).toMatchObject({ event: 'changed', card: { priority: 2 } });
	});

	it('that goes to another location leaves the old board', async () => {
		const card = await makeOrder(db.owner, { location });
		const elsewhere = await makeLocation(db.owner);
		epoch += 1;
		const messages = await told(
			() => db.owner`update public.orders set location_id = ${elsewhere} where id = ${card.id}`
		);
		expect(on(messages, board())[0]?.payload).toMatchObject({ event: 'removed', card: null });
		expect(on(messages, board(elsewhere))[0]?.payload).toMatchObject({
			event: 'changed',
			card: { location_id: elsewhere }
		});
	});

	it('of a client who is renamed shows the new name under a new version', async () => {
		const client = await makeClient(db.owner, 'Lee');
		const card = await makeOrder(db.owner, { location, client });
		const messages = await told(
			() => db.owner`update public.clients set last_name = 'Chen' where id = ${client}`
		);
		expect(messages.map(({ payload }) => payload)).toMatchObject([
			{ id: card.id, version: 2, event: 'changed', card: { client_name: 'Chen Nika' } }
		]);
	});
});

it('says nothing about masters unless what boards show of them changed', async () => {
	const change = (sql: string) => told(() => db.owner.unsafe(sql, [master]));
	expect(await change(`update public.employees set full_name = 'Oleg' where id = $1`)).toEqual([]);
	expect(await change(`update public.employees set phone = '+380671112233' where id = $1`)).toEqual(
		[]
	);
	const messages = await change(`update public.employees set capacity = 5 where id = $1`);
	expect(messages).toMatchObject([
		{ topic: `masters:${location}:${epoch}`, event: 'master_changed', payload: { capacity: 5 } }
	]);
});

it('never tells a phone, an e-mail or money', async () => {
	await makeOrder(db.owner, { location, master, stage: await stageOf(db.owner, 'assigned') });
	const rows = await db.owner`select topic, payload::text as text from realtime.messages`;
	expect(rows.length).toBeGreaterThan(0);
	for (const { topic, text } of rows) {
		expect(text, topic).not.toMatch(/phone|email|telegram|price|total|amount|paid|\+380/i);
	}
});
