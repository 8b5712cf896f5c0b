/** What is wrong with an order's hours, in words; each kind has an icon of its own (`Warnings`). */
import { orderNumber, type Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Block } from './schedule.ts';

export type WarningKind = 'late' | 'overlaps' | 'afterShift' | 'overrun' | 'unskilled';
export interface Warning {
	readonly kind: WarningKind;
	readonly text: string;
}

export function warningsOf(block: Block, format: Format): Warning[] {
	const { card, late, overlaps, afterShift, overrun, unskilled } = block;
	const time = card.promised_at === null ? '' : format.dateTime(card.promised_at);
	const orders = overlaps.map(orderNumber).join(', ');
	const all: [WarningKind, boolean, string][] = [
		['late', late, m.dispatch_late({ time })],
		['overlaps', overlaps.length > 0, m.dispatch_overlaps({ orders })],
		['afterShift', afterShift, m.dispatch_after_shift()],
		['overrun', overrun, m.dispatch_overrun()],
		['unskilled', unskilled, m.dispatch_unskilled_short()]
	];
	return all.filter(([, applies]) => applies).map(([kind, , text]) => ({ kind, text }));
}
