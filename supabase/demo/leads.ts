/** The demo company's leads: those that became orders, and those that are new, talked to or lost. */
import { campaigns, services } from './catalogue.ts';
import { drawName, type DemoClient } from './clients.ts';
import type { Clock } from './clock.ts';
import type { DemoOrder } from './orders.ts';
import { operatorsOf, type Place } from './people.ts';
import { seeded, type Random } from './random.ts';

type Status = 'new' | 'contacted' | 'converted' | 'rejected';

export type DemoLead = {
	number: number;
	first_name: string;
	middle_name: string | null;
	last_name: string;
	phone: string;
	message: string;
	campaign: number | null;
	location: Place | null;
	service: number | null;
	source: string;
	utm: Record<string, string>;
	status: Status;
	claimed_by: string | null;
	claimed_at: string | null;
	first_call_at: string | null;
	contacted_at: string | null;
	rejected_reason: string | null;
	client: number | null;
	/** number of the order, from 1 */
	order: number | null;
	note: string | null;
	created_at: string;
	updated_at: string;
};

type Draft = Omit<DemoLead, 'number'> & { ago: number };

const DAY = 24 * 60;
const messages = [
	'Скільки коштуватиме відбудувати гітару?',
	'Перезвоните, пожалуйста, после шести',
	'Дует из окна в детской, нужен мастер на этой неделе',
	'How soon could you look at a cracked cello?',
	'Можна принести скрипку в суботу?',
	'Нужен замер трёх окон',
	'Чи ремонтуєте акордеони?',
	'Треснул гриф, пришлю фото'
];
const rejections = [
	'Не отвечает три дня',
	'Поза нашою зоною виїзду',
	'Только спрашивал цену',
	'Дубль заявки'
];
const notes = [
	'Обещал принести завтра утром',
	'Передзвонити у п’ятницю',
	'Asked for an estimate by e-mail',
	'Думает, сравнивает цены'
];

export function demoLeads(
	orders: DemoOrder[],
	clients: DemoClient[],
	phone: () => string,
	clock: Clock
): DemoLead[] {
	const random = seeded(4711);
	return [
		...convertedLeads(random, orders, clients, phone, clock),
		...otherLeads(random, phone, clock)
	]
		.sort((a, b) => b.ago - a.ago)
		.map(({ ago: _ago, ...lead }, index) => ({ number: index + 1, ...lead }));
}

function convertedLeads(
	random: Random,
	orders: DemoOrder[],
	clients: DemoClient[],
	phone: () => string,
	clock: Clock
): Draft[] {
	const leads: Draft[] = [];
	orders.forEach((order, index) => {
		if (!random.chance(order.campaign === null ? 0.06 : 0.45)) return;
		const client = clients[order.client - 1] as DemoClient;
		const ago = order.taken + random.int(15, 600);
		leads.push({
			...fresh(random, clock, 'converted', ago, order.place, order.campaign, phone),
			first_name: client.first_name,
			middle_name: client.middle_name,
			last_name: client.last_name,
			phone: client.phones[0]?.phone as string,
			location: order.place,
			client: order.client,
			order: index + 1,
			first_call_at: clock.at(order.taken + 10),
			contacted_at: clock.at(order.taken + 10),
			claimed_at: clock.at(order.taken + 10),
			updated_at: clock.at(order.taken)
		});
	});
	return leads;
}

function otherLeads(random: Random, phone: () => string, clock: Clock): Draft[] {
	const leads: Draft[] = [];
	const others: [Status, number, number, number][] = [
		['new', 14, 5, 30 * 60],
		['contacted', 24, 3 * 60, 6 * DAY],
		['rejected', 70, DAY, 85 * DAY]
	];
	for (const [status, count, from, to] of others) {
		for (let i = 0; i < count; i++) {
			const ago = random.int(from, to);
			const place = random.pick([1, 1, 2, 2, 3] as const);
			leads.push(fresh(random, clock, status, ago, place, runningAt(random, ago, place), phone));
		}
	}
	return leads;
}

function runningAt(random: Random, ago: number, place: Place): number | null {
	const running = campaigns.flatMap((campaign, index) =>
		(campaign.location ?? place) === place &&
		ago <= campaign.from * DAY &&
		ago >= (campaign.until ?? 0) * DAY
			? [index + 1]
			: []
	);
	return running.length && random.chance(0.7) ? random.pick(running) : null;
}

function fresh(
	random: Random,
	clock: Clock,
	status: Status,
	ago: number,
	place: Place,
	campaign: number | null,
	phone: () => string
): Draft {
	const advertised = campaign === null ? null : campaigns[campaign - 1];
	const trade = place === 2 ? 'windows' : 'instruments';
	const suitable = services.flatMap((service, index) =>
		service.trade === trade ? [index + 1] : []
	);
	const called = status === 'new' ? null : clock.at(ago - random.int(2, Math.min(ago - 1, 180)));
	return {
		...drawName(random, place),
		phone: phone(),
		message: random.pick(messages),
		campaign,
		location: random.chance(0.6) ? place : null,
		service: random.chance(0.6) ? random.pick(suitable) : null,
		source: advertised?.source ?? random.pick(['сайт', 'звонок']),
		utm: advertised
			? { utm_source: advertised.source, utm_medium: 'cpc', utm_campaign: `campaign-${campaign}` }
			: {},
		status,
		claimed_by: status === 'new' ? null : random.pick(operatorsOf[place]),
		claimed_at: called,
		first_call_at: called,
		contacted_at: called,
		rejected_reason: status === 'rejected' ? random.pick(rejections) : null,
		client: null,
		order: null,
		note: status === 'contacted' || status === 'rejected' ? random.pick(notes) : null,
		created_at: clock.at(ago),
		updated_at: called ?? clock.at(ago),
		ago
	};
}
