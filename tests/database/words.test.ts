// the words (domains) every table shares: what a phone, a colour and a translation may be
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDatabase, type Database } from '../support/database.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());

const accepts = async (type: string, value: string | null) =>
	db.owner.unsafe(`select $1::text::${type}`, [value]).then(
		() => true,
		() => false
	);

it('a phone is written as E.164 does', async () => {
	expect(await accepts('public.e164', '+380671234567')).toBe(true);
	for (const phone of ['380671234567', '+0671234567', '+38067 123', '+3806712345678901', '']) {
		expect(await accepts('public.e164', phone), phone).toBe(false);
	}
});

it('a colour is six digits', async () => {
	expect(await accepts('public.colour', '#a0b1c2')).toBe(true);
	for (const colour of ['#A0B1C2', '#abc', 'red', '#a0b1c2; }']) {
		expect(await accepts('public.colour', colour), colour).toBe(false);
	}
});

it('a translation says something in every language, or is not there at all', async () => {
	expect(await accepts('public.translation', '{"en":"A","ru":"Б","uk":"В"}')).toBe(true);
	expect(await accepts('public.translation', null)).toBe(true);
	for (const name of [
		'{"en":"A","ru":"Б"}',
		'{"en":"A","ru":"Б","uk":" "}',
		'{"en":"A","ru":"Б","uk":1}',
		'{"en":"A","ru":"Б","uk":"В","de":"D"}',
		'[]',
		'null'
	]) {
		expect(await accepts('public.translation', name), name).toBe(false);
	}
});
