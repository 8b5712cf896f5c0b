import { expect, test } from 'vitest';
import { legacyExample, modernExample, stateOf, type Token } from './token.ts';

const token: Token = {
	id: 1,
	name: 'Site',
	prefix: 'vk_12345',
	scopes: ['leads.create'],
	campaign_id: null,
	source: null,
	expires_at: null,
	revoked_at: null,
	last_used_at: null,
	created_at: '2026-11-21T09:00:00Z'
};

test('a token works until it expires or is revoked', () => {
	const now = Date.parse('2026-11-21T10:00:00Z');
	expect(stateOf(token, now)).toBe('active');
	expect(stateOf({ ...token, expires_at: '2026-11-21T10:00:00Z' }, now)).toBe('expired');
	expect(stateOf({ ...token, expires_at: '2026-11-21T10:00:01Z' }, now)).toBe('active');
	const revoked = {
		...token,
		expires_at: '2026-01-01T00:00:00Z',
		revoked_at: '2025-01-01T00:00:00Z'
	};
	expect(stateOf(revoked, now)).toBe('revoked');
});

test('the examples are whole: address, header, and every field their door demands', () => {
	const modern = modernExample('http://api.test', 'vk_secret', 4);
	expect(modern).toContain(`'http://api.test/functions/v1/lead-intake'`);
	expect(modern).toContain(`'Authorization: Bearer vk_secret'`);
	expect(modern).toContain('"advertising_company":4');
	expect(modernExample('http://api.test', 'x', null)).not.toContain('advertising_company');
	const legacy = legacyExample('http://app.test', 'vk_secret', 4);
	expect(legacy).toContain(`'http://app.test/clients/potential/api/'`);
	expect(legacy).toContain(`'Token: vk_secret'`);
	const body = JSON.parse(/-d '(.*)'/.exec(legacy)?.[1] ?? '{}');
	expect(Object.keys(body).sort()).toEqual(
		['advertising_company', 'email', 'first_name', 'last_name', 'phone_number'].sort()
	);
});
