/** An event of an order's history as a sentence without its subject: who did it stands beside it. */
import type { Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';

/** One row of `order_events`, whatever of its values the reader was given. */
export interface OrderEvent {
	readonly kind: string;
	readonly from: Readonly<Record<string, unknown>>;
	readonly to: Readonly<Record<string, unknown>>;
}

/** How ids are called; null when they mean nothing any more. */
export interface Names {
	stage(id: number): string | null;
	person(id: string): string | null;
	location?(id: number): string | null;
}

/** every message is named here, so that the build keeps only these of the whole dictionary */
const fieldNames: Record<string, () => string> = {
	type: m.field_type,
	problem: m.field_problem,
	address: m.field_address,
	priority: m.field_priority,
	promised_at: m.field_promised_at,
	result: m.field_result,
	location_id: m.field_location_id,
	client_id: m.field_client_id,
	asset_id: m.field_asset_id,
	service_id: m.field_service_id,
	campaign_id: m.field_campaign_id,
	master_id: m.field_master_id,
	stage_id: m.field_stage_id,
	refusal_reason: m.field_refusal_reason,
	planned_at: m.field_planned_at,
	planned_minutes: m.field_planned_minutes
};

const priorities = [m.priority_normal, m.priority_high, m.priority_urgent];
const types: Record<string, () => string> = {
	consultation: m.type_consultation,
	diagnostics: m.type_diagnostics,
	repair: m.type_repair,
	other: m.type_other
};
/** kinds that say all by themselves */
const plain: Record<string, () => string> = {
	created: m.history_created,
	lines: m.history_lines,
	photo: m.history_photo,
	seen: m.history_seen,
	accepted: m.history_accepted,
	declined: m.history_declined,
	undone: m.history_undone,
	invoiced: m.history_invoiced,
	paid: m.history_paid
};
/** follow from other fields, or mean nothing to people */
const silent = ['rank', 'closed_at', 'stage_entered_at', 'assigned_at', 'seen_at', 'accepted_at'];
/** longer texts are named, not quoted */
const QUOTED = 60;

/** The name of an order's field, as the history and conflicts call it. */
export const fieldName = (field: string): string => (fieldNames[field] ?? m.field_other)();

/** 'Moved from “Assigned” to “In progress”' */
export function eventSentence(event: OrderEvent, names: Names, format: Format): string {
	const { kind, from, to } = event;
	const stage = (id: unknown) => (typeof id === 'number' && names.stage(id)) || '—';
	const person = (id: unknown) => (typeof id === 'string' && names.person(id)) || '—';
	const entered = to.stage_id !== undefined && to.stage_id !== from.stage_id;
	const handed = to.master_id !== undefined && to.master_id !== from.master_id;
	if (kind === 'assigned' && handed) {
		if (to.master_id === null) return m.history_unassigned({ master: person(from.master_id) });
		const master = person(to.master_id);
		return entered
			? m.history_assigned_moved({ master, to: stage(to.stage_id) })
			: m.history_assigned({ master });
	}
	if (kind === 'planned' && to.planned_at !== undefined)
		return to.planned_at === null
			? m.history_unplanned()
			: m.history_planned({ time: format.dateTime(String(to.planned_at)) });
	if (kind === 'moved' && entered)
		return m.history_moved({ from: stage(from.stage_id), to: stage(to.stage_id) });
	if (kind === 'moved') return m.history_reordered({ stage: stage(to.stage_id) });
	return plain[kind]?.() ?? changeSentence(event, names, format);
}

function changeSentence({ from, to }: OrderEvent, names: Names, format: Format): string {
	const fields = Object.keys(to).filter((field) => !silent.includes(field));
	if (fields.length === 0) return m.history_other();
	const [only] = fields;
	if (fields.length === 1 && only) {
		const [before, after] = [from[only], to[only]].map((value) => say(only, value, names, format));
		if (before !== null && after !== null && before !== undefined && after !== undefined)
			return m.history_changed_value({ field: fieldName(only), from: before, to: after });
	}
	const list = [...new Set(fields.map(fieldName))].map(lower).join(', ');
	return m.history_changed({ fields: list });
}

const lower = (word: string) => word.charAt(0).toLocaleLowerCase() + word.slice(1);

/** A field's value for people; null when it is too long or has no words. */
function say(field: string, value: unknown, names: Names, format: Format): string | null {
	if (value === null || value === undefined) return m.field_empty();
	if (field === 'priority') return priorities[Number(value)]?.() ?? null;
	if (field === 'type') return types[String(value)]?.() ?? null;
	if (field.endsWith('_at')) return format.dateTime(String(value));
	if (field === 'master_id') return names.person(String(value));
	if (field === 'location_id') return names.location?.(Number(value)) ?? null;
	if (field.endsWith('_id')) return null;
	const text = String(value);
	return text.length <= QUOTED ? text : null;
}
