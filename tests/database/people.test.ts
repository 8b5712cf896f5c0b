// employees and columns: what must not happen to them, whoever tries
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeStage,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

it('the last administrator stays, even when two dismiss each other at once', async () => {
	const anna = await makeEmployee(db.owner, 'admin');
	const dismiss = (who: string, whom: string) =>
		db.commitAs(who, (tx) => tx`update public.employees set active = false where id = ${whom}`);
	expect(await refusal(dismiss(anna, anna))).toMatchObject({
		code: 'VK422',
		message: 'last_admin'
	});
	for (let round = 0; round < 5; round++) {
		const boris = await makeEmployee(db.owner, 'admin');
		await Promise.allSettled([dismiss(anna, boris), dismiss(boris, anna)]);
		const [row] = await db.owner`
			select count(*)::int as n from public.employees where role = 'admin' and active`;
		expect(row?.n).toBe(1);
		await db.owner`update public.employees set active = true where id = ${anna}`;
		await db.owner`update public.employees set active = false where id = ${boris}`;
	}
});

it('a column keeps its kind and location, and is removed only when empty', async () => {
	const location = await makeLocation(db.owner);
	const column = await makeStage(db.owner, 'waiting');
	for (const change of [`kind = 'in_progress'`, `location_id = ${location}`]) {
		const changed = db.owner.unsafe(`update public.stages set ${change} where id = ${column}`);
		expect(await refusal(changed)).toMatchObject({ code: 'VK422', message: 'invalid_argument' });
	}
	await makeOrder(db.owner, { location, stage: column });
	const removed = db.owner`delete from public.stages where id = ${column}`;
	expect((await refusal(removed)).code).toBe('23503');
});

it('rules of moves hold for a console, too', async () => {
	const [location, elsewhere] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	const card = await makeOrder(db.owner, { location });
	const theirs = await makeStage(db.owner, 'waiting', { location: elsewhere });
	const closed = await makeStage(db.owner, 'closed');
	const put = (column: number) =>
		refusal(db.owner`update public.orders set stage_id = ${column} where id = ${card.id}` as never);
	expect(await put(closed)).toMatchObject({ message: 'transition_not_allowed' });
	expect(await put(theirs)).toMatchObject({ message: 'stage_of_other_location' });
});

it('a time zone must exist', async () => {
	const set = (zone: string) => db.owner`update public.settings set time_zone = ${zone}`;
	await set('America/Argentina/Buenos_Aires');
	expect(await refusal(set('Mars/Olympus') as never)).toMatchObject({
		message: 'invalid_argument'
	});
});

it('a setting says something its rule can follow', async () => {
	for (const nonsense of [
		`phone_country = 'Ukraine'`,
		`public_phone = '0441234567'`,
		`public_email = 'nobody'`,
		`opening_hours = '{"en": "9–18"}'`,
		'assignment_answer_minutes = 0',
		'shift_max_hours = 49',
		'lead_window_minutes = -1',
		`blacklist_policy = 'ignore'`
	]) {
		const set = db.owner.unsafe(`update public.settings set ${nonsense}`);
		expect(await refusal(set), nonsense).toMatchObject({ code: '23514' });
	}
});

it('answers to calls are forgotten when they are old', async () => {
	const card = await makeOrder(db.owner, { location: await makeLocation(db.owner) });
	await db.owner`insert into private.mutations (id, actor_id, call, order_id, answer, at)
		select gen_random_uuid(), gen_random_uuid(), 'move_order', ${card.id}, '{}', now() - age * interval '1 day'
		from unnest('{1,2,4,5}'::int[]) age`;
	expect(await db.owner`select private.forget_mutations() as n`).toEqual([{ n: 2 }]);
	expect(await db.owner`select from private.mutations`).toHaveLength(2);
});

it('an order is promised for a day people live on', async () => {
	const card = await makeOrder(db.owner, { location: await makeLocation(db.owner) });
	for (const moment of ['infinity', '-infinity', '99999-01-01', '1999-12-31']) {
		const promise = db.owner`update public.orders set promised_at = ${moment}::text::timestamptz where id = ${card.id}`;
		expect(await refusal(promise as never), moment).toMatchObject({ code: '23514' });
	}
	await db.owner`update public.orders set promised_at = '2026-12-31T10:00:00Z' where id = ${card.id}`;
});
