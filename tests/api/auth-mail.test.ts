import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { ask, Mailbox, PASSWORD } from './auth-support.ts';

const SITE = 'http://app.example.test';
let stack: TestStack;
let owner: Sql;
let email: string;
let people = 0;
const mailbox = new Mailbox();

beforeAll(async () => {
	stack = await startTestStack('empty', {
		mailer: mailbox.mailer,
		auth: { enableConfirmations: true, siteUrl: SITE, redirectUrls: [`${SITE}/**`], mailGap: 0 }
	});
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
});
beforeEach(() => {
	email = `person${++people}@example.test`;
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

async function confirmed(): Promise<void> {
	await stack.anonymous().auth.signUp({ email, password: PASSWORD });
	const { tokenHash } = mailbox.newest(email);
	const { error } = await stack
		.anonymous()
		.auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
	expect(error).toBeNull();
}

describe('a new account', () => {
	it('proves its address by the link before its first sign-in', async () => {
		const client = stack.anonymous();
		const signUp = await client.auth.signUp({
			email,
			password: PASSWORD,
			options: { data: { full_name: 'Ada' } }
		});
		expect(signUp.error).toBeNull();
		expect(signUp.data.session).toBeNull();
		const early = await client.auth.signInWithPassword({ email, password: PASSWORD });
		expect(early.error?.code).toBe('email_not_confirmed');

		const { mail, link, tokenHash } = mailbox.newest(email);
		expect(link.origin + link.pathname).toBe(`${SITE}/auth/confirm`);
		expect([...link.searchParams.keys()]).toEqual(['token_hash', 'type']);
		expect(mail.html).toContain(`token_hash=${tokenHash}`);
		const { data } = await client.auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
		expect(data.user).toMatchObject({ email, user_metadata: { full_name: 'Ada' } });
		expect((await client.auth.signInWithPassword({ email, password: PASSWORD })).error).toBeNull();
		const [row] = await owner`
			select raw_user_meta_data ->> 'full_name' as name from auth.users where email = ${email}`;
		expect(row?.name).toBe('Ada');
	});

	it.each(['email', 'signup'] as const)('or by the six digits, as type %s', async (type) => {
		await stack.anonymous().auth.signUp({ email, password: PASSWORD });
		const { code } = mailbox.newest(email);
		expect(code).toMatch(/^\d{6}$/);
		const { data, error } = await stack.anonymous().auth.verifyOtp({ email, token: code, type });
		expect(error).toBeNull();
		expect(data.session?.access_token).toBeTruthy();
	});

	it('gets a mail each time somebody signs up with its address, and only the newest is good', async () => {
		const signUp = () => stack.anonymous().auth.signUp({ email, password: PASSWORD });
		await signUp();
		const old = mailbox.newest(email);
		await signUp();
		const { error } = await stack
			.anonymous()
			.auth.verifyOtp({ token_hash: old.tokenHash, type: 'email' });
		expect(error?.code).toBe('otp_expired');
		await stack.anonymous().auth.resend({ type: 'signup', email });
		expect(mailbox.count(email)).toBe(3);
		const { tokenHash } = mailbox.newest(email);
		const last = await stack.anonymous().auth.verifyOtp({ token_hash: tokenHash, type: 'signup' });
		expect(last.error).toBeNull();
	});

	it('cannot be told from one that exists already, nor taken over', async () => {
		await confirmed();
		const before = mailbox.count(email);
		const { data, error } = await stack
			.anonymous()
			.auth.signUp({ email, password: 'Another-password-2' });
		expect(error).toBeNull();
		expect(data.session).toBeNull();
		expect(data.user?.identities).toEqual([]);
		expect(mailbox.count(email)).toBe(before);
		const theft = await stack
			.anonymous()
			.auth.signInWithPassword({ email, password: 'Another-password-2' });
		expect(theft.error?.code).toBe('invalid_credentials');
	});
});

describe('a token', () => {
	it('is good once', async () => {
		await stack.anonymous().auth.signUp({ email, password: PASSWORD });
		const { tokenHash } = mailbox.newest(email);
		const use = () => stack.anonymous().auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
		const both = await Promise.all([use(), use()]);
		expect(both.filter(({ error }) => !error)).toHaveLength(1);
		expect((await use()).error?.code).toBe('otp_expired');
	});

	it('is good for an hour', async () => {
		await confirmed();
		await stack.anonymous().auth.resetPasswordForEmail(email);
		await owner`
			update auth.users set recovery_sent_at = now() - interval '3601 s' where email = ${email}`;
		const { tokenHash, code } = mailbox.newest(email);
		const { auth } = stack.anonymous();
		const byLink = await auth.verifyOtp({ token_hash: tokenHash, type: 'recovery' });
		expect(byLink.error).toMatchObject({ status: 403, code: 'otp_expired' });
		const byCode = await auth.verifyOtp({ email, token: code, type: 'recovery' });
		expect(byCode.error?.code).toBe('otp_expired');
	});

	it('of one kind is not good as another', async () => {
		await confirmed();
		await stack.anonymous().auth.resetPasswordForEmail(email);
		const { tokenHash } = mailbox.newest(email);
		for (const type of ['signup', 'invite', 'email_change'] as const) {
			const { error } = await stack.anonymous().auth.verifyOtp({ token_hash: tokenHash, type });
			expect(error?.code).toBe('otp_expired');
		}
	});

	it('that was made up is refused, in whatever form', async () => {
		const bodies = [
			{ type: 'email', token_hash: 'f'.repeat(64) },
			{ type: 'email', email, token: '000000' },
			{ type: 'email', token_hash: { $gt: '' } },
			{ type: 'email', token_hash: 'a\u0000b' },
			{ type: 'nonsense', token_hash: 'x' },
			{}
		];
		for (const body of bodies) {
			const { status } = await ask(stack, 'POST', '/verify', { body });
			expect([400, 403, 422]).toContain(status);
		}
	});
});

it('a forgotten password is replaced by a mail, and other sessions end', async () => {
	await confirmed();
	const elsewhere = stack.anonymous();
	await elsewhere.auth.signInWithPassword({ email, password: PASSWORD });
	const client = stack.anonymous();
	await client.auth.resetPasswordForEmail(email, { redirectTo: `${SITE}/reset` });
	const { link, tokenHash, type } = mailbox.newest(email);
	expect(type).toBe('recovery');
	expect(link.searchParams.get('next')).toBe(`${SITE}/reset`);
	await client.auth.verifyOtp({ token_hash: tokenHash, type: 'recovery' });
	expect((await client.auth.updateUser({ password: 'Fresh-password-3' })).error).toBeNull();
	expect((await elsewhere.auth.refreshSession()).error).not.toBeNull();
	expect((await client.auth.refreshSession()).error).toBeNull();
	const again = await elsewhere.auth.signInWithPassword({ email, password: 'Fresh-password-3' });
	expect(again.error).toBeNull();
});

it('a recovery for nobody answers alike and sends nothing', async () => {
	const { error } = await stack.anonymous().auth.resetPasswordForEmail(email);
	expect(error).toBeNull();
	expect(mailbox.count(email)).toBe(0);
});

it('links lead to foreign sites never', async () => {
	await confirmed();
	for (const redirectTo of [
		'https://evil.example/',
		`${SITE}.evil.example/`,
		'javascript:alert(1)'
	]) {
		await stack.anonymous().auth.resetPasswordForEmail(email, { redirectTo });
		expect(mailbox.newest(email).mail.text).not.toMatch(/evil|javascript/);
	}
});

describe('a magic link', () => {
	it('signs in who has an account', async () => {
		await confirmed();
		await stack.anonymous().auth.signInWithOtp({ email });
		const { code } = mailbox.newest(email);
		const { error } = await stack.anonymous().auth.verifyOtp({ email, token: code, type: 'email' });
		expect(error).toBeNull();
	});

	it('makes an account that is not confirmed before the link is used', async () => {
		const { error } = await stack
			.anonymous()
			.auth.signInWithOtp({ email, options: { data: { full_name: 'Bo' } } });
		expect(error).toBeNull();
		const state = () => owner`
			select confirmed_at is not null as confirmed, raw_user_meta_data ->> 'full_name' as name,
				(select count(*)::int from auth.sessions where user_id = u.id) as sessions
			from auth.users u where email = ${email}`;
		expect([...(await state())]).toEqual([{ confirmed: false, name: 'Bo', sessions: 0 }]);
		const { tokenHash } = mailbox.newest(email);
		await stack.anonymous().auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
		expect([...(await state())]).toEqual([{ confirmed: true, name: 'Bo', sessions: 1 }]);
	});

	it('makes none when told so', async () => {
		const { error } = await stack
			.anonymous()
			.auth.signInWithOtp({ email, options: { shouldCreateUser: false } });
		expect(error?.code).toBe('otp_disabled');
		expect(mailbox.count(email)).toBe(0);
	});
});

describe('a change of address', () => {
	it.each(['old first', 'new first'])('needs both mailboxes: %s', async (order) => {
		await confirmed();
		const client = stack.anonymous();
		await client.auth.signInWithPassword({ email, password: PASSWORD });
		const newEmail = `new.${email}`;
		expect((await client.auth.updateUser({ email: newEmail })).error).toBeNull();
		const links = [mailbox.newest(email), mailbox.newest(newEmail)];
		if (order === 'new first') links.reverse();
		const use = (index: number) =>
			ask(stack, 'POST', '/verify', {
				body: { type: 'email_change', token_hash: links[index]?.tokenHash }
			});
		const first = await use(0);
		expect(first.body).toMatchObject({ code: '200' });
		expect(first.body).not.toHaveProperty('access_token');
		expect((await client.auth.getUser()).data.user?.email).toBe(email);
		// the same link twice is not both
		expect((await use(0)).status).toBe(403);
		expect((await use(1)).status).toBe(200);
		expect((await client.auth.getUser()).data.user?.email).toBe(newEmail);
		const signIn = await client.auth.signInWithPassword({ email: newEmail, password: PASSWORD });
		expect(signIn.error).toBeNull();
	});
});

it('a link can also be used at the API itself, which redirects with a session', async () => {
	await confirmed();
	await stack.anonymous().auth.resetPasswordForEmail(email);
	const { tokenHash } = mailbox.newest(email);
	const path = `/verify?token=${tokenHash}&type=recovery`;
	const { status, headers } = await ask(stack, 'GET', path, { apikey: null });
	expect(status).toBe(303);
	const location = new URL(headers.get('location') ?? '');
	expect(location.origin).toBe(SITE);
	const token = new URLSearchParams(location.hash.slice(1)).get('access_token') ?? '';
	expect((await ask(stack, 'GET', '/user', { token })).body.email).toBe(email);
});

it('a banned user gets in by no link', async () => {
	await confirmed();
	await stack.anonymous().auth.signInWithOtp({ email });
	await owner`update auth.users set banned_until = now() + interval '1 day' where email = ${email}`;
	const { tokenHash } = mailbox.newest(email);
	const { error } = await stack
		.anonymous()
		.auth.verifyOtp({ token_hash: tokenHash, type: 'email' });
	expect(error?.code).toBe('user_banned');
});
