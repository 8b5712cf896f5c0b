/**
 * From what a caller sent to what the database reads: only fields we know, words Postgres can hold,
 * the phone as E.164. What is wrong with them the database says, all at once.
 */
import { z } from 'zod';
import { normalisePhone } from '../_shared/phone.ts';

// anything may come in a field; objects and lists only matter as "not a text"
const Field = z
	.unknown()
	.transform((value) =>
		typeof value === 'string'
			? holdable(value)
			: Array.isArray(value)
				? []
				: typeof value === 'object' && value !== null
					? {}
					: value
	)
	.optional();

const Payload = z.object({
	first_name: Field,
	last_name: Field,
	middle_name: Field,
	phone_number: Field,
	email: Field,
	advertising_company: Field,
	service_id: Field,
	location_id: Field,
	message: Field,
	source: Field,
	idempotency_key: Field,
	utm_source: Field,
	utm_medium: Field,
	utm_campaign: Field,
	utm_term: Field,
	utm_content: Field
});
export type Payload = z.infer<typeof Payload>;

/** jsonb takes neither NUL nor half a surrogate pair. */
const holdable = (words: string) => words.replaceAll('\0', '').toWellFormed();

/**
 * @param key of the Idempotency-Key header; it goes before the payload's own
 * @param country whose phones may come without their +
 * @returns the body itself when it is no object: the database says so
 */
export function readPayload(body: unknown, key: string | null, country: string): unknown {
	if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
	const payload = Payload.parse(body);
	const { phone_number: phone } = payload;
	const written = typeof phone === 'number' ? String(phone) : phone;
	return {
		...payload,
		...(typeof written === 'string'
			? { phone_number: normalisePhone(written, country) ?? written }
			: {}),
		...(key ? { idempotency_key: holdable(key) } : {})
	};
}
