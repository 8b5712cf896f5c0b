// who might be the same client, and that no answer walks through a big table
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePerson, mergeClients, search } from '../support/clients.ts';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
let manager: string;

beforeAll(async () => {
	db = await startDatabase();
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());

const duplicates = (client: number, who: string | null = manager) =>
	db.asRole(
		who,
		(tx) => tx`select id, phone, reasons, orders from public.duplicate_clients(${client})`
	);

it('finds them by e-mail, name in any spelling, and the same number under another country', async () => {
	const subject = await makePerson(db.owner, {
		first: 'Наталья',
		last: 'Щербакова',
		email: 'Nata@example.test',
		phones: ['+380671234567']
	});
	const twin = await makePerson(db.owner, {
		first: 'Natalia',
		last: 'Shcherbakova',
		email: 'nata@example.test'
	});
	const abroad = await makePerson(db.owner, { first: 'N', phones: ['+48671234567'] });
	const alike = await makePerson(db.owner, { first: 'Наталя', last: 'Щербаковва' });
	const misspelt = await makePerson(db.owner, { first: 'Наталья', last: 'Щербокова' });
	await makePerson(db.owner, { first: 'Наталья', last: 'Мороз' });
	const merged = await makePerson(db.owner, { first: 'Наталья', last: 'Щербакова' });
	await db.commitAs(manager, (tx) => mergeClients(tx, alike, merged));
	await makeOrder(db.owner, { location: await makeLocation(db.owner), client: abroad });
	const rows = await duplicates(subject);
	expect(rows[0]).toMatchObject({ id: twin, reasons: ['email', 'name'] });
	const by = new Map(rows.map((row) => [row.id as number, row]));
	expect(by.get(abroad)).toMatchObject({ reasons: ['phone'], orders: 1, phone: '+48671234567' });
	expect(by.get(misspelt)).toMatchObject({ reasons: ['similar_name'] });
	expect([...by.keys()].sort()).toEqual([twin, abroad, alike, misspelt].sort());
});

it('does not take a bare first name for a person', async () => {
	const subject = await makePerson(db.owner, { first: 'Оксана' });
	await makePerson(db.owner, { first: 'Оксана' });
	expect(await duplicates(subject)).toEqual([]);
});

it('is refused to strangers, and for clients who are not there', async () => {
	const client = await makePerson(db.owner, { first: 'Any' });
	for (const who of [await makeEmployee(db.owner, 'master'), await makeUser(db.owner)]) {
		expect((await refusal(duplicates(client, who))).code).toBe('VK403');
	}
	expect((await refusal(duplicates(client, null))).code).toBe('42501');
	expect(await refusal(duplicates(987654321))).toMatchObject({ message: 'client_not_found' });
});

it('no search, caller or duplicate is looked for by walking through a table', async () => {
	const tables = ['clients', 'client_phones', 'assets', 'orders', 'known_words'].concat(
		['client', 'asset', 'order'].map((noun) => `${noun}_documents`)
	);
	const walks = async () => {
		await db.owner`select pg_stat_force_next_flush()`;
		const rows = await db.owner`select relname, seq_scan::int as scans from pg_stat_user_tables
			where relname = any (${tables}) order by 1`;
		expect(rows).toHaveLength(tables.length);
		return rows;
	};
	const subject = await makePerson(db.owner, {
		first: 'Walk',
		last: 'Through',
		phones: ['+380679990001']
	});
	const master = await makeEmployee(db.owner, 'master');
	const before = await walks();
	for (const query of ['Щербакова', 'щербочка', '6712', '155000', 'Walk 9990', 'SN-0012', 'ш']) {
		for (const who of [manager, master]) await db.asRole(who, (tx) => search(tx, query));
	}
	await db.asRole(manager, (tx) => tx`select public.find_client_by_phone('0679990001')`);
	await duplicates(subject);
	// a connection tells what it did at the latest when it ends its next statement
	await new Promise((resolve) => setTimeout(resolve, 1100));
	await Promise.all(
		Array.from({ length: 20 }, () =>
			db.asRole(manager, (tx) => tx`select pg_stat_force_next_flush()`)
		)
	);
	expect(await walks()).toEqual(before);
});
