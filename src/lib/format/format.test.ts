import { describe, expect, test } from 'vitest';
import { createFormat, orderNumber } from './format.ts';
import { formatPhone, toE164 } from './phone.ts';

const now = '2026-11-21T12:00:00Z';
const kyiv = (locale: string) => createFormat(locale, 'Europe/Kyiv');
/** Intl puts no-break spaces where people read spaces */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('times', () => {
	test('are the company’s, wherever the machine is', () => {
		expect(kyiv('en').time('2026-11-21T12:30:00Z')).toBe('14:30');
		expect(createFormat('en', 'America/New_York').time('2026-11-21T12:30:00Z')).toBe('07:30');
	});

	test('today, tomorrow and yesterday are named in three languages', () => {
		expect(kyiv('en').dateTime('2026-11-21T15:00:00Z', now)).toBe('today 17:00');
		expect(kyiv('ru').dateTime('2026-11-22T07:05:00Z', now)).toBe('завтра 09:05');
		expect(kyiv('uk').dateTime('2026-11-20T07:05:00Z', now)).toBe('учора 09:05');
	});

	test('a day changes at the company’s midnight', () => {
		// 22:30 UTC is already tomorrow in Kyiv
		expect(kyiv('en').dateTime('2026-11-21T22:30:00Z', now)).toBe('tomorrow 00:30');
	});

	test('the short day of spring still counts as one', () => {
		const before = '2026-03-28T10:00:00Z';
		expect(kyiv('en').dateTime('2026-03-29T10:00:00Z', before)).toBe('tomorrow 13:00');
	});

	test('the year is written only when it is another one', () => {
		expect(plain(kyiv('en').date('2026-03-05T10:00:00Z', now))).toBe('5 Mar');
		expect(plain(kyiv('ru').date('2025-03-05T10:00:00Z', now))).toBe('5 мар. 2025 г.');
	});

	test('relative times take the largest unit that fits', () => {
		const { relative } = kyiv('en');
		expect(relative('2026-11-21T11:59:40Z', now)).toBe('now');
		expect(relative('2026-11-21T11:15:00Z', now)).toBe('45 minutes ago');
		expect(relative('2026-11-21T15:00:00Z', now)).toBe('in 3 hours');
		expect(relative('2026-11-18T12:00:00Z', now)).toBe('3 days ago');
		expect(kyiv('ru').relative('2026-11-21T11:39:00Z', now)).toBe('21 минуту назад');
	});
});

test('a month is called by its name', () => {
	expect(kyiv('en').month('2026-11')).toBe('November 2026');
	expect(plain(kyiv('uk').month('2026-01'))).toContain('січень 2026');
});

describe('durations', () => {
	const minute = 60_000;

	test('show the two largest units', () => {
		const { duration } = kyiv('en');
		expect(plain(duration(5 * minute))).toBe('5m');
		expect(plain(duration(200 * minute))).toBe('3h 20m');
		expect(plain(duration((2 * 1_440 + 4 * 60 + 7) * minute))).toBe('2d 4h');
	});

	test('of work are hours, however many', () => {
		const { hours } = kyiv('en');
		expect(plain(hours((3 * 1_440 + 21 * 60 + 5) * minute))).toBe('93h 5m');
		expect(plain(hours(45 * minute))).toBe('45m');
		expect(plain(kyiv('uk').hours(600 * minute))).toBe('10г');
	});

	test('leave out empty units and never go below zero', () => {
		const { duration } = kyiv('ru');
		expect(plain(duration(120 * minute))).toBe('2 ч');
		expect(plain(duration(0))).toBe('0 мин');
		expect(plain(duration(-5 * minute))).toBe('0 мин');
	});
});

test('an order number is never grouped', () => {
	expect(orderNumber(1155026)).toBe('№1155026');
	expect(plain(kyiv('ru').number(1155026))).toBe('1 155 026');
});

describe('phones', () => {
	test('become E.164 by the company’s country', () => {
		expect(toE164('067 123 45 67', 'UA')).toBe('+380671234567');
		expect(toE164('+48 512 345 678', 'UA')).toBe('+48512345678');
	});

	test('nonsense is refused', () => {
		for (const input of ['', '12', 'call me', '+999 1']) expect(toE164(input, 'UA')).toBeNull();
	});

	test('are short at home and whole abroad', () => {
		expect(formatPhone('+380671234567', 'UA')).toBe('067 123 4567');
		expect(formatPhone('+380671234567', 'PL')).toBe('+380 67 123 4567');
		expect(formatPhone('broken', 'UA')).toBe('broken');
	});
});
