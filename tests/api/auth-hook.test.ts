import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authSettings } from '../../supabase/embedded/auth/settings.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { accessToken, ask, PASSWORD } from './auth-support.ts';

const CONFIG = `
[auth]
site_url = "http://app.example.test"
minimum_password_length = 10

[auth.email]
enable_confirmations = true

[auth.email.template.confirmation]
subject = "Welcome, {{ .Data.name }}{{ .Email }}"
content_path = "./supabase/welcome.html"

[auth.hook.custom_access_token]
enabled = true
uri = "pg-functions://postgres/private/custom_access_token_hook"

[auth.external.google]
enabled = true
client_id = "id"
secret = "env(VERSTAK_TEST_UNSET)"
`;

let stack: TestStack;
let owner: Sql;
let directory: string;
const email = 'hooked@example.test';

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'verstak-test-config-'));
	mkdirSync(join(directory, 'supabase'));
	writeFileSync(join(directory, 'supabase/config.toml'), CONFIG);
	writeFileSync(
		join(directory, 'supabase/welcome.html'),
		'<a href="{{ .ConfirmationURL }}">{{ .Token }}</a> {{ .SiteURL }} <b>{{ .Email }}</b>'
	);
	stack = await startTestStack('empty', { configFile: join(directory, 'supabase/config.toml') });
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	await owner`create schema if not exists private`;
	await hook(`return jsonb_build_object('claims', event -> 'claims')`);
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
	rmSync(directory, { recursive: true, force: true });
});

async function hook(body: string): Promise<void> {
	await owner.unsafe(`
		create or replace function private.custom_access_token_hook(event jsonb) returns jsonb
		language plpgsql as $$ begin ${body}; end $$;
		grant usage on schema private to supabase_auth_admin;
		grant execute on function private.custom_access_token_hook to supabase_auth_admin;
		revoke execute on function private.custom_access_token_hook from authenticated, anon, public;
	`);
}

const signIn = () =>
	ask(stack, 'POST', '/token?grant_type=password', { body: { email, password: PASSWORD } });
const sessions = async () => (await owner`select from auth.sessions`).length;

it('settings, templates and hook come from config.toml', async () => {
	const weak = await ask(stack, 'POST', '/signup', { body: { email, password: 'Short-1' } });
	expect(weak.body.error_code).toBe('weak_password');
	const signUp = await ask(stack, 'POST', '/signup', { body: { email, password: PASSWORD } });
	expect(signUp.body).not.toHaveProperty('access_token');
	// no mailer was passed: the mail service catches them
	const caught = await fetch(`${stack.mailUrl}/api/messages?to=${encodeURIComponent(email)}`);
	const [mail] = (await caught.json()) as { subject: string; html: string }[];
	expect(mail).toMatchObject({ subject: `Welcome, ${email}` });
	expect(mail?.html).toContain(`http://app.example.test <b>${email}</b>`);
	const link = /href="([^"]+)"/.exec(mail?.html ?? '')?.[1]?.replaceAll('&amp;', '&') ?? '';
	const answer = await fetch(link, { redirect: 'manual' });
	expect(answer.headers.get('location')).toContain('access_token=');
	expect((await signIn()).status).toBe(200);
});

it('two mails to one address in quick succession are too many, for nobody’s address alike', async () => {
	for (const to of ['nobody@example.test', 'somebody@example.test']) {
		const recover = () => ask(stack, 'POST', '/recover', { body: { email: to } });
		expect((await recover()).status).toBe(200);
		const second = await recover();
		expect(second).toMatchObject({
			status: 429,
			body: { error_code: 'over_email_send_rate_limit' }
		});
		expect(second.headers.get('retry-after')).toBe('1');
	}
});

it('a hook changes every token, and knows how it came about', async () => {
	await hook(`return jsonb_build_object('claims', event -> 'claims' || jsonb_build_object(
		'how', event ->> 'authentication_method', 'who', event ->> 'user_id', 'as', current_user))`);
	const client = stack.anonymous();
	await client.auth.signInWithPassword({ email, password: PASSWORD });
	const claims = decodeJwt(await accessToken(client));
	expect(claims).toMatchObject({ how: 'password', who: claims.sub, as: 'supabase_auth_admin' });
	await client.auth.refreshSession();
	expect(decodeJwt(await accessToken(client))).toMatchObject({ how: 'token_refresh' });
	const { status } = await fetch(`${stack.url}/auth/v1/user`, {
		headers: {
			apikey: stack.keys.publishable,
			authorization: `Bearer ${await accessToken(client)}`
		}
	});
	expect(status).toBe(200);
});

it.each([
	[
		'claims that lack something',
		`return jsonb_build_object('claims', event -> 'claims' - 'aal')`,
		500
	],
	['claims of a wrong type', `return jsonb_set(event, '{claims,exp}', '"soon"')`, 500],
	['null', `return null`, 500],
	['null claims', `return '{"claims": null}'`, 500],
	['no claims', `return '{}'`, 500],
	['an exception', `raise exception 'secret detail'`, 500],
	['a refusal', `return '{"error": {"http_code": 403, "message": "not today"}}'`, 403],
	['nothing in time', `perform pg_sleep(10); return event`, 422]
])('a hook that gives %s lets nobody in and leaves no session', async (_, body, status) => {
	await hook(body);
	const before = await sessions();
	const answer = await signIn();
	expect(answer.status).toBe(status);
	expect(answer.body).not.toHaveProperty('access_token');
	expect(JSON.stringify(answer.body)).not.toContain('secret detail');
	expect(await sessions()).toBe(before);
	await hook(`return jsonb_build_object('claims', event -> 'claims')`);
	expect((await signIn()).status).toBe(200);
});

it('nonsense in the settings is told at the start', () => {
	const at = (text: string) => {
		const file = join(directory, 'bad.toml');
		writeFileSync(file, text);
		return () => authSettings({}, file);
	};
	expect(at('[auth]\nsite_url = 5')).toThrow(/site_url/);
	expect(at('[auth')).toThrow();
	expect(at('')().enableSignup).toBe(true);
	expect(authSettings({}, join(directory, 'supabase/config.toml')).google).toBeNull();
});
