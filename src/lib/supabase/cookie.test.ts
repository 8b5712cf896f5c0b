import { describe, expect, it } from 'vitest';
import { AUTH_COOKIE, holdsSession } from './cookie.ts';

const session = {
	access_token: 'a.b.c',
	refresh_token: 'r',
	expires_at: 1_900_000_000,
	user: { id: '1', name: 'Ёлка' }
};
const encoded = (value: unknown) =>
	`base64-${Buffer.from(JSON.stringify(value)).toString('base64url')}`;
const cookie = (value: string, name = AUTH_COOKIE) => ({ name, value });

describe('a cookie holds a session', () => {
	it('as supabase-js writes it, whole or in parts, in any order', () => {
		const text = encoded(session);
		expect(holdsSession([cookie(text)])).toBe(true);
		const half = Math.floor(text.length / 2);
		const parts = [
			cookie(text.slice(half), `${AUTH_COOKIE}.1`),
			cookie(text.slice(0, half), `${AUTH_COOKIE}.0`)
		];
		expect(holdsSession(parts)).toBe(true);
		expect(holdsSession([cookie('x', 'other'), ...parts])).toBe(true);
	});

	it('without a user, whom the server keeps elsewhere', () => {
		const { user: _user, ...rest } = session;
		expect(holdsSession([cookie(encoded(rest))])).toBe(true);
	});
});

describe('a cookie holds none', () => {
	it.each([
		['nothing', ''],
		['no base64', 'base64-%%%'],
		['no JSON', `base64-${Buffer.from('{').toString('base64url')}`],
		['no UTF-8', `base64-${Buffer.from([0xff, 0xfe]).toString('base64url')}`],
		['plain JSON', JSON.stringify(session)],
		['a list', encoded([session])],
		['null', encoded(null)],
		['a number for a user', encoded({ ...session, user: 1 })],
		['null for a user', encoded({ ...session, user: null })],
		['words for a moment', encoded({ ...session, expires_at: 'soon' })],
		['no token', encoded({ ...session, access_token: undefined })],
		['a number for a token', encoded({ ...session, refresh_token: 7 })]
	])('%s', (_name, value) => {
		expect(holdsSession([cookie(value)])).toBe(false);
	});
});
