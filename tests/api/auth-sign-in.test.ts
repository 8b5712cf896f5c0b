// wrong password, unknown address and locked account: one answer, in one time
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { ask, PASSWORD } from './auth-support.ts';

let stack: TestStack;
let owner: Sql;

beforeAll(async () => {
	const many = { count: 100_000, seconds: 1 };
	stack = await startTestStack('empty', {
		auth: { limits: { password: { address: many, email: many } } }
	});
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	for (const name of ['known', 'locked', 'unconfirmed', 'passwordless']) {
		await stack.anonymous().auth.signUp({ email: `${name}@example.test`, password: PASSWORD });
	}
	await owner`update auth.users set banned_until = 'infinity' where email like 'locked@%'`;
	await owner`update auth.users set email_confirmed_at = null where email like 'unconfirmed@%'`;
	await owner`update auth.users set encrypted_password = null where email like 'passwordless@%'`;
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

const KINDS = ['known', 'unknown', 'locked', 'unconfirmed', 'passwordless'];

const signIn = (name: string, password: unknown) =>
	ask(stack, 'POST', '/token?grant_type=password', {
		body: { email: `${name}@example.test`, password }
	});

it.each([
	['wrong', 'wrong'],
	['nothing', ''],
	['almost right', PASSWORD.toLowerCase()],
	['very long', 'x'.repeat(4_096)],
	['a hash', '$2a$10$abc'],
	['Cyrillic', 'пароль'],
	['null', null]
])('a password that is %s: everybody gets the same answer', async (_, password) => {
	const answers = await Promise.all(KINDS.map((name) => signIn(name, password)));
	for (const { status, body, headers } of answers) {
		expect({ status, body, names: [...headers.keys()].sort() }).toEqual({
			status: 400,
			body: {
				code: 400,
				error_code: 'invalid_credentials',
				msg: 'Invalid login credentials'
			},
			names: [...(answers[0]?.headers.keys() ?? [])].sort()
		});
	}
});

it('takes the same time for everybody', async () => {
	const times = new Map(KINDS.map((name) => [name, [] as number[]]));
	// in turns, so that whatever else the machine does falls on all alike
	for (let round = 0; round < 15; round++) {
		for (const name of KINDS) {
			const start = performance.now();
			await signIn(name, 'wrong');
			times.get(name)?.push(performance.now() - start);
		}
	}
	const median = (name: string) => times.get(name)?.sort((a, b) => a - b)[7] ?? NaN;
	const medians = KINDS.map(median);
	// a hash takes tens of milliseconds; without it the answer would come in a few
	expect(Math.min(...medians)).toBeGreaterThan(15);
	expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.5);
});

it('only who knows the password learns that the account is locked or unconfirmed', async () => {
	expect((await signIn('locked', PASSWORD)).body.error_code).toBe('user_banned');
	expect((await signIn('unconfirmed', PASSWORD)).body.error_code).toBe('email_not_confirmed');
	expect((await signIn('known', PASSWORD)).status).toBe(200);
	expect((await signIn('KNOWN', PASSWORD)).status).toBe(200);
	const sessions = await owner`
		select from auth.sessions s join auth.users u on u.id = s.user_id
		where u.email like 'locked@%' and s.created_at > u.created_at + interval '1 s'`;
	expect(sessions).toHaveLength(0);
});

it('hashes in Postgres, so that sign-ins do not stall the process', async () => {
	await signIn('known', PASSWORD);
	const before = process.cpuUsage();
	for (let round = 0; round < 10; round++) await signIn('known', PASSWORD);
	const { user, system } = process.cpuUsage(before);
	// a hash on this thread would be fifty milliseconds or more each, in which no socket is served
	expect((user + system) / 1000 / 10).toBeLessThan(30);
});

it('reads hashes of every origin: bcryptjs, pgcrypto, GoTrue', async () => {
	for (const prefix of ['$2a$', '$2b$', '$2y$']) {
		await owner`
			update auth.users set encrypted_password = ${prefix} || substr(encrypted_password, 5)
			where email like 'known@%'`;
		expect((await signIn('known', PASSWORD)).status).toBe(200);
	}
});

it('metadata is JSON for SQL, not text inside JSON', async () => {
	const [row] = await owner`
		select jsonb_typeof(raw_app_meta_data) as app, jsonb_typeof(raw_user_meta_data) as own,
			jsonb_typeof(i.identity_data) as identity, i.email
		from auth.users u join auth.identities i on i.user_id = u.id where u.email like 'known@%'`;
	expect(row).toEqual({
		app: 'object',
		own: 'object',
		identity: 'object',
		email: 'known@example.test'
	});
});
