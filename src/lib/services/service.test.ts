import { expect, test } from 'vitest';
import { draftOf, fieldsOf, filtersOf, hrefOf, narrowed, type ListedService } from './service.ts';
import { wordsIn } from './words.ts';

const service = (id: number, more: Partial<ListedService> = {}): ListedService => ({
	...{ id, version: 1, name: { en: `Service ${id}`, ru: `Услуга ${id}`, uk: `Послуга ${id}` } },
	...{ description: null, price: 99.5, norm_minutes: 90, order_type: 'repair' },
	...{ location_id: null, public: true, position: 3, archived_at: null },
	...{ contracts: 0, orders: 0, masters: 0 },
	...more
});

test('the address of a list says what is asked for, and is forgiven its nonsense', () => {
	const href = '/app/services?q=setup&show=archived&type=repair';
	expect(hrefOf(filtersOf(new URL(href, 'http://x').searchParams))).toBe(href);
	expect(filtersOf(new URLSearchParams({ show: 'x', type: 'y' }))).toEqual({
		query: '',
		show: 'active',
		type: null
	});
});

test('a catalogue is narrowed in every language', () => {
	const all = [
		service(1),
		service(2, { public: false }),
		service(3, { archived_at: '2026-01-01' }),
		service(4, { order_type: 'diagnostics' })
	];
	const ids = (asked: object) =>
		narrowed(all, { ...filtersOf(new URLSearchParams()), ...asked }).map(({ id }) => id);
	expect(ids({})).toEqual([1, 2, 4]);
	expect(ids({ show: 'public' })).toEqual([1, 4]);
	expect(ids({ show: 'archived' })).toEqual([3]);
	expect(ids({ type: 'diagnostics' })).toEqual([4]);
	expect(ids({ query: 'послуга 2' })).toEqual([2]);
});

test('a form that is not touched changes nothing; languages left empty say what the first one says', () => {
	const { id, version, archived_at, contracts, orders, masters, ...fields } = service(1);
	expect([id, version, archived_at, contracts, orders, masters]).toEqual([1, 1, null, 0, 0, 0]);
	expect(fieldsOf(draftOf(service(1)))).toEqual({ fields, wrong: [] });
	const draft = { ...draftOf(null), name: { en: '', ru: ' Лады ', uk: '' }, price: '1 500,5' };
	expect(fieldsOf({ ...draft, hours: '1,5' })).toMatchObject({
		wrong: [],
		fields: {
			name: { en: 'Лады', ru: 'Лады', uk: 'Лады' },
			description: null,
			price: 1500.5,
			norm_minutes: 90
		}
	});
	const nonsense = { ...draftOf(null), price: 'dear', hours: '0', position: '1.5' };
	expect(fieldsOf(nonsense).wrong).toEqual(['name', 'price', 'hours', 'position']);
});

test('a translation falls back to what there is', () => {
	expect(wordsIn({ en: 'A', ru: 'Б', uk: '' }, 'ru')).toBe('Б');
	expect(wordsIn({ en: 'A', ru: 'Б', uk: '' }, 'uk')).toBe('A');
	expect(wordsIn(null, 'en')).toBe('');
});
