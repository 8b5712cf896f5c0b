// what the intake keeps of a lead: fields, campaigns, hostile words
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';
import { freshPhone, intake, makeCampaign, makeService, makeToken } from '../support/marketing.ts';

let db: Database;
let admin: string;
let token: string;

beforeAll(async () => {
	db = await startDatabase();
	admin = await makeEmployee(db.owner, 'admin');
	({ token } = await makeToken(db, admin));
});
afterAll(() => db?.stop());
// limits are counted by the minute: each test starts with none used
beforeEach(() => db.owner`delete from private.intake_attempts`);

const send = (payload: Record<string, unknown>, options: Parameters<typeof intake>[3] = {}) =>
	intake(db, token, { first_name: 'Nika', phone_number: freshPhone(), ...payload }, options);
const mistakes = async (payload: Record<string, unknown>, demanded?: string[]) =>
	(await send(payload, demanded ? { demanded } : {})).details?.fields;
const stored = async (id: number | undefined) =>
	(await db.owner`select * from public.leads where id = ${id ?? 0}`)[0];

it('is open to the service role only', async () => {
	for (const who of [admin, null]) {
		for (const call of [
			`public.intake_lead('x', '{}', '')`,
			`private.intake_lead('x', '{}', '', '{}')`,
			'public.intake_country()'
		]) {
			const tried = db.asRole(who, (tx) => tx.unsafe(`select ${call}`));
			expect((await refusal(tried)).code, call).toBe('42501');
		}
	}
});

it('keeps what was sent, with campaign, place, service, source and tracking', async () => {
	const location = await makeLocation(db.owner);
	const service = await makeService(db.owner);
	const campaign = await makeCampaign(db.owner, { service, location });
	const { token: sourced } = await makeToken(db, admin, { source: 'Landing' });
	const phone = freshPhone();
	const answer = await intake(db, sourced, {
		first_name: ' Едуард ',
		last_name: 'Комаров',
		middle_name: null,
		phone_number: phone,
		email: 'rango@example.test',
		advertising_company: campaign,
		message: 'Line one\r\nline two',
		utm_source: 'google',
		utm_term: 'x'.repeat(500),
		utm_bad: 'y',
		source: 'ignored'
	});
	expect(answer).toMatchObject({
		ok: true,
		created: true,
		lead: {
			first_name: 'Едуард',
			middle_name: null,
			phone_number: phone,
			advertising_company: campaign
		}
	});
	expect(await stored(answer.lead?.id)).toMatchObject({
		first_name: 'Едуард',
		last_name: 'Комаров',
		phone,
		message: 'Line one\nline two',
		campaign_id: campaign,
		location_id: location,
		service_id: service,
		source: 'Landing',
		status: 'new',
		utm: { utm_source: 'google', utm_term: 'x'.repeat(200) }
	});
});

