// leads by HTTP through real Deno: valid, wrong, replayed, at once, too big, too many
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freshPhone, startIntakeStack, type IntakeStack } from './lead-intake-support.ts';

let stack: IntakeStack;
let campaign: number;

beforeAll(async () => {
	stack = await startIntakeStack();
	const [row] =
		await stack.owner`insert into public.campaigns (name) values ('Radio') returning id`;
	campaign = Number(row?.id);
});
afterAll(() => stack.dispose());
beforeEach(() => stack.owner`delete from private.intake_attempts`);

const stored = async (id: unknown) =>
	(await stack.owner`select * from public.leads where id = ${Number(id)}`)[0];

describe('a valid lead', () => {
	it('is kept and answered with 201 and the object', async () => {
		const answer = await stack.send({
			first_name: 'Eduard',
			last_name: 'Komarov',
			middle_name: null,
			phone_number: '+79913713124',
			email: 'rango.adik@gmail.com',
			advertising_company: campaign,
			message: 'Треснула дека',
			utm_source: 'google'
		});
		expect(answer.status).toBe(201);
		expect(answer.headers.get('content-type')).toBe('application/json');
		expect(answer.headers.get('access-control-allow-origin')).toBe('*');
		expect(answer.body).toMatchObject({
			first_name: 'Eduard',
			middle_name: null,
			phone_number: '+79913713124',
			advertising_company: campaign,
			submissions: 1
		});
		expect(await stored(answer.body.id)).toMatchObject({
			phone: '+79913713124',
			message: 'Треснула дека',
			utm: { utm_source: 'google' },
			status: 'new'
		});
	});

	it.each([
		['067 200-00-01', '+380672000001'],
		['(067) 200 00 02', '+380672000002'],
		['380672000003', '+380672000003'],
		['00380672000004', '+380672000004'],
		['+7 (701) 123-45-67', '+77011234567'],
		['+375 29 123-45-67', '+375291234567'],
		['+48 601 234 567', '+48601234567'],
		['+49 (0) 151 23456789', '+4915123456789'],
		[380672000005, '+380672000005'],
		['+999 123 456 789', '+999123456789']
	])('may write its phone as %s', async (written, phone) => {
		const { status, body } = await stack.send({ first_name: 'N', phone_number: written });
		expect([status, body.phone_number]).toEqual([201, phone]);
	});

	it('without + is read as of the company’s country', async () => {
		// a function keeps the country for a minute: a fresh process asks again
		const fresh = await startIntakeStack();
		await fresh.owner`update public.settings set phone_country = 'PL'`;
		const { body } = await fresh.send({ first_name: 'N', phone_number: '601 234 567' });
		await fresh.dispose();
		expect(body.phone_number).toBe('+48601234567');
	});
});

describe('a wrong field', () => {
	it.each<[Record<string, unknown>, Record<string, string[]>]>([
		[{ first_name: undefined }, { first_name: ['required'] }],
		[{ first_name: null }, { first_name: ['null'] }],
		[{ first_name: ' ' }, { first_name: ['blank'] }],
		[{ first_name: { a: 1 } }, { first_name: ['not_text'] }],
		[{ last_name: 'x'.repeat(81) }, { last_name: ['too_long'] }],
		[{ middle_name: ['x'] }, { middle_name: ['not_text'] }],
		[{ phone_number: undefined }, { phone_number: ['required'] }],
		[{ phone_number: '12345' }, { phone_number: ['invalid'] }],
		[{ phone_number: '+380672000001<script>' }, { phone_number: ['invalid'] }],
		[{ phone_number: 'call me' }, { phone_number: ['invalid'] }],
		[{ email: 'nobody' }, { email: ['invalid'] }],
		[{ message: 'x'.repeat(4001) }, { message: ['too_long'] }],
		[{ advertising_company: 'two' }, { advertising_company: ['not_id'] }],
		[{ advertising_company: 999_999 }, { advertising_company: ['unknown'] }]
	])('%j is told by name', async (change, fields) => {
		const answer = await stack.send({ first_name: 'N', phone_number: freshPhone(), ...change });
		expect(answer.status).toBe(422);
		expect(answer.body).toMatchObject({
			code: 'VK422',
			message: 'invalid_fields',
			details: { fields }
		});
	});

	it('a closed campaign is one, what is no object is one, what is no JSON is none of our leads', async () => {
		const [row] = await stack.owner`insert into public.campaigns (name, starts_on, ends_on)
			values ('Old', '2020-01-01', '2020-02-01') returning id`;
		const closed = await stack.send({
			first_name: 'N',
			phone_number: freshPhone(),
			advertising_company: Number(row?.id)
		});
		expect(closed.body.details).toMatchObject({ fields: { advertising_company: ['closed'] } });
		expect((await stack.send([])).body.details).toMatchObject({
			fields: { payload: ['not_object'] }
		});
		for (const body of ['', '{', 'a=b', '\xff']) {
			const answer = await stack.send(null, { body });
			expect([answer.status, answer.body.message]).toEqual([400, 'invalid_json']);
		}
	});
});

it('words that a database cannot hold or a page would obey arrive as harmless words', async () => {
	const body = `{"first_name":"A\\u0000b\\ud800","last_name":"'; drop table leads;--","phone_number":"${freshPhone()}",
		"message":"<img src=x onerror=alert(1)>\\u202e","__proto__":{"x":1},"con\\u0000structor":"y","email":null}`;
	const answer = await stack.send(null, { body });
	expect(answer.status).toBe(201);
	expect(await stored(answer.body.id)).toMatchObject({
		first_name: 'Ab\ufffd',
		last_name: `'; drop table leads;--`,
		message: '<img src=x onerror=alert(1)>'
	});
});

