import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RateLimiter } from '../../supabase/embedded/auth/limits.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { ask, Mailbox, PASSWORD } from './auth-support.ts';

let stack: TestStack;
const mailbox = new Mailbox();
const few = (count: number) => ({ count, seconds: 300 });

beforeAll(async () => {
	stack = await startTestStack('empty', {
		mailer: mailbox.mailer,
		auth: {
			mailGap: 0,
			trustForwardedFor: true,
			limits: {
				password: { address: few(8), email: few(4) },
				signup: { address: few(6), email: few(3) },
				otp: { address: few(6), email: few(3) },
				recover: { address: few(6), email: few(3) },
				resend: { address: few(6), email: few(3) },
				verify: { address: few(6), email: few(3) },
				factors: { address: few(4), user: few(2) },
				refresh: { address: few(3) }
			}
		}
	});
});
afterAll(() => stack.dispose());

type Attempt = { path: string; body: unknown; from: string };

async function statuses(times: number, attempt: (number: number) => Attempt) {
	const found: { status: number; code: unknown; retryAfter: string | null }[] = [];
	for (let number = 0; number < times; number++) {
		const { path, body, from } = attempt(number);
		const answer = await fetch(`${stack.url}/auth/v1${path}`, {
			method: 'POST',
			headers: {
				apikey: stack.keys.publishable,
				'content-type': 'application/json',
				'x-forwarded-for': from
			},
			body: JSON.stringify(body)
		});
		const { error_code: code } = (await answer.json()) as { error_code?: string };
		found.push({ status: answer.status, code, retryAfter: answer.headers.get('retry-after') });
	}
	return found;
}

const password = (email: string, from: string): Attempt => ({
	path: '/token?grant_type=password',
	body: { email, password: 'wrong' },
	from
});

it('guessing one password from one address ends with 429 and when to come back', async () => {
	const answers = await statuses(6, () => password('victim@example.test', '10.0.0.1'));
	expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 429, 429]);
	expect(answers[4]).toMatchObject({ code: 'over_request_rate_limit' });
	expect(Number(answers[4]?.retryAfter)).toBeGreaterThan(0);
	expect(Number(answers[4]?.retryAfter)).toBeLessThanOrEqual(75);
	// the victim herself comes from elsewhere and is not locked out; capital letters are no way round
	const elsewhere = await statuses(1, () => password('victim@example.test', '10.0.0.2'));
	expect(elsewhere[0]?.status).toBe(400);
	const capital = await statuses(1, () => password('VICTIM@example.test', '10.0.0.1'));
	expect(capital[0]?.status).toBe(429);
});

it('guessing many accounts from one address ends, too', async () => {
	const answers = await statuses(9, (number) => password(`p${number}@example.test`, '10.0.1.1'));
	expect(answers.map(({ status }) => status)).toEqual([...Array(8).fill(400), 429]);
});

it('what a client claims about itself does not count, only what the proxy saw', async () => {
	const answers = await statuses(6, (number) =>
		password('spoofed@example.test', `203.0.113.${number}, 10.0.2.1`)
	);
	expect(answers.at(-1)?.status).toBe(429);
});

it('right passwords do not add up', async () => {
	const email = 'busy@example.test';
	await stack.anonymous().auth.signUp({ email, password: PASSWORD });
	const answers = await statuses(6, () => ({
		path: '/token?grant_type=password',
		body: { email, password: PASSWORD },
		from: '10.0.3.1'
	}));
	expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
});

