import { expect, test } from 'vitest';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Edited } from './order.data.ts';
import type { OrderDetails } from './order-details.ts';
import { OrderState, type OrderServer } from './order-state.svelte.ts';

const order: OrderDetails['order'] = {
	id: 7,
	version: 1,
	type: 'repair',
	stage_id: 1,
	location_id: 1,
	client_id: 1,
	asset_id: null,
	service_id: null,
	campaign_id: null,
	master_id: null,
	address: null,
	problem: 'Buzzes',
	result: null,
	priority: 0,
	promised_at: null,
	refusal_reason: null,
	payment_state: 'none',
	stage_entered_at: '2026-11-21T10:00:00Z',
	created_at: '2026-11-21T10:00:00Z'
};
const details = (more: Partial<OrderDetails['order']> = {}, actor = 'olena'): OrderDetails => ({
	order: { ...order, ...more },
	stages: [],
	locations: {},
	masters: [],
	client: null,
	client_orders: [],
	assets: [],
	services: [],
	campaigns: [],
	lines: null,
	total: null,
	paid: null,
	events: [
		{
			id: 1,
			kind: 'changed',
			actor_id: actor,
			from: {},
			to: more,
			reason: null,
			at: order.created_at
		}
	],
	comments: [],
	photos: [],
	people: { olena: 'Olena' }
});

/** A server that says what it was told to say, and remembers what it was asked. */
function server(first: OrderDetails) {
	const asked: Parameters<OrderServer['edit']>[0][] = [];
	const say: { load: Result<OrderDetails>; edit: Edited } = { load: ok(first), edit: ok(2) };
	const errors: string[] = [];
	const state = new OrderState(
		first,
		{ load: async () => say.load, edit: async (edit) => (asked.push(edit), say.edit) },
		({ key }) => errors.push(key)
	);
	return { state, say, asked, errors };
}

test('a typed field is sent with what was seen, and stays shown meanwhile', async () => {
	const { state, say, asked } = server(details());
	state.type('problem', 'Buzzes on E');
	expect([state.shown('problem'), state.unsaved]).toEqual(['Buzzes on E', true]);
	say.load = ok(details({ version: 2, problem: 'Buzzes on E' }));
	await state.save('problem');
	expect(asked).toMatchObject([{ field: 'problem', value: 'Buzzes on E', seen: 'Buzzes' }]);
	expect([state.shown('problem'), state.unsaved]).toEqual(['Buzzes on E', false]);
	state.type('address', 'x');
	state.type('address', null);
	expect(state.unsaved).toBe(false);
});

test('a colleague’s change of another field comes in, of the same one is told beside the words', async () => {
	const { state, say, asked } = server(details());
	state.type('problem', 'Mine');
	say.load = ok(details({ version: 2, problem: 'Theirs', address: 'Soborna 4' }));
	await state.refresh();
	expect(state.shown('address')).toBe('Soborna 4');
	expect(state.shown('problem')).toBe('Mine');
	expect(state.draft('problem')?.theirs).toEqual({ value: 'Theirs', by: 'Olena' });
	// leaving the field must not overwrite what the person has not decided about
	await state.save('problem');
	expect(asked).toEqual([]);
	say.load = ok(details({ version: 3, problem: 'Mine' }));
	await state.keepMine('problem');
	expect(asked).toMatchObject([{ value: 'Mine', seen: 'Theirs' }]);
	expect(state.unsaved).toBe(false);
});

test('keeping theirs drops the words', async () => {
	const { state, say } = server(details());
	state.type('problem', 'Mine');
	say.load = ok(details({ version: 2, problem: 'Theirs' }));
	await state.refresh();
	state.keepTheirs('problem');
	expect([state.shown('problem'), state.unsaved]).toEqual(['Theirs', false]);
});

test('a refusal for the same field is a conflict, any other an error, and the words stay', async () => {
	const { state, say, errors } = server(details());
	say.edit = { ok: false, changed: { field: 'result', theirs: 'Done', by_name: 'Oleg' } };
	state.type('result', 'Half done');
	await state.save('result');
	expect(state.draft('result')?.theirs).toEqual({ value: 'Done', by: 'Oleg' });
	say.edit = failed({ code: 'VK403', message: 'not_allowed' });
	state.type('address', 'x');
	await state.save('address');
	expect(errors).toEqual(['not_allowed']);
	expect(state.shown('address')).toBe('x');
});

test('words typed while the earlier ones were sent are kept, on top of those', async () => {
	const { state, asked } = server(details());
	state.type('problem', 'One');
	const saving = state.save('problem');
	state.type('problem', 'One two');
	await saving;
	await state.refresh();
	expect(state.draft('problem')).toMatchObject({ value: 'One two', seen: 'One' });
	await state.save('problem');
	expect(asked[1]).toMatchObject({ value: 'One two', seen: 'One' });
});

test('an older answer changes nothing, a lost order is said', async () => {
	const { state, say } = server(details({ version: 5, problem: 'New' }));
	say.load = ok(details({ version: 4, problem: 'Old' }));
	await state.refresh();
	expect(state.shown('problem')).toBe('New');
	say.load = failed({ code: 'VK404', message: 'order_not_found' });
	await state.refresh();
	expect(state.gone).toBe(true);
});
