// the form for people: what it takes, what it refuses, whom it counts, and what a stranger learns
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal, startDatabase, type Database } from '../support/database.ts';
import { freshPhone, makeCampaign, makeService, type Intake } from '../support/marketing.ts';

let db: Database;
beforeAll(async () => (db = await startDatabase()));
afterAll(() => db?.stop());
beforeEach(() => db.owner`delete from private.rate_limits`);

const HERE = '127.0.0.1';

/** A submission as the Data API makes it: `peer` is who called it, `visitor` whom he says he asks for. */
const submit = (payload: unknown, visitor: string | null = '198.51.100.7', peer = HERE) =>
	db.commitAs(null, async (tx) => {
		await tx`select set_config('request.headers', ${JSON.stringify({ 'x-forwarded-for': peer })}, true)`;
		const [row] =
			await tx`select public.submit_public_lead(${JSON.stringify(payload)}::text::jsonb, ${visitor}) as answer`;
		return row?.answer as Intake;
	}) as Promise<Intake>;
const person = (more: object = {}) => ({
	first_name: 'Nika',
	phone_number: freshPhone(),
	consent: true,
	...more
});
const leadOf = async (phone: string) =>
	(await db.owner`select * from public.leads where phone = ${phone} order by id desc`)[0];

describe('a submission', () => {
	it('becomes a lead with its campaign, service, marks and source, and tells nothing back', async () => {
		const service = await makeService(db.owner);
		const campaign = await makeCampaign(db.owner, { service });
		const lead = person({
			advertising_company: campaign,
			message: ' Broken\u200b neck ',
			utm_source: 'google',
			utm_campaign: 'spring',
			referrer: 'https://google.com/'
		});
		expect(await submit(lead)).toEqual({ ok: true });
		expect(await leadOf(lead.phone_number)).toMatchObject({
			first_name: 'Nika',
			message: 'Broken neck',
			campaign_id: campaign,
			service_id: service,
			source: 'form',
			utm: { utm_source: 'google', utm_campaign: 'spring' },
			api_token_id: null,
			status: 'new'
		});
	});

	it('without marks says which site led here; without a campaign it is the site’s, or its link’s', async () => {
		const campaign = await makeCampaign(db.owner, { name: 'Весна 2026' });
		const ended = await makeCampaign(db.owner, { name: 'Ended', endsOn: '2020-02-01' });
		const referred = person({ referrer: 'https://Forum.Example.com:8443/topic?x=1' });
		await submit(referred);
		expect(await leadOf(referred.phone_number)).toMatchObject({
			campaign_id: null,
			source: 'site',
			utm: { utm_source: 'forum.example.com', utm_medium: 'referral' }
		});
		for (const [words, expected] of [
			[String(campaign), campaign],
			['ВЕСНА 2026', campaign],
			[String(ended), null],
			['Ended', null],
			['nobody knows', null]
		] as const) {
			const marked = person({ utm_campaign: words });
			await submit(marked);
			expect((await leadOf(marked.phone_number))?.campaign_id, words).toBe(expected);
		}
		const nonsense = person({ referrer: 'javascript:alert(1)' });
		await submit(nonsense);
		expect((await leadOf(nonsense.phone_number))?.utm).toEqual({});
	});

	it('repeated joins the lead, also from the intake’s side of the table', async () => {
		const campaign = await makeCampaign(db.owner);
		const lead = person({ advertising_company: campaign, message: 'One' });
		await Promise.all(Array.from({ length: 8 }, () => submit(lead)));
		await submit({ ...lead, message: 'Two' });
		const rows =
			await db.owner`select submissions from public.leads where phone = ${lead.phone_number}`;
		expect(rows).toEqual([{ submissions: 9 }]);
	});

	it('sets nothing that the form does not ask for', async () => {
		const lead = person({
			source: 'Instagram',
			location_id: 999,
			idempotency_key: 'x',
			status: 'converted'
		});
		expect(await submit(lead)).toEqual({ ok: true });
		expect(await leadOf(lead.phone_number)).toMatchObject({
			source: 'site',
			location_id: null,
			idempotency_key: null,
			status: 'new'
		});
	});

	it('is refused by field: nobody to call, no consent, a campaign that is closed or unknown, nonsense', async () => {
		const hidden = await makeService(db.owner);
		const cases: [unknown, Record<string, string[]>][] = [
			[{ consent: true }, { first_name: ['required'], phone_number: ['required'] }],
			[person({ consent: undefined }), { consent: ['required'] }],
			[person({ consent: 'yes' }), { consent: ['required'] }],
			[person({ phone_number: 'call me' }), { phone_number: ['invalid'] }],
			[person({ email: 'x' }), { email: ['invalid'] }],
			[person({ advertising_company: 999_999 }), { advertising_company: ['unknown'] }],
			[person({ advertising_company: { $gt: 0 } }), { advertising_company: ['not_id'] }],
			[
				person({ advertising_company: await makeCampaign(db.owner, { endsOn: '2020-02-01' }) }),
				{ advertising_company: ['closed'] }
			],
			[
				person({ advertising_company: await makeCampaign(db.owner, { archived: true }) }),
				{ advertising_company: ['closed'] }
			],
			[person({ service_id: hidden }), { service_id: ['unknown'] }],
			[person({ first_name: 'x'.repeat(81) }), { first_name: ['too_long'] }],
			[[], { payload: ['not_object'] }],
			['x', { payload: ['not_object'] }],
			[null, { payload: ['not_object'] }]
		];
		const [before] = await db.owner`select count(*) from public.leads`;
		for (const [payload, fields] of cases) {
			expect(await submit(payload), JSON.stringify(payload)).toMatchObject({
				ok: false,
				code: 'VK422',
				details: { fields }
			});
		}
		expect((await db.owner`select count(*) from public.leads`)[0]).toEqual(before);
	});

	it('of a robot, which fills in what people do not see, is thanked for and dropped', async () => {
		const robot = person({ website: 'http://spam.example' });
		expect(await submit(robot)).toEqual({ ok: true });
		expect(await leadOf(robot.phone_number)).toBeUndefined();
	});
});

