// what functions share, without a network: whose address counts, how phones are read
import { expect, it } from 'vitest';
import { callerAddress } from '../../supabase/functions/_shared/address.ts';
import { normalisePhone } from '../../supabase/functions/_shared/phone.ts';
import { readJson } from '../../supabase/functions/_shared/json.ts';

it.each<[string, string[], string]>([
	['', [], ''],
	['127.0.0.1', [], '127.0.0.1'],
	['203.0.113.9', [], '203.0.113.9'],
	['203.0.113.9, 127.0.0.1', [], '203.0.113.9'],
	['203.0.113.9, ::ffff:127.0.0.1', [], '203.0.113.9'],
	// what a caller wrote himself stands before what proxies heard
	['1.1.1.1, 203.0.113.9', [], '203.0.113.9'],
	['1.1.1.1, 203.0.113.9, 198.51.100.4', ['198.51.100.4'], '203.0.113.9'],
	['1.1.1.1, 203.0.113.9, 198.51.100.4', [], '198.51.100.4'],
	['2001:db8::1,::1', [], '2001:db8::1'],
	['198.51.100.4', ['198.51.100.4'], '198.51.100.4']
])('%s with proxies %j counts as %s', (chain, proxies, expected) => {
	const headers = new Headers(chain ? { 'x-forwarded-for': chain } : {});
	expect(callerAddress(headers, new Set(proxies))).toBe(expected);
});

it.each<[string, string, string | null]>([
	['067 123-45-67', 'UA', '+380671234567'],
	['8 (999) 123-45-67', 'RU', '+79991234567'],
	['8 029 1234567', 'BY', '+375291234567'],
	['8 701 123 45 67', 'KZ', '+77011234567'],
	['601234567', 'PL', '+48601234567'],
	['0151 23456789', 'DE', '+4915123456789'],
	['٠٦٧١٢٣٤٥٦٧', 'UA', '+380671234567'],
	['0671234567', 'XX', null],
	['+380671234567; drop', 'UA', null],
	['call +380671234567', 'UA', null],
	['12345', 'UA', null],
	['', 'UA', null],
	['+'.repeat(50), 'UA', null]
])('%s in %s is %s', (written, country, expected) => {
	expect(normalisePhone(written, country)).toBe(expected);
});

it('a body is read up to its limit, whatever it says about its length', async () => {
	const request = (body: BodyInit, headers: Record<string, string> = {}) =>
		new Request('http://x/', { method: 'POST', body, headers });
	expect(await readJson(request('{"a":1}'), 7)).toEqual({ ok: true, value: { a: 1 } });
	expect(await readJson(request('{"a":12}'), 7)).toMatchObject({
		ok: false,
		problem: { code: 'VK413' }
	});
	expect(await readJson(request('{}', { 'content-length': '900' }), 7)).toMatchObject({
		problem: { code: 'VK413' }
	});
	expect(await readJson(request(new Uint8Array([34, 255, 34])), 7)).toMatchObject({
		problem: { message: 'invalid_json' }
	});
});
