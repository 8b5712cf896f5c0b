import type { SupabaseClient } from '@supabase/supabase-js';
import { decodeJwt } from 'jose';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail, startTestStack, type TestStack } from '../support/stack.ts';
import { accessToken, adminClient, ask, Mailbox, PASSWORD } from './auth-support.ts';

let stack: TestStack;
let auth: SupabaseClient['auth'];
let people = 0;
const mailbox = new Mailbox();
const newEmail = () => `someone${++people}@example.test`;

beforeAll(async () => {
	stack = await startTestStack('demo', { mailer: mailbox.mailer, auth: { mailGap: 0 } });
	auth = adminClient(stack).auth;
});
afterAll(() => stack.dispose());

const signIn = (email: string, password: string) =>
	stack.anonymous().auth.signInWithPassword({ email, password });

async function newUser(attributes: Record<string, unknown> = {}) {
	const email = newEmail();
	const { data, error } = await auth.admin.createUser({
		email,
		password: PASSWORD,
		email_confirm: true,
		...attributes
	});
	if (error) throw error;
	return { id: data.user.id, email, user: data.user };
}

describe('who may', () => {
	const somebody = '/admin/users/00000000-0000-4000-8000-000000000000';
	const doors = [
		['GET', '/admin/users'],
		['POST', '/admin/users'],
		['GET', somebody],
		['PUT', somebody],
		['DELETE', somebody],
		['GET', `${somebody}/factors`],
		['POST', '/admin/generate_link'],
		['POST', '/invite'],
		['GET', '/admin/whatever']
	] as const;

	it.each(doors)('%s %s: nobody but the secret key', async (method, path) => {
		const token = await accessToken(await stack.signIn('admin'));
		const body = method === 'GET' ? undefined : { email: newEmail() };
		expect((await ask(stack, method, path, { body, apikey: null })).status).toBe(401);
		expect((await ask(stack, method, path, { body, apikey: 'sb_secret_made_up' })).status).toBe(
			401
		);
		const stranger = await ask(stack, method, path, { body });
		expect(stranger).toMatchObject({ status: 403, body: { error_code: 'not_admin' } });
		expect((await ask(stack, method, path, { body, token })).status).toBe(403);
		// a user's token is a user's, also in the hands of a server
		const asUser = await ask(stack, method, path, { body, token, apikey: stack.keys.secret });
		expect(asUser.status).toBe(403);
		expect(mailbox.mails).toEqual([]);
	});

	it('the older service_role key may as well', async () => {
		const { status } = await ask(stack, 'GET', '/admin/users', {
			apikey: stack.secrets.serviceRoleKey,
			token: stack.secrets.serviceRoleKey
		});
		expect(status).toBe(200);
	});

	it('no browser may', async () => {
		const answer = await fetch(`${stack.url}/auth/v1/admin/users`, {
			headers: { apikey: stack.keys.secret, 'user-agent': 'Mozilla/5.0 (X11)' }
		});
		expect(answer.status).toBe(401);
	});
});