describe.each([
	['/otp', {}, 'over_email_send_rate_limit'],
	['/magiclink', {}, 'over_email_send_rate_limit'],
	['/recover', {}, 'over_email_send_rate_limit'],
	['/resend', { type: 'signup' }, 'over_email_send_rate_limit'],
	['/verify', { type: 'email', token: '123456' }, 'over_request_rate_limit']
])('%s', (path, rest, code) => {
	const name = path.slice(1);

	it('is limited for one e-mail, from wherever it is asked', async () => {
		const answers = await statuses(5, (number) => ({
			path,
			body: { email: `${name}@example.test`, ...rest },
			from: `10.1.${number}.${name.length}`
		}));
		expect(answers.slice(0, 3).every(({ status }) => status !== 429)).toBe(true);
		expect(answers.slice(3)).toEqual(Array(2).fill(expect.objectContaining({ status: 429, code })));
	});

	it('is limited for one address', async () => {
		const answers = await statuses(8, (number) => ({
			path,
			body: { email: `${name}${number}@example.test`, ...rest },
			from: `10.2.0.${path === '/magiclink' ? 99 : name.length}`
		}));
		expect(answers.slice(6)).toEqual(
			Array(2).fill(expect.objectContaining({ status: 429, code: 'over_request_rate_limit' }))
		);
	});
});

it('sign-up, refresh and factors are limited for one address', async () => {
	const signUps = await statuses(7, (number) => ({
		path: '/signup',
		body: { email: `fresh${number}@example.test`, password: PASSWORD },
		from: '10.3.0.1'
	}));
	expect(signUps.map(({ status }) => status)).toEqual([...Array(6).fill(200), 429]);
	const refreshes = await statuses(4, () => ({
		path: '/token?grant_type=refresh_token',
		body: { refresh_token: crypto.randomUUID() },
		from: '10.3.0.2'
	}));
	expect(refreshes.map(({ status }) => status)).toEqual([400, 400, 400, 429]);
});

it('a signed-in user cannot have mails sent without end, to whomever', async () => {
	const client = stack.anonymous();
	await client.auth.signUp({ email: 'sender@example.test', password: PASSWORD });
	const codes = [];
	for (let number = 0; number < 4; number++) {
		const { error } = await client.auth.updateUser({ email: 'flooded@example.test' });
		codes.push(error?.code ?? 'sent');
	}
	expect(codes).toEqual(['sent', 'sent', 'sent', 'over_email_send_rate_limit']);
	const again = [];
	for (let number = 0; number < 4; number++) {
		again.push((await client.auth.reauthenticate()).error?.code ?? 'sent');
	}
	expect(again).toEqual(['sent', 'sent', 'sent', 'over_email_send_rate_limit']);
});

it('a limit is not used up by requests without a key of ours', async () => {
	for (let number = 0; number < 6; number++) {
		const body = { email: 'keyless@example.test', password: 'wrong' };
		const { status } = await ask(stack, 'POST', '/token?grant_type=password', {
			body,
			apikey: 'sb_publishable_made_up'
		});
		expect(status).toBe(401);
	}
	const { status } = await ask(stack, 'POST', '/token?grant_type=password', {
		body: { email: 'keyless@example.test', password: 'wrong' }
	});
	expect(status).toBe(400);
});

it('the log says what was limited, and nothing personal', () => {
	const log = readFileSync(join(stack.home, 'logs/stack.log'), 'utf8');
	expect(log).toContain('"event":"auth_limited","limit":"password","by":"email"');
	expect(log).not.toContain('victim@');
});

describe('a bucket', () => {
	it('is refilled with time', () => {
		let now = 1_000_000;
		const limiter = new RateLimiter(100, () => now);
		const rule = { count: 3, seconds: 30 };
		expect([1, 2, 3, 4].map(() => limiter.take('k', rule))).toEqual([0, 0, 0, 10]);
		now += 9_000;
		expect(limiter.take('k', rule)).toBe(1);
		now += 1_000;
		expect(limiter.take('k', rule)).toBe(0);
		expect(limiter.take('k', rule)).toBe(10);
		now += 3_600_000;
		expect([1, 2, 3, 4].map(() => limiter.take('k', rule))).toEqual([0, 0, 0, 10]);
	});

	it('costs bounded memory, however many keys come', () => {
		const limiter = new RateLimiter(1_000);
		for (let key = 0; key < 20_000; key++) limiter.take(String(key), { count: 1, seconds: 300 });
		expect(limiter.size).toBeLessThanOrEqual(1_000);
		// the newest are still known
		expect(limiter.take('19999', { count: 1, seconds: 300 })).toBeGreaterThan(0);
	});
});
