// one search for everybody: what is typed, however it is typed, finds whom and what the caller may see
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAsset, makePerson, search, type Found } from '../support/clients.ts';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	startDatabase,
	stageOf,
	type Card,
	type Database
} from '../support/database.ts';

let db: Database;
let operator: string;
let master: string;
const place = { here: 0, there: 0 };
const client = { ivan: 0, anna: 0, serhii: 0, john: 0 };
const asset = { guitar: 0, violin: 0 };
const order = {} as Record<'ivan' | 'anna' | 'street', Card>;

beforeAll(async () => {
	db = await startDatabase();
	place.here = await makeLocation(db.owner);
	place.there = await makeLocation(db.owner);
	operator = await makeEmployee(db.owner, 'operator');
	master = await makeEmployee(db.owner, 'master', { capacity: 9 });
	client.ivan = await makePerson(db.owner, {
		first: 'Иван',
		middle: 'Петрович',
		last: 'Щербаков',
		address: 'ул. Белорусская, д. 34, кв. 3',
		phones: ['+380671234567', '+380509998877']
	});
	client.anna = await makePerson(db.owner, {
		first: 'Ганна',
		last: "Лук'яненко",
		email: 'hanna.l@example.test',
		phones: ['+380441110022']
	});
	client.serhii = await makePerson(db.owner, { first: 'Сергій', phones: ['+79161230011'] });
	client.john = await makePerson(db.owner, {
		first: 'John',
		last: 'Müller',
		phones: ['+447911123456']
	});
	asset.guitar = await makeAsset(db.owner, client.ivan, {
		kind: 'Гитара',
		brand: 'Gibson',
		model: 'Les Paul',
		serial: 'GS-0041/7X'
	});
	asset.violin = await makeAsset(db.owner, client.anna, { kind: 'Скрипка', brand: 'Stradivari' });
	const assigned = await stageOf(db.owner, 'assigned');
	order.ivan = await makeOrder(db.owner, {
		location: place.here,
		client: client.ivan,
		stage: assigned,
		master
	});
	await db.owner`update public.orders set asset_id = ${asset.guitar} where id = ${order.ivan.id}`;
	order.anna = await makeOrder(db.owner, { location: place.there, client: client.anna });
	order.street = await makeOrder(db.owner, { location: place.there, client: client.john });
	await db.owner`update public.orders set address = 'вул. Хрещатик, 22' where id = ${order.street.id}`;
});
afterAll(() => db?.stop());

const find = (query: string, kinds: Found['kind'][] | null = null, who: string | null = operator) =>
	db.asRole(who, (tx) => search(tx, query, kinds));
const ids = async (query: string, kind: Found['kind'], who = operator) =>
	(await find(query, [kind], who)).map((row) => row.id);

describe('a client is found', () => {
	it.each([
		'Иван',
		'иван',
		'ИВАН',
		'Щербаков',
		'щербак',
		'ербако',
		'Shcherbakov',
		'Sherbakov',
		'Ivan Shcherbakov',
		'Щербаков Иван Петрович',
		'Щербоков',
		'Щерабков',
		'Щирбаков',
		'Petrovich',
		'Щербаков 4567',
		'иван 0671',
		'Белорусская 34',
		'белоруская'
	])('by name or address: %s', async (query) => {
		expect(await ids(query, 'client')).toContain(client.ivan);
	});

	it.each([
		['лукяненко', 'anna'],
		['Лукьяненко', 'anna'],
		['Lukianenko', 'anna'],
		['Lukyanenko Hanna', 'anna'],
		['hanna.l@example.test', 'anna'],
		['Сергей', 'serhii'],
		['Serhii', 'serhii'],
		['Sergey', 'serhii'],
		['Muller', 'john'],
		['Мюллер', 'john']
	] as const)('in another language: %s', async (query, who) => {
		expect(await ids(query, 'client')).toContain(client[who]);
	});

	it.each([
		'1234567',
		'4567',
		'6712',
		'+380671234567',
		'380 67 123 45 67',
		'067 123-45-67',
		'(067) 123 45',
		'80671234567',
		'00380671234567',
		'9998877',
		'0509998'
	])('by digits of any of his phones: %s', async (query) => {
		expect(await ids(query, 'client')).toContain(client.ivan);
	});

	it('by a phone with the trunk prefix of his own country', async () => {
		expect(await ids('8 916 123-00-11', 'client')).toEqual([client.serhii]);
		expect(await ids('07911 123456', 'client')).toEqual([client.john]);
	});

	it('not by what he does not have', async () => {
		for (const query of [
			'Щербаков 1111',
			'Сидоренко',
			'4569',
			'12',
			'',
			'   ',
			'%',
			"'",
			':*',
			'&|!()'
		]) {
			expect(await ids(query, 'client'), query).not.toContain(client.ivan);
		}
	});

	it('the one who is meant first', async () => {
		const exact = await makePerson(db.owner, { first: 'Марк', last: 'Твен' });
		for (let n = 0; n < 30; n++)
			await makePerson(db.owner, { first: 'Маркіян', last: `Твенський${n}` });
		expect((await ids('Твен Марк', 'client'))[0]).toBe(exact);
	});
});

