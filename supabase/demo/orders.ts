/** The demo company's orders with the history, lines and money that brought each where it is. */
import { campaigns, serviceNumber, services, type OrderType } from './catalogue.ts';
import type { DemoClient } from './clients.ts';
import type { Clock } from './clock.ts';
import type { StageKind } from './history.ts';
import { Journey } from './journey.ts';
import { idOf, masters, mastersNow, coordinatorsOf, type Person, type Place } from './people.ts';
import { seeded, type Random } from './random.ts';
import { refusals, workOf, type Thing, type Work } from './work.ts';

export type DemoOrder = {
	place: Place;
	client: number;
	work: Work;
	type: OrderType;
	journey: Journey;
	/** minutes before now when it was taken, and when its last step was */
	taken: number;
	campaign: number | null;
	priority: number;
	refusal: string | null;
	/** minutes from now, negative: already late */
	promisedIn: number | null;
};

export type DemoAsset = { client: number; thing: Thing; serial: string | null };

const DAY = 24 * 60;
const PLACES: Place[] = [1, 2, 3];

/** Orders of each location in columns no master limits; assigned and in progress follow from mastersNow. */
const OPEN: Record<'unassigned' | 'waiting' | 'done', Record<Place, number>> = {
	unassigned: { 1: 17, 2: 13, 3: 9 },
	waiting: { 1: 14, 2: 11, 3: 9 },
	done: { 1: 16, 2: 13, 3: 10 }
};
const REFUSED = 118;

/** `count` orders from the oldest to the newest, as they were taken. */
export function demoOrders(count: number, clients: DemoClient[], clock: Clock): DemoOrder[] {
	const random = seeded(34);
	const orders: DemoOrder[] = [];
	const add = (stage: StageKind, place: Place, master: Person | null = null) =>
		orders.push(makeOrder(random, clock, stage, place, master ?? masterAt(random, place), clients));
	for (const master of masters) {
		const [assigned, inProgress] = mastersNow[master.name]?.orders ?? [0, 0];
		const place = master.location ?? 1;
		for (let i = 0; i < assigned; i++) add('assigned', place, master);
		for (let i = 0; i < inProgress; i++) add('in_progress', place, master);
	}
	for (const stage of ['unassigned', 'waiting', 'done'] as const) {
		for (const place of PLACES) for (let i = 0; i < OPEN[stage][place]; i++) add(stage, place);
	}
	for (let i = 0; i < REFUSED; i++) add('refused', random.pick([1, 1, 2, 2, 3] as const));
	while (orders.length < count) add('closed', random.pick([1, 1, 1, 2, 2, 2, 3, 3] as const));
	// the client with a sign-in has something to look at
	const hers = orders.filter(({ place }) => place === 1);
	for (const stage of ['in_progress', 'done'] as const) {
		const order = hers.find(({ journey }) => journey.stage === stage);
		if (order) order.client = 1;
	}
	for (const order of hers.filter(({ journey }) => journey.stage === 'closed').slice(0, 5)) {
		order.client = 1;
	}
	return orders.sort((a, b) => b.taken - a.taken);
}

function masterAt(random: Random, place: Place): Person {
	return random.pick(masters.filter(({ location }) => location === place));
}

function makeOrder(
	random: Random,
	clock: Clock,
	stage: StageKind,
	place: Place,
	master: Person,
	clients: DemoClient[]
): DemoOrder {
	const work = random.pick(workOf[place]);
	const refusal = stage === 'refused' ? random.pick(refusals) : null;
	const since = sinceLastMove(random, stage, clock);
	const journey = travel(random, stage, place, master, work, refusal, since);
	const taken = since + journey.entered;
	const finished = journey.marks.done ?? journey.marks.closed;
	return {
		place,
		client: random.pick(clients.filter(({ home }) => home === place)).number,
		work,
		type: services[serviceNumber(work.service) - 1]?.order_type as OrderType,
		journey,
		taken,
		campaign: campaignOf(random, place, taken),
		priority: random.chance(0.1) ? 2 : random.chance(0.2) ? 1 : 0,
		refusal,
		promisedIn:
			finished === undefined
				? promise(random, taken)
				: Math.max(30, finished + (random.chance(0.85) ? 1 : -1) * random.int(30, DAY)) - taken
	};
}

