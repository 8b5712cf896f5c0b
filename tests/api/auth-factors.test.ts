import type { SupabaseClient } from '@supabase/supabase-js';
import { decodeJwt } from 'jose';
import { TOTP } from 'otpauth';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt, stepOf } from '../../supabase/embedded/auth/factors/totp.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { accessToken, ask, PASSWORD } from './auth-support.ts';

let stack: TestStack;
let admin: Sql;
let users = 0;

beforeAll(async () => {
	stack = await startTestStack('empty');
	admin = postgres(stack.urls.admin, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await admin.end();
	await stack.dispose();
});

async function newUser(): Promise<{ client: SupabaseClient; email: string }> {
	const email = `factor${++users}@example.test`;
	const client = stack.anonymous();
	const { error } = await client.auth.signUp({ email, password: PASSWORD });
	expect(error).toBeNull();
	return { client, email };
}

async function signIn(email: string): Promise<SupabaseClient> {
	const client = stack.anonymous();
	const { error } = await client.auth.signInWithPassword({ email, password: PASSWORD });
	expect(error).toBeNull();
	return client;
}

/** A code of the present step (0), an earlier or a later one. */
const codeOf = (secret: string, steps = 0) =>
	new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

async function enrolled(client: SupabaseClient, friendlyName = '') {
	const { data, error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName });
	if (error || data.type !== 'totp') throw error ?? new Error('not totp');
	return { id: data.id, ...data.totp };
}

/** A user with one verified factor, and a session that has used it. */
async function protectedUser() {
	const { client, email } = await newUser();
	const factor = await enrolled(client);
	const code = codeOf(factor.secret, -1);
	const { error } = await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
	expect(error).toBeNull();
	return { client, email, factor };
}

