import { describe, expect, test } from 'vitest';
import { embedLanguage, snippetOf, thanksPath } from './embed.ts';
import { errorsOf, keptVisit, payloadOf, valuesOf, visitOf } from './lead-form.ts';

const formOf = (fields: Record<string, string>) => {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.set(name, value);
	return form;
};

describe('what a visitor sends', () => {
	test('becomes a payload: phone as the country writes it, only what was filled in', () => {
		const form = formOf({
			first_name: 'Ніка',
			phone_number: '067 123-45-67',
			email: '',
			utm_source: 'google',
			referrer: 'https://example.com',
			consent: 'yes',
			source: 'forged',
			idempotency_key: 'forged'
		});
		expect(payloadOf(form, 7, 'UA')).toEqual({
			first_name: 'Ніка',
			phone_number: '+380671234567',
			utm_source: 'google',
			referrer: 'https://example.com',
			advertising_company: 7,
			consent: true
		});
		expect(keptVisit(form)).toEqual({ utm_source: 'google', referrer: 'https://example.com' });
	});

	test('of nonsense is still a payload, for the database to refuse', () => {
		const form = formOf({ phone_number: ' call me ', message: 'a\0b\ud800', website: 'spam' });
		form.append('first_name', new Blob(['x']), 'x.txt');
		expect(payloadOf(form, null, 'UA')).toEqual({
			phone_number: 'call me',
			message: 'ab\ufffd',
			website: 'spam',
			consent: false
		});
		expect(valuesOf(form).first_name).toBe('');
	});
});

test('where a visitor came from: the link’s marks, and the site that led here unless it is ours', () => {
	const url = new URL('https://us.example/f/3?utm_source=a&utm_evil=b&utm_term=');
	expect(visitOf(url, 'https://them.example/secret?x=1')).toEqual({
		utm_source: 'a',
		referrer: 'https://them.example'
	});
	expect(visitOf(url, 'https://us.example/')).toEqual({ utm_source: 'a' });
	expect(visitOf(url, 'nonsense')).toEqual({ utm_source: 'a' });
});

test('mistakes are sentences beside their fields; a campaign’s end is said above all', () => {
	const { fields, campaign } = errorsOf({ phone_number: ['required'], consent: ['required'] });
	expect(Object.keys(fields)).toEqual(['phone_number', 'consent']);
	expect(campaign).toBeNull();
	expect(errorsOf({ advertising_company: ['closed'] }).campaign).toContain('ended');
	expect(errorsOf({ advertising_company: ['unknown'] }).campaign).toContain('no such form');
});

test('a snippet keeps its language, hands on marks, and no name breaks out of it', () => {
	const snippet = snippetOf('https://us.example', 3, 'uk', '"><script>alert(1)</script>');
	expect(snippet).toContain('src="https://us.example/f/3?embed=uk"');
	expect(snippet).toContain('title="&quot;>&lt;script>alert(1)&lt;/script>"');
	expect(embedLanguage(new URL('https://us.example/f/3?embed=uk'))).toBe('uk');
	expect(embedLanguage(new URL('https://us.example/f/3?embed=de'))).toBeUndefined();
	expect(embedLanguage(new URL('https://us.example/app/board?embed=uk'))).toBeUndefined();
	expect(thanksPath(new URL('https://us.example/f/3?embed=uk&utm_source=a'))).toBe(
		'/f/thanks?embed=uk'
	);
	expect(thanksPath(new URL('https://us.example/?embed=//evil'))).toBe('/f/thanks');
});
