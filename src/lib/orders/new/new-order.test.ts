import { expect, test } from 'vitest';
import { emptyLine, emptyOrder, missingIn, parseDraft, payloadOf } from './new-order.ts';

const zone = { country: 'UA', timeZone: 'Europe/Kyiv' };
const whole = {
	...emptyOrder(1),
	phone: '067 123 45 67',
	firstName: ' Olena ',
	problem: 'Buzzes'
};

test('says what is missing, and nothing once it is said', () => {
	expect(missingIn(emptyOrder(), false, 'UA')).toEqual({
		phone: 'missing',
		firstName: 'missing',
		problem: 'missing',
		location: 'missing'
	});
	expect(missingIn(whole, false, 'UA')).toEqual({});
	expect(missingIn({ ...whole, phone: '067 123' }, false, 'UA')).toEqual({ phone: 'invalid' });
	expect(missingIn({ ...whole, firstName: '' }, true, 'UA')).toEqual({});
	expect(missingIn({ ...whole, asset: 'new', email: 'x' }, false, 'UA')).toEqual({
		assetKind: 'missing',
		email: 'invalid'
	});
	const lines = [{ ...emptyLine(), title: 'Neck', quantity: '0', price: '5' }];
	expect(missingIn({ ...whole, lines }, false, 'UA')).toEqual({ lines: 'invalid' });
	expect(missingIn({ ...whole, lines: [emptyLine()] }, false, 'UA')).toEqual({});
});

test('sends what was said, and only that', () => {
	expect(payloadOf(whole, null, zone)).toEqual({
		phone: '+380671234567',
		first_name: 'Olena',
		type: 'repair',
		problem: 'Buzzes',
		priority: 0,
		location_id: 1
	});
	const order = {
		...whole,
		asset: 'new',
		assetKind: 'Guitar',
		assetBrand: 'Martin',
		promised: '2026-11-21T14:00',
		lines: [
			{ kind: 'part' as const, title: 'String', quantity: '1,5', price: '1 500' },
			emptyLine()
		]
	};
	expect(payloadOf(order, 9, zone)).toMatchObject({
		client_id: 9,
		asset: { kind: 'Guitar', brand: 'Martin' },
		promised_at: '2026-11-21T12:00:00.000Z',
		lines: [{ kind: 'part', title: 'String', quantity: 1.5, unit_price: 1500 }]
	});
	expect(payloadOf({ ...whole, asset: '12' }, 9, zone)).toMatchObject({ asset_id: 12 });
	expect(payloadOf(order, 9, zone)).not.toHaveProperty('first_name');
});

test('a kept draft comes back, one of another shape does not', () => {
	const kept = { order: whole, mutation: 'm' };
	expect(parseDraft(JSON.stringify(kept))).toEqual(kept);
	expect(parseDraft(null)).toBe(null);
	expect(parseDraft('{')).toBe(null);
	expect(parseDraft(JSON.stringify({ order: { phone: '1' }, mutation: 'm' }))).toBe(null);
});