it('takes unmodified supabase-js from enrolment to aal2 and back', async () => {
	const { client } = await newUser();
	const { data, error } = await client.auth.mfa.enroll({
		factorType: 'totp',
		friendlyName: 'phone',
		issuer: 'Workshop & sons'
	});
	if (error || data.type !== 'totp') throw error ?? new Error('not totp');
	expect(data.totp.qr_code).toMatch(/^data:image\/svg\+xml;utf-8,<svg[^#]*<\/svg>\s*$/);
	const uri = new URL(data.totp.uri);
	expect(uri.searchParams.get('secret')).toBe(data.totp.secret);
	expect(uri.searchParams.get('issuer')).toBe('Workshop & sons');

	const levels = () => client.auth.mfa.getAuthenticatorAssuranceLevel();
	expect((await levels()).data).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' });
	const verified = await client.auth.mfa.challengeAndVerify({
		factorId: data.id,
		code: codeOf(data.totp.secret)
	});
	expect(verified.error).toBeNull();
	expect((await levels()).data).toMatchObject({ currentLevel: 'aal2', nextLevel: 'aal2' });
	const claims = decodeJwt(await accessToken(client));
	expect(claims).toMatchObject({ aal: 'aal2' });
	expect((claims.amr as { method: string }[]).map(({ method }) => method).sort()).toEqual([
		'password',
		'totp'
	]);

	const factors = await client.auth.mfa.listFactors();
	expect(factors.data?.totp).toEqual([
		expect.objectContaining({ id: data.id, status: 'verified', friendly_name: 'phone' })
	]);
	expect(JSON.stringify(factors.data)).not.toContain(data.totp.secret);

	expect((await client.auth.mfa.unenroll({ factorId: data.id })).data).toEqual({ id: data.id });
	await client.auth.refreshSession();
	expect((await levels()).data).toMatchObject({ currentLevel: 'aal1', nextLevel: 'aal1' });
	expect((await client.auth.mfa.listFactors()).data?.all).toEqual([]);
});

describe('a session with a second factor', () => {
	it('keeps its level when it is refreshed, and shows factors in every user', async () => {
		const { client, factor } = await protectedUser();
		const { data } = await client.auth.refreshSession();
		expect(decodeJwt(data.session?.access_token ?? '')).toMatchObject({ aal: 'aal2' });
		expect(data.user?.factors?.map(({ id }) => id)).toEqual([factor.id]);
	});

	it('ends the sessions that have none, but not another with one', async () => {
		const { client, email, factor } = await protectedUser();
		const second = await signIn(email);
		expect((await second.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({
			currentLevel: 'aal1',
			nextLevel: 'aal2'
		});
		const third = await signIn(email);
		const code = codeOf(factor.secret);
		await third.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		expect((await second.auth.refreshSession()).error?.code).toBe('refresh_token_not_found');
		expect((await client.auth.refreshSession()).error).toBeNull();
	});

	it('is not handed to whoever kept the refresh token from before', async () => {
		const { client } = await newUser();
		const { data: before } = await client.auth.getSession();
		const factor = await enrolled(client);
		const code = codeOf(factor.secret);
		await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		const answer = await ask(stack, 'POST', '/token?grant_type=refresh_token', {
			body: { refresh_token: before.session?.refresh_token }
		});
		expect(answer.status).toBe(400);
		expect(answer.body).not.toHaveProperty('access_token');
	});

	it('removes what was enrolled and not finished', async () => {
		const { client } = await newUser();
		await enrolled(client, 'lost');
		const factor = await enrolled(client, 'found');
		const code = codeOf(factor.secret);
		await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		const { data } = await client.auth.mfa.listFactors();
		expect(data?.all.map(({ friendly_name: name }) => name)).toEqual(['found']);
	});
});

describe('a code', () => {
	it.each([
		[-1, true],
		[1, true],
		[-2, false],
		[2, false]
	])('of %i steps from now: accepted %s', async (steps, accepted) => {
		const { client } = await newUser();
		const factor = await enrolled(client);
		// not at the end of a step, where "now" would change under the test
		await new Promise((done) => setTimeout(done, stepRest() < 2_000 ? stepRest() + 50 : 0));
		const { error } = await client.auth.mfa.challengeAndVerify({
			factorId: factor.id,
			code: codeOf(factor.secret, steps)
		});
		expect(error?.code ?? null).toBe(accepted ? null : 'mfa_verification_failed');
	});

	it('is good once, also when it is sent twice at the same moment', async () => {
		const { client, email } = await newUser();
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const [first, second] = await Promise.all([0, 1].map(() => challenge(factor.id, token)));
		const code = codeOf(factor.secret);
		const answers = await Promise.all([
			verify(factor.id, token, first, code),
			verify(factor.id, token, second, code)
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
		const again = await signIn(email);
		const replay = await again.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		expect(replay.error?.code).toBe('mfa_verification_failed');
	});

	it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', null, 123456])(
		'%j is refused',
		async (code) => {
			const { client } = await newUser();
			const factor = await enrolled(client);
			const token = await accessToken(client);
			const answer = await verify(factor.id, token, await challenge(factor.id, token), code);
			expect([400, 422]).toContain(answer.status);
		}
	);

	it('can be guessed fifteen times in five minutes', async () => {
		const { client } = await newUser();
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const open = await challenge(factor.id, token);
		const wrong = codeOf(factor.secret, 1000);
		const statuses = [];
		for (let guess = 0; guess < 17; guess++) {
			statuses.push((await verify(factor.id, token, open, wrong)).status);
		}
		expect(statuses).toEqual([...Array(15).fill(422), 429, 429]);
	});
});

it.each([
	[59, '287082'],
	[1111111109, '081804'],
	[1111111111, '050471'],
	[1234567890, '005924'],
	[2000000000, '279037']
])('agrees with RFC 6238 at second %i', (second, code) => {
	const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
	expect(codeAt(secret, Math.floor(second / 30))).toBe(code);
	expect(stepOf(secret, code, second * 1000)).toBe(Math.floor(second / 30));
});

describe('refused with GoTrue’s code', () => {
	it('a second factor of the same name', async () => {
		const { client } = await newUser();
		await enrolled(client, 'phone');
		const { error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' });
		expect(error).toMatchObject({ status: 422, code: 'mfa_factor_name_conflict' });
	});

	it('an eleventh factor', async () => {
		const { client } = await newUser();
		for (let number = 0; number < 10; number++) await enrolled(client, `factor ${number}`);
		const { error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'more' });
		expect(error).toMatchObject({ status: 422, code: 'too_many_enrolled_mfa_factors' });
	});

	it('changing factors without having used the one there is', async () => {
		const { email, factor } = await protectedUser();
		const thief = await signIn(email);
		const enroll = await thief.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'mine' });
		expect(enroll.error).toMatchObject({ status: 403, code: 'insufficient_aal' });
		const unenroll = await thief.auth.mfa.unenroll({ factorId: factor.id });
		expect(unenroll.error).toMatchObject({ status: 422, code: 'insufficient_aal' });
	});

	it('somebody else’s factor, as one that does not exist', async () => {
		const { factor } = await protectedUser();
		const { client } = await newUser();
		for (const id of [factor.id, crypto.randomUUID()]) {
			const { error } = await client.auth.mfa.challenge({ factorId: id });
			expect(error).toMatchObject({ status: 404, code: 'mfa_factor_not_found' });
		}
		const token = await accessToken(client);
		expect((await ask(stack, 'DELETE', '/factors/nonsense', { token })).status).toBe(404);
	});

	it('a challenge that is too old, unknown, used, or from another address', async () => {
		const { client } = await newUser();
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const errorFor = async (change: (id: string) => Promise<unknown>) => {
			const id = await challenge(factor.id, token);
			await change(id);
			return (await verify(factor.id, token, id, codeOf(factor.secret))).body.error_code;
		};
		const challenges = admin`auth.mfa_challenges`;
		expect(
			await errorFor(
				(id) =>
					admin`update ${challenges} set created_at = now() - interval '301 s' where id = ${id}`
			)
		).toBe('mfa_challenge_expired');
		expect(await errorFor((id) => admin`delete from ${challenges} where id = ${id}`)).toBe(
			'mfa_factor_not_found'
		);
		expect(
			await errorFor((id) => admin`update ${challenges} set verified_at = now() where id = ${id}`)
		).toBe('mfa_ip_address_mismatch');
		expect(
			await errorFor(
				(id) => admin`update ${challenges} set ip_address = '10.1.2.3' where id = ${id}`
			)
		).toBe('mfa_ip_address_mismatch');
	});

	it('everything without a session', async () => {
		const body = { factor_type: 'totp' };
		expect((await ask(stack, 'POST', '/factors', { body })).status).toBe(401);
		expect((await ask(stack, 'POST', '/factors', { body, token: 'a.b.c' })).status).toBe(403);
		expect((await ask(stack, 'POST', '/factors', { body, apikey: null })).status).toBe(401);
		const { client } = await newUser();
		const token = await accessToken(client);
		await client.auth.signOut();
		const after = await ask(stack, 'POST', '/factors', { body, token });
		expect(after.body.error_code).toBe('session_not_found');
	});

	it('kinds of factors that are not offered', async () => {
		const { client } = await newUser();
		const token = await accessToken(client);
		const codeFor = async (body: unknown) =>
			(await ask(stack, 'POST', '/factors', { token, body })).body.error_code;
		expect(await codeFor({ factor_type: 'phone' })).toBe('mfa_phone_enroll_not_enabled');
		expect(await codeFor({ factor_type: 'webauthn' })).toBe('mfa_web_authn_enroll_not_enabled');
		expect(await codeFor({ factor_type: 'palm' })).toBe('validation_failed');
		expect(await codeFor('not json')).toBe('validation_failed');
	});
});

const stepRest = () => 30_000 - (Date.now() % 30_000);

async function challenge(factorId: string, token: string): Promise<string> {
	const { body } = await ask(stack, 'POST', `/factors/${factorId}/challenge`, { token, body: {} });
	return String(body.id);
}

const verify = (factorId: string, token: string, challengeId: string | undefined, code: unknown) =>
	ask(stack, 'POST', `/factors/${factorId}/verify`, {
		token,
		body: { challenge_id: challengeId, code }
	});
