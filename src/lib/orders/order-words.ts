/** The words of choices an order has, in the reader's language. */
import { m } from '$lib/paraglide/messages.js';

export const typeOptions = () => [
	{ value: 'repair', label: m.type_repair() },
	{ value: 'diagnostics', label: m.type_diagnostics() },
	{ value: 'consultation', label: m.type_consultation() },
	{ value: 'other', label: m.type_other() }
];

export const priorityOptions = () => [
	{ value: 0, label: m.priority_normal() },
	{ value: 1, label: m.priority_high() },
	{ value: 2, label: m.priority_urgent() }
];

export const lineKinds = () => [
	{ value: 'work', label: m.order_line_work() },
	{ value: 'part', label: m.order_line_part() }
];
