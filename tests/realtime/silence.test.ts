/** Connections to Postgres that go silent without an end, and slots that fall behind. */
import { connect, createServer, type AddressInfo, type Server, type Socket as Tcp } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Watchdog } from '../../supabase/embedded/realtime/watchdog.ts';
import {
	client,
	collect,
	dropClients,
	following,
	startBench,
	subscribe,
	token,
	until,
	type Bench
} from './support.ts';

const SLOT = 'supabase_realtime_messages_replication_slot_embedded';

/** Passes bytes on, until the replication connections that are open are frozen: open, but silent. */
class Wire {
	readonly #server: Server;
	readonly #replicating: Tcp[][] = [];

	constructor(port: number) {
		this.#server = createServer((inner) => {
			const outer = connect(port, '127.0.0.1');
			for (const end of [inner, outer]) end.on('error', () => {});
			inner.once('data', (hello) => {
				if (hello.includes('replication\0database')) this.#replicating.push([inner, outer]);
			});
			inner.pipe(outer);
			outer.pipe(inner);
		}).listen(0, '127.0.0.1');
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	freeze(): number {
		const frozen = this.#replicating.splice(0);
		for (const [inner, outer] of frozen) {
			inner?.unpipe();
			outer?.unpipe();
			inner?.resume().on('data', () => {});
			outer?.resume().on('data', () => {});
		}
		return frozen.length;
	}

	close(): void {
		this.#server.close();
	}
}

let bench: Bench;
let wire: Wire;
let jwt: string;
beforeAll(async () => {
	bench = await startBench();
	jwt = await token(bench);
	const url = new URL(bench.urls.admin);
	wire = new Wire(Number(url.port));
	await bench.owner.unsafe(`create table public.notes (id int primary key);
		grant select on public.notes to anon;
		alter publication supabase_realtime add table public.notes;`);
}, 30_000);
afterEach(dropClients);
afterAll(async () => {
	await bench.stop();
	wire.close();
});

async function listen(topic: string) {
	const supabase = await client(bench, () => jwt, { reconnectAfterMs: () => 50 });
	const channel = supabase.channel(topic, { config: { private: true } });
	const received = collect(channel);
	expect((await subscribe(channel)).status).toBe('SUBSCRIBED');
	return () => received.map(({ event }) => event);
}

const send = (event: string, topic: string) =>
	bench.owner`select realtime.send('{}', ${event}, ${topic}, true)`;

test('a WAL connection gone silent is replaced, and what was committed meanwhile arrives once', async () => {
	await bench.realtime().stop();
	const url = new URL(bench.urls.admin);
	url.port = String(wire.port);
	await bench.startRealtime({ databaseUrl: url.href, limits: { replicationSilenceMs: 600 } });
	const events = await listen('ok:silent');
	const notes = await following(bench, { event: '*', schema: 'public', table: 'notes' });
	await send('one', 'ok:silent');
	await bench.owner`insert into public.notes values (1)`;
	await until(() => events().length === 1 && notes.length === 1);
	expect(wire.freeze()).toBe(2);
	await send('two', 'ok:silent');
	await bench.owner`insert into public.notes values (2)`;
	await until(() => events().length === 2 && notes.length === 2, 15_000);
	await send('three', 'ok:silent');
	await bench.owner`insert into public.notes values (3)`;
	await until(() => events().length === 3 && notes.length === 3);
	expect(events()).toEqual(['one', 'two', 'three']);
	expect(notes.map((note) => note.new.id)).toEqual([1, 2, 3]);
	expect(bench.logged).toContainEqual(
		expect.objectContaining({
			level: 'warn',
			message: 'replication interrupted',
			error: 'Postgres is silent'
		})
	);
});

test('a slot too far behind is given up with a line in the log, and members look again', async () => {
	await bench.realtime().stop();
	await bench.startRealtime({ limits: { slotLagBytes: 500_000, watchdogMs: 20 } });
	const supabase = await client(bench, () => jwt, { reconnectAfterMs: () => 50 });
	const channel = supabase.channel('ok:lag', { config: { private: true } });
	const events = collect(channel);
	const statuses: string[] = [];
	channel.subscribe((status) => statuses.push(status));
	await until(() => statuses.includes('SUBSCRIBED'));
	// confirmations go out once a second, so that for a moment this much is not confirmed
	await bench.admin`create table public.bulk as select repeat('x', 1000) from generate_series(1, 20000)`;
	await until(() => statuses.filter((status) => status === 'SUBSCRIBED').length === 2);
	expect(bench.logged).toContainEqual({
		level: 'error',
		message: 'replication slot lags too far behind, making a new one',
		slot: SLOT,
		lag: expect.any(Number),
		allowed: 500_000
	});
	await send('after', 'ok:lag');
	await until(() => events.length === 1);
	await bench.realtime().stop();
	await bench.startRealtime();
});

test('the watchdog: half of the limit, no mercy for who stands still, patience with who catches up', () => {
	const renewed: string[] = [];
	const reader = { renewSlot: () => void renewed.push('renewed') };
	const watchdog = new Watchdog(() => {}, 0);
	const look = (lag: number, limit = 1000) => watchdog.look({ name: 'slot', lag, limit }, reader);
	for (const lag of [400, 499, 500]) look(lag);
	for (const lag of [900, 800, 700, 600, 501]) look(lag);
	look(100);
	look(900);
	expect(renewed).toEqual([]);
	look(900);
	expect(renewed).toHaveLength(1);
	for (const lag of [5000, 6000]) look(lag, -1048576);
	expect(renewed).toHaveLength(1);
});

test('without listeners no WAL is kept for postgres_changes, nor what a killed server left', async () => {
	await bench.realtime().stop();
	const changesSlots = async () => {
		const rows = await bench.admin`
			select slot_name from pg_replication_slots where slot_name <> ${SLOT}`;
		return rows.length;
	};
	expect(await changesSlots()).toBe(0);
	await bench.admin`select pg_create_logical_replication_slot(
		'supabase_realtime_replication_slot_embedded', 'pgoutput')`;
	await bench.admin`insert into realtime.subscription (subscription_id, entity, claims)
		values (gen_random_uuid(), 'public.notes', '{"role": "anon"}')`;
	await bench.startRealtime({ limits: { changesIdleMs: 50 } });
	await until(async () => (await changesSlots()) === 0);
	const [left] = await bench.admin`select count(*)::int as n from realtime.subscription`;
	expect(left?.n).toBe(0);
	await following(bench, { event: '*', schema: 'public', table: 'notes' });
	expect(await changesSlots()).toBe(1);
	await dropClients();
	await until(async () => (await changesSlots()) === 0);
});
