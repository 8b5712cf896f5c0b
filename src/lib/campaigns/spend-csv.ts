/** Spend out of a file of an advertising account: days and amounts however they are written. Pure. */

import { readTable } from '$lib/format/csv.ts';

/** As the database reads it; `note` only where the file has such a column. */
export type SpendRow = { day: string; amount: string; note?: string };

/** most rows a file may have: almost three years of days */
export const MOST_ROWS = 1000;

const titles: readonly [keyof SpendRow, RegExp][] = [
	['day', /^(day|date|дата|день)/i],
	['amount', /^(amount|cost|spend|spent|sum|сума|сумма|расход|витрат|затрат|потрачено|стоимость)/i],
	['note', /^(note|comment|примеч|заметк|примітк|нотатк|коммент|комент)/i]
];

/** '21.11.2026' and '21/11/2026' → '2026-11-21'; anything else stays, for the database to refuse. */
export function dayOf(text: string): string {
	const [, date, month, year] = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text) ?? [];
	return date && month && year
		? `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
		: text;
}

/** '1 234,50 ₴', '1,234.50' → '1234.50'; anything else stays, for the database to refuse. */
export function amountIn(text: string): string {
	const bare = text
		.replace(/[\s\u00a0\u202f'’]/g, '')
		.replace(/^\p{Sc}|(\p{Sc}|\p{L}{1,4}\.?)$/gu, '');
	if (!/^\d[\d.,]*$/.test(bare)) return text;
	// the last mark is the decimal one, unless three digits follow it: amounts have two
	const [, whole = bare, cents = ''] = /^(.*)[.,](\d{1,2})$/.exec(bare) ?? [];
	const digits = whole.replace(/[.,]/g, '');
	return cents ? `${digits}.${cents}` : digits;
}

/** A first line of titles says which column is which; without one they are day, amount, note. */
export function spendOf(text: string): SpendRow[] {
	const rows = readTable(text);
	const [head = []] = rows;
	const named = titles.map(([field, title]) => [field, head.findIndex((cell) => title.test(cell))]);
	const columns = new Map(named as [keyof SpendRow, number][]);
	const titled = (columns.get('day') ?? -1) >= 0 && (columns.get('amount') ?? -1) >= 0;
	const at = (row: string[], field: keyof SpendRow, otherwise: number) =>
		row[titled ? (columns.get(field) ?? -1) : otherwise];
	return rows.slice(titled ? 1 : 0).map((row) => {
		const note = at(row, 'note', 2);
		return {
			day: dayOf(at(row, 'day', 0) ?? ''),
			amount: amountIn(at(row, 'amount', 1) ?? ''),
			...(note === undefined ? {} : { note })
		};
	});
}
