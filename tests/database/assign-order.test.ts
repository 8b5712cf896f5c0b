// assign_order: the capacity of a master holds however many assign at once and whatever path they take
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignOrder, type Assignment } from '../support/calls.ts';
import {
	cardOf,
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
let location: number;
let anna: string;
let boris: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris' });
});
afterAll(() => db?.stop());

const order = (rest: { stage?: number; master?: string } = {}) =>
	makeOrder(db.owner, { location, ...rest });
const assign = (who: string, card: Card, master: string | null, rest: Partial<Assignment> = {}) =>
	db.commitAs(who, (tx) =>
		assignOrder(tx, { order: card.id, master, seen: card.version, ...rest })
	);
const newMaster = (capacity = 3, rest: { location?: number | null; active?: boolean } = {}) =>
	makeEmployee(db.owner, 'master', { location, capacity, name: 'Oleg', ...rest });
const activeOf = async (master: string) =>
	(await db.owner`select private.active_count(${master}) as n`)[0]?.n as number;

describe('assigning', () => {
	it('moves an unassigned order to the top of the first assigned column, and back', async () => {
		const master = await newMaster();
		const earlier = await assign(anna, await order(), master);
		const card = await assign(anna, await order(), master);
		expect(card).toMatchObject({
			master_id: master,
			stage_id: await stageOf(db.owner, 'assigned'),
			version: 2
		});
		expect(card.rank < earlier.rank).toBe(true);
		const back = await assign(anna, card, null);
		expect(back).toMatchObject({
			master_id: null,
			stage_id: await stageOf(db.owner, 'unassigned'),
			version: 3
		});
	});

	it('elsewhere changes only the master', async () => {
		const waiting = await stageOf(db.owner, 'waiting');
		const [first, second] = [await newMaster(), await newMaster()];
		const card = await assign(anna, await order({ stage: waiting, master: first }), second);
		expect(card).toMatchObject({ stage_id: waiting, master_id: second });
		expect(await assign(anna, card, null)).toMatchObject({ stage_id: waiting, master_id: null });
	});

	it('to the same master changes nothing', async () => {
		const master = await newMaster();
		const card = await assign(anna, await order(), master);
		expect(await assign(anna, card, master)).toEqual(card);
	});

	it('needs the permission', async () => {
		const master = await newMaster();
		const card = await order({ stage: await stageOf(db.owner, 'waiting'), master });
		for (const who of [master, await makeEmployee(db.owner, 'operator')]) {
			expect(await refusal(assign(who, card, null))).toMatchObject({
				code: 'VK403',
				details: { permission: 'orders.assign' }
			});
		}
	});

	it('finds no master who is none, works elsewhere or does not exist', async () => {
		const card = await order();
		const elsewhere = await newMaster(3, { location: await makeLocation(db.owner) });
		for (const master of [boris, elsewhere, randomUUID()]) {
			expect(await refusal(assign(anna, card, master))).toEqual({
				code: 'VK404',
				message: 'master_not_found',
				details: { master_id: master }
			});
		}
		const everywhere = await newMaster(3, { location: null });
		expect((await assign(anna, card, everywhere)).master_id).toBe(everywhere);
	});

	it('refuses a master who does not work here any more', async () => {
		const master = await newMaster(3, { active: false });
		expect(await refusal(assign(anna, await order(), master))).toMatchObject({
			code: 'VK422',
			message: 'master_inactive',
			details: { master_id: master, master_name: 'Oleg' }
		});
	});

	it('refuses an order of a location the caller does not see', async () => {
		const who = await makeEmployee(db.owner, 'coordinator', {
			location: await makeLocation(db.owner)
		});
		expect(await refusal(assign(who, await order(), null))).toMatchObject({
			message: 'order_not_found'
		});
	});
});

describe('two people and one order', () => {
	it('the later assignment is told about the earlier', async () => {
		const card = await order();
		const hers = await assign(anna, card, await newMaster());
		const told = await refusal(assign(boris, card, await newMaster()));
		expect(told).toMatchObject({ code: 'VK409', message: 'order_changed' });
		expect(told.details).toMatchObject({
			changed_by: anna,
			changed_by_name: 'Anna',
			change: 'assigned',
			stage_kind: 'assigned',
			card: hers
		});
	});

	it('an edit of the text by somebody else does not matter', async () => {
		const card = await order();
		await db.commitAs(
			boris,
			(tx) => tx`update public.orders set priority = 2 where id = ${card.id}`
		);
		expect((await assign(anna, card, await newMaster())).version).toBe(3);
	});

	it('a repeated call has one effect and one answer', async () => {
		const [card, master, mutation] = [await order(), await newMaster(), randomUUID()];
		const answers = await Promise.all(
			Array.from({ length: 8 }, () => assign(anna, card, master, { mutation }))
		);
		for (const answer of answers) expect(answer).toEqual(answers[0]);
		expect((await cardOf(db.owner, card.id)).version).toBe(2);
		expect(await refusal(assign(boris, card, master, { mutation }))).toMatchObject({
			message: 'mutation_reused'
		});
	});
});

describe('capacity', () => {
	it.each([1, 3])(
		'of %i: of 100 who assign the same master at once, so many win',
		async (capacity) => {
			const master = await newMaster(capacity);
			const cards = await Promise.all(Array.from({ length: 100 }, () => order()));
			const results = await Promise.allSettled(
				cards.map((card, i) => assign(i % 2 ? anna : boris, card, master))
			);
			expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(capacity);
			for (const result of results) {
				if (result.status === 'rejected') {
					expect(result.reason).toMatchObject({ code: 'VK422', message: 'master_at_capacity' });
					expect(JSON.parse(result.reason.detail)).toEqual({
						master_id: master,
						master_name: 'Oleg',
						capacity,
						active: capacity
					});
				}
			}
			expect(await activeOf(master)).toBe(capacity);
		}
	);

	it('holds for inserts and updates from a console, too', async () => {
		const master = await newMaster(1);
		const assigned = await stageOf(db.owner, 'assigned');
		await order({ stage: assigned, master });
		expect(await refusal(order({ stage: assigned, master }))).toMatchObject({
			message: 'master_at_capacity'
		});
		const other = await order();
		const byHand = db.owner`update public.orders set master_id = ${master}, stage_id = ${assigned}
			where id = ${other.id}`;
		expect(await refusal(byHand)).toMatchObject({ message: 'master_at_capacity' });
	});

	it('cannot be lowered below the orders in hand', async () => {
		const master = await newMaster(2);
		for (let i = 0; i < 2; i++) await assign(anna, await order(), master);
		const lowered = db.owner`update public.employees set capacity = 1 where id = ${master}`;
		expect(await refusal(lowered as never)).toMatchObject({
			message: 'master_at_capacity',
			details: { capacity: 1, active: 2 }
		});
	});

	it('that is being lowered is waited for', async () => {
		const master = await newMaster(1);
		const card = await order();
		let late = Promise.resolve({}) as Promise<unknown>;
		await db.owner.begin(async (tx) => {
			await tx`update public.employees set capacity = 0 where id = ${master}`;
			late = refusal(assign(anna, card, master));
			await sleep(100);
		});
		expect(await late).toMatchObject({ message: 'master_at_capacity' });
	});
});
