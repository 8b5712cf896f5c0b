// a page and the server that renders it refresh one session at the same moment
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { ask, PASSWORD } from './auth-support.ts';

let stack: TestStack;
let owner: Sql;

beforeAll(async () => {
	stack = await startTestStack('empty', {});
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

const refresh = (token: string) =>
	ask(stack, 'POST', '/token?grant_type=refresh_token', { body: { refresh_token: token } });

async function signedUp(email: string): Promise<string> {
	const { data } = await stack.anonymous().auth.signUp({ email, password: PASSWORD });
	return data.session?.refresh_token ?? '';
}

it('one token asked for twenty times at once: everybody gets the same new session', async () => {
	const token = await signedUp('crowd@example.test');
	const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(token)));
	expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
	const next = new Set(answers.map(({ body }) => String(body.refresh_token)));
	expect(next.size).toBe(1);
	expect(next.has(token)).toBe(false);
	const live = await owner`
		select from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id
		join auth.users u on u.id = s.user_id
		where u.email = 'crowd@example.test' and not t.revoked`;
	expect(live).toHaveLength(1);
});

it('a stolen token used after two more refreshes ends the session', async () => {
	const first = await signedUp('stolen@example.test');
	const second = await refresh(first);
	const third = await refresh(String(second.body.refresh_token));
	const late = await refresh(first);
	expect(late.status).toBe(400);
	expect(late.body.error_code).toBe('refresh_token_already_used');
	expect((await refresh(String(third.body.refresh_token))).status).toBe(400);
});
