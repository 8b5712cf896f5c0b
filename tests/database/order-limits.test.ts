// what no writer can do, whatever path he takes: exceed a capacity, refuse without a reason, forge money
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignOrder, call, createOrder, moveOrder } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeStage,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

type Result = {
	order_id: number;
	ok: boolean;
	mutation_id: string;
	card?: Card;
	error?: { message: string };
};

let db: Database;
let location: number;
let coordinator: string;
let waiting: number;
let assigned: number;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator');
	waiting = await stageOf(db.owner, 'waiting');
	assigned = await stageOf(db.owner, 'assigned');
});
afterAll(() => db?.stop());

const newMaster = (capacity: number) => makeEmployee(db.owner, 'master', { location, capacity });
const activeOf = async (master: string) =>
	(await db.owner`select private.active_count(${master}) as n`)[0]?.n as number;

describe('capacity', () => {
	it('holds when a thousand assign one master at once, each in his own way', async () => {
		const capacity = 7;
		const master = await newMaster(capacity);
		const client = await makeClient(db.owner);
		const [{ ids } = { ids: [] }] = await db.owner`
			with made as (
				insert into public.orders (location_id, client_id, stage_id, rank, problem)
				select ${location}, ${client}, ${await stageOf(db.owner, 'unassigned')},
					'W' || lpad(i::text, 5, '0') || 'V', 'x' from generate_series(1, 750) i returning id
			) select array_agg(id) as ids from made`;
		const [row] =
			await db.owner`insert into public.orders (location_id, client_id, stage_id, rank, problem, master_id)
			values (${location}, ${client}, ${waiting}, 'W1', 'x', ${master}) returning id`;
		const ways = [
			(id: number) =>
				db.commitAs(coordinator, (tx) => assignOrder(tx, { order: id, master, seen: 1 })),
			(id: number) =>
				db.owner`update public.orders set master_id = ${master}, stage_id = ${assigned} where id = ${id}`,
			(id: number) =>
				db.commitAs(coordinator, (tx) =>
					call(tx, 'bulk_assign', {
						items: [{ order_id: id, seen_version: 1 }],
						master_id: master,
						mutation_id: randomUUID()
					})
				),
			() =>
				db.commitAs(coordinator, (tx) =>
					createOrder(
						tx,
						{ client_id: client, problem: 'x', master_id: master, location_id: location },
						randomUUID()
					)
				)
		];
		const drag = () =>
			db.commitAs(coordinator, (tx) => moveOrder(tx, { order: row?.id, to: assigned, seen: 1 }));
		const attempts = [
			...(ids as number[]).map((id, i) => ways[i % 3]?.(id) as Promise<unknown>),
			...Array.from({ length: 249 }, () => (ways[3] as () => Promise<unknown>)()),
			drag()
		];
		const results = await Promise.allSettled(attempts);
		expect(results).toHaveLength(1000);
		for (const result of results) {
			if (result.status === 'rejected') expect(result.reason.message).toBe('master_at_capacity');
		}
		expect(await activeOf(master)).toBe(capacity);
	}, 120_000);

	it('holds for one statement that imports many', async () => {
		const [master, client] = [await newMaster(2), await makeClient(db.owner)];
		const imported = db.owner`insert into public.orders (location_id, client_id, stage_id, master_id, problem)
			select ${location}, ${client}, ${assigned}, ${master}, 'x' from generate_series(1, 3)`;
		expect(await refusal(imported as never)).toMatchObject({ message: 'master_at_capacity' });
		expect(await activeOf(master)).toBe(0);
	});
});

describe('a refusal', () => {
	it('without a reason is impossible, by SQL and in columns that ask for none', async () => {
		const column = await makeStage(db.owner, 'refused');
		const card = await makeOrder(db.owner, { location });
		const told = { code: 'VK422', message: 'reason_required', details: { stage_id: column } };
		for (const reason of [null, '', ' ', '\u200b']) {
			const updated = db.owner`update public.orders set stage_id = ${column}, refusal_reason = ${reason} where id = ${card.id}`;
			expect(await refusal(updated as never)).toEqual(told);
		}
		const moved = (reason: string | null) =>
			db.commitAs(coordinator, (tx) =>
				moveOrder(tx, { order: card.id, to: column, seen: 1, reason })
			);
		expect(await refusal(moved(null))).toEqual(told);
		await moved('Too dear');
		const erased = db.owner`update public.orders set refusal_reason = null where id = ${card.id}`;
		expect(await refusal(erased as never)).toEqual(told);
		const client = await makeClient(db.owner);
		const made = db.owner`insert into public.orders (location_id, client_id, stage_id, problem)
			values (${location}, ${client}, ${column}, 'Crack')`;
		expect(await refusal(made as never)).toEqual(told);
	});
});

