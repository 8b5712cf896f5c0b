/** The words of an import: what columns may be, and what is wrong with a cell. */
import { m } from '$lib/paraglide/messages.js';
import type { ImportField } from './table.ts';

/** in the order people look for them */
export const fieldNames: Record<'' | 'full_name' | ImportField, () => string> = {
	'': m.lead_import_skip,
	full_name: m.lead_import_full_name,
	first_name: m.leads_first_name,
	last_name: m.leads_last_name,
	middle_name: m.leads_middle_name,
	phone_number: m.leads_phone,
	email: m.leads_email,
	message: m.leads_message,
	advertising_company: m.leads_campaign,
	service_id: m.leads_service,
	location_id: m.leads_location,
	source: m.leads_source,
	utm_source: () => 'utm_source',
	utm_medium: () => 'utm_medium',
	utm_campaign: () => 'utm_campaign',
	utm_term: () => 'utm_term',
	utm_content: () => 'utm_content'
};

const mistakes: Record<string, () => string> = {
	required: m.lead_import_mistake_required,
	null: m.lead_import_mistake_required,
	blank: m.lead_import_mistake_required,
	too_long: m.lead_import_mistake_too_long,
	unknown: m.lead_import_mistake_unknown,
	not_id: m.lead_import_mistake_unknown,
	closed: m.lead_import_mistake_closed
};

/** 'Phone: not a valid value' */
export function mistakeOf(field: string, key: string): string {
	const name = fieldNames[field as ImportField]?.() ?? field;
	return `${name}: ${(mistakes[key] ?? m.lead_import_mistake_invalid)()}`;
}