describe('fields', () => {
	it.each<[Record<string, unknown>, Record<string, string[]>]>([
		[{ first_name: undefined }, { first_name: ['required'] }],
		[{ first_name: null }, { first_name: ['null'] }],
		[{ first_name: ' \u200b\u00a0' }, { first_name: ['blank'] }],
		[{ first_name: ['x'] }, { first_name: ['not_text'] }],
		[{ first_name: true }, { first_name: ['not_text'] }],
		[{ first_name: 'x'.repeat(81) }, { first_name: ['too_long'] }],
		[{ last_name: 'x'.repeat(100_000) }, { last_name: ['too_long'] }],
		[{ phone_number: '0671234567' }, { phone_number: ['invalid'] }],
		[{ phone_number: '+0671234567' }, { phone_number: ['invalid'] }],
		[{ phone_number: 'x'.repeat(41) }, { phone_number: ['too_long'] }],
		[{ phone_number: undefined }, { phone_number: ['required'] }],
		[{ phone_number: '' }, { phone_number: ['required'] }],
		[{ email: 'nobody' }, { email: ['invalid'] }],
		[{ email: 'a@b' }, { email: ['invalid'] }],
		[{ email: '<x>@example.test' }, { email: ['invalid'] }],
		[{ message: 'x'.repeat(4001) }, { message: ['too_long'] }],
		[{ message: { html: '' } }, { message: ['not_text'] }],
		[{ advertising_company: 'two' }, { advertising_company: ['not_id'] }],
		[{ advertising_company: true }, { advertising_company: ['not_id'] }],
		[{ advertising_company: -1 }, { advertising_company: ['not_id'] }],
		[{ advertising_company: 1.5 }, { advertising_company: ['not_id'] }],
		[{ advertising_company: 999_999 }, { advertising_company: ['unknown'] }],
		[{ service_id: 999_999 }, { service_id: ['unknown'] }],
		[{ location_id: 999_999 }, { location_id: ['unknown'] }]
	])('%o is refused', async (payload, expected) => {
		expect(await mistakes(payload)).toEqual(expected);
	});

	it('are all checked at once, and too long says how long they may be', async () => {
		const answer = await send({
			first_name: '',
			last_name: 'x'.repeat(81),
			email: 'x',
			phone_number: '1'
		});
		expect(answer).toMatchObject({ ok: false, code: 'VK422', message: 'invalid_fields' });
		expect(answer.details).toEqual({
			fields: {
				first_name: ['blank'],
				last_name: ['too_long'],
				email: ['invalid'],
				phone_number: ['invalid']
			},
			limits: { last_name: 80 }
		});
	});

	it('a door may demand more of', async () => {
		const demanded = ['first_name', 'last_name', 'email', 'advertising_company'];
		expect(await mistakes({ email: null, last_name: '' }, demanded)).toEqual({
			last_name: ['blank'],
			email: ['null'],
			advertising_company: ['required']
		});
	});

	it('may be numbers, an e-mail alone is enough, what is no object is refused', async () => {
		expect(
			await send({ first_name: 42, phone_number: null, email: 'a@example.test' })
		).toMatchObject({ ok: true });
		for (const payload of [[], 'x', 1, null]) {
			expect((await intake(db, token, payload)).details?.fields).toEqual({
				payload: ['not_object']
			});
		}
	});
});

describe('a campaign', () => {
	it('that is over or archived takes no leads, on its last day it still does', async () => {
		const [row] = await db.owner`select (now() at time zone time_zone)::date::text as today,
			((now() at time zone time_zone)::date - 1)::text as yesterday from public.settings`;
		const over = await makeCampaign(db.owner, { endsOn: row?.yesterday });
		const archived = await makeCampaign(db.owner, { archived: true });
		const last = await makeCampaign(db.owner, { endsOn: row?.today });
		expect(await mistakes({ advertising_company: over })).toEqual({
			advertising_company: ['closed']
		});
		expect(await mistakes({ advertising_company: archived })).toEqual({
			advertising_company: ['closed']
		});
		expect(await send({ advertising_company: String(last) })).toMatchObject({ ok: true });
	});

	it('of a token goes for its leads, and no other may be named', async () => {
		const [own, other] = [await makeCampaign(db.owner), await makeCampaign(db.owner)];
		const bound = await makeToken(db, admin, { campaign: own });
		const lead = { first_name: 'N', phone_number: freshPhone() };
		const answer = await intake(db, bound.token, lead);
		expect(answer.lead).toMatchObject({ advertising_company: own });
		const refused = await intake(db, bound.token, { ...lead, advertising_company: other });
		expect(refused.details?.fields).toEqual({ advertising_company: ['other_campaign'] });
		await db.owner`update public.campaigns set archived_at = now() where id = ${own}`;
		const closed = await intake(db, bound.token, lead);
		expect(closed.details?.fields).toEqual({ advertising_company: ['closed'] });
	});
});

describe('hostile words', () => {
	it('are kept as words, without what nobody can see', async () => {
		const answer = await send({
			first_name: `Robert'); drop table leads;--`,
			last_name: '<script>alert(1)</script>',
			message: 'a\u0001b\u202ec\ufeffd\u0007\n\n\n\n\n=cmd|calc',
			utm_source: '\u2066x\u2069'
		});
		expect(await stored(answer.lead?.id)).toMatchObject({
			first_name: `Robert'); drop table leads;--`,
			last_name: '<script>alert(1)</script>',
			message: 'abcd\n\n=cmd|calc',
			utm: { utm_source: 'x' }
		});
	});

	it('one letter written two ways is one letter', async () => {
		const answer = await send({ first_name: 'И\u0306ван' });
		expect((await stored(answer.lead?.id))?.first_name).toBe('Йван');
	});
});
