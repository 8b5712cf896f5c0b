/** Lines of work and parts while they are typed: texts, since a half-typed number is none. */
import type { Line } from './action.ts';

export interface DraftLine {
	kind: Line['kind'];
	title: string;
	quantity: string;
	price: string;
	service_id: number | null;
}

export const draftLine = (kind: Line['kind']): DraftLine => ({
	kind,
	title: '',
	quantity: '1',
	price: '',
	service_id: null
});

/** '1 200,50' → 1200.5; null when it is no number ≥ 0 of at most `digits` decimals */
export function parseAmount(text: string, digits: number): number | null {
	const plain = text.replace(/\s/g, '').replace(',', '.');
	if (!/^\d{1,9}(\.\d+)?$/.test(plain)) return null;
	const decimals = plain.split('.')[1] ?? '';
	return decimals.length > digits ? null : Number(plain);
}

/** The filled-in lines; empty ones are left out, null when one is half filled or wrong. */
export function linesOf(drafts: readonly DraftLine[]): Line[] | null {
	const lines: Line[] = [];
	for (const { kind, title, quantity, price, service_id } of drafts) {
		if (title.trim() === '' && price.trim() === '') continue;
		const amount = parseAmount(quantity, 3);
		const unit_price = parseAmount(price, 2);
		if (title.trim() === '' || !amount || unit_price === null) return null;
		lines.push({ kind, title: title.trim(), quantity: amount, unit_price, service_id });
	}
	return lines;
}
