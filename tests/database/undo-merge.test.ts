// a merge taken back: exactly what moved and is still there returns
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	addPhone,
	makeAsset,
	makePerson,
	mergeClients,
	search,
	undoMerge
} from '../support/clients.ts';
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

let db: Database;
let location: number;
let manager: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());

const merge = (keep: number, drop: number) =>
	db.commitAs(manager, (tx) => mergeClients(tx, keep, drop));
const undo = (id: number, who: string | null = manager) =>
	db.commitAs(who, (tx) => undoMerge(tx, id));
const ordersOf = async (client: number) =>
	(await db.owner`select id from public.orders where client_id = ${client} order by id`).map(
		(row) => row.id as number
	);
const state = async (client: number) => {
	const [row] = await db.owner`
		select to_jsonb(c) - '{version,updated_at}'::text[] || jsonb_build_object(
			'phones', (select jsonb_agg(jsonb_build_array(p.phone, p.is_primary) order by p.id)
				from public.client_phones p where p.client_id = c.id),
			'orders', (select jsonb_agg(o.id order by o.id) from public.orders o where o.client_id = c.id),
			'blacklist', (select b.reason from public.client_blacklist b where b.client_id = c.id),
			'assets', (select jsonb_agg(a.id order by a.id) from public.assets a where a.client_id = c.id),
			'notes', (select jsonb_agg(i.id order by i.id) from public.interactions i
				where i.client_id = c.id and i.kind <> 'automatic')
		) as state
		from public.clients c where c.id = ${client}`;
	return row?.state;
};

it('both clients are as they were', async () => {
	const user = await makeUser(db.owner);
	const keep = await makePerson(db.owner, { first: 'Kept', phones: ['+380672220001'] });
	const drop = await makePerson(db.owner, {
		first: 'Dropped',
		last: 'Duplicate',
		email: 'dropped@example.test',
		address: 'Side street 5',
		user,
		phones: ['+380672220002', '+380672220003']
	});
	await db.owner`update public.client_phones set is_primary = true where phone = '+380672220003'`;
	await db.owner`insert into public.client_blacklist (client_id, reason) values (${drop}, 'Rude')`;
	for (const client of [keep, drop]) {
		await makeOrder(db.owner, { location, client });
		await makeAsset(db.owner, client, { kind: 'Guitar' });
		await db.owner`insert into public.interactions (client_id, body) values (${client}, 'Said')`;
	}
	const before = [await state(keep), await state(drop)];
	const id = await merge(keep, drop);
	expect(await state(keep)).not.toEqual(before[0]);
	expect(await undo(id)).toBe(drop);
	expect([await state(keep), await state(drop)]).toEqual(before);
	expect(await undo(id)).toBe(drop);
	expect([await state(keep), await state(drop)]).toEqual(before);
	const found = await db.asRole(manager, (tx) => search(tx, 'Duplicate', ['client']));
	expect(found.map((row) => row.id)).toEqual([drop]);
	const notes = await db.owner`select client_id, template_key from public.interactions
		where template_key = 'client_unmerged' and client_id in (${keep}, ${drop}) order by client_id`;
	expect(notes).toHaveLength(2);
});

it('what came later or went elsewhere stays; fields edited since stay edited', async () => {
	const [keep, other] = [await makeClient(db.owner), await makeClient(db.owner)];
	const drop = await makePerson(db.owner, {
		first: 'D',
		email: 'd@example.test',
		address: 'Old 1'
	});
	const [stays, leaves] = [
		await makeOrder(db.owner, { location, client: drop }),
		await makeOrder(db.owner, { location, client: drop })
	];
	const id = await merge(keep, drop);
	await db.owner`update public.orders set client_id = ${other} where id = ${leaves.id}`;
	const later = await makeOrder(db.owner, { location, client: keep });
	await db.owner`update public.clients set address = 'New 2' where id = ${keep}`;
	const phone = await addPhone(db.owner, keep, '+380672230001');
	await undo(id);
	expect(await ordersOf(drop)).toEqual([stays.id]);
	expect(await ordersOf(keep)).toEqual([later.id]);
	expect(await ordersOf(other)).toEqual([leaves.id]);
	const [row] = await db.owner`select email, address from public.clients where id = ${keep}`;
	expect(row).toEqual({ email: null, address: 'New 2' });
	const [kept] = await db.owner`select client_id from public.client_phones where id = ${phone}`;
	expect(kept?.client_id).toBe(keep);
});

it('an order goes where its instrument goes', async () => {
	const [keep, drop] = [await makeClient(db.owner), await makeClient(db.owner)];
	const [guitar, violin] = [
		await makeAsset(db.owner, drop, { kind: 'Guitar' }),
		await makeAsset(db.owner, keep, { kind: 'Violin' })
	];
	const [moved, swapped] = [
		await makeOrder(db.owner, { location, client: drop }),
		await makeOrder(db.owner, { location, client: drop })
	];
	await db.owner`update public.orders set asset_id = ${guitar} where id = ${moved.id}`;
	const id = await merge(keep, drop);
	const later = await makeOrder(db.owner, { location, client: keep });
	await db.owner`update public.orders set asset_id = ${guitar} where id = ${later.id}`;
	await db.owner`update public.orders set asset_id = ${violin} where id = ${swapped.id}`;
	await undo(id);
	expect(await ordersOf(drop)).toEqual([moved.id, later.id]);
	expect(await ordersOf(keep)).toEqual([swapped.id]);
});

it('works from the middle of a chain: the rows are looked for where they are now', async () => {
	const [a, b, c] = [
		await makeClient(db.owner),
		await makeClient(db.owner),
		await makeClient(db.owner)
	];
	const order = await makeOrder(db.owner, { location, client: a });
	const own = await makeOrder(db.owner, { location, client: b });
	const first = await merge(b, a);
	const second = await merge(c, b);
	expect(await ordersOf(c)).toEqual([order.id, own.id]);
	await undo(first);
	expect([await ordersOf(a), await ordersOf(c)]).toEqual([[order.id], [own.id]]);
	await undo(second);
	expect([await ordersOf(a), await ordersOf(b), await ordersOf(c)]).toEqual([
		[order.id],
		[own.id],
		[]
	]);
	// and in the order they were made
	const again = [await merge(b, a), await merge(c, b)];
	await undo(again[1] as number);
	const [row] = await db.owner`select merged_into from public.clients where id = ${a}`;
	expect(row?.merged_into).toBe(b);
	expect(await ordersOf(b)).toEqual([order.id, own.id]);
	await undo(again[0] as number);
	expect(await ordersOf(a)).toEqual([order.id]);
});

it('is refused after 30 days, to those without the right, and for what never was', async () => {
	const id = await merge(await makeClient(db.owner), await makeClient(db.owner));
	expect((await refusal(undo(id, await makeEmployee(db.owner, 'coordinator')))).code).toBe('VK403');
	expect((await refusal(undo(id, await makeUser(db.owner)))).code).toBe('VK403');
	expect((await refusal(undo(id, null))).code).toBe('42501');
	expect(await refusal(undo(987654321))).toMatchObject({ message: 'merge_not_found' });
	await db.owner`update private.client_merges set at = now() - interval '31 days' where id = ${id}`;
	expect(await refusal(undo(id))).toMatchObject({ code: 'VK422', message: 'merge_too_old' });
});
