// lines, costs and photos of orders: sums kept by the database, for the right eyes, told to the right ears
import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveOrder } from '../support/calls.ts';
import {
	cardOf,
	makeEmployee,
	makeLocation,
	makeOrder,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Kind
} from '../support/database.ts';

let db: Database;
let location: number;
let coordinator: string;
let marketer: string;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator');
	marketer = await makeEmployee(db.owner, 'marketer');
	master = await makeEmployee(db.owner, 'master', { location, capacity: 50 });
});
afterAll(() => db?.stop());

const order = async (kind: Kind = 'in_progress') =>
	makeOrder(db.owner, {
		location,
		stage: await stageOf(db.owner, kind),
		...(kind === 'unassigned' ? {} : { master })
	});
const line = (
	tx: TransactionSql,
	card: Card,
	price: number | string,
	quantity: number | string = 1
) =>
	tx`insert into public.order_lines (order_id, title, quantity, unit_price)
		values (${card.id}, 'Work', ${quantity}, ${price}) returning *`;
const totalOf = async (card: Card) =>
	(await db.owner`select total from public.orders where id = ${card.id}`)[0]?.total as string;
const historyOf = (card: Card) => db.owner`
	select kind, version, actor_id, from_values, to_values from public.order_events
	where order_id = ${card.id} and kind in ('lines', 'photo') order by id`;

describe('the total', () => {
	it('follows every statement on lines, one version and one event each', async () => {
		const card = await order();
		await db.commitAs(coordinator, async (tx) => {
			await tx`insert into public.order_lines (order_id, title, quantity, unit_price)
				values (${card.id}, 'A', 1.5, 33.33), (${card.id}, 'B', 3, 0.1)`;
		});
		expect(await totalOf(card)).toBe('50.30');
		await db.commitAs(coordinator, async (tx) => {
			await tx`update public.order_lines set quantity = 1 where order_id = ${card.id} and title = 'A'`;
			await tx`delete from public.order_lines where order_id = ${card.id} and title = 'B'`;
		});
		expect(await totalOf(card)).toBe('33.33');
		expect((await cardOf(db.owner, card.id)).version).toBe(4);
		const history = await historyOf(card);
		expect(history.map(({ version, actor_id }) => [version, actor_id])).toEqual([
			[2, coordinator],
			[3, coordinator],
			[4, coordinator]
		]);
		expect(history[2]).toMatchObject({
			from_values: { total: 33.63, lines: [{ title: 'B', quantity: 3 }] },
			to_values: { total: 33.33, lines: [] }
		});
		expect(JSON.stringify(history)).not.toContain('unit_price');
	});

	it('is exact when fifty write lines at once', async () => {
		const card = await order();
		await Promise.all(
			Array.from({ length: 50 }, (_, i) =>
				db.commitAs(coordinator, (tx) => line(tx, card, i + 0.01))
			)
		);
		expect(await totalOf(card)).toBe('1225.50');
	});

	it('tells the money topic the amounts and the board only that something changed', async () => {
		const card = await order();
		await db.owner`delete from realtime.messages`;
		await db.commitAs(coordinator, (tx) => line(tx, card, 250));
		const messages = await db.owner`select split_part(topic, ':', 1) as scope, event, payload
			from realtime.messages where extension = 'broadcast'`;
		expect(messages.find(({ scope }) => scope === 'money')).toMatchObject({
			event: 'order_money_changed',
			payload: { order_id: card.id, total: 250, paid: 0 }
		});
		const others = messages.filter(({ scope }) => scope !== 'money');
		expect(others.map(({ scope }) => scope).sort()).toEqual(['board', 'master']);
		expect(JSON.stringify(others)).not.toMatch(/"(total|paid|sum|amount)"|:250\b/);
	});

	it('keeps the payment state true', async () => {
		const card = await order();
		await db.commitAs(coordinator, (tx) => line(tx, card, 100));
		const stateOf = async () => (await cardOf(db.owner, card.id)).payment_state;
		const steps: [number, string][] = [
			[40, 'part'],
			[100, 'paid'],
			[120, 'paid'],
			[0, 'none']
		];
		for (const [paid, state] of steps) {
			await db.owner`update public.orders set paid = ${paid} where id = ${card.id}`;
			expect(await stateOf(), `paid ${paid}`).toBe(state);
		}
		await db.owner`update public.orders set paid = 100 where id = ${card.id}`;
		await db.commitAs(coordinator, (tx) => line(tx, card, 1));
		expect(await stateOf()).toBe('part');
	});
});

