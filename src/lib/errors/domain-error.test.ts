import { describe, expect, test } from 'vitest';
import { failed, statusOf, toDomainError } from './domain-error.ts';

const keyOf = (error: unknown, status?: number) => toDomainError(error, status).key;

describe('an error from SQL', () => {
	const error = {
		code: 'VK422',
		message: 'master_at_capacity',
		details: '{"master_name":"Ivan","capacity":2,"active":2}',
		hint: null
	};

	test('keeps code, key and details', () => {
		expect(toDomainError(error, 400)).toEqual({
			code: 'VK422',
			key: 'master_at_capacity',
			details: { master_name: 'Ivan', capacity: 2, active: 2 }
		});
	});

	test('survives details that are no JSON object', () => {
		for (const details of ['{', '[1', 'null', '3', null, undefined]) {
			expect(toDomainError({ ...error, details }).details).toEqual({});
		}
	});

	test('with a key nobody knows is unknown, not shown as it is', () => {
		expect(keyOf({ ...error, message: 'drop_table' }, 400)).toBe('unknown');
		expect(keyOf({ ...error, code: 'P0001' }, 400)).toBe('unknown');
	});
});

describe('an error from the way there', () => {
	test('refusals of the database and of the token', () => {
		expect(keyOf({ code: '42501', message: 'permission denied' }, 403)).toBe('not_allowed');
		expect(keyOf({ code: '42501', message: 'permission denied' }, 401)).toBe('not_signed_in');
		expect(keyOf({ code: 'PGRST303', message: 'JWT expired' }, 401)).toBe('not_signed_in');
	});

	test('a request that never arrived, as the libraries report it', () => {
		expect(keyOf(new TypeError('fetch failed'))).toBe('network');
		expect(keyOf({ message: 'TypeError: fetch failed', code: '' }, 0)).toBe('network');
		expect(keyOf({ name: 'AuthRetryableFetchError', message: '{}', status: 0 })).toBe('network');
		expect(keyOf(new DOMException('too slow', 'TimeoutError'))).toBe('network');
	});

	test('a gateway that is down or overrun', () => {
		expect(keyOf({ message: '' }, 503)).toBe('unavailable');
		expect(keyOf({ name: 'AuthRetryableFetchError', status: 502 })).toBe('unavailable');
		expect(keyOf({ message: 'slow down', status: 429 })).toBe('too_many_requests');
	});

	test('anything else is unknown', () => {
		for (const error of [null, undefined, 'text', {}, new Error('bug')]) {
			expect(keyOf(error)).toBe('unknown');
		}
	});
});

test('HTTP statuses follow the contract', () => {
	const statusFor = (code: string, message: string) =>
		statusOf(toDomainError({ code, message, details: '{}' }));
	expect(statusFor('VK401', 'not_signed_in')).toBe(401);
	expect(statusFor('VK403', 'not_allowed')).toBe(403);
	expect(statusFor('VK404', 'order_not_found')).toBe(404);
	expect(statusFor('VK409', 'order_changed')).toBe(409);
	expect(statusFor('VK422', 'wip_limit_reached')).toBe(422);
	expect(statusOf(toDomainError(new Error('bug')))).toBe(500);
});

test('failed() is the unhappy half of a Result', () => {
	expect(failed({ code: 'VK422', message: 'master_inactive' })).toMatchObject({
		ok: false,
		error: { key: 'master_inactive' }
	});
});
