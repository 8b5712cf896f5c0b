/** First letters of the first two words that have one, upper case; '?' when none has. */
export function initials(name: string): string {
	const words = name
		.trim()
		.split(/\s+/)
		.filter((word) => /^\p{L}/u.test(word));
	const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
	return letters.join('').toLocaleUpperCase() || '?';
}

/** A hue (0-359 degrees) that stays with its key, so that a person keeps a colour everywhere. */
export function hueOf(key: string): number {
	let hash = 7;
	for (const char of key) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360_007;
	return hash % 360;
}
