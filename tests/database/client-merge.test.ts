// duplicates become one client: everything moves, wherever it is, and nothing is lost on the way
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAsset, makePerson, mergeClients, search } from '../support/clients.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { makeThings } from '../support/rights/rights.ts';

let db: Database;
let location: number;
let manager: string;
let boris: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager');
	boris = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());

const merge = (keep: number, drop: number, mutation?: string, who: string | null = manager) =>
	db.commitAs(who, (tx) => mergeClients(tx, keep, drop, mutation));
const clientOf = async (table: string, id: number) =>
	(await db.owner.unsafe(`select client_id from public.${table} where id = ${id}`))[0]?.client_id;
const read = async (id: number) =>
	(
		await db.owner`select c.*, b.reason as blacklist_reason from public.clients c
			left join public.client_blacklist b on b.client_id = c.id where c.id = ${id}`
	)[0] as Record<string, unknown>;

type Place = { name: string; relation: string; column_name: string };
const places = async () =>
	(await db.owner`select name, relation::text, column_name from private.client_references()`) as unknown as Place[];

describe('every table that names a client', () => {
	it('is known to the merge: one column, a key of one column', async () => {
		const keys = await db.owner`
			select format('%s.%s', k.conrelid::regclass, a.attname) as name, cardinality(k.conkey) as columns,
				coalesce((select cardinality(p.conkey) from pg_constraint p
					where p.conrelid = k.conrelid and p.contype = 'p'), 0) as key_columns
			from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
			where k.contype = 'f' and k.confrelid = 'public.clients'::regclass
				and k.conrelid not in ('private.client_documents'::regclass, 'public.client_blacklist'::regclass)`;
		for (const key of keys) expect(key, key.name).toMatchObject({ columns: 1, key_columns: 1 });
		expect(keys).toHaveLength((await places()).length);
		expect(keys.length).toBeGreaterThanOrEqual(5);
	});

	it('lets no row in behind a merge’s back', async () => {
		const unwatched = await db.owner`
			select r.name from private.client_references() r
			where r.relation <> 'public.clients'::regclass and not exists (
				select from pg_trigger t where t.tgrelid = r.relation
					and t.tgfoid = 'private.follow_merge()'::regprocedure)`;
		expect(unwatched.map((row) => row.name)).toEqual([]);
	});

	it('moves its rows', async () => {
		const things = await makeThings(db.owner, location);
		const drop = Number(things.client);
		const earlier = await makeClient(db.owner);
		await merge(drop, earlier);
		const count = async ({ relation, column_name }: Place) => {
			const [row] = await db.owner.unsafe(
				`select count(*)::int as n from ${relation} where ${column_name} = ${drop}`
			);
			return row?.n as number;
		};
		for (const place of await places()) {
			const hint = `${place.name}: let a topic of tests/support/rights make a row for its :client`;
			expect(await count(place), hint).toBeGreaterThan(0);
		}
		await merge(await makeClient(db.owner), drop);
		for (const place of await places()) expect(await count(place), place.name).toBe(0);
	});
});

describe('the kept client', () => {
	it('takes over phones, orders, assets and notes, fills what was empty, keeps what was not', async () => {
		const user = await makeUser(db.owner);
		const keep = await makePerson(db.owner, {
			first: 'Olena',
			email: 'olena@example.test',
			phones: ['+380671110001']
		});
		const drop = await makePerson(db.owner, {
			first: 'Elena',
			last: 'Koval',
			email: 'other@example.test',
			address: 'Main 1',
			user,
			phones: ['+380671110002', '+380671110003']
		});
		const asset = await makeAsset(db.owner, drop, { kind: 'Guitar' });
		const order = await makeOrder(db.owner, { location, client: drop });
		await db.owner`update public.orders set asset_id = ${asset} where id = ${order.id}`;
		await db.owner`insert into public.client_blacklist (client_id, reason) values (${drop}, 'Rude')`;
		const id = await merge(keep, drop);

		expect(await read(keep)).toMatchObject({
			first_name: 'Olena',
			last_name: 'Koval',
			email: 'olena@example.test',
			address: 'Main 1',
			user_id: user,
			blacklisted: true,
			blacklist_reason: 'Rude'
		});
		expect(await read(drop)).toMatchObject({ merged_into: keep, user_id: null });
		expect(await clientOf('orders', order.id)).toBe(keep);
		expect(await clientOf('assets', asset)).toBe(keep);
		const phones = await db.owner`select phone, is_primary from public.client_phones
			where client_id = ${keep} order by phone`;
		expect(phones).toEqual([
			{ phone: '+380671110001', is_primary: true },
			{ phone: '+380671110002', is_primary: false },
			{ phone: '+380671110003', is_primary: false }
		]);
		const [note] = await db.owner`select * from public.interactions where client_id = ${keep}`;
		expect(note).toMatchObject({
			template_key: 'client_merged',
			params: { merge_id: id, client_id: drop, client_name: 'Koval Elena', orders: 1 },
			author_id: manager
		});
		const [card] = await db.owner`select client_name from private.cards where id = ${order.id}`;
		expect(card).toEqual({ client_name: 'Koval Olena' });
		await db.asRole(manager, async (tx) => {
			expect(await tx`select from public.clients where id = ${drop}`).toEqual([]);
			const found = await search(tx, 'Koval Elena', ['client']);
			expect(found.map((row) => row.id)).toEqual([keep]);
		});
		// who signed in as the duplicate is the kept client now
		await db.asRole(user, async (tx) => {
			expect(await tx`select id from public.clients`).toEqual([{ id: keep }]);
			expect(await tx`select from public.client_phones`).toHaveLength(3);
		});
	});

	it('is found by both sign-ins when both clients were registered', async () => {
		const [one, two] = [await makeUser(db.owner), await makeUser(db.owner)];
		const keep = await makePerson(db.owner, { first: 'One', user: one });
		await merge(keep, await makePerson(db.owner, { first: 'Two', user: two }));
		for (const who of [one, two]) {
			const rows = await db.asRole(who, (tx) => tx`select id from public.clients`);
			expect(rows).toEqual([{ id: keep }]);
		}
	});
});

