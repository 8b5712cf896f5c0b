/** Who is free, in words; and which masters an order may be offered to. */
import { m } from '$lib/paraglide/messages.js';
import type { Card, Master } from './board.ts';

const words: Record<Master['availability'], () => string> = {
	free: m.board_availability_free,
	busy: m.board_availability_busy,
	break: m.board_availability_break,
	off: m.board_availability_off
};

export const availabilityWord = (master: Master): string => words[master.availability]();

const ranks: Record<Master['availability'], number> = { free: 0, busy: 1, break: 2, off: 3 };

/** Masters of the order's workshop, the free and least loaded first. */
export function mastersFor(card: Card, masters: Iterable<Master>): Master[] {
	return [...masters]
		.filter(({ location_id }) => location_id === null || location_id === card.location_id)
		.sort(byLoad);
}

/** The free and least loaded first. */
export const byLoad = (a: Master, b: Master): number =>
	ranks[a.availability] - ranks[b.availability] ||
	a.active_count / a.capacity - b.active_count / b.capacity ||
	(a.full_name < b.full_name ? -1 : 1);
