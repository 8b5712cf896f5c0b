/** The demo company's orders with the history that brought each to its column. */
import { people } from './people.ts';
import { seeded, type Random } from './random.ts';
import { instrumentWork, refusals, windowWork } from './work.ts';

export type StageKind =
	'unassigned' | 'assigned' | 'in_progress' | 'waiting' | 'done' | 'closed' | 'refused';

export type DemoEvent = {
	kind: 'created' | 'assigned' | 'moved';
	from: StageKind | null;
	to: StageKind;
	/** set where the event gave the order to a master */
	master: string | null;
	actor: string;
	reason: string | null;
	/** minutes before now */
	ago: number;
};

export type DemoOrder = {
	location: 1 | 2;
	client: number;
	type: string;
	problem: string;
	result: string | null;
	address: boolean;
	priority: number;
	/** minutes from now, negative: already late */
	promised_in: number | null;
	stage: StageKind;
	master: string | null;
	refusal_reason: string | null;
	events: DemoEvent[];
};

const DAY = 24 * 60;

/** How many orders end in each column. Assigned and in progress follow from `active`. */
const amounts = { unassigned: 22, waiting: 20, done: 25, closed: 45, refused: 15 } as const;

/** Active orders of each master, as [assigned, in progress]; nobody above capacity. */
const active: Record<string, [number, number]> = {
	master: [1, 1],
	master2: [1, 0],
	master3: [1, 2],
	master4: [1, 1],
	master5: [1, 1],
	master6: [1, 1]
};

const idOf = (name: string) => people.find((person) => person.name === name)?.id as string;
const masters = people.filter((person) => person.role === 'master');

/** Orders from the oldest to the newest, as they were taken. */
export function demoOrders(clients: number): DemoOrder[] {
	const random = seeded(34);
	const orders: DemoOrder[] = [];
	for (const [name, [assigned, inProgress]] of Object.entries(active)) {
		const master = masters.find((person) => person.name === name) as (typeof masters)[number];
		for (let i = 0; i < assigned; i++) orders.push(makeOrder(random, 'assigned', clients, master));
		for (let i = 0; i < inProgress; i++) {
			orders.push(makeOrder(random, 'in_progress', clients, master));
		}
	}
	for (const [stage, amount] of Object.entries(amounts)) {
		for (let i = 0; i < amount; i++) {
			orders.push(makeOrder(random, stage as StageKind, clients, random.pick(masters)));
		}
	}
	return orders.sort((a, b) => (b.events[0]?.ago ?? 0) - (a.events[0]?.ago ?? 0));
}

function makeOrder(
	random: Random,
	stage: StageKind,
	clients: number,
	master: (typeof masters)[number]
): DemoOrder {
	const location = master.location as 1 | 2;
	const work = random.pick(location === 1 ? instrumentWork : windowWork);
	const taken = ageOf(random, stage);
	const path = pathTo(random, stage);
	const finished = stage === 'done' || stage === 'closed';
	const refusal = stage === 'refused' ? random.pick(refusals) : null;
	return {
		location,
		client: random.int(1, clients),
		type: work.type,
		problem: work.problem,
		result: finished ? work.result : null,
		address: location === 2,
		priority: random.chance(0.12) ? 2 : random.chance(0.2) ? 1 : 0,
		promised_in: finished || stage === 'refused' ? -random.int(60, taken) : promise(random, taken),
		stage,
		master: path.some((step) => step !== 'unassigned' && step !== 'refused') ? master.id : null,
		refusal_reason: refusal,
		events: historyOf(random, path, taken, master.id, refusal)
	};
}

/** Minutes since the order was taken. */
function ageOf(random: Random, stage: StageKind): number {
	if (stage === 'unassigned') return random.int(5, 30 * 60);
	if (stage === 'assigned') return random.int(2 * 60, 3 * DAY);
	if (stage === 'in_progress') return random.int(8 * 60, 5 * DAY);
	if (stage === 'waiting') return random.int(1 * DAY, 12 * DAY);
	if (stage === 'done') return random.int(2 * DAY, 14 * DAY);
	return random.int(5 * DAY, 90 * DAY);
}

/** About one open order in five is late already, the rest is due from an hour to a week ahead. */
function promise(random: Random, taken: number): number | null {
	if (random.chance(0.12)) return null;
	if (random.chance(0.2)) return -random.int(20, Math.max(40, Math.floor(taken / 3)));
	return random.int(30, random.chance(0.5) ? 10 * 60 : 7 * DAY);
}

function pathTo(random: Random, stage: StageKind): StageKind[] {
	if (stage === 'unassigned') return ['unassigned'];
	if (stage === 'assigned') return ['unassigned', 'assigned'];
	if (stage === 'refused') {
		return random.chance(0.6) ? ['unassigned', 'refused'] : ['unassigned', 'assigned', 'refused'];
	}
	const path: StageKind[] = ['unassigned', 'assigned', 'in_progress'];
	if (stage === 'in_progress') return path;
	if (stage === 'waiting' || random.chance(0.25)) path.push('waiting');
	if (stage === 'waiting') return path;
	path.push('done');
	if (stage === 'closed') path.push('closed');
	return path;
}

function historyOf(
	random: Random,
	path: StageKind[],
	taken: number,
	master: string,
	refusal: string | null
): DemoEvent[] {
	let ago = taken;
	return path.map((to, index) => {
		const from = path[index - 1] ?? null;
		// each step takes a share of the time that is left, the last one ends before now
		if (index > 0) ago = Math.max(1, Math.round((ago * random.int(35, 80)) / 100));
		const byMaster = to === 'in_progress' || to === 'waiting' || to === 'done';
		return {
			kind: from === null ? 'created' : to === 'assigned' ? 'assigned' : 'moved',
			from,
			to,
			master: to === 'assigned' ? master : null,
			actor: from === null ? idOf('operator') : byMaster ? master : idOf('coordinator'),
			reason: to === 'refused' ? refusal : null,
			ago
		};
	});
}