describe('a merge is refused', () => {
	it('to those without the right, for itself, for the merged and the missing', async () => {
		const [a, b] = [await makeClient(db.owner), await makeClient(db.owner)];
		const operator = await makeEmployee(db.owner, 'operator');
		for (const who of [operator, await makeUser(db.owner)]) {
			expect((await refusal(merge(a, b, undefined, who))).code).toBe('VK403');
		}
		expect((await refusal(merge(a, b, undefined, null))).code).toBe('42501');
		expect(await refusal(merge(a, a))).toMatchObject({ details: { field: 'drop_id' } });
		await merge(a, b);
		for (const [keep, drop] of [
			[a, b],
			[b, a],
			[a, 987654321]
		] as const) {
			expect(await refusal(merge(keep, drop))).toMatchObject({ message: 'client_not_found' });
		}
	});

	it('when its id was used for something else, and repeated it has no second effect', async () => {
		const [a, b, c] = [
			await makeClient(db.owner),
			await makeClient(db.owner),
			await makeClient(db.owner)
		];
		const mutation = randomUUID();
		const [first, second] = await Promise.all([merge(a, b, mutation), merge(a, b, mutation)]);
		expect(second).toBe(first);
		expect(await merge(a, b, mutation)).toBe(first);
		expect(await refusal(merge(a, c, mutation))).toMatchObject({ message: 'mutation_reused' });
		expect(await refusal(merge(a, b, mutation, boris))).toMatchObject({
			message: 'mutation_reused'
		});
	});
});

describe('at the same time', () => {
	it('two merges of the same pair both ways leave one client', async () => {
		for (let round = 0; round < 5; round++) {
			const [a, b] = [await makeClient(db.owner), await makeClient(db.owner)];
			const results = await Promise.allSettled([merge(a, b), merge(b, a, undefined, boris)]);
			expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
			const rows = await db.owner`select id from public.clients
				where id in (${a}, ${b}) and merged_into is null`;
			expect(rows).toHaveLength(1);
		}
	});

	it('a chain of merges leaves everything with one', async () => {
		for (let round = 0; round < 5; round++) {
			const [a, b, c] = [
				await makeClient(db.owner),
				await makeClient(db.owner),
				await makeClient(db.owner)
			];
			const order = await makeOrder(db.owner, { location, client: a });
			// a into b while b into c: the first to get the locks decides, no order is left with a hidden client
			await Promise.allSettled([merge(b, a), merge(c, b, undefined, boris)]);
			const holder = (await clientOf('orders', order.id)) as number;
			expect((await read(holder)).merged_into).toBeNull();
		}
	});

	it('an order taken while its client is merged goes to the kept client', async () => {
		const [keep, drop] = [await makeClient(db.owner), await makeClient(db.owner)];
		let created: Promise<{ id: number }> | undefined;
		await db.commitAs(manager, async (tx) => {
			await mergeClients(tx, keep, drop);
			created = makeOrder(db.owner, { location, client: drop });
			await sleep(300);
		});
		expect(await clientOf('orders', (await (created as Promise<{ id: number }>)).id)).toBe(keep);
	});

	it('a merge waits for an order that is being written, and takes it along', async () => {
		const [keep, drop] = [await makeClient(db.owner), await makeClient(db.owner)];
		let merged: Promise<number> | undefined;
		let order = 0;
		await db.commitAs(manager, async (tx) => {
			const [row] = await tx`insert into public.orders (location_id, client_id, problem)
				values (${location}, ${drop}, 'Just now') returning id`;
			order = row?.id;
			merged = merge(keep, drop, undefined, boris);
			await sleep(900);
		});
		await merged;
		expect(await clientOf('orders', order)).toBe(keep);
	});

	it('somebody who holds an order and then needs its client is never the one to fail', async () => {
		const [keep, drop] = [await makeClient(db.owner), await makeClient(db.owner)];
		const order = await makeOrder(db.owner, { location, client: drop });
		let merged: Promise<number> | undefined;
		let note = 0;
		// as a payment does: the order's lock first, then a row that names the client
		await db.owner.begin(async (tx) => {
			await tx`select from public.orders where id = ${order.id} for update`;
			merged = merge(keep, drop);
			await sleep(300);
			const [row] = await tx`insert into public.interactions (client_id, body)
				values (${drop}, 'Paid') returning id`;
			note = row?.id;
		});
		await merged;
		expect(await clientOf('interactions', note)).toBe(keep);
		expect(await clientOf('orders', order.id)).toBe(keep);
	});
});
