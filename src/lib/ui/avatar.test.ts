import { expect, test } from 'vitest';
import { hueOf, initials } from './avatar.ts';

test('initials', () => {
	expect(initials('Олена Ткач')).toBe('ОТ');
	expect(initials('  anna maria sophia ')).toBe('AM');
	expect(initials('Client (no workplace)')).toBe('CW');
	expect(initials('Мастер 2')).toBe('М');
	expect(initials('')).toBe('?');
});

test('a person keeps a colour, and colours differ', () => {
	expect(hueOf('a1')).toBe(hueOf('a1'));
	const hues = Array.from({ length: 40 }, (_, i) =>
		hueOf(`0f8fad5b-d9cb-469f-a165-70867728950${i}`)
	);
	expect(new Set(hues).size).toBeGreaterThan(25);
	for (const hue of hues) expect(hue).toBeGreaterThanOrEqual(0);
});
