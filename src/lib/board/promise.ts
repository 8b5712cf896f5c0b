/** When an order was promised, seen from now. */
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Card, Stage, StageKind } from './board.ts';
import { isTerminal } from './board.ts';

export interface PromiseLook {
	readonly text: string;
	/** the exact moment, for those who want it */
	readonly exact: string;
	readonly late: boolean;
}

/** Null when nothing was promised, or when the order is finished. `now` is in milliseconds. */
export function promiseOf(
	card: Pick<Card, 'promised_at'>,
	kind: StageKind,
	now: number,
	format: Format
): PromiseLook | null {
	if (card.promised_at === null || isTerminal(kind)) return null;
	const due = Date.parse(card.promised_at);
	if (Number.isNaN(due)) return null;
	const late = due < now;
	const exact = m.board_promised({ time: format.dateTime(due, now) });
	const text = late
		? m.board_overdue({ time: shortest(format.duration(now - due)) })
		: format.relative(due, now);
	return { text, exact, late };
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
