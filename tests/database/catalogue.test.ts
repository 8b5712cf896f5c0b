// the public catalogue: what is meant for anybody is there, and nothing that is not
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLocation, refusal, startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

const words = (text: string) => db.owner.json({ en: text, ru: text, uk: text });
const seen = (view: string) => db.asRole(null, (tx) => tx.unsafe(`select * from public.${view}`));

it('shows the company without its inner settings', async () => {
	await db.owner`update public.settings set public_phone = '+380441234567', opening_hours = ${words('9–18')}`;
	const [company] = await seen('public_company');
	expect(company).toMatchObject({ public_phone: '+380441234567', opening_hours: { en: '9–18' } });
	expect(Object.keys(company ?? {}).sort()).toEqual(
		'company_name currency language logo_path opening_hours public_address public_email public_phone'.split(
			' '
		)
	);
	for (const column of ['details', 'time_zone', 'blacklist_policy', 'version']) {
		const read = db.asRole(null, (tx) => tx.unsafe(`select ${column} from public.settings`));
		expect((await refusal(read)).code, column).toBe('42501');
	}
});

it('shows workshops that are open', async () => {
	const [open, closed] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	await db.owner`update public.locations set address = 'Kyiv, Khreshchatyk 1', phone = '+380441112233' where id = ${open}`;
	await db.owner`update public.locations set archived_at = now() where id = ${closed}`;
	const rows = await seen('public_locations');
	expect(rows.filter(({ id }) => id === open || id === closed)).toMatchObject([
		{ id: open, address: 'Kyiv, Khreshchatyk 1', phone: '+380441112233' }
	]);
});

it('shows services and promotions that are public, not archived and running', async () => {
	const [shown] = await db.owner`insert into public.services (name, price, public)
		values (${words('Setup')}, 500, true) returning id`;
	const [hidden] = await db.owner`insert into public.services (name, public)
		values (${words('Hidden')}, false) returning id`;
	await db.owner`insert into public.services (name, public, archived_at) values (${words('Old')}, true, now())`;
	const closed = await makeLocation(db.owner);
	await db.owner`update public.locations set archived_at = now() where id = ${closed}`;
	await db.owner`insert into public.services (name, public, location_id) values (${words('There')}, true, ${closed})`;
	expect(await seen('public_services')).toMatchObject([
		{ id: shown?.id, name: { en: 'Setup' }, price: '500.00' }
	]);

	const promote = (title: string, service: number, from: number, to: number, open = true) =>
		db.owner`insert into public.promotions (title, body, service_id, starts_on, ends_on, public)
			values (${words(title)}, ${words('.')}, ${service}, current_date + ${from}::int, current_date + ${to}::int, ${open})`;
	await promote('running', shown?.id, -2, 3);
	await promote('of a hidden service', hidden?.id, -3, 3);
	await promote('over', shown?.id, -9, -2);
	await promote('to come', shown?.id, 2, 9);
	await promote('secret', shown?.id, -2, 3, false);
	const promotions = await seen('public_promotions');
	expect(promotions.map(({ title, service_id }) => [title.en, service_id])).toEqual([
		['running', shown?.id],
		['of a hidden service', null]
	]);
});
