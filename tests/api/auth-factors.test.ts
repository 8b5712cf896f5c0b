import { decodeJwt } from 'jose';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt, stepOf } from '../../supabase/embedded/auth/factors/totp.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { accessToken, ask } from './auth-support.ts';
import {
	challenge,
	codeOf,
	enrolled,
	newUser,
	protectedUser,
	signIn,
	verify
} from './factor-support.ts';

let stack: TestStack;
let admin: Sql;

beforeAll(async () => {
	stack = await startTestStack('empty');
	admin = postgres(stack.urls.admin, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await admin.end();
	await stack.dispose();
});

it('takes unmodified supabase-js from enrolment to aal2 and back', async () => {
	const { client } = await newUser(stack);
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
		const { client, factor } = await protectedUser(stack);
		const { data } = await client.auth.refreshSession();
		expect(decodeJwt(data.session?.access_token ?? '')).toMatchObject({ aal: 'aal2' });
		expect(data.user?.factors?.map(({ id }) => id)).toEqual([factor.id]);
	});

	it('ends the sessions that have none, but not another with one', async () => {
		const { client, email, factor } = await protectedUser(stack);
		const second = await signIn(stack, email);
		expect((await second.auth.mfa.getAuthenticatorAssuranceLevel()).data).toMatchObject({
			currentLevel: 'aal1',
			nextLevel: 'aal2'
		});
		const third = await signIn(stack, email);
		const code = codeOf(factor.secret);
		await third.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		expect((await second.auth.refreshSession()).error?.code).toBe('refresh_token_not_found');
		expect((await client.auth.refreshSession()).error).toBeNull();
	});

	it('is not handed to whoever kept the refresh token from before', async () => {
		const { client } = await newUser(stack);
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
		const { client } = await newUser(stack);
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
		const { client } = await newUser(stack);
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
		const { client, email } = await newUser(stack);
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const [first, second] = await Promise.all([0, 1].map(() => challenge(stack, factor.id, token)));
		const code = codeOf(factor.secret);
		const answers = await Promise.all([
			verify(stack, factor.id, token, first, code),
			verify(stack, factor.id, token, second, code)
		]);
		expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
		const again = await signIn(stack, email);
		const replay = await again.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
		expect(replay.error?.code).toBe('mfa_verification_failed');
	});

	it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', null, 123456])(
		'%j is refused',
		async (code) => {
			const { client } = await newUser(stack);
			const factor = await enrolled(client);
			const token = await accessToken(client);
			const answer = await verify(
				stack,
				factor.id,
				token,
				await challenge(stack, factor.id, token),
				code
			);
			expect([400, 422]).toContain(answer.status);
		}
	);

	it('can be guessed fifteen times in five minutes', async () => {
		const { client } = await newUser(stack);
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const open = await challenge(stack, factor.id, token);
		const wrong = codeOf(factor.secret, 1000);
		const statuses = [];
		for (let guess = 0; guess < 17; guess++) {
			statuses.push((await verify(stack, factor.id, token, open, wrong)).status);
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

const stepRest = () => 30_000 - (Date.now() % 30_000);
