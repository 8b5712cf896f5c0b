/** Phones as people write them become E.164: trunk prefixes of the company's country and all others. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

const LONGEST = 40;

/**
 * '067 123-45-67' and 'UA' → '+380671234567'. A number with + that no numbering plan knows, but
 * that has the form of one, is kept: a lead from afar is not lost to our table of plans.
 * @returns null when it cannot be a phone
 */
export function normalisePhone(input: string, country: string): string | null {
	const given = input.trim();
	if (given === '' || given.length > LONGEST) return null;
	const code = country as CountryCode;
	// written without its +, as databases and forms do; shorter ones could be anybody's local number
	const plain = given.replace(/^00/, '');
	const attempts = /^[1-9][0-9]{10,14}$/.test(plain) ? [given, `+${plain}`] : [given];
	for (const attempt of attempts) {
		// extract: false, or a number with words around it would be one, too
		const phone = parsePhoneNumberFromString(attempt, { defaultCountry: code, extract: false });
		if (phone?.isValid()) return phone.number;
	}
	const bare = given.replace(/[\s().\-–]/g, '');
	return /^\+[1-9][0-9]{8,14}$/.test(bare) ? bare : null;
}
