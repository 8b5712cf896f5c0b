// a call whose answer was lost is repeated under its own id: it is answered as it was the first time,
// even if the order has meanwhile gone where the caller may no longer touch it
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../support/calls.ts';
import {
	become,
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

let db: Database;
let here: number;
let master: string;
let other: string;
let assigned: number;
let working: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	master = await makeEmployee(db.owner, 'master', { location: here, capacity: 50 });
	other = await makeEmployee(db.owner, 'master', { location: here, capacity: 50 });
	assigned = await stageOf(db.owner, 'assigned');
	working = await stageOf(db.owner, 'in_progress');
});
afterAll(() => db?.stop());

const as = (who: string, name: string, args: Record<string, unknown>) =>
	db.commitAs(who, (tx) => call(tx, name, args));
const start = (card: Card, mutation_id: string = randomUUID()) =>
	as(master, 'move_order', {
		order_id: card.id,
		to_stage: working,
		prev_id: null,
		next_id: null,
		seen_version: card.version,
		mutation_id
	});

type Attempt = (card: Card, mutation_id: string) => Promise<unknown>;
const attempts: [string, Attempt][] = [
	['move_order', start],
	[
		'edit_order',
		({ id }, mutation_id) =>
			as(master, 'edit_order', {
				order_id: id,
				changes: { result: 'Glued' },
				seen: { result: null },
				mutation_id
			})
	],
	[
		'add_order_lines',
		({ id }, mutation_id) =>
			as(master, 'add_order_lines', {
				order_id: id,
				lines: [{ kind: 'work', title: 'Glue', quantity: 1, unit_price: 50 }],
				mutation_id
			})
	],
	[
		'finish_order',
		({ id, version }, mutation_id) =>
			as(master, 'finish_order', {
				order_id: id,
				result: 'Glued',
				seen_version: version,
				mutation_id
			})
	]
];

async function anOrder(): Promise<Card> {
	return makeOrder(db.owner, { location: here, stage: assigned, master });
}
const giveAway = (id: number) =>
	db.owner`update public.orders set master_id = ${other} where id = ${id}`;
const historyOf = (id: number) =>
	db.owner`select version, kind from public.order_events where order_id = ${id} order by id`;

it.each(attempts)('%s', async (name, attempt) => {
	let card = await anOrder();
	if (name === 'finish_order') card = await start(card);
	const mutation = randomUUID();
	const answer = await attempt(card, mutation);
	await giveAway(card.id);
	const history = await historyOf(card.id);
	expect(await attempt(card, mutation)).toEqual(answer);
	expect(await historyOf(card.id)).toEqual(history);
	expect((await refusal(attempt(card, randomUUID()))).message).toBe('order_not_found');
});

it('undo_move', async () => {
	const card = await anOrder();
	const undo_of = randomUUID();
	await start(card, undo_of);
	const args = { order_id: card.id, mutation_id: randomUUID(), undo_of };
	const answer = await as(master, 'undo_move', args);
	await giveAway(card.id);
	expect(await as(master, 'undo_move', args)).toEqual(answer);
	const again = as(master, 'undo_move', { ...args, mutation_id: randomUUID() });
	expect((await refusal(again)).message).toBe('order_not_found');
});

it('waits for a first call that is still under way, and has its answer', async () => {
	const card = await anOrder();
	const mutation = randomUUID();
	const args = {
		order_id: card.id,
		changes: { result: 'Glued' },
		seen: { result: null },
		mutation_id: mutation
	};
	let second: Promise<unknown> | undefined;
	const first = await db.owner.begin(async (tx) => {
		await become(tx, master);
		const answer = await call(tx, 'edit_order', args);
		second = as(master, 'edit_order', args);
		await new Promise((resolve) => setTimeout(resolve, 200));
		// the order leaves in the very same transaction
		await tx`select set_config('role', 'none', true)`;
		await tx`update public.orders set master_id = ${other} where id = ${card.id}`;
		return answer;
	});
	expect(await second).toEqual(first);
});
