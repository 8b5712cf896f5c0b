import { describe, expect, test } from 'vitest';
import type { Actor, Role } from './actor.ts';
import { detour, nextPath, ownPath, safePath } from './guard.ts';
import { beyondPhoneBar, homeOf, mayOpen, pagesOf } from './pages.ts';
import { anonymous, type Visitor } from './visitor.ts';

const actor = (role: Role, permissions: string[]): Actor => ({
	id: 'a',
	email: 'a@b.c',
	fullName: 'A B',
	role,
	locationId: null,
	permissions
});
const coordinator = actor('coordinator', ['board.read', 'orders.move']);
const master = actor('master', ['board.read', 'orders.work']);
const marketer = actor('marketer', []);
const employee = (who: Actor): Visitor => ({ kind: 'employee', actor: who });
const outsider: Visitor = { kind: 'outsider', email: 'x@y.z' };
const unknown: Visitor = { kind: 'unknown' };

const request = (routeId: string | null, path: string, method = 'GET') => ({
	routeId,
	method,
	url: new URL(path, 'http://localhost:3000')
});

describe('staff pages', () => {
	const board = request('/(staff)/app/board', '/app/board?location=2');

	test('send strangers to sign in and remember the way', () => {
		const way = '/signin?next=%2Fapp%2Fboard%3Flocation%3D2';
		expect(detour(anonymous, board)).toBe(way);
		expect(detour(outsider, board)).toBe(way);
	});

	test('a form is not a place to come back to', () => {
		const post = request('/(staff)/app/board', '/app/board?/move', 'POST');
		expect(detour(anonymous, post)).toBe('/signin');
	});

	test('let employees in', () => {
		expect(detour(employee(marketer), board)).toBeNull();
	});

	test('do not throw people out while nobody can say who they are', () => {
		expect(detour(unknown, board)).toBeNull();
	});
});

describe('a link from a mail', () => {
	test('is followed whoever is signed in', () => {
		const link = request('/(auth)/auth/confirm', '/auth/confirm?token_hash=x&type=recovery');
		for (const visitor of [anonymous, outsider, unknown, employee(coordinator)])
			expect(detour(visitor, link)).toBeNull();
	});

	test('leads only to paths of this site', () => {
		const own = (value: unknown) => ownPath(value, 'http://shop.test');
		expect(own('http://shop.test/app/board?location=2')).toBe('/app/board?location=2');
		expect(own('/app/my')).toBe('/app/my');
		for (const elsewhere of [
			...['http://evil.test/app', 'https://shop.test/app', '//evil.test', '/\\evil.test'],
			...[
				'javascript:alert(1)',
				'http://shop.test//evil.test',
				'',
				null,
				'http://shop.test/signout'
			]
		])
			expect(own(elsewhere)).toBeNull();
	});
});

describe('the sign-in page', () => {
	const signin = request('/(auth)/signin', '/signin');

	test('is for those who are not employees', () => {
		for (const visitor of [anonymous, outsider, unknown])
			expect(detour(visitor, signin)).toBeNull();
	});

	test('sends employees home by role', () => {
		expect(detour(employee(coordinator), signin)).toBe('/app/board');
		expect(detour(employee(master), signin)).toBe('/app/my');
		expect(detour(employee(marketer), signin)).toBe('/app');
	});

	test('sends employees on to where they wanted, never elsewhere', () => {
		const to = (next: string) =>
			detour(employee(coordinator), request('/(auth)/signin', `/signin?next=${next}`));
		expect(to('%2Fapp%2Fmy')).toBe('/app/my');
		expect(to('https%3A%2F%2Fevil.com')).toBe('/app/board');
		expect(to('%2Fsignin')).toBe('/app/board');
	});

	test('lets forms through, so that signing out and changing accounts work', () => {
		expect(detour(employee(master), request('/(auth)/signout', '/signout', 'POST'))).toBeNull();
	});
});

test('public and unknown pages are nobody’s business', () => {
	for (const route of ['/(public)', '/healthz', null]) {
		expect(detour(anonymous, request(route, '/'))).toBeNull();
	}
});

describe('a path out of a link', () => {
	test.each(['/', '/app/board', '/app/board?location=2#card', '/%2f%2fevil.com', '/a//b'])(
		'%s is ours',
		(path) => expect(safePath(path)).toBe(path)
	);

	test.each([
		'https://evil.com',
		'//evil.com',
		'/\\evil.com',
		'\\\\evil.com',
		'/\t/evil.com',
		'/\n/evil.com',
		' //evil.com',
		'/.//evil.com',
		'/..//evil.com',
		'/x/..//evil.com',
		'javascript:alert(1)',
		'app/board',
		'',
		null,
		undefined,
		7
	])('%s is not', (path) => expect(safePath(path)).toBeNull());

	test('what comes out always stays on this site', () => {
		for (const path of ['/a/../b', '/a?next=//evil.com', '/@evil.com', '/:80/']) {
			const safe = safePath(path) ?? '';
			expect(new URL(safe, 'http://localhost:3000').origin).toBe('http://localhost:3000');
		}
	});

	test('signing in does not lead back to signing in or out', () => {
		for (const path of ['/signin', '/signin?next=/app', '/signout', '/signin/', '/x/../signin']) {
			expect(nextPath(path)).toBeNull();
		}
		expect(nextPath('/signings')).toBe('/signings');
	});
});

describe('pages', () => {
	test('the menu holds what the role may open', () => {
		expect(pagesOf(coordinator).map(({ id }) => id)).toEqual(['board']);
		expect(pagesOf(master).map(({ id }) => id)).toEqual(['my', 'board']);
		expect(pagesOf(marketer)).toEqual([]);
	});

	test('a phone’s bar keeps five, the last of them for the rest, and those of the role’s day', () => {
		const all = ['board', 'orders', 'masters', 'clients', 'leads', 'campaigns', 'statistics'];
		const rights = [...all.map((noun) => `${noun}.read`), 'services.manage', 'tokens.manage'];
		const kept = (of: Actor) => {
			const beyond = beyondPhoneBar(of);
			return pagesOf(of).flatMap(({ id }) => (beyond.includes(id) ? [] : [id]));
		};
		expect(kept(actor('coordinator', rights))).toEqual(['board', 'dispatch', 'orders', 'clients']);
		expect(kept(actor('operator', rights))).toEqual(['board', 'orders', 'clients', 'leads']);
		expect(beyondPhoneBar(actor('admin', rights))).toContain('tokens');
		expect(beyondPhoneBar(coordinator)).toEqual([]);
	});

	test('a right taken away closes the page at once', () => {
		expect(mayOpen(actor('coordinator', []), 'board')).toBe(false);
		expect(mayOpen(coordinator, 'my')).toBe(false);
		expect(homeOf(actor('master', []))).toBe('/app');
	});
});
