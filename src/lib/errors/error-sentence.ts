/** A domain error as a sentence for people: what happened, and what to do now. */
import { createFormat, orderNumber, type Format } from '$lib/format/format.ts';
import { m } from '$lib/paraglide/messages.js';
import { getLocale } from '$lib/paraglide/runtime.js';
import type { DomainError, ErrorKey } from './domain-error.ts';

type Details = DomainError['details'];
type Say = (details: Details, format: Format) => string;

const kinds: Record<string, () => string> = {
	unassigned: m.stage_kind_unassigned,
	assigned: m.stage_kind_assigned,
	in_progress: m.stage_kind_in_progress,
	waiting: m.stage_kind_waiting,
	done: m.stage_kind_done,
	closed: m.stage_kind_closed,
	refused: m.stage_kind_refused
};

/** every message is named here, so that the build keeps only these of the whole dictionary */
const sentences: Record<ErrorKey, Say> = {
	not_signed_in: () => m.error_not_signed_in(),
	not_allowed: ({ permission }) =>
		permission
			? m.error_not_allowed_permission({ permission: text(permission) })
			: m.error_not_allowed(),
	second_factor_needed: () => m.error_second_factor_needed(),
	order_not_found: ({ order_id }) =>
		m.error_order_not_found({ order: order_id ? orderNumber(text(order_id)) : '' }),
	stage_not_found: () => m.error_stage_not_found(),
	master_not_found: () => m.error_master_not_found(),
	order_changed: (details, format) => {
		const say =
			details.change === 'assigned'
				? m.error_order_assigned
				: details.change === 'changed' || details.change === 'planned'
					? m.error_order_edited
					: m.error_order_moved;
		return say({
			order: orderNumber(text(details.order_id)),
			name: text(details.changed_by_name) || m.error_somebody(),
			time: details.changed_at ? format.dateTime(text(details.changed_at)) : ''
		});
	},
	mutation_reused: () => m.error_mutation_reused(),
	transition_not_allowed: ({ from_kind, to_kind }) =>
		m.error_transition_not_allowed({ from: kindName(from_kind), to: kindName(to_kind) }),
	reason_required: () => m.error_reason_required(),
	master_at_capacity: ({ master_name, capacity, active }) =>
		m.error_master_at_capacity({
			name: text(master_name),
			active: Number(active ?? capacity),
			capacity: Number(capacity)
		}),
	wip_limit_reached: ({ limit }) => m.error_wip_limit_reached({ limit: Number(limit) }),
	stage_of_other_location: () => m.error_stage_of_other_location(),
	invalid_argument: ({ field }) => m.error_invalid_argument({ field: text(field) }),
	master_inactive: () => m.error_master_inactive(),
	client_blacklisted: ({ reason }) => m.error_client_blacklisted({ reason: text(reason) }),
	phone_of_other_client: () => m.error_phone_of_other_client(),
	field_changed: ({ field, by_name, at }, format) =>
		m.error_field_changed({
			field: text(field),
			name: text(by_name) || m.error_somebody(),
			time: at ? format.dateTime(text(at)) : ''
		}),
	move_not_found: () => m.error_move_not_found(),
	not_the_last_move: () => m.error_not_the_last_move(),
	order_closed: ({ order_id }) =>
		m.error_order_closed({ order: order_id ? orderNumber(text(order_id)) : '' }),
	asset_not_found: () => m.error_asset_not_found(),
	service_not_found: () => m.error_service_not_found(),
	campaign_not_found: () => m.error_campaign_not_found(),
	lead_not_found: () => m.error_lead_not_found(),
	location_not_found: () => m.error_location_not_found(),
	last_admin: () => m.error_last_admin(),
	admin_right_kept: () => m.error_admin_right_kept(),
	invitation_not_found: () => m.error_invitation_not_found(),
	already_employee: ({ email }) => m.error_already_employee({ email: text(email) }),
	already_invited: ({ email }) => m.error_already_invited({ email: text(email) }),
	client_not_found: () => m.error_client_not_found(),
	client_busy: () => m.error_client_busy(),
	merge_not_found: () => m.error_merge_not_found(),
	merge_too_old: () => m.error_merge_too_old(),
	lead_claimed: ({ claimed_by_name, claimed_at }, format) =>
		m.error_lead_claimed({
			name: text(claimed_by_name) || m.error_somebody(),
			time: claimed_at ? format.dateTime(text(claimed_at)) : ''
		}),
	lead_closed: ({ status }) =>
		status === 'rejected' ? m.error_lead_rejected() : m.error_lead_converted(),
	lead_reason_required: () => m.error_lead_reason_required(),
	contract_not_found: () => m.error_contract_not_found(),
	contract_changed: ({ number }) => m.error_contract_changed({ number: text(number) }),
	contract_signed: ({ number }) => m.error_contract_signed({ number: text(number) }),
	contract_closed: ({ number }) => m.error_contract_closed({ number: text(number) }),
	contract_state: ({ number }) => m.error_contract_state({ number: text(number) }),
	token_not_found: () => m.error_token_not_found(),
	invoice_not_found: () => m.error_invoice_not_found(),
	payment_not_found: () => m.error_payment_not_found(),
	shift_not_found: () => m.error_shift_not_found(),
	shift_overlaps: () => m.error_shift_overlaps(),
	invoice_open: ({ number }) => m.error_invoice_open({ number: text(number) }),
	contract_not_signed: () => m.error_contract_not_signed(),
	nothing_to_invoice: () => m.error_nothing_to_invoice(),
	invoice_paid: ({ number }) => m.error_invoice_paid({ number: text(number) }),
	invoice_void: ({ number }) => m.error_invoice_void({ number: text(number) }),
	invoice_final: () => m.error_invoice_final(),
	payment_exceeds_due: ({ due }) => m.error_payment_exceeds_due({ due: text(due) }),
	refund_exceeds_payment: ({ left }) => m.error_refund_exceeds_payment({ left: text(left) }),
	break_outside_shift: () => m.error_break_outside_shift(),
	no_open_shift: () => m.error_no_open_shift(),
	network: () => m.error_network(),
	unavailable: () => m.error_unavailable(),
	too_many_requests: () => m.error_too_many_requests(),
	invalid_credentials: () => m.error_invalid_credentials(),
	unknown: () => m.error_unknown()
};

/**
 * @param format the page's, so that times are the company's; without it the machine's zone is used
 */
export function errorSentence(
	error: DomainError,
	format: Format = createFormat(getLocale())
): string {
	return tidy(sentences[error.key](error.details, format));
}

const text = (value: unknown) =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const kindName = (kind: unknown) => kinds[text(kind)]?.() ?? text(kind);

/** closes the holes that missing details leave: 'Order  was' → 'Order was', ', .' → '.' */
const tidy = (sentence: string) => sentence.replace(/ {2,}/g, ' ').replace(/,?\s+([.,])/g, '$1');
