/**
 * Moments as fields for date and time write them, in the company's time zone: a promise of 14:00 is
 * the workshop's 14:00 wherever the browser is.
 */

/** '2026-11-21T14:00' of that zone; '' for no moment. */
export function toWallClock(iso: string | null, timeZone: string): string {
	if (iso === null) return '';
	// the Swedish way of writing dates is ISO 8601
	const format = new Intl.DateTimeFormat('sv-SE', {
		timeZone,
		dateStyle: 'short',
		timeStyle: 'short'
	});
	return format.format(new Date(iso)).replace(' ', 'T');
}

/**
 * The moment a clock of that zone shows `text`; null for none. An hour that is skipped in spring is
 * the one after it.
 */
export function fromWallClock(text: string, timeZone: string): string | null {
	const shown = Date.parse(`${text}Z`);
	if (Number.isNaN(shown)) return null;
	let moment = shown;
	// the offset is known only once the moment is: near a change of clocks the first guess is off
	for (let guess = 0; guess < 2; guess++) {
		const clock = toWallClock(new Date(moment).toISOString(), timeZone);
		moment += shown - Date.parse(`${clock}Z`);
	}
	return new Date(moment).toISOString();
}