/** Minutes an order has been in its column. */
function sinceLastMove(random: Random, stage: StageKind, clock: Clock): number {
	if (stage === 'unassigned')
		return random.chance(0.4) ? random.int(2, 58) : random.int(60, 32 * 60);
	if (stage === 'assigned') return random.int(10, 20 * 60);
	if (stage === 'in_progress') return random.int(20, 3 * DAY);
	if (stage === 'waiting') return random.int(60, 5 * DAY);
	if (stage === 'done') return random.int(15, 3 * DAY);
	const since = random.int(4 * 60, 78 * DAY);
	// Sundays are quiet
	return clock.isSunday(since) && random.chance(0.7) ? since + DAY : since;
}

function travel(
	random: Random,
	stage: StageKind,
	place: Place,
	master: Person,
	work: Work,
	refusal: string | null,
	since: number
): Journey {
	const journey = new Journey(random, place);
	const coordinator = random.pick(coordinatorsOf[place]);
	if (stage === 'unassigned') return journey;
	if (stage === 'refused' && random.chance(0.6)) {
		return journey.wait(30, DAY).move('refused', coordinator, refusal);
	}
	journey.wait(5, 240).assign(master);
	if (stage === 'assigned') return answerLater(random, journey, since);
	if (stage === 'refused') return journey.wait(60, DAY).move('refused', coordinator, refusal);
	journey.wait(2, 40).answer().wait(15, DAY).move('in_progress', master.id);
	if (stage === 'in_progress') return since > 90 ? journey.wait(30, 80).charge(work) : journey;
	if (stage === 'waiting' || random.chance(0.25)) {
		journey.wait(30, 600).move('waiting', master.id);
		if (stage === 'waiting') return journey;
		journey.wait(300, 3 * DAY).move('in_progress', master.id);
	}
	journey
		.wait(40, 2 * DAY)
		.charge(work)
		.wait(1, 20)
		.move('done', master.id);
	return stage === 'done'
		? bill(random, journey, since)
		: settle(random, journey, since, coordinator);
}

/** Two of three assignments were answered already. */
function answerLater(random: Random, journey: Journey, since: number): Journey {
	if (since < 40 || random.chance(0.34)) return journey;
	return journey.wait(1, 20).answer();
}

/** Done orders: about half are invoiced, some of them paid in part. */
function bill(random: Random, journey: Journey, since: number): Journey {
	if (journey.total === 0 || since < 60 || random.chance(0.4)) return journey;
	journey.wait(2, 20).invoice();
	if (random.chance(0.3)) journey.wait(2, 30).pay(Math.floor(journey.total / 2), false);
	return journey;
}

/** Closed orders: nearly all closed by being paid, a few were given money back. */
function settle(random: Random, journey: Journey, since: number, coordinator: string): Journey {
	if (journey.total === 0) return journey.wait(10, DAY).move('closed', coordinator);
	journey.wait(2, 30).invoice();
	if (random.chance(0.03)) return journey.wait(DAY, 3 * DAY).move('closed', coordinator);
	if (random.chance(0.12)) journey.wait(5, 120).pay(Math.floor(journey.total / 2), false);
	journey.wait(5, 2 * DAY).pay(journey.total - journey.paid, true);
	if (since > 12 * DAY && random.chance(0.035)) {
		const whole = random.chance(0.4);
		const first = journey.payments[0]?.amount as number;
		journey
			.wait(DAY, 10 * DAY)
			.refund(whole ? first : Math.round(first / 4), 'Неисправность повторилась', idOf('manager'));
	}
	return journey;
}

/** About one open order in six is late already, the rest is due from an hour to a week ahead. */
function promise(random: Random, taken: number): number | null {
	if (random.chance(0.12)) return null;
	if (random.chance(0.18)) return -random.int(20, Math.max(40, Math.floor(taken / 3)));
	return random.int(40, random.chance(0.5) ? 10 * 60 : 7 * DAY);
}

/** Which campaign brought an order, by its place and day; most came by themselves. */
function campaignOf(random: Random, place: Place, taken: number): number | null {
	const days = taken / DAY;
	const running = campaigns.flatMap((campaign, index) =>
		(campaign.location ?? place) === place && days <= campaign.from && days >= (campaign.until ?? 0)
			? Array.from({ length: campaign.weight }, () => index + 1)
			: []
	);
	return random.chance(running.length / 30) ? random.pick(running) : null;
}
