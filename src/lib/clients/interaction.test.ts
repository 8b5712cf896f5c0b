import { afterAll, describe, expect, test } from 'vitest';
import { locales, overwriteGetLocale, type Locale } from '$lib/paraglide/runtime.js';
import { mergeOf, undoableMerges, wordsOf, type Interaction } from './interaction.ts';

const entry = (more: Partial<Interaction>): Interaction => ({
	id: 1,
	kind: 'automatic',
	direction: null,
	body: null,
	template_key: null,
	params: {},
	at: '2026-11-20T12:00:00Z',
	edited_at: null,
	order_id: null,
	author: null,
	...more
});
const say = (locale: Locale, more: Partial<Interaction>) => {
	overwriteGetLocale(() => locale);
	return wordsOf(entry(more));
};
afterAll(() => overwriteGetLocale(() => 'en'));

describe('the words of an entry', () => {
	test('are what somebody wrote', () => {
		expect(say('en', { kind: 'note', body: 'Call after six' })).toBe('Call after six');
	});

	test('are the reader’s language for what the system noted', () => {
		const merged = {
			template_key: 'client_merged',
			params: { merge_id: 3, client_id: 7, client_name: 'Коваль Олена', orders: 2 }
		};
		expect(say('en', merged)).toBe(
			'Merged with the duplicate “Коваль Олена” (client 7). Orders moved: 2'
		);
		expect(say('ru', merged)).toContain('Объединён с дубликатом «Коваль Олена»');
		expect(say('uk', merged)).toContain('Об’єднано з дублікатом «Коваль Олена»');
		const listed = { template_key: 'client_blacklisted', params: { reason: 'Rude' } };
		for (const locale of locales) expect(say(locale, listed)).toContain('Rude');
	});

	test('name a contract and what became of it', () => {
		const of = (what: string) => say('ru', { template_key: what, params: { number: 'Д-7' } });
		expect(of('contract_signed')).toBe('Подписан договор Д-7');
		expect(of('contract_cancelled')).toBe('Расторгнут договор Д-7');
	});

	test('are at least the facts when the template is new here', () => {
		expect(say('en', { template_key: 'of_tomorrow', params: { number: 'A-7', n: null } })).toBe(
			'Noted automatically: A-7'
		);
		expect(say('en', { template_key: 'of_tomorrow' })).toBe('Noted automatically');
	});
});

test('merges of the last 30 days that were not undone can be undone', () => {
	const now = Date.parse('2026-11-21T12:00:00Z');
	const merge = (merge_id: number, at: string, template_key = 'client_merged') =>
		entry({ template_key, params: { merge_id }, at });
	const history = [
		merge(2, '2026-11-21T11:00:00Z', 'client_unmerged'),
		merge(3, '2026-11-20T12:00:00Z'),
		merge(2, '2026-11-20T11:00:00Z'),
		merge(1, '2026-10-01T12:00:00Z')
	];
	expect([...undoableMerges(history, now)]).toEqual([3]);
	expect(history.map(mergeOf)).toEqual([null, 3, 2, 1]);
});
