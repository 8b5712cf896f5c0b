/** What was said with the demo company's clients: calls, messages, notes. */
import type { DemoClient } from './clients.ts';
import type { Clock } from './clock.ts';
import type { DemoOrder } from './orders.ts';
import { operatorsOf } from './people.ts';
import { seeded } from './random.ts';

export type DemoTalk = {
	client: number;
	/** number of the order it was about, from 1 */
	order: number | null;
	kind: 'call' | 'note' | 'message';
	direction: 'in' | 'out' | null;
	body: string;
	author: string;
	at: string;
};

const said: Record<'call' | 'note' | 'message', string[]> = {
	call: [
		'Спрашивал, когда будет готово',
		'Домовились, що забере у п’ятницю',
		'Agreed to the price on the phone',
		'Согласовали дополнительные работы',
		'Просить подзвонити перед виїздом'
	],
	note: [
		'Инструмент в мягком чехле, ремень внутри',
		'Домофон не працює, телефонувати',
		'Постоянный клиент, скидка 5 %',
		'Wants the old parts back',
		'Парковка со двора'
	],
	message: [
		'Отправили фото до ремонта',
		'Надіслали кошторис',
		'Sent a reminder about pick-up',
		'Напомнили о визите завтра'
	]
};

export function demoTalks(orders: DemoOrder[], clients: DemoClient[], clock: Clock): DemoTalk[] {
	const random = seeded(5150);
	const talks: (DemoTalk & { ago: number })[] = [];
	const add = (client: number, order: number | null, ago: number, author: string) => {
		const kind = random.pick(['call', 'call', 'note', 'message'] as const);
		talks.push({
			client,
			order,
			kind,
			direction: kind === 'note' ? null : kind === 'message' ? 'out' : random.pick(['in', 'out']),
			body: random.pick(said[kind]),
			author,
			at: clock.at(ago),
			ago
		});
	};
	orders.forEach((order, index) => {
		const { now } = order.journey;
		while (random.chance(0.4)) {
			const ago = order.taken - random.int(0, Math.min(now, order.taken - 1));
			add(order.client, index + 1, ago, random.pick(operatorsOf[order.place]));
		}
	});
	for (const client of clients) {
		if (random.chance(0.2)) {
			add(client.number, null, random.int(60, 80 * 24 * 60), random.pick(operatorsOf[client.home]));
		}
	}
	return talks.sort((a, b) => b.ago - a.ago).map(({ ago: _ago, ...talk }) => talk);
}
