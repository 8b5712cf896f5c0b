/** The whole demo company as rows for load/*.sql, ready but for the ids the database gives. */
import { campaigns, demoSpend, promotions, serviceNumber, services } from './catalogue.ts';
import { demoClients, phoneBook, type DemoClient } from './clients.ts';
import { demoClock, type Clock } from './clock.ts';
import { demoContracts } from './contracts.ts';
import { demoLeads } from './leads.ts';
import { demoOrders, type DemoAsset, type DemoOrder } from './orders.ts';
import { locations, masters, people } from './people.ts';
import { seeded } from './random.ts';
import { demoShifts } from './shifts.ts';
import { demoTalks } from './talks.ts';
import { workOf, type Thing } from './work.ts';

const CLIENTS = 400;
const ORDERS = 1500;

/** The same company every time, but for the moment it is relative to. */
export function demoCompany(now: Date) {
	const clock = demoClock(now);
	const phone = phoneBook(seeded(380));
	const clients = demoClients(CLIENTS, phone);
	const orders = demoOrders(ORDERS, clients, clock);
	const things = demoAssets(orders, clients);
	const leads = demoLeads(orders, clients, phone, clock);
	const talks = demoTalks(orders, clients, clock);
	return {
		locations: locations.map((location, index) => ({ number: index + 1, ...location })),
		people,
		...demoCatalogue(clock),
		clients: clientRows(clients, orders, clock),
		assets: things.assets,
		orders: orders.map((order, index) => ({
			...orderRow(order, index + 1, things.numberOf(order), clock),
			comment_count: talks.filter((talk) => talk.order === index + 1).length
		})),
		events: orders.flatMap((order, index) => eventRows(order, index + 1, clock)),
		lines: orders.flatMap((order, index) => lineRows(order, index + 1, clock)),
		payments: orders.flatMap((order, index) => paymentRows(order, index + 1, clock)),
		leads,
		talks,
		contracts: demoContracts(clients, clock),
		shifts: demoShifts(clock, now)
	};
}

function demoCatalogue(clock: Clock) {
	return {
		services: services.map((service, index) => ({ number: index + 1, ...service })),
		skills: demoSkills(),
		promotions: promotions.map(({ from, until, ...promotion }) => ({
			...promotion,
			starts_on: clock.day(from),
			ends_on: clock.day(until)
		})),
		campaigns: campaigns.map(({ from, until, ...campaign }, index) => ({
			number: index + 1,
			...campaign,
			starts_on: clock.day(from),
			ends_on: until === null ? null : clock.day(until)
		})),
		spend: demoSpend(clock)
	};
}

/** Nobody was a client before he came, a little before his first order. */
function clientRows(clients: DemoClient[], orders: DemoOrder[], clock: Clock) {
	const firstSeen = new Map<number, number>();
	for (const { client, taken } of orders) {
		firstSeen.set(client, Math.max(firstSeen.get(client) ?? 0, taken));
	}
	return clients.map((client) => ({
		...client,
		created_at: clock.at((firstSeen.get(client.number) ?? 30 * 24 * 60) + 700)
	}));
}

/** Masters of a trade can do its services, each all but one or two. */
function demoSkills() {
	const random = seeded(11);
	return masters.flatMap((master) =>
		services
			.map((service, index) => ({
				employee_id: master.id,
				service: index + 1,
				trade: service.trade
			}))
			.filter(({ trade }) => (trade === 'windows') === (master.location === 2))
			.filter(() => random.chance(0.85))
	);
}

/** One asset per client and thing; a client whose orders were about nothing of his has one all the same. */
function demoAssets(orders: DemoOrder[], clients: DemoClient[]) {
	const random = seeded(1962);
	const assets: (DemoAsset & { number: number })[] = [];
	const numbers = new Map<string, number>();
	const numberOf = (client: number, thing: Thing): number => {
		const key = `${client} ${thing.join(' ')}`;
		const known = numbers.get(key);
		if (known) return known;
		const serial = random.chance(0.6)
			? `${random.pick(['SN', 'A', 'YF', 'KH'])}${random.int(100_000, 999_999)}`
			: null;
		assets.push({ number: assets.length + 1, client, thing, serial });
		numbers.set(key, assets.length);
		return assets.length;
	};
	for (const { client, work } of orders) if (work.thing) numberOf(client, work.thing);
	const owners = new Set(assets.map(({ client }) => client));
	for (const { number, home } of clients) {
		const { thing } = random.pick(workOf[home].filter((work) => work.thing));
		if (!owners.has(number) && thing) numberOf(number, thing);
	}
	return {
		assets,
		numberOf: ({ client, work }: DemoOrder) => (work.thing ? numberOf(client, work.thing) : null)
	};
}

function orderRow(order: DemoOrder, number: number, asset: number | null, clock: Clock) {
	const { journey, work, taken } = order;
	const moment = (after: number | null | undefined) =>
		after === null || after === undefined ? null : clock.at(taken - after);
	return {
		number,
		location: order.place,
		client: order.client,
		asset,
		service: serviceNumber(work.service),
		campaign: order.campaign,
		type: order.type,
		problem:
			work.thing && order.place !== 2
				? `${label(work.thing)}: ${lower(work.problem)}`
				: work.problem,
		result: journey.marks.done === undefined ? null : work.result,
		visit: order.place === 2,
		priority: order.priority,
		promised_at: order.promisedIn === null ? null : clock.at(-order.promisedIn),
		stage: journey.stage,
		master_id: journey.master,
		refusal_reason: order.refusal,
		total: journey.total,
		paid: journey.paid,
		payment_state: journey.paymentState,
		created_by: journey.steps[0]?.actor,
		version: journey.steps.length,
		created_at: clock.at(taken),
		updated_at: moment(journey.now),
		stage_entered_at: moment(journey.entered),
		assigned_at: moment(journey.marks.assigned),
		seen_at: moment(journey.marks.seen),
		accepted_at: moment(journey.marks.accepted),
		done_at: moment(journey.marks.done),
		closed_at: moment(journey.marks.closed),
		invoiced_at: moment(journey.invoiced)
	};
}

const label = (thing: Thing) => thing.filter(Boolean).join(' ');
const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);

function eventRows({ journey, taken }: DemoOrder, order: number, clock: Clock) {
	return journey.steps.map(({ after, becomes, ...step }, index) => {
		const at = clock.at(taken - after);
		return {
			...step,
			order,
			version: index + 1,
			at,
			// what a master sees or accepts is stamped with the moment itself
			becomes: Object.fromEntries(
				Object.entries(becomes).map(([key, value]) => [key, value === true ? at : value])
			)
		};
	});
}

function lineRows({ journey, taken, work }: DemoOrder, order: number, clock: Clock) {
	return journey.lines.map(({ after, ...line }, index) => ({
		...line,
		order,
		position: index + 1,
		service: line.kind === 'work' ? serviceNumber(work.service) : null,
		performed_by: line.kind === 'work' ? journey.master : null,
		created_at: clock.at(taken - after)
	}));
}

function paymentRows({ journey, taken }: DemoOrder, order: number, clock: Clock) {
	return journey.payments.map(({ after, ...payment }, index) => ({
		...payment,
		order,
		position: index + 1,
		// the one payment a refund gives back of
		refunds: payment.kind === 'refund' ? 1 : null,
		received_at: clock.at(taken - after)
	}));
}
