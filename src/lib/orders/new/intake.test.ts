import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import type { Caller } from './intake.data.ts';
import { Intake } from './intake.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const olena: Caller = {
	id: 9,
	full_name: 'Olena',
	blacklisted: false,
	blacklist_reason: null,
	address: null,
	assets: [{ id: 3, label: 'Guitar', serial: null }],
	open_orders: []
};

function intake(drawer = new Map<string, string>()) {
	const sent: { payload: Record<string, unknown>; mutation: string }[] = [];
	const say: { create: Result<number> } = { create: ok(155_001) };
	const asked: string[] = [];
	const one = new Intake({
		server: {
			find: async (phone) => (asked.push(phone), ok(phone === '+380671234567' ? olena : null)),
			suggest: async (query) => (
				asked.push(query),
				[{ id: 9, title: 'Olena', phone: '+380671234567' }]
			),
			create: async (payload, mutation) => (sent.push({ payload, mutation }), say.create)
		},
		country: 'UA',
		timeZone: 'Europe/Kyiv',
		location: 1,
		storage: {
			getItem: (key) => drawer.get(key) ?? null,
			setItem: (key, value) => void drawer.set(key, value),
			removeItem: (key) => void drawer.delete(key)
		},
		storageKey: 'draft'
	});
	const type = async (phone: string) => {
		one.order.phone = phone;
		one.keep();
		one.lookUp();
		await vi.advanceTimersByTimeAsync(200);
	};
	return { one, type, sent, say, asked, drawer };
}

test('a part of a number suggests, a whole one finds, an unknown one is a new client', async () => {
	const { one, type, asked } = intake();
	await type('06');
	expect(asked).toEqual([]);
	await type('0671');
	expect(one.suggestions).toHaveLength(1);
	one.choose(one.suggestions[0] as { id: number; title: string; phone: string });
	await vi.advanceTimersByTimeAsync(200);
	expect([one.caller?.id, one.suggestions.length]).toEqual([9, 0]);
	await type('050 111 22 33');
	expect([one.caller, one.isNewClient]).toEqual([null, true]);
});

test('a draft survives, and is sent once however often it is asked', async () => {
	const first = intake();
	await first.type('067 123 45 67');
	first.one.order.problem = 'Buzzes';
	first.one.keep();
	const { one, sent, say } = intake(first.drawer);
	one.restore();
	await vi.advanceTimersByTimeAsync(200);
	expect([one.order.problem, one.caller?.id]).toEqual(['Buzzes', 9]);
	say.create = failed(new TypeError('fetch failed'));
	expect(await one.send()).toBe(null);
	expect(one.error?.key).toBe('network');
	say.create = ok(155_001);
	expect(await one.send()).toBe(155_001);
	expect(new Set(sent.map(({ mutation }) => mutation)).size).toBe(1);
	expect(sent[0]?.payload).toMatchObject({ client_id: 9, problem: 'Buzzes' });
	expect([one.order.problem, first.drawer.size]).toEqual(['', 0]);
});

test('nothing is sent while something is missing, and it says what', async () => {
	const { one, sent } = intake();
	expect(one.missing).toEqual({});
	expect(await one.send()).toBe(null);
	expect(one.missing).toMatchObject({ phone: 'missing', problem: 'missing' });
	expect(sent).toEqual([]);
});
