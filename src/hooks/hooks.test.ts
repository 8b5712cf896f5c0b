import { describe, expect, test } from 'vitest';
import { parseConfig } from '$lib/supabase/config.server.ts';
import { requestIdOf } from './request-log.ts';
import { completePolicy, isFramed } from './security-headers.ts';

describe('the policy', () => {
	const policy = "default-src 'none'; connect-src 'self'; script-src 'self' 'nonce-x'";

	test('lets pages speak to the gateway over http and web socket, and to nobody else', () => {
		expect(completePolicy(policy, 'http://127.0.0.1:54321')).toBe(
			"default-src 'none'; connect-src 'self' http://127.0.0.1:54321 ws://127.0.0.1:54321; script-src 'self' 'nonce-x'"
		);
		expect(completePolicy(policy, 'https://a.supabase.co/base')).toContain(
			"connect-src 'self' https://a.supabase.co wss://a.supabase.co;"
		);
	});

	test('lets other sites show forms, and nothing else', () => {
		expect(isFramed('/(public)/f/[campaign]')).toBe(true);
		for (const route of [null, '/(public)', '/(auth)/signin', '/(staff)/app/board/(live)'])
			expect(isFramed(route)).toBe(false);
	});

	test('lets pages show photos from the gateway’s Storage', () => {
		expect(completePolicy("img-src 'self' data:; font-src 'self'", 'https://a.supabase.co')).toBe(
			"img-src 'self' data: https://a.supabase.co; font-src 'self'"
		);
	});

	test('of answers that are no pages allows nothing', () => {
		expect(completePolicy(null, 'http://127.0.0.1:54321')).toBe(
			"default-src 'none'; frame-ancestors 'none'"
		);
	});
});

test('a proxy’s request id is kept only when it is a plain word', () => {
	expect(requestIdOf('0f8fad5b-d9cb-469f')).toBe('0f8fad5b-d9cb-469f');
	for (const given of [null, '', 'short', 'x"}\n{"admin":true', 'a'.repeat(65)]) {
		expect(requestIdOf(given)).toMatch(/^[\da-f-]{36}$/);
	}
});

describe('the environment', () => {
	const good = { PUBLIC_SUPABASE_URL: 'http://127.0.0.1:54321/', PUBLIC_SUPABASE_KEY: 'sb_x' };

	test('is read, with the demo off unless asked for', () => {
		expect(parseConfig(good)).toEqual({
			supabaseUrl: 'http://127.0.0.1:54321',
			supabaseKey: 'sb_x',
			pushKey: null,
			demo: false
		});
		expect(parseConfig({ ...good, PUBLIC_VERSTAK_DEMO: '1' }).demo).toBe(true);
		expect(parseConfig({ ...good, PUBLIC_VERSTAK_DEMO: '' }).demo).toBe(false);
	});

	test('a missing or wrong variable is named', () => {
		expect(() => parseConfig({})).toThrow(/PUBLIC_SUPABASE_URL.*PUBLIC_SUPABASE_KEY/);
		expect(() => parseConfig({ ...good, PUBLIC_SUPABASE_URL: 'ftp://x' })).toThrow(
			/PUBLIC_SUPABASE_URL/
		);
	});
});