describe('an address', () => {
	const floods = async (of: (i: number) => Promise<unknown>) => {
		let refused = 0;
		for (let i = 0; i < 24; i++) {
			const answer = await of(i).catch((error: { code: string }) => error.code);
			if (answer === 'VK429') refused += 1;
		}
		return refused;
	};

	it('has twenty submissions in ten minutes, right and wrong ones alike', async () => {
		expect(await floods((i) => submit(i % 2 ? person() : {}, '198.51.100.9'))).toBe(4);
		// a household has a /64
		expect(await floods((i) => submit({}, `2001:db8::${i}`))).toBe(4);
		expect(await submit(person(), '198.51.100.10')).toEqual({ ok: true });
		expect(await refusal(submit(person(), '198.51.100.9'))).toMatchObject({
			message: 'too_many_requests',
			details: { retry_after: expect.any(Number) }
		});
	});

	it('cannot be chosen by a stranger who calls the database himself', async () => {
		expect(await floods((i) => submit({}, `198.51.100.${i}`, '203.0.113.5'))).toBe(4);
		// nor used up for somebody else
		expect(await submit(person(), '198.51.100.3')).toEqual({ ok: true });
		// what he did counts against him wherever he comes from
		expect((await refusal(submit(person(), '203.0.113.5'))).code).toBe('VK429');
	});

	it('is told by app servers on other machines that are entered, and by no other', async () => {
		await db.owner`insert into private.app_servers (address) values ('192.0.2.80')`;
		expect(await floods((i) => submit({}, `198.51.100.${i}`, '192.0.2.80'))).toBe(0);
		expect(await floods((i) => submit({}, `198.51.100.${i}`, '192.0.2.81'))).toBe(4);
	});

	it('of no form is one for all, and all together have an end', async () => {
		expect(await floods(() => submit({}, 'not an address'))).toBe(4);
		await db.owner`insert into private.rate_limits (bucket, subject, window_ends_at, hits)
			values ('public_lead_all', encode(sha256('all'), 'hex'), now() + interval '5 minutes', 600)`;
		expect((await refusal(submit(person(), '198.51.100.77'))).code).toBe('VK429');
	});

	it('is not kept', async () => {
		await submit(person(), '198.51.100.123');
		const kept =
			await db.owner`select subject from private.rate_limits where bucket = 'public_lead'`;
		expect(JSON.stringify(kept)).not.toContain('198.51');
	});
});

describe('public_form', () => {
	const form = async (campaign: number | null) =>
		(await db.asRole(null, (tx) => tx`select public.public_form(${campaign}) as form`))[0]?.form;

	it('says whether a campaign takes requests, and of its service only what is public', async () => {
		const service = await makeService(db.owner);
		const campaign = await makeCampaign(db.owner, { service });
		expect(await form(campaign)).toEqual({ state: 'open', service_id: null, country: 'UA' });
		await db.owner`update public.services set public = true where id = ${service}`;
		expect(await form(campaign)).toMatchObject({ service_id: service });
		expect(await form(null)).toMatchObject({ state: 'open', service_id: null });
		expect(await form(999_999)).toMatchObject({ state: 'unknown' });
		expect(await form(await makeCampaign(db.owner, { archived: true }))).toMatchObject({
			state: 'closed'
		});
	});

	it('is all a stranger may call: no table, no intake, no helper', async () => {
		for (const statement of [
			'select from public.leads',
			'select from public.campaigns',
			'select from private.app_servers',
			`select public.intake_lead('x', '{}', '127.0.0.1')`,
			`select private.take_lead('{}', null)`,
			`select private.visitor_network('198.51.100.1')`
		]) {
			const tried = db.asRole(null, (tx) => tx.unsafe(statement));
			expect((await refusal(tried)).code, statement).toBe('42501');
		}
	});
});
