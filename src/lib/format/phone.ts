/** Phone numbers: kept as E.164, shown as people write them. Its library is large: import it where needed. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';

/** 'UA' and '067 123 45 67' → '+380671234567'; null when it cannot be a number. */
export function toE164(input: string, country?: CountryCode): string | null {
	const phone = parsePhoneNumberFromString(input, country);
	return phone?.isValid() ? phone.number : null;
}

/** '+380671234567' → '067 123 4567' for people of that country, '+380 67 123 4567' for others. */
export function formatPhone(e164: string, home?: CountryCode): string {
	const phone = parsePhoneNumberFromString(e164);
	if (!phone) return e164;
	return phone.country === home ? phone.formatNational() : phone.formatInternational();
}
