/** What a visitor wrote on a form, what the database is sent of it, and its mistakes as sentences. Pure. */
import { toE164 } from '$lib/format/phone.ts';
import { m } from '$lib/paraglide/messages.js';

const written = ['first_name', 'phone_number', 'email', 'message', 'service_id'] as const;
const marks = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'] as const;
export type Written = (typeof written)[number];
export type Mark = (typeof marks)[number];

/** As typed, to be shown again when something is wrong. */
export type Values = Record<Written, string>;
export type Visit = Partial<Record<Mark | 'referrer', string>>;
export type FieldErrors = Partial<Record<Written | 'consent', string>>;

/** more than any field takes; the database says which is too long */
const MOST = 5000;

const textOf = (form: FormData, name: string) => {
	const value = form.get(name);
	return typeof value === 'string' ? value.slice(0, MOST).replaceAll('\0', '').toWellFormed() : '';
};

export const noValues: Values = {
	first_name: '',
	phone_number: '',
	email: '',
	message: '',
	service_id: ''
};

export function valuesOf(form: FormData): Values {
	return Object.fromEntries(written.map((name) => [name, textOf(form, name)])) as Values;
}

/** Where a visitor came from: marks of the address, and the site that led here if it is another. */
export function visitOf(url: URL, referrer: string | null): Visit {
	const visit: Visit = {};
	for (const mark of marks) {
		const value = url.searchParams.get(mark);
		if (value) visit[mark] = value.slice(0, 200);
	}
	if (referrer && URL.canParse(referrer) && new URL(referrer).host !== url.host)
		visit.referrer = new URL(referrer).origin;
	return visit;
}

/** The same out of the form's hidden fields. */
export function keptVisit(form: FormData): Visit {
	const kept = [...marks, 'referrer'].map((name) => [name, textOf(form, name)] as const);
	return Object.fromEntries(kept.filter(([, value]) => value !== ''));
}

/**
 * @param country whose phones may come without their +
 * @param campaign null on the company's own site
 */
export function payloadOf(form: FormData, campaign: number | null, country: string) {
	const { phone_number: phone, ...values } = valuesOf(form);
	const filled = Object.entries({
		...values,
		...keptVisit(form),
		phone_number: toE164(phone, country as Parameters<typeof toE164>[1]) ?? phone.trim(),
		website: textOf(form, 'website')
	}).filter(([, value]) => value !== '');
	return {
		...Object.fromEntries(filled),
		...(campaign === null ? {} : { advertising_company: campaign }),
		consent: form.get('consent') === 'yes'
	};
}

const sentences: Record<string, () => string> = {
	first_name: m.forms_name_wrong,
	phone_number: m.forms_phone_wrong,
	email: m.forms_email_wrong,
	message: m.forms_message_wrong,
	service_id: m.forms_service_wrong,
	consent: m.forms_consent_wrong
};

/** What is wrong as sentences beside the fields; `campaign`: closed or unknown, which no field can mend. */
export function errorsOf(fields: Record<string, string[]>): {
	fields: FieldErrors;
	campaign: string | null;
} {
	const found: FieldErrors = {};
	for (const name of [...written, 'consent'] as const)
		if (name in fields) found[name] = sentences[name]?.() ?? '';
	const [campaign] = fields['advertising_company'] ?? [];
	if (campaign === undefined) return { fields: found, campaign: null };
	return { fields: found, campaign: campaign === 'closed' ? m.forms_closed() : m.forms_unknown() };
}
