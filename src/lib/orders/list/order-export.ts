/** All orders found as a table for spreadsheets, page after page, so that a million of them fit. */
import type { Result } from '$lib/errors/domain-error.ts';
import { getLocale } from '$lib/paraglide/runtime.js';
import { nameIn } from '../order-details.ts';
import { toWallClock } from '../wall-clock.ts';
import { columnIds, columnName } from './columns.ts';
import type { ListChoices } from './order-list.data.ts';
import { csvLine, type OrderPage, type OrderRow } from './order-list.ts';

type Next = (after: Record<string, unknown>) => Promise<Result<OrderPage>>;

/** UTF-8 with a byte order mark, for Excel. The stream fails where a page does: no table that looks whole. */
export function exportOrders(
	first: OrderPage,
	next: Next,
	choices: ListChoices,
	timeZone: string
): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	const locale = getLocale();
	const header = `\uFEFF${csvLine(columnIds.map(columnName))}`;
	let page: OrderPage | null = first;
	let begun = false;
	return new ReadableStream({
		async pull(controller) {
			if (!page) return controller.close();
			const { cards, money } = page;
			const lines = cards.map((row) =>
				csvLine(cellsOf(row, money?.[row.id], choices, locale, timeZone))
			);
			controller.enqueue(encoder.encode((begun ? '' : header) + lines.join('')));
			begun = true;
			if (!page.next) {
				page = null;
				return;
			}
			const answer = await next(page.next);
			if (answer.ok) page = answer.value;
			else controller.error(new Error(`export: ${answer.error.key}`));
		}
	});
}

/** in the order of columnIds */
function cellsOf(
	row: OrderRow,
	money: readonly number[] | undefined,
	{ stages, masters }: ListChoices,
	locale: string,
	timeZone: string
): unknown[] {
	const stage = stages.find(({ id }) => id === row.stage_id);
	const time = (iso: string | null) => toWallClock(iso, timeZone).replace('T', ' ');
	return [
		row.id,
		row.client_name,
		row.asset_label,
		row.problem,
		stage ? nameIn(stage.name, locale) : '',
		masters.find(({ id }) => id === row.master_id)?.full_name,
		time(row.created_at),
		time(row.promised_at),
		row.payment_state,
		money?.[0],
		money?.[1],
		row.address
	];
}
