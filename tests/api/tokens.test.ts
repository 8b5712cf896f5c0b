import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_PASSWORD } from '../../supabase/demo/demo.ts';
import { demoEmail, startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let owner: Sql;

beforeAll(async () => {
	stack = await startTestStack('demo');
	owner = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
	await owner.end();
	await stack.dispose();
});

async function tokenOf(name: 'coordinator' | 'manager'): Promise<string> {
	const client = await stack.signIn(name);
	const { data } = await client.auth.getSession();
	return data.session?.access_token ?? '';
}

/** What REST answers to a token, by the fast call and by a table. */
async function statusesFor(token: string): Promise<number[]> {
	const headers = {
		apikey: stack.keys.publishable,
		authorization: `Bearer ${token}`,
		'content-type': 'application/json'
	};
	const call = await fetch(`${stack.url}/rest/v1/rpc/my_permissions`, {
		method: 'POST',
		headers,
		body: '{}'
	});
	const table = await fetch(`${stack.url}/rest/v1/orders?select=id&limit=1`, { headers });
	return [call.status, table.status];
}

const signed = (claims: Record<string, unknown>, secret = stack.secrets.jwtSecret) =>
	new SignJWT(claims)
		.setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: stack.secrets.keyId })
		.sign(new TextEncoder().encode(secret));

describe('an access token', () => {
	it('carries what a Supabase token carries', async () => {
		const token = await tokenOf('coordinator');
		const claims = decodeJwt(token);
		expect(decodeProtectedHeader(token)).toEqual({
			alg: 'HS256',
			typ: 'JWT',
			kid: stack.secrets.keyId
		});
		expect(claims).toMatchObject({
			iss: `${stack.url}/auth/v1`,
			aud: 'authenticated',
			role: 'authenticated',
			email: demoEmail('coordinator'),
			phone: '',
			aal: 'aal1',
			is_anonymous: false,
			amr: [{ method: 'password', timestamp: expect.any(Number) }],
			app_metadata: { provider: 'email', providers: ['email'] },
			user_metadata: expect.any(Object)
		});
		expect(claims.session_id).toMatch(/^[0-9a-f-]{36}$/);
		expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
	});

	it('keeps its session and its method when it is refreshed', async () => {
		const client = await stack.signIn('coordinator');
		const before = decodeJwt((await client.auth.getSession()).data.session?.access_token ?? '');
		const { data, error } = await client.auth.refreshSession();
		expect(error).toBeNull();
		const after = decodeJwt(data.session?.access_token ?? '');
		expect(after).toMatchObject({ session_id: before.session_id, aal: 'aal1', sub: before.sub });
		expect(after.amr).toEqual([expect.objectContaining({ method: 'password' })]);
	});

	it('is accepted where it was issued for', async () => {
		expect(await statusesFor(await tokenOf('coordinator'))).toEqual([200, 200]);
	});
});

describe('a token that is not good is refused by calls and tables alike', () => {
	it('forged: signed with another secret', async () => {
		const claims = decodeJwt(await tokenOf('coordinator'));
		expect(await statusesFor(await signed(claims, 'x'.repeat(48)))).toEqual([401, 401]);
	});

	it('altered: another user in the payload', async () => {
		const [header, , signature] = (await tokenOf('coordinator')).split('.');
		const claims = { ...decodeJwt(await tokenOf('coordinator')), sub: crypto.randomUUID() };
		const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
		expect(await statusesFor(`${header}.${payload}.${signature}`)).toEqual([401, 401]);
	});

	it('unsigned: alg none', async () => {
		const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const claims = decodeJwt(await tokenOf('coordinator'));
		expect(await statusesFor(`${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`)).toEqual([
			401, 401
		]);
	});

	it('expired', async () => {
		const claims = decodeJwt(await tokenOf('coordinator'));
		const expired = await signed({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 });
		expect(await statusesFor(expired)).toEqual([401, 401]);
	});

	it('of a role that is no API role', async () => {
		const claims = { ...decodeJwt(await tokenOf('coordinator')), role: 'supabase_admin' };
		for (const status of await statusesFor(await signed(claims))) {
			expect(status).toBeGreaterThanOrEqual(400);
		}
	});
});

it('a banned user can neither sign in nor refresh', async () => {
	const client = await stack.signIn('manager');
	await owner`update auth.users set banned_until = now() + interval '1 day' where email = ${demoEmail('manager')}`;
	const refreshed = await client.auth.refreshSession();
	expect(refreshed.error?.code).toBe('user_banned');
	const again = await stack
		.anonymous()
		.auth.signInWithPassword({ email: demoEmail('manager'), password: DEMO_PASSWORD });
	expect(again.data.session).toBeNull();
	expect(again.error?.code).toBe('user_banned');
});

it('a wrong password and an unknown address get the same answer', async () => {
	const attempt = async (email: string) => {
		const { error } = await stack
			.anonymous()
			.auth.signInWithPassword({ email, password: 'not the password' });
		return { status: error?.status, code: error?.code, message: error?.message };
	};
	const wrong = await attempt(demoEmail('coordinator'));
	expect(wrong.status).toBe(400);
	expect(await attempt('nobody@demo.verstak.test')).toEqual(wrong);
});
