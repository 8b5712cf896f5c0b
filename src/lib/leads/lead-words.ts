/** The words of a lead's states and notes, in the reader's language. */
import { m } from '$lib/paraglide/messages.js';
import type { LeadNote, LeadStatus } from './lead.ts';
import type { Show } from './lead-filters.ts';

export const statusNames: Record<LeadStatus, () => string> = {
	new: m.leads_status_new,
	contacted: m.leads_status_contacted,
	converted: m.leads_status_converted,
	rejected: m.leads_status_rejected
};

export const statusTones = {
	new: 'accent',
	contacted: 'info',
	converted: 'success',
	rejected: 'neutral'
} as const;

export const showNames: Record<Show, () => string> = {
	open: m.leads_show_open,
	...statusNames,
	all: m.leads_show_all
};

/** Why a lead came to nothing, as it mostly is. */
export const usualReasons = (): string[] => [
	m.leads_reason_no_answer(),
	m.leads_reason_wrong_number(),
	m.leads_reason_price(),
	m.leads_reason_not_ours(),
	m.leads_reason_spam()
];

export function noteName({ kind, direction }: Pick<LeadNote, 'kind' | 'direction'>): string {
	if (kind === 'note') return m.leads_note_note();
	if (kind === 'call') return direction === 'in' ? m.leads_note_call_in() : m.leads_note_call_out();
	return direction === 'out' ? m.leads_note_message_out() : m.leads_note_message_in();
}
