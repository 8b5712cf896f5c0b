// reasons of a proposal in words, and which of them speak against a master
import { expect, it } from 'vitest';
import { isKeyP } from './key-steps.ts';
import { reasonWord } from './proposal.ts';

const say = (key: string, params = {}) => reasonWord({ key, params });

it('says every reason SQL gives, for or against', () => {
	for (const key of ['free', 'skilled', 'same_location']) {
		expect(say(key)).toMatchObject({ speaksFor: true });
	}
	for (const key of ['busy', 'break', 'off', 'not_skilled']) {
		expect(say(key)).toMatchObject({ speaksFor: false });
	}
	expect(say('knows_client', { orders: 1 })?.text).toBe('Has done 1 order of this client');
	expect(say('load', { active: 1, capacity: 3 })).toEqual({
		text: '1 of 3 orders in hand',
		speaksFor: true
	});
	expect(say('load', { active: 3, capacity: 3 })?.speaksFor).toBe(false);
	expect(say('of_a_newer_server')).toBeNull();
});

it('knows P on a Cyrillic keyboard', () => {
	expect(isKeyP({ key: 'з', code: 'KeyP' })).toBe(true);
	expect(isKeyP({ key: 'р', code: 'KeyH' })).toBe(false);
});
