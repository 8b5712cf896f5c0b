/** The columns the list can show. Which of them it does is in the address bar (`cols`). */
import { m } from '$lib/paraglide/messages.js';

export const columnIds = [
	'number',
	'client',
	'asset',
	'problem',
	'stage',
	'master',
	'created',
	'promised',
	'payment',
	'total',
	'paid',
	'address'
] as const;
export type ColumnId = (typeof columnIds)[number];

/** every message is named here, so that the build keeps only these of the whole dictionary */
const names: Record<ColumnId, () => string> = {
	number: m.list_column_number,
	client: m.list_column_client,
	asset: m.list_column_asset,
	problem: m.list_column_problem,
	stage: m.list_column_stage,
	master: m.list_column_master,
	created: m.list_column_created,
	promised: m.list_column_promised,
	payment: m.list_column_payment,
	total: m.list_column_total,
	paid: m.list_column_paid,
	address: m.list_column_address
};
export const columnName = (id: ColumnId): string => names[id]();

const usual: readonly ColumnId[] = [
	'number',
	'client',
	'asset',
	'problem',
	'stage',
	'master',
	'created',
	'promised',
	'total'
];
const moneyColumns: readonly ColumnId[] = ['total', 'paid'];

/** Columns of an address, in their own order; the usual ones when it names none. The number is always there. */
export function parseColumns(text: string | null, seesMoney: boolean): ColumnId[] {
	const wanted = text === null ? usual : ['number', ...text.split('.')];
	return columnIds.filter((id) => wanted.includes(id) && (seesMoney || !moneyColumns.includes(id)));
}

/** The columns somebody may choose from, beside the number. */
export const choosable = (seesMoney: boolean): ColumnId[] =>
	columnIds.filter((id) => id !== 'number' && (seesMoney || !moneyColumns.includes(id)));
