/** The dictionaries of the three languages hold the same messages, with the same holes, none empty. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Variant = { declarations: string[]; match: Record<string, string> };
type Dictionary = Record<string, string | [Variant]>;

const root = new URL('../messages/', import.meta.url);
const locales = ['en', 'ru', 'uk'] as const;
const folders = readdirSync(root);

const read = (folder: string, locale: string): Dictionary => {
	const { $schema: _, ...messages } = JSON.parse(
		readFileSync(new URL(`${folder}/${locale}.json`, root), 'utf8')
	);
	return messages;
};
const textsOf = (message: string | [Variant]) =>
	typeof message === 'string' ? [message] : Object.values(message[0].match);
const holesOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every folder is compiled', () => {
	const settings = readFileSync(
		new URL('../project.inlang/settings.json', import.meta.url),
		'utf8'
	);
	for (const folder of folders) expect(settings).toContain(`./messages/${folder}/{locale}.json`);
});

test('no message is written twice', () => {
	const keys = folders.flatMap((folder) => Object.keys(read(folder, 'en')));
	expect(keys).toEqual([...new Set(keys)]);
});

describe.each(folders)('messages/%s', (folder) => {
	const english = read(folder, 'en');

	test.each(locales)('%s has every message', (locale) => {
		expect(Object.keys(read(folder, locale)).sort()).toEqual(Object.keys(english).sort());
	});

	test.each(locales)('%s: no text is empty, and all have the same holes', (locale) => {
		for (const [key, message] of Object.entries(read(folder, locale))) {
			const [sample = ''] = textsOf(english[key] ?? '');
			for (const text of textsOf(message)) {
				expect(text.trim(), key).not.toBe('');
				expect(holesOf(text), key).toEqual(holesOf(sample));
			}
		}
	});

	test.each(locales)('%s: plurals have every form of the language', (locale) => {
		const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort();
		for (const [key, message] of Object.entries(read(folder, locale))) {
			if (typeof message === 'string') continue;
			if (!message[0].declarations.some((line) => line.includes(': plural'))) continue;
			const found = Object.keys(message[0].match).map((match) => match.split('=').at(-1));
			expect(found.sort(), key).toEqual(forms);
		}
	});
});
