// clients: one primary phone, what masters and registered clients see, the blacklist, who is calling
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPhone, makeAsset, makePerson } from '../support/clients.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	startDatabase,
	stageOf,
	type Database
} from '../support/database.ts';

let db: Database;
let location: number;
let operator: string;
let coordinator: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	operator = await makeEmployee(db.owner, 'operator');
	coordinator = await makeEmployee(db.owner, 'coordinator');
});
afterAll(() => db?.stop());

describe('the primary phone', () => {
	const primaries = async (client: number) =>
		(
			await db.owner`select id from public.client_phones
				where client_id = ${client} and is_primary`
		).map((row) => row.id as number);
	const fresh = () => makePerson(db.owner, { first: 'Phones' });

	it('is the first one, until another takes over or it leaves', async () => {
		const client = await fresh();
		const a = await addPhone(db.owner, client, '+380501110001');
		const b = await addPhone(db.owner, client, '+380501110002');
		expect(await primaries(client)).toEqual([a]);
		await db.commitAs(operator, async (tx) => {
			await tx`update public.client_phones set is_primary = true where id = ${b}`;
		});
		expect(await primaries(client)).toEqual([b]);
		await db.owner`update public.client_phones set is_primary = false where id = ${b}`;
		expect(await primaries(client)).toEqual([b]);
		await db.commitAs(
			operator,
			(tx) =>
				tx`delete from public.client_phones where client_id = ${client} and phone = '+380501110002'`
		);
		expect(await primaries(client)).toEqual([a]);
	});

	it('is one, however many are added at the same instant', async () => {
		const client = await fresh();
		await Promise.all(
			Array.from({ length: 6 }, (_, n) =>
				db.commitAs(
					operator,
					(tx) => tx`insert into public.client_phones (client_id, phone, is_primary)
						values (${client}, ${`+38050222000${n}`}, ${n % 2 === 0})`
				)
			)
		);
		expect(await primaries(client)).toHaveLength(1);
	});

	it('survives an insert that gives up because the phone is taken', async () => {
		const client = await fresh();
		const a = await addPhone(db.owner, client, '+380503330001');
		await addPhone(db.owner, await fresh(), '+380503330002');
		await db.owner`insert into public.client_phones (client_id, phone, is_primary)
			values (${client}, '+380503330002', true) on conflict (phone) do nothing`;
		expect(await primaries(client)).toEqual([a]);
	});
});

describe('a master', () => {
	it('sees name, address and phones of the clients of his open orders, and nothing else', async () => {
		const master = await makeEmployee(db.owner, 'master', { capacity: 9 });
		const client = async (kind: 'assigned' | 'waiting' | 'done' | 'refused') => {
			const id = await makeClient(db.owner);
			const stage = await stageOf(db.owner, kind);
			await makeOrder(db.owner, { location, client: id, stage, master });
			return id;
		};
		const open = [await client('assigned'), await client('waiting'), await client('done')];
		const closed = await client('refused');
		const foreign = await makeClient(db.owner);
		await makeAsset(db.owner, open[0] as number, { kind: 'Guitar' });
		await db.asRole(master, async (tx) => {
			const seen = await tx`select * from public.my_order_clients order by client_id`;
			expect(seen.map((row) => row.client_id)).toEqual(open);
			expect(Object.keys(seen[0] ?? {}).sort()).toEqual(
				'address client_id first_name full_name last_name middle_name phones'.split(' ')
			);
			expect(seen[0]?.phones).toMatchObject([{ is_primary: true }]);
			const phones = await tx`select client_id from public.client_phones order by client_id`;
			expect(phones.map((row) => row.client_id)).toEqual(open);
			for (const table of ['clients', 'assets', 'interactions']) {
				expect(await tx.unsafe(`select from public.${table}`), table).toEqual([]);
			}
			expect([...open, closed, foreign]).toHaveLength(5);
		});
		await db.owner`delete from public.role_permissions where role = 'master' and permission = 'orders.work'`;
		await db.asRole(master, async (tx) => {
			expect(await tx`select from public.my_order_clients`).toEqual([]);
			expect(await tx`select from public.client_phones`).toEqual([]);
		});
		await db.owner`insert into public.role_permissions (role, permission) values ('master', 'orders.work')`;
	});

	it('is the only one the view is for: others and strangers see nothing in it', async () => {
		for (const who of [operator, await makeUser(db.owner)]) {
			await db.asRole(who, async (tx) => {
				expect(await tx`select from public.my_order_clients`).toEqual([]);
			});
		}
		const anonymous = db.asRole(null, (tx) => tx`select from public.my_order_clients`);
		expect((await refusal(anonymous)).code).toBe('42501');
	});
});

