/** What moved a figure last, as a sentence. */
import { orderNumber, type Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Write } from './figures.ts';
import type { Cause } from './statistics.ts';

const sentences: Record<string, (amount: string, order: string) => string> = {
	payment: (amount, order) => m.statistics_cause_payment({ amount, order }),
	refund: (amount, order) => m.statistics_cause_refund({ amount, order }),
	spend: (amount) => m.statistics_cause_spend({ amount }),
	order: () => m.statistics_cause_order(),
	lead: () => m.statistics_cause_lead(),
	contract: () => m.statistics_cause_contract(),
	move: () => m.statistics_cause_move(),
	campaign: () => m.statistics_cause_campaign()
};

/** 'Last: payment of 1,500 ₴, №155026 · 14:32:05'; undefined when nothing moved it yet. */
export function causeSentence(
	cause: Cause | null,
	write: Write,
	format: Format
): string | undefined {
	if (!cause) return undefined;
	const amount = cause.amount === undefined ? '' : write.money(cause.amount);
	const order = cause.order_id ? orderNumber(cause.order_id) : '';
	const what = sentences[cause.kind]?.(amount, order).replace(/\s+/g, ' ').trim();
	const time = format.time(cause.at);
	return what && m.statistics_cause({ what, time });
}
