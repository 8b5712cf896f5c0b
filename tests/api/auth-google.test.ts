// the whole way of signInWithOAuth, with a Google of our own on loopback
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '@supabase/supabase-js';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { ask, PASSWORD } from './auth-support.ts';

const SITE = 'http://app.example.test';
const GOOGLE = /^https:\/\/(oauth2|www)\.googleapis\.com(\/.*)$/;

let stack: TestStack;
let google: Server;
let plain: TestStack;
const asked: { path: string; body: URLSearchParams }[] = [];
let person = { sub: '1', email: 'ada@gmail.test', email_verified: true, name: 'Ada' };
let issuer = 'https://accounts.google.com';

beforeAll(async () => {
	const { publicKey, privateKey } = await generateKeyPair('RS256');
	const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' };
	google = createServer(async (request, response) => {
		let text = '';
		for await (const chunk of request) text += String(chunk);
		asked.push({ path: request.url ?? '', body: new URLSearchParams(text) });
		response.setHeader('content-type', 'application/json');
		if (request.url?.endsWith('/certs')) return void response.end(JSON.stringify({ keys: [jwk] }));
		const idToken = await new SignJWT(person)
			.setProtectedHeader({ alg: 'RS256', kid: 'k' })
			.setIssuer(issuer)
			.setAudience('client-id')
			.setExpirationTime('5m')
			.sign(privateKey);
		response.end(JSON.stringify({ access_token: 'google-token', id_token: idToken }));
	});
	await new Promise<void>((done) => google.listen(0, '127.0.0.1', done));
	const port = (google.address() as AddressInfo).port;
	// lite's addresses of Google are fixed; what goes there goes to ours
	const real = globalThis.fetch;
	vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) => {
		const path = GOOGLE.exec(input instanceof Request ? input.url : String(input))?.[2];
		return path ? real(`http://127.0.0.1:${port}${path}`, init) : real(input, init);
	});
	stack = await startTestStack('empty', {
		auth: { siteUrl: SITE, google: { clientId: 'client-id', secret: 'client-secret' } }
	});
	plain = await startTestStack('empty');
});
afterAll(async () => {
	vi.unstubAllGlobals();
	google.close();
	await stack.dispose();
	await plain.dispose();
});

const follow = async (url: string) => {
	const answer = await fetch(url, { redirect: 'manual' });
	return new URL(answer.headers.get('location') ?? 'none:');
};

/** From the button to what Google sends back to the gateway. */
async function signInAt(flow: 'pkce' | 'implicit') {
	const store = new Map<string, string>();
	const client = createClient(stack.url, stack.keys.publishable, {
		auth: {
			flowType: flow,
			autoRefreshToken: false,
			storage: {
				getItem: (key) => store.get(key) ?? null,
				setItem: (key, value) => void store.set(key, value),
				removeItem: (key) => void store.delete(key)
			}
		}
	});
	const { data } = await client.auth.signInWithOAuth({
		provider: 'google',
		options: { redirectTo: `${SITE}/after`, skipBrowserRedirect: true }
	});
	const atGoogle = await follow(data.url ?? '');
	return { client, atGoogle };
}

const backFrom = (atGoogle: URL) =>
	follow(
		`${atGoogle.searchParams.get('redirect_uri')}?code=the-code&state=${atGoogle.searchParams.get('state')}`
	);

it('goes to Google with our client and comes back to the gateway', async () => {
	const { atGoogle } = await signInAt('pkce');
	expect(atGoogle.origin).toBe('https://accounts.google.com');
	expect(Object.fromEntries(atGoogle.searchParams)).toMatchObject({
		client_id: 'client-id',
		redirect_uri: `${stack.url}/auth/v1/callback`,
		response_type: 'code',
		scope: 'email profile'
	});
});

it('signs in by code (PKCE), as server-rendered pages do', async () => {
	const { client, atGoogle } = await signInAt('pkce');
	const back = await backFrom(atGoogle);
	expect(back.origin + back.pathname).toBe(`${SITE}/after`);
	const { data, error } = await client.auth.exchangeCodeForSession(
		back.searchParams.get('code') ?? ''
	);
	expect(error).toBeNull();
	expect(data.user?.email).toBe('ada@gmail.test');
	const claims = decodeJwt(data.session?.access_token ?? '');
	expect(claims).toMatchObject({ aal: 'aal1', app_metadata: { provider: 'google' } });
	expect(claims.amr).toEqual([expect.objectContaining({ method: 'oauth' })]);
	const sent = asked.findLast(({ path }) => path.startsWith('/token'))?.body;
	expect(Object.fromEntries(sent ?? [])).toMatchObject({
		client_secret: 'client-secret',
		code: 'the-code'
	});
});

it('signs in by fragment (implicit), and the same person twice is one account', async () => {
	const { atGoogle } = await signInAt('implicit');
	const fragment = new URLSearchParams((await backFrom(atGoogle)).hash.slice(1));
	const claims = decodeJwt(fragment.get('access_token') ?? '');
	expect(claims).toMatchObject({ email: 'ada@gmail.test', iss: `${stack.url}/auth/v1` });
	expect(claims.amr).toEqual([expect.objectContaining({ method: 'oauth' })]);
});

it('joins the account that has the same proven address', async () => {
	const email = 'both@gmail.test';
	const { data } = await stack.anonymous().auth.signUp({ email, password: PASSWORD });
	person = { ...person, sub: '2', email };
	const { atGoogle } = await signInAt('implicit');
	const fragment = new URLSearchParams((await backFrom(atGoogle)).hash.slice(1));
	expect(decodeJwt(fragment.get('access_token') ?? '').sub).toBe(data.user?.id);
});

it('believes nobody who only says he is Google', async () => {
	issuer = 'https://accounts.evil.example';
	const { atGoogle } = await signInAt('implicit');
	const back = await backFrom(atGoogle);
	issuer = 'https://accounts.google.com';
	expect(back.hash).not.toContain('access_token');
	expect(back.searchParams.get('error')).toBeTruthy();
});

it('takes each return once, and none it did not ask for', async () => {
	const { atGoogle } = await signInAt('implicit');
	await backFrom(atGoogle);
	expect((await backFrom(atGoogle)).hash).not.toContain('access_token');
	const made = await follow(`${stack.url}/auth/v1/callback?code=x&state=${crypto.randomUUID()}`);
	expect(made.searchParams.get('error_code')).toBe('bad_oauth_state');
});

it('is off unless it is configured', async () => {
	const path = '/authorize?provider=google';
	expect((await ask(plain, 'GET', path)).body.error_code).toBe('validation_failed');
	const settings = await ask(plain, 'GET', '/settings');
	expect(settings.body.external).toMatchObject({ google: false, email: true });
	expect((await ask(stack, 'GET', '/settings')).body.external).toMatchObject({ google: true });
});