describe('amounts and counters', () => {
	it('are written by nobody signed in', async () => {
		const admin = await makeEmployee(db.owner, 'admin');
		for (const column of 'total paid payment_state comment_count photo_count assigned_at seen_at accepted_at tracking_token created_by'.split(
			' '
		)) {
			const written = db.asRole(admin, (tx) =>
				tx.unsafe(`update public.orders set ${column} = ${column}`)
			);
			expect((await refusal(written)).code, column).toBe('42501');
		}
	});

	it('count comments, automatic notes left out', async () => {
		const card = await makeOrder(db.owner, { location });
		const countOf = async () =>
			(await db.owner`select comment_count as n from public.orders where id = ${card.id}`)[0]?.n;
		await db.commitAs(
			coordinator,
			(tx) => tx`insert into public.interactions (client_id, order_id, kind, body)
				values (${Number(card.client_id)}, ${card.id}, 'note', 'Called'), (${Number(card.client_id)}, ${card.id}, 'call', 'No answer')`
		);
		expect(await countOf()).toBe(2);
		await db.owner`delete from public.interactions where order_id = ${card.id} and kind = 'call'`;
		expect(await countOf()).toBe(1);
	});
});

describe('bulk_move', () => {
	const bulk = (who: string | null, items: unknown, to = waiting, mutation = randomUUID()) =>
		db.commitAs(who, (tx) =>
			call<Result[]>(tx, 'bulk_move', { items, to_stage: to, mutation_id: mutation })
		);
	const items = (cards: Card[]) =>
		cards.map(({ id, version }) => ({ order_id: id, seen_version: version }));
	const some = (n: number) =>
		Promise.all(Array.from({ length: n }, () => makeOrder(db.owner, { location })));

	it('moves what may move, in order, and answers for each', async () => {
		const cards = await some(3);
		const mutation = randomUUID();
		const closed = await makeOrder(db.owner, {
			location,
			stage: await stageOf(db.owner, 'closed')
		});
		const wanted = [...items(cards), ...items([closed]), { order_id: 999999, seen_version: 1 }];
		const results = await bulk(coordinator, wanted, waiting, mutation);
		expect(results.map(({ ok, error }) => (ok ? 'moved' : error?.message))).toEqual([
			'moved',
			'moved',
			'moved',
			'transition_not_allowed',
			'order_not_found'
		]);
		const ranks = results.slice(0, 3).map(({ card }) => card?.rank as string);
		expect([...ranks].sort()).toEqual(ranks);
		expect(await bulk(coordinator, wanted, waiting, mutation)).toEqual(results);
		const undone = await db.commitAs(coordinator, (tx) =>
			call(tx, 'undo_move', {
				order_id: cards[1]?.id,
				mutation_id: randomUUID(),
				undo_of: results[1]?.mutation_id
			})
		);
		expect(undone.rank).toBe(cards[1]?.rank);
	});

	it('twice at once, in opposite order, never waits for itself', async () => {
		const cards = await some(40);
		const inProgress = await stageOf(db.owner, 'in_progress');
		const [first, second] = await Promise.all([
			bulk(coordinator, items(cards)),
			bulk(coordinator, items([...cards].reverse()), inProgress)
		]);
		expect([...first, ...second].filter(({ ok }) => !ok)).toEqual([]);
	});

	it('refuses nonsense and strangers', async () => {
		for (const wrong of [
			[],
			{},
			[1],
			[{ order_id: 'x', seen_version: 1 }],
			[{ order_id: 1 }],
			Array(201).fill({ order_id: 1, seen_version: 1 })
		]) {
			expect(await refusal(bulk(coordinator, wrong))).toMatchObject({
				details: { field: 'items' }
			});
		}
		const cards = items(await some(1));
		for (const who of [await makeUser(db.owner), await makeEmployee(db.owner, 'operator')]) {
			expect((await refusal(bulk(who, cards))).code).toBe('VK403');
		}
		expect((await refusal(bulk(null, cards))).code).toBe('42501');
		const master = await newMaster(1);
		const given = db.commitAs(master, (tx) =>
			call(tx, 'bulk_assign', { items: cards, master_id: master, mutation_id: randomUUID() })
		);
		expect((await refusal(given)).code).toBe('VK403');
	});
});
