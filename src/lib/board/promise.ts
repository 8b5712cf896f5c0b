/** How orders stand with time: promises, norms, answers waited for. */
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Card, Stage } from './board.ts';
import { isTerminal } from './board.ts';

/** How an order stands with time. */
export interface Timing {
	readonly text: string;
	/** the exact moment, for those who want it */
	readonly exact: string;
	readonly late: boolean;
}

/**
 * An overdue promise first, then a column's norm that has run out, then a promise to come; null when
 * there is none of them, or the order is finished. `now` is in milliseconds.
 */
export function timingOf(
	card: Pick<Card, 'promised_at' | 'stage_entered_at'>,
	stage: Stage,
	now: number,
	format: Format
): Timing | null {
	if (isTerminal(stage.kind)) return null;
	const due = card.promised_at === null ? NaN : Date.parse(card.promised_at);
	const norm = normEnd(card, stage);
	const exact = Number.isNaN(due) ? '' : m.board_promised({ time: format.dateTime(due, now) });
	if (due < now) {
		return {
			text: m.board_overdue({ time: shortest(format.duration(now - due)) }),
			exact,
			late: true
		};
	}
	if (norm !== null && norm < now) {
		const text = m.board_over_norm({ time: shortest(format.duration(now - norm)) });
		const since = m.board_over_norm_exact({ time: format.dateTime(norm, now) });
		return { text, exact: [since, exact].filter(Boolean).join('. '), late: true };
	}
	return Number.isNaN(due) ? null : { text: format.relative(due, now), exact, late: false };
}

/** How a master's answer to an assignment stands; null when nothing is waited for. */
export interface Handshake {
	readonly seen: boolean;
	/** since the assignment (ms) */
	readonly waited: number;
}

export function handshakeOf(card: Card, stage: Stage, now: number): Handshake | null {
	if (stage.kind !== 'assigned' || card.master_id === null || card.accepted_at) return null;
	if (!card.assigned_at) return null;
	return { seen: Boolean(card.seen_at), waited: Math.max(0, now - Date.parse(card.assigned_at)) };
}

/** Whether an order waits longer than it should: past its promise, or past its column's norm. */
export function isOverdue(card: Card, stage: Stage, now: number): boolean {
	if (isTerminal(stage.kind)) return false;
	if (card.promised_at !== null && Date.parse(card.promised_at) < now) return true;
	const due = normEnd(card, stage);
	return due !== null && due < now;
}

/** When (ms) the column's norm for an order runs out; null without one. */
export function normEnd(card: Pick<Card, 'stage_entered_at'>, stage: Stage): number | null {
	if (stage.norm_minutes === null || card.stage_entered_at === null) return null;
	return Date.parse(card.stage_entered_at) + stage.norm_minutes * 60_000;
}

/** '2 d 4 h' → '2 d': on a card one unit says enough. Each unit is a number and a word. */
const shortest = (duration: string): string => duration.split(/(?<=\D)\s+(?=\d)/)[0] ?? duration;