describe('users', () => {
	it('are made, read, changed and deleted by supabase-js', async () => {
		const { id, email, user } = await newUser({
			user_metadata: { full_name: 'Ada', theme: 'dark' },
			app_metadata: { company: 7 }
		});
		expect(user).toMatchObject({
			email,
			role: 'authenticated',
			user_metadata: { full_name: 'Ada' },
			app_metadata: { company: 7, provider: 'email', providers: ['email'] },
			identities: [expect.objectContaining({ provider: 'email', email })]
		});
		expect(JSON.stringify(user)).not.toContain('$2');
		expect((await signIn(email, PASSWORD)).data.user?.app_metadata.company).toBe(7);

		const changed = newEmail();
		const { data } = await auth.admin.updateUserById(id, {
			email: changed,
			password: 'Changed-password-2',
			user_metadata: { theme: null, language: 'uk' }
		});
		expect(data.user?.user_metadata).toEqual({ full_name: 'Ada', language: 'uk' });
		expect((await signIn(email, PASSWORD)).error?.code).toBe('invalid_credentials');
		expect((await signIn(changed, 'Changed-password-2')).error).toBeNull();
		expect((await auth.admin.getUserById(id)).data.user?.email).toBe(changed);

		expect((await auth.admin.deleteUser(id)).error).toBeNull();
		expect((await auth.admin.getUserById(id)).error).toMatchObject({
			status: 404,
			code: 'user_not_found'
		});
	});

	it('are signed out everywhere by a new password', async () => {
		const { id, email } = await newUser();
		const client = stack.anonymous();
		await client.auth.signInWithPassword({ email, password: PASSWORD });
		await auth.admin.updateUserById(id, { password: 'Changed-password-2' });
		expect((await client.auth.refreshSession()).error).not.toBeNull();
	});

	it('are banned for a time and let in again', async () => {
		const { id, email } = await newUser();
		const client = stack.anonymous();
		await client.auth.signInWithPassword({ email, password: PASSWORD });
		const { data } = await auth.admin.updateUserById(id, { ban_duration: '1h30m' });
		const until = Date.parse(String((data.user as { banned_until?: string }).banned_until));
		expect(Math.abs(until - Date.now() - 5_400_000)).toBeLessThan(10_000);
		expect((await client.auth.getUser()).error?.code).toBe('user_banned');
		expect((await client.auth.refreshSession()).error?.code).toBe('user_banned');
		await auth.admin.updateUserById(id, { ban_duration: 'none' });
		expect((await signIn(email, PASSWORD)).error).toBeNull();
		const { error } = await auth.admin.updateUserById(id, { ban_duration: 'forever' });
		expect(error?.code).toBe('validation_failed');
	});

	it('are listed in pages, newest first', async () => {
		for (let number = 0; number < 3; number++) await newUser();
		const { data } = await auth.admin.listUsers({ page: 1, perPage: 5 });
		if (!('total' in data)) throw new Error('no total');
		expect(data.users).toHaveLength(5);
		expect(data).toMatchObject({ nextPage: 2, aud: 'authenticated' });
		const all = await auth.admin.listUsers({ page: 1, perPage: 1000 });
		expect(all.data.users).toHaveLength(data.total);
		// auth-js reads one digit of the last page's number
		expect(data.lastPage).toBe(Math.ceil(data.total / 5));
		expect(data.users.map(({ id }) => id)).toEqual(all.data.users.slice(0, 5).map(({ id }) => id));
		const answer = await ask(stack, 'GET', '/admin/users?page=x', { apikey: stack.keys.secret });
		expect(answer.status).toBe(400);
	});

	it('that are still referred to are not deleted, but can be obscured', async () => {
		const { data } = await auth.admin.listUsers({ perPage: 1000 });
		const id = data.users.find(({ email }) => email === demoEmail('marketer'))?.id ?? '';
		expect((await auth.admin.deleteUser(id)).error?.status).toBe(500);
		expect((await signIn(demoEmail('marketer'), DEMO_PASSWORD)).error).toBeNull();
		expect((await auth.admin.deleteUser(id, true)).error).toBeNull();
		expect((await signIn(demoEmail('marketer'), DEMO_PASSWORD)).error?.code).toBe(
			'invalid_credentials'
		);
	});

	it.each([
		[{}, 'validation_failed'],
		[{ email: 'not an address' }, 'validation_failed'],
		[{ email: 'weak@example.test', password: 'short' }, 'weak_password'],
		[{ email: 'weak@example.test', password: 'alllowercaseletters' }, 'weak_password'],
		[{ email: demoEmail('admin'), password: PASSWORD }, 'email_exists'],
		[{ email: 'meta@example.test', user_metadata: 'text' }, 'validation_failed'],
		[{ email: 'hash@example.test', password_hash: 'plain' }, 'validation_failed']
	])('%j are refused: %s', async (attributes, code) => {
		const { error } = await auth.admin.createUser(attributes as never);
		expect(error?.code).toBe(code);
	});

	it('made twice at once exist once', async () => {
		const email = newEmail();
		const both = await Promise.all([0, 1, 2].map(() => auth.admin.createUser({ email })));
		expect(both.map(({ error }) => error?.code ?? 'made').sort()).toEqual([
			'email_exists',
			'email_exists',
			'made'
		]);
	});
});

