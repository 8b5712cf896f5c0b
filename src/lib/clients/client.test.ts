import { describe, expect, test } from 'vitest';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import { ClientList } from './client-list.svelte.ts';
import {
	clientRow,
	filtersOf,
	hrefOf,
	primaryPhone,
	wholeName,
	type ClientPage,
	type ClientRow
} from './client.ts';

const row = (id: number, more: Partial<ClientRow> = {}): ClientRow => ({
	id,
	full_name: `Client ${id}`,
	middle_name: null,
	email: null,
	address: null,
	blacklisted: false,
	created_at: '2026-11-21T12:00:00Z',
	phones: [],
	...more
});
const page = (ids: number[], more = false): ClientPage => ({
	rows: ids.map((id) => row(id)),
	next: more ? { id: ids.at(-1) as number, name: 'x' } : null
});

describe('the address of a list', () => {
	test('says what is asked for and is read back', () => {
		for (const href of [
			'/app/clients',
			'/app/clients?q=%D0%98%D0%B2%D0%B0%D0%BD+4567',
			'/app/clients?q=a%26b&show=blacklisted&sort=name'
		]) {
			expect(hrefOf(filtersOf(new URL(href, 'http://x').searchParams))).toBe(href);
		}
	});

	test('is forgiven its nonsense', () => {
		const params = new URLSearchParams({ q: 'x'.repeat(999), show: 'evil', sort: '' });
		expect(filtersOf(params)).toEqual({ query: 'x'.repeat(200), show: 'all', sort: 'newest' });
		expect(hrefOf({ query: '   ', show: 'all', sort: 'newest' })).toBe('/app/clients');
	});
});

test('names and phones are picked from what there is', () => {
	expect(wholeName({ full_name: 'Koval Ivan', middle_name: 'Petrovych' })).toBe(
		'Koval Ivan Petrovych'
	);
	expect(wholeName({ full_name: 'Koval', middle_name: null })).toBe('Koval');
	const phones = [
		{ phone: '+1', is_primary: false },
		{ phone: '+2', is_primary: true }
	];
	expect(primaryPhone({ phones })).toBe('+2');
	expect(primaryPhone({ phones: phones.slice(0, 1) })).toBe('+1');
	expect(primaryPhone({ phones: [] })).toBeUndefined();
	const { phones: none, ...rest } = row(1);
	expect(clientRow({ ...rest, client_phones: none })).toEqual(row(1));
});

describe('a list that is scrolled', () => {
	const listOf = (first: ClientPage, ...answers: Result<ClientPage>[]) => {
		let calls = 0;
		const list = new ClientList(first, () =>
			Promise.resolve(answers[calls++] ?? failed(new Error('too many')))
		);
		return { list, ids: () => list.rows.map(({ id }) => id), calls: () => calls };
	};

	test('takes page after page, and nobody twice', async () => {
		const { list, ids, calls } = listOf(page([9, 8], true), ok(page([8, 7], true)), ok(page([6])));
		expect(list.complete).toBe(false);
		await list.more();
		expect(ids()).toEqual([9, 8, 7]);
		await list.more();
		await list.more();
		expect(ids()).toEqual([9, 8, 7, 6]);
		expect([list.complete, calls()]).toEqual([true, 2]);
	});

	test('asks once however often it is scrolled meanwhile', async () => {
		const { list, calls } = listOf(page([1], true), ok(page([2])));
		await Promise.all([list.more(), list.more(), list.more()]);
		expect([calls(), list.loading]).toEqual([1, false]);
	});

	test('keeps what it has when a page fails, and can be asked again', async () => {
		const { list, ids } = listOf(
			page([1], true),
			failed({ code: '', message: 'TypeError: fetch failed' }, 0),
			ok(page([2]))
		);
		await list.more();
		expect([ids(), list.error?.key]).toEqual([[1], 'network']);
		await list.more();
		expect([ids(), list.error]).toEqual([[1, 2], null]);
	});
});
