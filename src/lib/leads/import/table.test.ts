import { expect, it, test } from 'vitest';
import { ok } from '$lib/errors/domain-error.ts';
import { LeadImport } from './import.svelte.ts';
import { guessMapping, importRow, isHeader, joinOutcomes, type Outcome } from './table.ts';

const names = {
	campaigns: [{ id: 4, name: 'Radio Jazz' }],
	services: [{ id: 7, name: { en: 'Setup', ru: 'Отстройка' } }],
	locations: [{ id: 2, name: 'Поділ' }],
	country: 'UA'
};

it.each([
	[
		['First name', 'Last name', 'Phone', 'E-mail', 'Campaign', 'Comment', 'Price'],
		['first_name', 'last_name', 'phone_number', 'email', 'advertising_company', 'message', '']
	],
	[
		['ФИО', 'Контактный телефон', 'Почта', 'Кампания', 'Филиал', 'Услуга', 'Источник'],
		[
			'full_name',
			'phone_number',
			'email',
			'advertising_company',
			'location_id',
			'service_id',
			'source'
		]
	],
	[
		['Прізвище', 'Ім’я', 'По батькові', 'Номер', 'Повідомлення', 'utm_source', 'Джерело'],
		['last_name', 'first_name', 'middle_name', 'phone_number', 'message', 'utm_source', 'source']
	],
	[
		['Phone', 'Phone 2'],
		['phone_number', '']
	]
])('columns %j are guessed', (head, fields) => expect(guessMapping(head)).toEqual(fields));

test('a first row with a phone in it is no header', () => {
	expect(isHeader(['Имя', 'Телефон'], 'UA')).toBe(true);
	expect(isHeader(['Phone Lover', '067 123 45 67'], 'UA')).toBe(false);
	expect(isHeader(['Олег', '12'], 'UA')).toBe(false);
});

test('a row becomes what the intake reads: phones as E.164, names as ids, whole names in parts', () => {
	const mapping = [
		'full_name',
		'phone_number',
		'advertising_company',
		'service_id',
		'',
		'location_id'
	] as const;
	const cells = ['Ткач Ірина Петрівна', '067 123 45 67', 'radio jazz', 'отстройка', 'x', 'Поділ'];
	expect(importRow(cells, mapping, names, { source: 'fair' })).toEqual({
		last_name: 'Ткач',
		first_name: 'Ірина',
		middle_name: 'Петрівна',
		phone_number: '+380671234567',
		advertising_company: '4',
		service_id: '7',
		location_id: '2',
		source: 'fair'
	});
	// what nobody knows stays as it is, for the database to say so
	expect(importRow(['Олег', '12', 'TV'], mapping, names, { advertising_company: '4' })).toEqual({
		first_name: 'Олег',
		phone_number: '12',
		advertising_company: 'TV'
	});
});

const outcome = (rows: Outcome['rows']): Outcome => ({
	created: rows.filter(({ action }) => action === 'create').length,
	duplicates: rows.filter(({ action }) => action === 'duplicate').length,
	errors: 0,
	rows
});

test('parts are one table again', () => {
	const part = outcome([
		{ row: 1, action: 'create' },
		{ row: 2, action: 'duplicate', of_row: 1 }
	]);
	expect(joinOutcomes([part, part], [2, 2])).toEqual({
		created: 2,
		duplicates: 2,
		errors: 0,
		rows: [...part.rows, { row: 3, action: 'create' }, { row: 4, action: 'duplicate', of_row: 3 }]
	});
});

test('an import begins with a preview; an answer that was overtaken is not shown', async () => {
	const answers: ((value: Outcome) => void)[] = [];
	const sent: number[] = [];
	const work = new LeadImport(
		{
			preview: (rows) => {
				sent.push(rows.length);
				return new Promise((done) => answers.push((value) => done(ok(value))));
			},
			import: async (rows, onProgress) => {
				onProgress(rows.length);
				return ok(outcome([{ row: 1, action: 'create', lead_id: 5 }]));
			}
		},
		names
	);
	await work.run();
	expect(work.result).toBe(null);
	work.read('Олег;0671234567');
	expect([work.hasHead, work.isMapped]).toEqual([false, false]);
	await work.look();
	expect(sent).toEqual([]);
	work.map(0, 'full_name');
	work.map(1, 'phone_number');
	const early = work.look();
	work.read('Имя;Телефон\nОлег;0671234567\nІра;0671234568');
	const late = work.look();
	answers[0]?.(outcome([{ row: 1, action: 'create' }]));
	await early;
	expect(work.preview).toBe(null);
	answers[1]?.(
		outcome([
			{ row: 1, action: 'create' },
			{ row: 2, action: 'create' }
		])
	);
	await late;
	expect([sent, work.preview?.created]).toEqual([[1, 2], 2]);
	await work.run();
	expect([work.result?.rows[0]?.lead_id, work.progress]).toEqual([5, null]);
});
