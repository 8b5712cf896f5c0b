/** What a lead is turned into: what the form holds, what is missing, and what `convert_lead` gets. Pure. */
import { toE164 } from '$lib/format/phone.ts';
import { amountOf } from '$lib/orders/amount.ts';
import { fromWallClock } from '$lib/orders/wall-clock.ts';
import type { LeadFields } from './lead-calls.data.ts';
import type { Lead } from './lead.ts';

export const outcomes = ['client', 'order', 'contract'] as const;
export type Outcome = (typeof outcomes)[number];
export type OrderType = 'consultation' | 'diagnostics' | 'repair' | 'other';

/** The lead's own columns as typed. */
export interface LeadDraft {
	firstName: string;
	middleName: string;
	lastName: string;
	phone: string;
	email: string;
	message: string;
	campaign: string;
	location: string;
	service: string;
	source: string;
}

export interface Conversion {
	outcome: Outcome;
	type: OrderType | '';
	service: string;
	problem: string;
	assetKind: string;
	assetBrand: string;
	assetModel: string;
	promised: string;
	address: string;
	location: string;
	override: boolean;
	amount: string;
	startsOn: string;
	endsOn: string;
	notes: string;
}

export type Missing<Draft> = Partial<Record<keyof Draft, 'missing' | 'invalid'>>;

const idText = (id: number | null) => (id === null ? '' : String(id));

export const emptyLead = (location: number | null = null): LeadDraft => ({
	firstName: '',
	middleName: '',
	lastName: '',
	phone: '',
	email: '',
	message: '',
	campaign: '',
	location: idText(location),
	service: '',
	source: ''
});

export const leadDraft = (lead: Lead): LeadDraft => ({
	firstName: lead.first_name,
	middleName: lead.middle_name ?? '',
	lastName: lead.last_name ?? '',
	phone: lead.phone ?? '',
	email: lead.email ?? '',
	message: lead.message ?? '',
	campaign: idText(lead.campaign_id),
	location: idText(lead.location_id),
	service: idText(lead.service_id),
	source: lead.source ?? ''
});

/** @param today YYYY-MM-DD of the company */
export const conversionOf = (
	lead: Lead,
	outcome: Outcome,
	location: number | null,
	today: string
): Conversion => ({
	outcome,
	type: '',
	service: idText(lead.service_id),
	problem: lead.message ?? '',
	assetKind: '',
	assetBrand: '',
	assetModel: '',
	promised: '',
	address: '',
	location: idText(lead.location_id ?? location),
	override: false,
	amount: '',
	startsOn: today,
	endsOn: '',
	notes: ''
});

type Country = Parameters<typeof toE164>[1];

/** A lead needs a name and a way to be reached. */
export function missingInLead(draft: LeadDraft, country: string): Missing<LeadDraft> {
	const missing: Missing<LeadDraft> = {};
	const [phone, email] = [draft.phone.trim(), draft.email.trim()];
	if (!draft.firstName.trim()) missing.firstName = 'missing';
	if (!phone && !email) missing.phone = 'missing';
	// a number from afar that no plan knows was let in as it is, and stays
	else if (phone && !phoneOf(phone, country)) missing.phone = 'invalid';
	if (email && !/^[^@\s]+@[^@\s]+$/.test(email)) missing.email = 'invalid';
	return missing;
}

export const phoneOf = (text: string, country: string): string | null =>
	toE164(text, country as Country) ?? (/^\+[1-9]\d{6,14}$/.test(text) ? text : null);

/** The columns of a draft; call it only when nothing is missing. */
export function fieldsOf(draft: LeadDraft, country: string): LeadFields {
	const text = (value: string) => value.trim() || null;
	const id = (value: string) => (value ? Number(value) : null);
	return {
		first_name: draft.firstName.trim(),
		middle_name: text(draft.middleName),
		last_name: text(draft.lastName),
		phone: draft.phone.trim() ? phoneOf(draft.phone.trim(), country) : null,
		email: text(draft.email),
		message: text(draft.message),
		campaign_id: id(draft.campaign),
		location_id: id(draft.location),
		service_id: id(draft.service),
		source: text(draft.source)
	};
}

/** Only what differs from the lead as it is. */
export function changesOf(draft: LeadDraft, lead: Lead, country: string): Partial<LeadFields> {
	const fields = Object.entries(fieldsOf(draft, country)) as [keyof LeadFields, unknown][];
	return Object.fromEntries(fields.filter(([field, value]) => value !== lead[field]));
}

export function missingInConversion(draft: Conversion): Missing<Conversion> {
	const missing: Missing<Conversion> = {};
	if (draft.outcome === 'order') {
		if (!draft.problem.trim()) missing.problem = 'missing';
		if (!draft.location) missing.location = 'missing';
		if (!draft.assetKind.trim() && (draft.assetBrand.trim() || draft.assetModel.trim()))
			missing.assetKind = 'missing';
	}
	if (draft.outcome === 'contract') {
		if (!draft.service) missing.service = 'missing';
		if (!(amountOf(draft.amount) > 0)) missing.amount = 'missing';
		if (!draft.endsOn) missing.endsOn = 'missing';
		else if (draft.endsOn < draft.startsOn) missing.endsOn = 'invalid';
	}
	return missing;
}

/** What `convert_lead` takes; call it only when nothing is missing. */
export function payloadOf(draft: Conversion, timeZone: string): Record<string, unknown> {
	if (draft.outcome === 'client') return {};
	const text = (value: string) => value.trim() || undefined;
	const service_id = draft.service ? Number(draft.service) : undefined;
	const location_id = draft.location ? Number(draft.location) : undefined;
	if (draft.outcome === 'contract') {
		return {
			contract: said({
				service_id,
				location_id,
				amount: amountOf(draft.amount),
				starts_on: draft.startsOn || undefined,
				ends_on: draft.endsOn,
				notes: text(draft.notes)
			})
		};
	}
	const asset = said({
		kind: text(draft.assetKind),
		brand: text(draft.assetBrand),
		model: text(draft.assetModel)
	});
	return {
		order: said({
			type: draft.type || undefined,
			service_id,
			location_id,
			problem: text(draft.problem),
			address: text(draft.address),
			promised_at: fromWallClock(draft.promised, timeZone) ?? undefined,
			asset: Object.keys(asset).length > 0 ? asset : undefined,
			override_blacklist: draft.override || undefined
		})
	};
}

const said = (fields: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
