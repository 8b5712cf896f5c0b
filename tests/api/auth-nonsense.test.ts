// requests nobody sane sends: refused, never an unexpected failure
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seeded } from '../../supabase/demo/random.ts';
import { demoEmail, startTestStack, type TestStack } from '../support/stack.ts';
import { accessToken, ask, Mailbox } from './auth-support.ts';

let stack: TestStack;
const many = { count: 100_000, seconds: 1 };
const both = { address: many, email: many };

beforeAll(async () => {
	stack = await startTestStack('demo', {
		mailer: new Mailbox().mailer,
		auth: {
			mailGap: 0,
			limits: {
				password: both,
				signup: both,
				otp: both,
				recover: both,
				resend: both,
				verify: both,
				factors: { address: many, user: many }
			}
		}
	});
});
afterAll(() => stack.dispose());

const NOBODY = '00000000-0000-4000-8000-000000000000';
const PATHS = [
	'/token?grant_type=password',
	'/token?grant_type=refresh_token',
	'/token?grant_type=pkce',
	'/token?grant_type=x',
	'/signup',
	'/otp',
	'/magiclink',
	'/recover',
	'/resend',
	'/verify',
	'/verify?token=a&type=email',
	'/verify?token=%00&type=signup',
	'/verify?token=a&type=email_change&redirect_to=nowhere',
	'/user',
	'/reauthenticate',
	'/factors',
	'/factors/x/verify',
	`/factors/${NOBODY}/challenge`,
	'/admin/users',
	'/admin/users?page=-1',
	'/admin/users?per_page=1e400',
	'/admin/users/x',
	`/admin/users/${NOBODY}`,
	`/admin/users/${NOBODY}/factors/x`,
	'/invite',
	'/admin/generate_link',
	'/authorize?provider=google',
	'/callback?state=x',
	'/%'
];
const FIELDS =
	'email password token token_hash type factor_type friendly_name issuer code challenge_id refresh_token auth_code code_verifier data user_metadata app_metadata ban_duration phone role new_email create_user id aud redirect_to email_confirm'.split(
		' '
	);
const VALUES = [
	'',
	'a@b.cc',
	`${'x'.repeat(300)}@b.cc`,
	0,
	null,
	true,
	[],
	[1],
	{},
	{ a: 1 },
	'\u0000',
	'\ud800',
	'signup',
	'invite',
	'magiclink',
	'totp',
	'recovery',
	'email_change',
	'email_change_new',
	'9'.repeat(400),
	"'; drop table auth.users; --",
	-1,
	1e308,
	'24h',
	'Good-password-1',
	demoEmail('admin')
];

it('1,000 of them', async () => {
	const token = await accessToken(await stack.signIn('operator'));
	const random = seeded(20261121);
	const pick = <T>(choices: readonly T[]): T => choices[random.int(0, choices.length - 1)] as T;
	const failed: unknown[] = [];
	for (let number = 0; number < 1_000; number++) {
		const method = pick(['GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD']);
		const path = pick(PATHS);
		const fields = () =>
			Object.fromEntries([1, 2, 3, 4, 5].map(() => [pick(FIELDS), pick(VALUES)]));
		const body = pick<unknown>([fields(), fields(), fields(), fields(), 'nonsense', '[]', 'null']);
		const withBody = method === 'GET' || method === 'HEAD' ? {} : { body };
		const key = pick([
			stack.keys.publishable,
			stack.keys.publishable,
			stack.keys.secret,
			null,
			'x'
		]);
		const bearer = pick([token, undefined, undefined, 'a.b.c', 'x']);
		const options = { ...withBody, apikey: key, ...(bearer ? { token: bearer } : {}) };
		const answer = await ask(stack, method, path, options);
		const text = JSON.stringify(answer.body);
		if (answer.status >= 500 || /node_modules|\bat .+:\d+:\d+/.test(text)) {
			failed.push({ method, path, body, status: answer.status, answer: text });
		}
	}
	expect(failed).toEqual([]);
	const log = readFileSync(join(stack.home, 'logs/stack.log'), 'utf8');
	expect(log).not.toContain('gateway_error');
	await stack.signIn('operator');
}, 60_000);