it('second factors are listed, renamed and removed, which lowers sessions', async () => {
	const { id, email } = await newUser();
	const client = stack.anonymous();
	await client.auth.signInWithPassword({ email, password: PASSWORD });
	const { data: factor } = await client.auth.mfa.enroll({ factorType: 'totp' });
	if (factor?.type !== 'totp') throw new Error('not totp');
	const code = new TOTP({ secret: factor.totp.secret }).generate();
	await client.auth.mfa.challengeAndVerify({ factorId: factor.id, code });
	expect(decodeJwt(await accessToken(client)).aal).toBe('aal2');

	const listed = await auth.admin.mfa.listFactors({ userId: id });
	expect(listed.data?.factors).toEqual([
		expect.objectContaining({ id: factor.id, status: 'verified' })
	]);
	expect(JSON.stringify(listed.data)).not.toContain(factor.totp.secret);
	const path = `/admin/users/${id}/factors/${factor.id}`;
	const apikey = stack.keys.secret;
	const renamed = await ask(stack, 'PUT', path, { apikey, body: { friendly_name: 'old phone' } });
	expect(renamed.body.friendly_name).toBe('old phone');

	await auth.admin.mfa.deleteFactor({ userId: id, id: factor.id });
	expect((await auth.admin.mfa.listFactors({ userId: id })).data?.factors).toEqual([]);
	await client.auth.refreshSession();
	expect(decodeJwt(await accessToken(client)).aal).toBe('aal1');
	expect((await ask(stack, 'DELETE', path, { apikey })).body.error_code).toBe(
		'mfa_factor_not_found'
	);
});

describe('an invitation', () => {
	it('lets its reader in, who then chooses a password', async () => {
		const email = newEmail();
		const { data, error } = await auth.admin.inviteUserByEmail(email, { data: { team: 'north' } });
		expect(error).toBeNull();
		expect(data.user).toMatchObject({ email, user_metadata: { team: 'north' } });
		expect(data.user?.invited_at).toBeTruthy();
		const { tokenHash, type } = mailbox.newest(email);
		expect(type).toBe('invite');
		const client = stack.anonymous();
		const verified = await client.auth.verifyOtp({ token_hash: tokenHash, type: 'invite' });
		expect(verified.error).toBeNull();
		expect((await client.auth.updateUser({ password: PASSWORD })).error).toBeNull();
		expect((await signIn(email, PASSWORD)).error).toBeNull();
	});

	it('can be sent again, and not to somebody who is here already', async () => {
		const email = newEmail();
		await auth.admin.inviteUserByEmail(email);
		expect((await auth.admin.inviteUserByEmail(email)).error).toBeNull();
		expect(mailbox.count(email)).toBe(2);
		const { error } = await auth.admin.inviteUserByEmail(demoEmail('admin'));
		expect(error).toMatchObject({ status: 422, code: 'email_exists' });
	});
});

describe('a generated link', () => {
	it.each(['signup', 'invite', 'magiclink', 'recovery'] as const)('%s works', async (type) => {
		const email = type === 'recovery' ? (await newUser()).email : newEmail();
		const { data, error } = await auth.admin.generateLink({
			type,
			email,
			password: PASSWORD
		} as Parameters<typeof auth.admin.generateLink>[0]);
		expect(error).toBeNull();
		expect(mailbox.count(email)).toBe(0);
		expect(data.properties?.email_otp).toMatch(/^\d{6}$/);
		const verification = data.properties?.verification_type as 'signup';
		expect(verification).toBe(type === 'magiclink' ? 'signup' : type);
		expect(new URL(data.properties?.action_link ?? '').searchParams.get('token')).toBe(
			data.properties?.hashed_token
		);
		const verified = await stack.anonymous().auth.verifyOtp({
			token_hash: data.properties?.hashed_token ?? '',
			type: verification
		});
		expect(verified.data.user?.email).toBe(email);
	});

	it('needs no key when it is opened in a browser', async () => {
		const email = newEmail();
		const { data } = await auth.admin.generateLink({ type: 'invite', email });
		const answer = await fetch(data.properties?.action_link ?? '', { redirect: 'manual' });
		expect(answer.status).toBe(303);
		const fragment = new URL(answer.headers.get('location') ?? '').hash.slice(1);
		const token = new URLSearchParams(fragment).get('access_token') ?? '';
		expect((await ask(stack, 'GET', '/user', { token })).body.email).toBe(email);
	});

	it('changes an address when both were used', async () => {
		const { id, email } = await newUser();
		const changed = newEmail();
		for (const type of ['email_change_current', 'email_change_new'] as const) {
			const { data } = await auth.admin.generateLink({ type, email, newEmail: changed });
			await stack.anonymous().auth.verifyOtp({
				token_hash: data.properties?.hashed_token ?? '',
				type: 'email_change'
			});
		}
		expect((await auth.admin.getUserById(id)).data.user?.email).toBe(changed);
	});

	it('is refused for nobody and for nonsense', async () => {
		const recovery = await auth.admin.generateLink({ type: 'recovery', email: newEmail() });
		expect(recovery.error?.code).toBe('user_not_found');
		const nonsense = await auth.admin.generateLink({ type: 'wish', email: newEmail() } as never);
		expect(nonsense.error?.code).toBe('validation_failed');
	});
});
