/** Orders that wait for a master or for an hour, the most urgent first. */
import { isTerminal, type Card } from '../board.ts';
import { spanOf, type Facts, type Placed } from './schedule.ts';

export type TrayKind = 'unassigned' | 'unplanned';

/**
 * What is to be planned: `unassigned` has no master; `unplanned` has one, but no hour from
 * `today` (ms) on, unless somebody is working on it.
 */
export function trayOf(
	orders: readonly Placed[],
	facts: Facts,
	now: number,
	today: number
): Record<TrayKind, Placed[]> {
	const open = orders.filter(({ stage }) => !isTerminal(stage.kind));
	const unassigned = open.filter(({ card }) => card.master_id === null);
	const unplanned = open.filter((placed) => {
		if (placed.card.master_id === null) return false;
		const hours = spanOf(placed, facts, now);
		return hours === null || hours.to <= today;
	});
	return { unassigned: unassigned.sort(byUrgency), unplanned: unplanned.sort(byUrgency) };
}

/** By priority, then the earliest promise, then the oldest. */
export function byUrgency({ card: a }: Placed, { card: b }: Placed): number {
	return (
		b.priority - a.priority ||
		due(a) - due(b) ||
		Date.parse(a.created_at) - Date.parse(b.created_at) ||
		a.id - b.id
	);
}

// later than any promise SQL takes; two orders without one are equal
const NEVER = 8.64e15;
const due = ({ promised_at }: Card): number =>
	promised_at === null ? NEVER : Date.parse(promised_at);

/** The orders all of whose words are found: number, client, instrument, problem, address. */
export function matching(orders: readonly Placed[], text: string): readonly Placed[] {
	const words = text.toLocaleLowerCase().replaceAll('№', '').split(/\s+/).filter(Boolean);
	if (words.length === 0) return orders;
	return orders.filter(({ card }) => {
		const { id, client_name, asset_label, problem, address } = card;
		const all = [id, client_name, asset_label, problem, address].join('\n').toLocaleLowerCase();
		return words.every((word) => all.includes(word));
	});
}
