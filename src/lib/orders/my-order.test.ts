import { expect, test } from 'vitest';
import { myOrdersOf } from './my-order.ts';

const stage = (id: number, kind: string) => ({ id, kind, colour: '#888', name: { en: kind } });
const card = (id: number, more: Record<string, unknown> = {}) => ({
	id,
	stage_id: 1,
	master_id: 'me',
	client_name: 'Ткач Олена',
	address: null,
	problem: 'Скрипит',
	promised_at: null,
	...more
});
const stages = [stage(1, 'assigned'), stage(2, 'waiting'), stage(3, 'closed')];

test('own open orders, the earliest promise first, those without one last', () => {
	const cards = [
		card(1),
		card(2, { promised_at: '2026-11-22T10:00:00+00:00' }),
		card(3, { promised_at: '2026-11-21T10:00:00+02:00', stage_id: 2 }),
		card(4, { stage_id: 3 }),
		card(5, { master_id: 'other' }),
		card(6, { master_id: null })
	];
	const orders = myOrdersOf({ stages, cards }, 'me');
	expect(orders.map(({ id }) => id)).toEqual([3, 2, 1]);
	expect(orders[0]?.stage.name).toEqual({ en: 'waiting' });
});

test('an answer of another shape is refused', () => {
	expect(() => myOrdersOf({ stages }, 'me')).toThrow();
	expect(() => myOrdersOf(null, 'me')).toThrow();
});
