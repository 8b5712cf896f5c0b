/** The board's words in the person's language. */
import { m } from '$lib/paraglide/messages.js';
import type { Card } from './board.ts';
import type { Lane } from './lanes.ts';
import { NOBODY, type LaneKind } from './query.ts';

const types: Record<Card['type'], () => string> = {
	consultation: m.board_type_consultation,
	diagnostics: m.board_type_diagnostics,
	repair: m.board_type_repair,
	other: m.board_type_other
};
export const typeWord = (type: Card['type']): string => types[type]();

const lanes: Record<LaneKind, () => string> = {
	none: m.board_lanes_none,
	master: m.board_lanes_master,
	location: m.board_lanes_location,
	urgency: m.board_lanes_urgency
};
export const laneKindWord = (kind: LaneKind): string => lanes[kind]();

const payments: Record<NonNullable<Card['payment_state']>, (() => string) | null> = {
	none: null,
	unpaid: m.board_unpaid,
	part: m.board_paid_part,
	paid: m.board_paid
};
/** '' for an order nothing is asked for. */
export const paymentWord = (state: NonNullable<Card['payment_state']>): string =>
	payments[state]?.() ?? '';

const urgencies = [m.board_priority_normal, m.board_priority_high, m.board_priority_urgent];
/** 0 is normal, 2 urgent. */
export const urgencyWord = (priority: number): string =>
	(urgencies[priority] ?? m.board_priority_normal)();

/** Whose or which a lane is. */
export function laneWord({ key, name, master }: Lane, kind: LaneKind): string {
	if (kind === 'urgency') return urgencyWord(Number(key));
	const known = master?.full_name ?? name;
	return known ?? (key === NOBODY ? m.board_master_none() : m.board_master_unknown());
}