describe('orders and assets are found', () => {
	it('orders by number, as it is said', async () => {
		const { id } = order.ivan;
		for (const query of [`${id}`, `№${id}`, `# ${id}`, `N ${id}`]) {
			expect((await find(query))[0], query).toMatchObject({
				kind: 'order',
				id,
				title: `№${id}`,
				rank: 1
			});
		}
		expect(await ids(`${id}`.slice(0, 4), 'order')).toContain(id);
	});

	it('orders by client, phone, instrument, serial and their own address', async () => {
		for (const query of ['Щербаков', '1234567', 'Gibson', 'GS-00417X']) {
			expect(await ids(query, 'order'), query).toContain(order.ivan.id);
		}
		expect(await ids('Крещатик 22', 'order')).toEqual([order.street.id]);
		await db.owner`update public.orders set address = null where id = ${order.street.id}`;
		expect(await ids('Хрещатик 22', 'order')).toEqual([]);
		await db.owner`update public.orders set address = 'вул. Хрещатик, 22' where id = ${order.street.id}`;
	});

	it.each([
		'Gibson',
		'гибсон',
		'les paul',
		'Гитара Gibson',
		'Gitara',
		'Gibsn',
		'GS-0041',
		'gs 0041/7x',
		'00417'
	])('assets by kind, brand, model and serial: %s', async (query) => {
		const [row] = await find(query, ['asset']);
		expect(row).toMatchObject({
			id: asset.guitar,
			client_id: client.ivan,
			title: 'Гитара Gibson Les Paul · GS-0041/7X',
			subtitle: 'Щербаков Иван'
		});
	});

	it('as they are now, not as they were', async () => {
		const changing = await makePerson(db.owner, { first: 'Before', last: 'Wedding' });
		const thing = await makeAsset(db.owner, changing, { kind: 'Banjo' });
		await db.owner`update public.clients set last_name = 'Afterwards' where id = ${changing}`;
		await db.owner`update public.assets set kind = 'Mandolin' where id = ${thing}`;
		expect(await ids('Afterwards', 'client')).toEqual([changing]);
		expect(await ids('Wedding', 'client')).toEqual([]);
		expect(await ids('Mandolin', 'asset')).toEqual([thing]);
		expect(await ids('Banjo', 'asset')).toEqual([]);
	});

	it('the same after the documents are made anew', async () => {
		await db.owner`delete from private.client_documents`;
		await db.owner`delete from private.asset_documents`;
		await db.owner`delete from private.order_documents`;
		expect(await ids('Щербаков', 'client')).toEqual([]);
		await db.owner`select private.rebuild_search_documents()`;
		expect(await ids('Щербаков', 'client')).toEqual([client.ivan]);
		expect(await ids('Gibson', 'asset')).toEqual([asset.guitar]);
		expect(await ids('Хрещатик', 'order')).toEqual([order.street.id]);
	});
});

describe('who asks decides what is found', () => {
	it('somebody of one location finds clients everywhere and orders of his own location', async () => {
		const local = await makeEmployee(db.owner, 'operator', { location: place.here });
		expect(await ids('Лукьяненко', 'client', local)).toEqual([client.anna]);
		for (const query of ['Лукьяненко', `${order.anna.id}`, 'Stradivari', 'Хрещатик']) {
			expect(await ids(query, 'order', local), query).toEqual([]);
		}
		expect(await ids('Щербаков', 'order', local)).toEqual([order.ivan.id]);
	});

	it('a master finds his own orders and nothing else', async () => {
		for (const query of [
			'Щербаков',
			'Sherbakov',
			'Щербоков',
			'Gibson',
			'00417X',
			'1234567',
			`${order.ivan.id}`
		]) {
			const rows = await find(query, null, master);
			expect(
				rows.map((row) => [row.kind, row.id]),
				query
			).toEqual([['order', order.ivan.id]]);
		}
		for (const query of ['Лукьяненко', 'Stradivari', '1110022', `${order.anna.id}`, 'Хрещатик']) {
			expect(await find(query, null, master), query).toEqual([]);
		}
	});

	it('a master finds an old order behind many newer ones', async () => {
		const veteran = await makeEmployee(db.owner, 'master');
		const [old] = await db.owner`
			with done as (select id from public.stages where kind = 'closed' limit 1)
			insert into public.orders (location_id, client_id, problem, master_id, stage_id, rank)
			select ${place.here}::bigint, case i when 1 then ${client.anna}::bigint else ${client.john}::bigint end,
				'x', ${veteran}::uuid, done.id, 'zz' || lpad(i::text, 4, '0') || '1'
			from generate_series(1, 510) i, done order by i returning id`;
		expect(await ids('Лукьяненко', 'order', veteran)).toEqual([Number(old?.id)]);
		expect(await find('Щербаков', null, veteran)).toEqual([]);
	});

	it('rights taken away are gone at once', async () => {
		await db.owner`delete from public.role_permissions where role = 'operator' and permission = 'clients.read'`;
		const rows = await find('Щербаков');
		expect(rows.filter((row) => row.kind !== 'order')).toEqual([]);
		expect(await find('1234567')).toEqual([]);
		await db.owner`insert into public.role_permissions (role, permission) values ('operator', 'clients.read')`;
	});

	it('strangers, clients and the marketer are refused', async () => {
		for (const who of [await makeEmployee(db.owner, 'marketer'), await makeUser(db.owner)]) {
			expect((await refusal(find('Иван', null, who))).code).toBe('VK403');
		}
		expect((await refusal(find('Иван', null, null))).code).toBe('42501');
	});

	it('nonsense arguments are refused', async () => {
		const bad = db.asRole(operator, (tx) => search(tx, 'x', ['lead']));
		expect(await refusal(bad)).toMatchObject({ details: { field: 'kinds' } });
		const many = db.asRole(operator, (tx) => search(tx, 'x', null, 51));
		expect(await refusal(many)).toMatchObject({ details: { field: 'max_rows' } });
	});
});
