import { afterAll, describe, expect, test } from 'vitest';
import { createFormat } from '$lib/format/format.ts';
import { locales, overwriteGetLocale, type Locale } from '$lib/paraglide/runtime.js';
import { errorKeys, type DomainError, type ErrorKey } from './domain-error.ts';
import { errorSentence } from './error-sentence.ts';

/** what SQL sends with each key, by the contract */
const details: Partial<Record<ErrorKey, Record<string, unknown>>> = {
	not_allowed: { permission: 'orders.move' },
	order_not_found: { order_id: 155026 },
	stage_not_found: { stage_id: 3 },
	master_not_found: { master_id: 'b1' },
	order_changed: {
		order_id: 155026,
		version: 7,
		changed_by_name: 'Олена Ткач',
		changed_at: '2026-11-21T12:30:00+00:00',
		change: 'moved'
	},
	mutation_reused: { mutation_id: 'c1' },
	transition_not_allowed: { from_kind: 'in_progress', to_kind: 'closed' },
	reason_required: { stage_id: 7 },
	master_at_capacity: { master_name: 'Іван Мороз', capacity: 3, active: 3 },
	wip_limit_reached: { stage_id: 2, limit: 5 },
	stage_of_other_location: { stage_id: 2, location_id: 1 },
	invalid_argument: { field: 'rank' },
	already_employee: { email: 'o@example.test' },
	already_invited: { email: 'o@example.test' },
	client_blacklisted: { client_id: 5, reason: 'Не заплатив' },
	order_closed: { order_id: 155026 },
	field_changed: {
		field: 'problem',
		by_name: 'Олена Ткач',
		at: '2026-11-21T12:30:00+00:00'
	},
	lead_claimed: { claimed_by_name: 'Олена Ткач', claimed_at: '2026-11-21T12:30:00+00:00' },
	lead_closed: { status: 'converted' },
	contract_changed: { number: '2026-00042' },
	contract_signed: { number: '2026-00042' },
	contract_closed: { number: '2026-00042' },
	contract_state: { number: '2026-00042', from: 'draft', to: 'closed' },
	invoice_open: { invoice_id: 1, number: '155026-1' },
	invoice_paid: { invoice_id: 1, number: '155026-1' },
	invoice_void: { invoice_id: 1, number: '155026-1' },
	payment_exceeds_due: { invoice_id: 1, number: '155026-1', due: 50.25 },
	refund_exceeds_payment: { payment_id: 1, left: 20 }
};

const error = (key: ErrorKey, given = details[key] ?? {}): DomainError => ({
	code: '',
	key,
	details: given
});

function say(locale: Locale, wrong: DomainError): string {
	overwriteGetLocale(() => locale);
	return errorSentence(wrong, createFormat(locale, 'Europe/Kyiv'));
}

afterAll(() => overwriteGetLocale(() => 'en'));

describe.each(locales)('in %s', (locale) => {
	test.each(errorKeys)('%s is a sentence without holes', (key) => {
		const sentence = say(locale, error(key));
		expect(sentence).toMatch(/^\p{Lu}.*[.)]$/su);
		expect(sentence).not.toContain(key);
		expect(sentence).not.toMatch(/undefined|null|NaN|[{}]|error_| {2}/);
		expect(/\p{Script=Cyrillic}/u.test(say(locale, error(key, {})))).toBe(locale !== 'en');
	});

	test.each(errorKeys)('%s stays readable without details', (key) => {
		expect(say(locale, error(key, {}))).not.toMatch(/undefined|null|[{}]|error_| {2}| [.,]/);
	});
});

test('no two keys say the same', () => {
	for (const locale of locales) {
		const all = errorKeys.map((key) => say(locale, error(key)));
		expect(new Set(all).size).toBe(errorKeys.length);
	}
});

describe('details are said', () => {
	test('who moved it, and when, in the company’s time', () => {
		const sentence = say('ru', error('order_changed'));
		expect(sentence).toContain('№155026');
		expect(sentence).toContain('Олена Ткач');
		expect(sentence).toContain('14:30');
	});

	test('assigning is not moving', () => {
		const assigned = { ...details.order_changed, change: 'assigned' };
		expect(say('ru', error('order_changed', assigned))).toContain('переназначили');
		expect(say('ru', error('order_changed'))).toContain('переместили');
	});

	test('who handles a lead, and what became of a closed one', () => {
		expect(say('uk', error('lead_claimed'))).toContain('Олена Ткач');
		expect(say('en', error('lead_closed', { status: 'rejected' }))).toContain('rejected');
		expect(say('en', error('lead_closed', { status: 'converted' }))).toContain('client');
	});

	test('stages by their names', () => {
		expect(say('uk', error('transition_not_allowed'))).toContain('«У роботі» у «Закрита»');
	});

	test('counts in the right plural', () => {
		const limits = [1, 2, 5, 11, 21, 22].map(
			(limit) => say('ru', error('wip_limit_reached', { limit })).match(/\d+ \S+/)?.[0]
		);
		expect(limits).toEqual([
			'1 заявка.',
			'2 заявки.',
			'5 заявок.',
			'11 заявок.',
			'21 заявка.',
			'22 заявки.'
		]);
		expect(say('en', error('wip_limit_reached', { limit: 1 }))).toContain('1 order.');
	});
});
