import { expect, test } from 'vitest';
import { csvLine, filtersOf, parseQuery, type QueryField } from './order-list.ts';

const zone = 'Europe/Kyiv';
const parse = (search: string) => {
	const params = new URLSearchParams(search);
	return parseQuery((field: QueryField) => params.get(field));
};

test('takes from an address what makes sense, and nothing else', () => {
	expect(parse('q=%20Ткач%20&stage=3&type=flying&master=none&created_from=2026-13-40&x=1')).toEqual(
		{
			q: 'Ткач',
			stage: '3',
			master: 'none'
		}
	);
	expect(parse('stage=0&client=-1&location=1e3&overdue=yes&sort=rank&master=x')).toEqual({});
});

test('days are the company’s, and until counts the day itself', () => {
	const query = parse('created_from=2026-11-21&created_to=2026-11-21&promised_to=2026-03-28');
	expect(filtersOf(query, zone)).toEqual({
		created_from: '2026-11-20T22:00:00.000Z',
		created_to: '2026-11-21T22:00:00.000Z',
		// the day after is when clocks change: midnight is still the winter's
		promised_to: '2026-03-28T22:00:00.000Z'
	});
});

test('choices become the filters of SQL', () => {
	expect(
		filtersOf(parse('q=067&stage=3&type=repair&master=me&overdue=1&sort=promised'), zone)
	).toEqual({
		client: '067',
		stage_ids: [3],
		types: ['repair'],
		mine: true,
		overdue: true,
		sort: 'promised'
	});
});

test('a spreadsheet takes no words for formulas', () => {
	expect(csvLine([155026, '=1+1', 'a "b", c', null, -5])).toBe(`155026,'=1+1,"a ""b"", c",,-5\r\n`);
});

test('the orders behind a figure are those of its campaign and service', () => {
	const query = parse('campaign=4&service=7');
	expect(filtersOf(query, zone)).toEqual({ campaign_ids: [4], service_ids: [7] });
	expect(filtersOf(parse('campaign=x&service=-1'), zone)).toEqual({});
});