describe('a token', () => {
	it('that is missing, wrong, expired or revoked gets 401, at once', async () => {
		const payload = { first_name: 'N', phone_number: freshPhone() };
		const [expired, revoked] = [await stack.makeToken(), await stack.makeToken()];
		expect((await stack.send(payload, { token: revoked.token })).status).toBe(201);
		await stack.owner`update public.api_tokens set expires_at = now() where id = ${expired.id}`;
		await stack.owner`update public.api_tokens set revoked_at = now() where id = ${revoked.id}`;
		for (const token of [null, 'vk_wrong', expired.token, revoked.token, stack.keys.publishable]) {
			const answer = await stack.send(payload, { token });
			expect(answer.status).toBe(401);
			expect(answer.headers.get('www-authenticate')).toBe('Bearer');
			expect(answer.text).toBe('{"code":"VK401","message":"token_invalid","details":{}}');
		}
	});

	it('may be written in three ways', async () => {
		const { token } = await stack.makeToken();
		const ways: Record<string, string>[] = [
			{ authorization: `Bearer ${token}` },
			{ authorization: `Token ${token}` },
			{ token }
		];
		for (const headers of ways) {
			const payload = { first_name: 'N', phone_number: freshPhone() };
			expect((await stack.send(payload, { token: null, headers })).status).toBe(201);
		}
	});

	it('without the scope gets 403', async () => {
		const { id, token } = await stack.makeToken();
		await stack.owner`alter table public.api_tokens drop constraint api_tokens_scopes_check`;
		await stack.owner`update public.api_tokens set scopes = '{other.read}' where id = ${id}`;
		const answer = await stack.send({ first_name: 'N', phone_number: freshPhone() }, { token });
		expect([answer.status, answer.body.message]).toEqual([403, 'token_scope']);
	});
});

describe('a repeat', () => {
	it('with the same key or phone is the same lead, answered 200 and counted', async () => {
		const headers = { 'idempotency-key': 'order-form-7' };
		const first = await stack.send({ first_name: 'N', phone_number: freshPhone() }, { headers });
		const replay = await stack.send({ first_name: 'N', phone_number: freshPhone() }, { headers });
		expect(first.status).toBe(201);
		expect([replay.status, replay.body.id, replay.body.submissions]).toEqual([
			200,
			first.body.id,
			2
		]);
	});

	it('twenty times at once is one lead', async () => {
		const payload = { first_name: 'N', phone_number: freshPhone(), advertising_company: campaign };
		const answers = await Promise.all(Array.from({ length: 20 }, () => stack.send(payload)));
		expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
		expect(answers.map(({ status }) => status).sort()).toEqual([
			...Array<number>(19).fill(200),
			201
		]);
		expect((await stored(answers[0]?.body.id))?.submissions).toBe(20);
	});
});

describe('the door', () => {
	it('takes 64 KB and no more, with or without the length said', async () => {
		const lead = { first_name: 'N', phone_number: freshPhone() };
		const padded = (size: number) => {
			const text = JSON.stringify({ ...lead, pad: '' });
			return text.replace('"pad":""', `"pad":"${'x'.repeat(size - text.length)}"`);
		};
		expect((await stack.send(null, { body: padded(65_536) })).status).toBe(201);
		const answer = await stack.send(null, { body: padded(65_537) });
		expect([answer.status, answer.body.message]).toEqual([413, 'body_too_large']);
		const chunks = new Blob([padded(200_000)]).stream();
		const streamed = await fetch(`${stack.url}/functions/v1/lead-intake`, {
			method: 'POST',
			body: chunks,
			duplex: 'half'
		} as RequestInit);
		expect(streamed.status).toBe(413);
	});

	it('is for POST, and tells browsers so', async () => {
		for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
			const answer = await stack.send(null, { method });
			expect([answer.status, answer.body.message]).toEqual([405, 'method_not_allowed']);
			expect(answer.headers.get('allow')).toContain('POST');
		}
		const preflight = await stack.send(null, { method: 'OPTIONS', token: null });
		expect(preflight.status).toBe(204);
		expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
		expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
	});

	it('closes to a flood from one address, not to others, whatever the caller writes into headers', async () => {
		const flood = await Promise.all(
			Array.from({ length: 70 }, (_, index) =>
				stack.send(
					{},
					{ token: 'guess', headers: { 'x-forwarded-for': `10.9.9.${index}, 203.0.113.5` } }
				)
			)
		);
		const statuses = flood.map(({ status }) => status);
		expect(statuses.filter((status) => status === 401)).toHaveLength(60);
		const stopped = flood.find(({ status }) => status === 429);
		expect(stopped?.headers.get('retry-after')).toBe('60');
		const other = await stack.send(
			{ first_name: 'N', phone_number: freshPhone() },
			{ headers: { 'x-forwarded-for': '203.0.113.6' } }
		);
		expect(other.status).toBe(201);
	});

	it('logs what happened, and nobody’s name, phone, address or token', async () => {
		const secret = {
			first_name: 'Zarathustra',
			phone_number: '+380672999999',
			email: 'z@secret.test'
		};
		await stack.send(secret);
		await stack.send(secret, { token: 'vk_topsecret' });
		// the answer does not wait for the line about it
		const last = { event: 'lead_intake', door: 'modern', status: 401, problem: 'token_invalid' };
		await expect.poll(() => stack.lines().at(-1)).toMatchObject(last);
		expect(JSON.stringify(stack.lines())).not.toMatch(
			/Zarathustra|672999999|secret|127\.0\.0\.1|vk_/
		);
	});
});
