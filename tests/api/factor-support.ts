/** People with second factors, for the tests of `/auth/v1/factors`. */
import type { SupabaseClient } from '@supabase/supabase-js';
import { TOTP } from 'otpauth';
import { expect } from 'vitest';
import type { TestStack } from '../support/stack.ts';
import { ask, PASSWORD } from './auth-support.ts';

let users = 0;

export async function newUser(
	stack: TestStack
): Promise<{ client: SupabaseClient; email: string }> {
	const email = `factor${++users}@example.test`;
	const client = stack.anonymous();
	const { error } = await client.auth.signUp({ email, password: PASSWORD });
	expect(error).toBeNull();
	return { client, email };
}

export async function signIn(stack: TestStack, email: string): Promise<SupabaseClient> {
	const client = stack.anonymous();
	const { error } = await client.auth.signInWithPassword({ email, password: PASSWORD });
	expect(error).toBeNull();
	return client;
}

/** A code of the present step (0), an earlier or a later one. */
export const codeOf = (secret: string, steps = 0) =>
	new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

export async function enrolled(client: SupabaseClient, friendlyName = '') {
	const { data, error } = await client.auth.mfa.enroll({ factorType: 'totp', friendlyName });
	if (error || data.type !== 'totp') throw error ?? new Error('not totp');
	return { id: data.id, ...data.totp };
}

/** A user with one verified factor, and a session that has used it. */
export async function protectedUser(stack: TestStack) {
	const { client, email } = await newUser(stack);
	const factor = await enrolled(client);
	const code = codeOf(factor.secret, -1);
	const { error } = await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
	expect(error).toBeNull();
	return { client, email, factor };
}

export async function challenge(
	stack: TestStack,
	factorId: string,
	token: string
): Promise<string> {
	const { body } = await ask(stack, 'POST', `/factors/${factorId}/challenge`, { token, body: {} });
	return String(body.id);
}

export const verify = (
	stack: TestStack,
	factorId: string,
	token: string,
	challengeId: string | undefined,
	code: unknown
) =>
	ask(stack, 'POST', `/factors/${factorId}/verify`, {
		token,
		body: { challenge_id: challengeId, code }
	});