describe('lines', () => {
	it('of a closed or refused order are not changed by anybody signed in', async () => {
		const card = await order('done');
		const [made] = await db.commitAs(coordinator, (tx) => line(tx, card, 5));
		const to = await stageOf(db.owner, 'closed');
		await db.commitAs(coordinator, (tx) => moveOrder(tx, { order: card.id, to, seen: 2 }));
		const attempts = [
			(tx: TransactionSql) => line(tx, card, 1),
			(tx: TransactionSql) =>
				tx`update public.order_lines set unit_price = 0 where id = ${made?.id}`,
			(tx: TransactionSql) => tx`delete from public.order_lines where id = ${made?.id}`
		];
		for (const attempt of attempts) {
			expect(await refusal(db.commitAs(coordinator, attempt))).toEqual({
				code: 'VK422',
				message: 'order_closed',
				details: { order_id: card.id }
			});
		}
	});

	it('are the master’s to write on his own orders, and nobody else’s', async () => {
		const [mine, other] = [await order(), await order('unassigned')];
		const [made] = await db.commitAs(master, (tx) => line(tx, mine, 5));
		expect(made).toMatchObject({ line_total: '5.00' });
		expect((await refusal(db.commitAs(master, (tx) => line(tx, other, 5)))).code).toBe('42501');
		expect((await refusal(db.commitAs(marketer, (tx) => line(tx, mine, 5)))).code).toBe('42501');
		const colleague = await makeEmployee(db.owner, 'master', { location });
		for (const who of [colleague, marketer]) {
			await db.asRole(who, async (tx) => {
				expect(await tx`select * from public.order_lines`).toEqual([]);
				expect(await tx`delete from public.order_lines returning id`).toEqual([]);
			});
		}
		await db.asRole(master, async (tx) => {
			expect(await tx`select * from public.order_line_costs`).toEqual([]);
		});
	});

	it('of another location are not seen', async () => {
		const card = await order();
		await db.commitAs(coordinator, (tx) => line(tx, card, 5));
		const elsewhere = await makeEmployee(db.owner, 'manager', {
			location: await makeLocation(db.owner)
		});
		await db.asRole(elsewhere, async (tx) => {
			expect(await tx`select * from public.order_lines`).toEqual([]);
		});
		expect((await refusal(db.commitAs(elsewhere, (tx) => line(tx, card, 5)))).code).toBe('42501');
	});
});

describe('photos', () => {
	const path = (card: Card) => `${card.id}/${randomUUID()}.jpg`;

	it('are counted on the card and told in history', async () => {
		const card = await order();
		const mine = path(card);
		await db.commitAs(
			master,
			(tx) =>
				tx`insert into public.order_photos (order_id, path, kind) values (${card.id}, ${mine}, 'before')`
		);
		expect(await cardOf(db.owner, card.id)).toMatchObject({ photo_count: 1, version: 2 });
		await db.commitAs(master, (tx) => tx`delete from public.order_photos where path = ${mine}`);
		expect(await cardOf(db.owner, card.id)).toMatchObject({ photo_count: 0, version: 3 });
		expect(await historyOf(card)).toMatchObject([
			{ kind: 'photo', actor_id: master, to_values: { photo: { path: mine, kind: 'before' } } },
			{ kind: 'photo', version: 3, to_values: { photo: null } }
		]);
	});

	it('belong to the order their path names', async () => {
		const [card, other] = [await order(), await order()];
		for (const wrong of [path(other), `${card.id}/x.jpg`, `${card.id}/${randomUUID()}.svg`]) {
			const added = db.commitAs(
				coordinator,
				(tx) => tx`insert into public.order_photos (order_id, path) values (${card.id}, ${wrong})`
			);
			expect((await refusal(added)).code, wrong).toBe('23514');
		}
	});

	it('are files for those who see the order; its master and those who update it store and remove them', async () => {
		const card = await order();
		const store = (who: string, file = path(card)) =>
			db.commitAs(
				who,
				(tx) => tx`insert into storage.objects (bucket_id, name) values ('order-photos', ${file})`
			);
		const file = path(card);
		await store(master, file);
		await store(coordinator);
		const colleague = await makeEmployee(db.owner, 'master', { location });
		const operator = await makeEmployee(db.owner, 'operator');
		for (const who of [colleague, operator, marketer]) {
			expect((await refusal(store(who))).code).toBe('42501');
		}
		for (const wrong of [
			'x.jpg',
			`${card.id}/../${randomUUID()}.jpg`,
			`9${card.id}/${randomUUID()}.jpg`
		]) {
			expect((await refusal(store(coordinator, wrong))).code).toBe('42501');
		}
		const seen = async (who: string | null) =>
			(await db.asRole(who, (tx) => tx`select from storage.objects where name = ${file}`)).length;
		expect(await Promise.all([master, coordinator, operator].map(seen))).toEqual([1, 1, 1]);
		expect(await Promise.all([colleague, marketer, null].map(seen))).toEqual([0, 0, 0]);
		const removed = (who: string) =>
			db.asRole(who, async (tx) => {
				// as the Storage API says it
				await tx`select set_config('storage.allow_delete_query', 'true', true)`;
				return tx`delete from storage.objects where name = ${file} returning id`;
			});
		expect(await removed(operator)).toEqual([]);
		expect(await removed(master)).toHaveLength(1);
	});
});
