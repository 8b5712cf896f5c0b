/** Texts that people wrote in every language of the company. */
import type { Locale } from '$lib/paraglide/runtime.js';

/** {"en", "ru", "uk"} */
export type Translation = Record<Locale, string>;

/** A translation in the reader's language; '' when there is none. */
export function wordsIn(words: unknown, locale: Locale): string {
	const known = (words ?? {}) as Partial<Translation>;
	return known[locale] || known.en || Object.values(known).find(Boolean) || '';
}

/** An amount as the Data API sends it: a number, or the text of one where it keeps every digit. */
export const amountFrom = (value: number | string | null): number | null =>
	value === null ? null : Number(value);
