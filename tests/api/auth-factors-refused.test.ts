// what `/auth/v1/factors` refuses, in GoTrue's words
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

describe('refused with GoTrue’s code', () => {
	it('a second factor of the same name', async () => {
		const { client } = await newUser(stack);
		await enrolled(client, 'phone');
		const { error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' });
		expect(error).toMatchObject({ status: 422, code: 'mfa_factor_name_conflict' });
	});

	it('an eleventh factor', async () => {
		const { client } = await newUser(stack);
		for (let number = 0; number < 10; number++) await enrolled(client, `factor ${number}`);
		const { error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'more' });
		expect(error).toMatchObject({ status: 422, code: 'too_many_enrolled_mfa_factors' });
	});

	it('changing factors without having used the one there is', async () => {
		const { email, factor } = await protectedUser(stack);
		const thief = await signIn(stack, email);
		const enroll = await thief.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'mine' });
		expect(enroll.error).toMatchObject({ status: 403, code: 'insufficient_aal' });
		const unenroll = await thief.auth.mfa.unenroll({ factorId: factor.id });
		expect(unenroll.error).toMatchObject({ status: 422, code: 'insufficient_aal' });
	});

	it('somebody else’s factor, as one that does not exist', async () => {
		const { factor } = await protectedUser(stack);
		const { client } = await newUser(stack);
		for (const id of [factor.id, crypto.randomUUID()]) {
			const { error } = await client.auth.mfa.challenge({ factorId: id });
			expect(error).toMatchObject({ status: 404, code: 'mfa_factor_not_found' });
		}
		const token = await accessToken(client);
		expect((await ask(stack, 'DELETE', '/factors/nonsense', { token })).status).toBe(404);
	});

	it('a challenge that is too old, unknown, used, or from another address', async () => {
		const { client } = await newUser(stack);
		const factor = await enrolled(client);
		const token = await accessToken(client);
		const errorFor = async (change: (id: string) => Promise<unknown>) => {
			const id = await challenge(stack, factor.id, token);
			await change(id);
			return (await verify(stack, factor.id, token, id, codeOf(factor.secret))).body.error_code;
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
		const { client } = await newUser(stack);
		const token = await accessToken(client);
		await client.auth.signOut();
		const after = await ask(stack, 'POST', '/factors', { body, token });
		expect(after.body.error_code).toBe('session_not_found');
	});

	it('kinds of factors that are not offered', async () => {
		const { client } = await newUser(stack);
		const token = await accessToken(client);
		const codeFor = async (body: unknown) =>
			(await ask(stack, 'POST', '/factors', { token, body })).body.error_code;
		expect(await codeFor({ factor_type: 'phone' })).toBe('mfa_phone_enroll_not_enabled');
		expect(await codeFor({ factor_type: 'webauthn' })).toBe('mfa_web_authn_enroll_not_enabled');
		expect(await codeFor({ factor_type: 'palm' })).toBe('validation_failed');
		expect(await codeFor('not json')).toBe('validation_failed');
	});
});
