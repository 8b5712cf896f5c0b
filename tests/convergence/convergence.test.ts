/**
 * Twenty people work on one board at random while connections are lost and servers are killed. In
 * the end every board is the database, and the log holds every granted wish exactly once. Chance
 * comes from a seed (CONVERGE_SEED); the machine's timing does not. `npm run bench -- converge` runs
 * it with 10,000 acts.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres, { type Sql } from 'postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Backend } from './backend.ts';
import { pretendBrowser } from './browser.ts';
import { randomOf } from './chance.ts';
import { Colleague, type Seat } from './colleague.ts';
import { Ledger } from './ledger.ts';
import { Network } from './network.ts';
import { faults } from './storm.ts';
import { differences, misrecorded, readTruth } from './truth.ts';

const SEED = Number(process.env.CONVERGE_SEED ?? Date.now() % 1_000_000);
const ACTS = Number(process.env.CONVERGE_ACTS ?? 400);
/** how many acts apart things go wrong */
const CALM = Math.round(ACTS / Number(process.env.CONVERGE_FAULTS ?? 7));
/** who is offline works on, but nobody for ever */
const MOST_UNSENT = 6;
/** after the last act everybody has this long to hear of it */
const SETTLE_MS = 25_000;

const accounts = `coordinator coordinator coordinator coordinator coordinator2 coordinator2
	coordinator2 manager manager manager admin admin admin operator operator
	master master2 master2`.split(/\s+/);
const seats: Seat[] = [
	...accounts.map((account) => ({ account, location: null })),
	{ account: 'coordinator', location: 1 },
	{ account: 'manager', location: 2 }
];

let backend: Backend;
let network: Network;
let sql: Sql;
let colleagues: Colleague[] = [];

beforeAll(async () => {
	pretendBrowser();
	backend = await Backend.start();
	network = await Network.to(backend.port);
	sql = postgres(backend.addresses.dbUrl, { max: 1, onnotice: () => {} });
}, 60_000);
afterEach(async () => {
	await Promise.all(colleagues.map((one) => one.leave()));
});
afterAll(async () => {
	await sql.end({ timeout: 1 });
	network.close();
	await backend.dispose();
});

test(`${seats.length} boards and the database agree after ${ACTS} acts and everything that can break`, async () => {
	console.log(`CONVERGE_SEED=${SEED}`);
	const random = randomOf(SEED);
	const ledger = new Ledger();
	const { key } = backend.addresses;
	// room for orders to change hands; without it most assignments would be refused
	await sql`update public.employees set capacity = 100 where role = 'master'`;
	const [before] = await sql`select count(*)::int as orders from public.orders`;
	colleagues = seats.map((seat) => new Colleague(seat, network.url, key, ledger));
	await Promise.all(colleagues.map((one) => one.open()));
	const began = performance.now();
	const since = new Date();

	let left = ACTS;
	const work = async (one: Colleague, chance = randomOf(random.int(2 ** 31))) => {
		while (left > 0) {
			if (one.board.saving.size + one.editing < MOST_UNSENT && one.act(chance)) left -= 1;
			await sleep(chance.int(200));
		}
	};
	const happened = new Map<string, number>();
	const storm = async () => {
		for (let next = 1; left > 0; next++) {
			while (left > Math.max(0, ACTS - next * CALM)) await sleep(20);
			const fault = faults[(next - 1) % faults.length];
			if (!fault || left === 0) return;
			await fault[1]({ backend, network, random });
			happened.set(fault[0], (happened.get(fault[0]) ?? 0) + 1);
		}
	};
	await Promise.all([storm(), ...colleagues.map((one) => work(one))]);
	const worked = performance.now() - began;

	let wrong: string[];
	const deadline = performance.now() + SETTLE_MS;
	do {
		await sleep(200);
		const truth = await readTruth(sql);
		wrong = colleagues.flatMap((one) => differences(one, truth));
	} while (wrong.length > 0 && performance.now() < deadline);
	const settled = performance.now() - began - worked;
	const report = {
		seed: SEED,
		clients: colleagues.length,
		acts: ACTS,
		writes: ledger.entries.size,
		granted: ledger.count('granted'),
		refused: ledger.count('refused'),
		answer_lost_for_good: ledger.count('asked'),
		repeated: ledger.repeated,
		faults: [...happened.values()].reduce((sum, times) => sum + times, 0),
		worked_ms: Math.round(worked),
		settled_ms: Math.round(settled),
		differences: wrong.length
	};
	console.log(report, Object.fromEntries(happened), ledger.refusals());
	if (process.env.CONVERGE_REPORT)
		writeFileSync(process.env.CONVERGE_REPORT, JSON.stringify(report));

	const unlike = await misrecorded(sql, ledger, since);
	expect([...wrong.slice(0, 20), ...unlike.slice(0, 20)]).toEqual([]);
	const [after] = await sql`select count(*)::int as orders,
		count(distinct (stage_id, rank))::int as places from public.orders`;
	expect(after).toEqual({ orders: before?.orders, places: before?.orders });
	// a test in which nothing was granted, or nothing broke, would prove nothing
	expect(ledger.count('granted')).toBeGreaterThan(ACTS / 3);
	expect(happened.size).toBeGreaterThanOrEqual(Math.min(faults.length, 5));
	expect(ledger.repeated).toBeGreaterThan(0);
});