it('a registered client reads himself, his phones and assets, and changes nothing', async () => {
	const user = await makeUser(db.owner);
	const mine = await makePerson(db.owner, { first: 'Own', user, phones: ['+380504440001'] });
	const asset = await makeAsset(db.owner, mine, { kind: 'Violin' });
	const other = await makeClient(db.owner);
	await makeAsset(db.owner, other, { kind: 'Cello' });
	await db.owner`insert into public.client_blacklist (client_id, reason) values (${mine}, 'Rude')`;
	await db.asRole(user, async (tx) => {
		const rows = await tx`select * from public.clients`;
		expect(rows).toMatchObject([{ id: mine }]);
		expect(JSON.stringify(rows)).not.toContain('Rude');
		expect(await tx`select * from public.client_blacklist`).toEqual([]);
		expect(await tx`select phone from public.client_phones`).toEqual([{ phone: '+380504440001' }]);
		expect(await tx`select id from public.assets`).toEqual([{ id: asset }]);
		expect(await tx`select from public.interactions`).toEqual([]);
		expect(await tx`update public.clients set first_name = 'X' returning id`).toEqual([]);
		expect(await tx`delete from public.client_phones returning id`).toEqual([]);
	});
});

describe('the blacklist', () => {
	const set = (who: string | null, client: number, on: boolean, reason: string | null = null) =>
		db.commitAs(who, async (tx) => {
			const [row] = await tx`select public.set_blacklist(${client}, ${on}, ${reason}) as answer`;
			return row?.answer;
		});

	it('is set for a reason, noted, and taken back', async () => {
		const client = await makeClient(db.owner);
		const put = await set(coordinator, client, true, '  Did not pay twice ');
		expect(put).toMatchObject({ blacklisted: true, blacklist_reason: 'Did not pay twice' });
		expect(await set(coordinator, client, true, 'Did not pay twice')).toEqual(put);
		expect(await set(coordinator, client, false)).toMatchObject({ blacklist_reason: null });
		const notes =
			await db.owner`select kind, template_key, params, author_id from public.interactions
			where client_id = ${client} order by id`;
		expect(notes).toMatchObject([
			{
				kind: 'automatic',
				template_key: 'client_blacklisted',
				params: { reason: 'Did not pay twice' },
				author_id: coordinator
			},
			{ template_key: 'client_unblacklisted', params: {} }
		]);
	});

	it('is closed to direct writing, to those without the right, and to blank reasons', async () => {
		const client = await makeClient(db.owner);
		const written = db.asRole(
			coordinator,
			(tx) => tx`update public.clients set blacklisted = true where id = ${client}`
		);
		expect((await refusal(written)).code).toBe('42501');
		expect(await refusal(set(operator, client, true, 'x'))).toMatchObject({
			code: 'VK403',
			details: { permission: 'clients.blacklist' }
		});
		expect(await refusal(set(coordinator, client, true, ' \u200b '))).toMatchObject({
			code: 'VK422',
			details: { field: 'reason' }
		});
		expect(await refusal(set(coordinator, 987654321, true, 'x'))).toMatchObject({
			message: 'client_not_found'
		});
		expect((await refusal(set(await makeUser(db.owner), client, true, 'x'))).code).toBe('VK403');
		expect((await refusal(set(null, client, true, 'x'))).code).toBe('42501');
	});
});

describe('who is calling', () => {
	const ask = (who: string | null, phone: string) =>
		db.asRole(who, async (tx) => {
			const [row] = await tx`select public.find_client_by_phone(${phone}) as face`;
			return row?.face;
		});

	it('is told by a phone however it is said, with the blacklist and open orders one may see', async () => {
		const client = await makePerson(db.owner, { first: 'Caller', phones: ['+380505550001'] });
		await set(client);
		const asset = await makeAsset(db.owner, client, { kind: 'Guitar', brand: 'Gibson' });
		const elsewhere = await makeLocation(db.owner);
		const here = await makeOrder(db.owner, { location, client });
		await makeOrder(db.owner, { location: elsewhere, client });
		const local = await makeEmployee(db.owner, 'operator', { location });
		for (const phone of [
			'+380 50 555-00-01',
			'380505550001',
			'00380505550001',
			'0505550001',
			'8 (050) 555 00 01'
		]) {
			expect(await ask(local, phone), phone).toMatchObject({
				id: client,
				blacklisted: true,
				blacklist_reason: 'Rude',
				phones: [{ phone: '+380505550001', is_primary: true }],
				assets: [{ id: asset, label: 'Guitar Gibson' }],
				open_orders: [{ id: here.id, stage_kind: 'unassigned' }]
			});
		}
		expect(await ask(operator, '+380505559999')).toBeNull();
	});

	const set = (client: number) =>
		db.commitAs(coordinator, (tx) => tx`select public.set_blacklist(${client}, true, 'Rude')`);

	it('is nobody when two numbers end alike, and nobody’s business without the right', async () => {
		await makePerson(db.owner, { first: 'A', phones: ['+380506660001', '+48506660001'] });
		await makePerson(db.owner, { first: 'B', phones: ['+49506660001'] });
		expect(await ask(operator, '506660001')).toBeNull();
		expect(await refusal(ask(operator, '12'))).toMatchObject({ details: { field: 'phone' } });
		for (const who of [await makeEmployee(db.owner, 'marketer'), await makeUser(db.owner)]) {
			expect((await refusal(ask(who, '+380506660001'))).code).toBe('VK403');
		}
		expect((await refusal(ask(null, '+380506660001'))).code).toBe('42501');
	});
});
