// a client's history: who writes, who corrects, and what the system writes stays
import { afterAll, beforeAll, expect, it } from 'vitest';
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
let client: number;
let olga: string;
let boris: string;

beforeAll(async () => {
	db = await startDatabase();
	client = await makeClient(db.owner);
	olga = await makeEmployee(db.owner, 'operator');
	boris = await makeEmployee(db.owner, 'operator');
});
afterAll(() => db?.stop());

const write = (who: string | null, body: string, kind = 'note', order: number | null = null) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`insert into public.interactions (client_id, kind, body, order_id)
			values (${client}, ${kind}, ${body}, ${order}) returning *`;
		return row as { id: number; author_id: string };
	});
const correct = (who: string, id: number) =>
	db.commitAs(
		who,
		(tx) =>
			tx`update public.interactions set body = 'Corrected' where id = ${id} returning edited_at`
	);

it('belongs to who wrote it, and is corrected by him alone, for a day', async () => {
	const note = await write(olga, 'Wants it before Friday');
	expect(note.author_id).toBe(olga);
	expect(await correct(boris, note.id)).toEqual([]);
	const [corrected] = await correct(olga, note.id);
	expect(corrected?.edited_at).toBeInstanceOf(Date);
	await db.owner`update public.interactions set at = now() - interval '25 hours' where id = ${note.id}`;
	expect(await correct(olga, note.id)).toEqual([]);
});

it('nobody writes automatic notes or in another’s name by hand', async () => {
	for (const columns of [`template_key`, `author_id`, `params`, `at`, `lead_id`]) {
		const forged = db.asRole(olga, (tx) =>
			tx.unsafe(`insert into public.interactions (client_id, kind, body, ${columns})
				values (${client}, 'note', 'x', null)`)
		);
		expect((await refusal(forged)).code, columns).toBe('42501');
	}
	expect((await refusal(write(olga, 'x', 'automatic'))).code).toMatch(/42501|23514/);
});

it('an automatic note keeps its key and facts, and cannot be rewritten, not even by a console', async () => {
	const [row] = await db.owner`select private.note_on_client(${client}, 'contract_signed',
		'{"number": "7"}') as id`;
	const [note] = await db.owner`select * from public.interactions where id = ${row?.id}`;
	expect(note).toMatchObject({
		kind: 'automatic',
		template_key: 'contract_signed',
		params: { number: '7' },
		body: null,
		author_id: null
	});
	const rewritten = db.owner`update public.interactions set body = 'x', template_key = null, params = '{}', kind = 'note'
		where id = ${row?.id}`;
	expect((await refusal(rewritten as never)).code).toBe('42501');
});

it('an automatic note holds what changed in a long text, and no book', async () => {
	const note = (
		letters: number
	) => db.owner`select private.note_on_client(${client}, 'contract_changed',
		jsonb_build_object('changes', jsonb_build_array(repeat('ї', ${letters}), repeat('ж', ${letters}))))`;
	await note(4000);
	expect((await refusal(note(20_000) as never)).code).toBe('23514');
});

it('is about an order of that very client, and says something', async () => {
	const location = await makeLocation(db.owner);
	const [mine, other] = [
		await makeOrder(db.owner, { location, client }),
		await makeOrder(db.owner, { location })
	];
	await write(olga, 'About it', 'call', mine.id);
	expect(await refusal(write(olga, 'About it', 'call', other.id))).toMatchObject({
		code: 'VK422',
		details: { field: 'order_id' }
	});
	expect((await refusal(write(olga, '  '))).code).toBe('23514');
	expect((await refusal(write(olga, 'x'.repeat(4001)))).code).toBe('23514');
});

it('is closed to strangers', async () => {
	for (const who of [
		null,
		await makeUser(db.owner),
		await makeEmployee(db.owner, 'operator', { active: false }),
		await makeEmployee(db.owner, 'marketer'),
		await makeEmployee(db.owner, 'master')
	]) {
		expect((await refusal(write(who, 'Hello'))).code).toBe('42501');
	}
});
