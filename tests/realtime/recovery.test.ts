/** What breaks comes back by itself, and what was committed meanwhile arrives once. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { prepareSlot } from '../../supabase/embedded/realtime/replication/slot.ts';
import { Socket } from './socket.ts';
import {
	client,
	collect,
	dropClients,
	settle,
	startBench,
	token,
	until,
	type Bench
} from './support.ts';

const SLOT = 'supabase_realtime_messages_replication_slot_embedded';

let bench: Bench;
let jwt: string;
beforeAll(async () => {
	bench = await startBench();
	jwt = await token(bench);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

async function listen(topic: string) {
	const quick = { reconnectAfterMs: () => 50 };
	const supabase = await client(bench, () => jwt, quick);
	const channel = supabase.channel(topic, { config: { private: true } });
	const received = collect(channel);
	const statuses: string[] = [];
	channel.subscribe((status) => statuses.push(status));
	await until(() => statuses.includes('SUBSCRIBED'));
	const events = () => received.map(({ event }) => event);
	return { supabase, channel, events, statuses };
}

const send = (event: string, topic: string) =>
	bench.owner`select realtime.send('{}', ${event}, ${topic}, true)`;

const replication = () => bench.realtime().stats().replication;

test('realtime stopped and started: clients come back and get what was sent meanwhile, once', async () => {
	const { events, statuses } = await listen('ok:restart');
	await send('before', 'ok:restart');
	await until(() => events().length === 1);
	await bench.realtime().stop();
	await send('while away', 'ok:restart');
	await bench.startRealtime();
	await send('before they are back', 'ok:restart');
	await until(() => statuses.filter((status) => status === 'SUBSCRIBED').length === 2);
	await send('after', 'ok:restart');
	await until(() => events().includes('after'));
	expect(events()).toEqual(['before', 'while away', 'before they are back', 'after']);
	expect(bench.logged.filter(({ level }) => level === 'error')).toEqual([]);
});

test('stopping ends every socket, forgets every room and frees the slot', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:stop', { private: true }, jwt);
	await bench.realtime().stop();
	await until(() => socket.closeCode === 1012);
	const [slot] = await bench.admin`
		select active from pg_replication_slots where slot_name = ${SLOT}`;
	expect(slot).toEqual({ active: false });
	await bench.startRealtime();
});

test('a broken WAL connection is opened again; what was committed meanwhile arrives once', async () => {
	const { events, statuses } = await listen('ok:sender');
	await send('one', 'ok:sender');
	await until(() => events().length === 1);
	const before = replication().connects;
	await bench.admin`select pg_terminate_backend(pid) from pg_stat_replication`;
	for (const event of ['two', 'three']) await send(event, 'ok:sender');
	await until(() => events().length === 3);
	await settle();
	expect(events()).toEqual(['one', 'two', 'three']);
	expect(replication().connects).toBe(before + 1);
	expect(statuses).toEqual(['SUBSCRIBED']);
});

test('Postgres killed and started: joins say so meanwhile, nothing comes twice or is lost', async () => {
	const { events } = await listen('ok:kill');
	for (const event of ['one', 'two']) await send(event, 'ok:kill');
	await until(() => events().length === 2);
	await bench.killPostgres();

	const socket = await Socket.open(bench);
	const refused = await socket.join('ok:other', { private: true }, jwt);
	expect(refused.payload.response).toEqual({
		reason: 'UnableToConnectToProject: Realtime was unable to connect to the project database'
	});
	const open = await Socket.open(bench);
	expect((await open.push('phoenix', 'heartbeat', {})).payload.status).toBe('ok');

	await bench.startPostgres();
	await send('three', 'ok:kill');
	await until(() => events().length === 3);
	await settle();
	expect(events()).toEqual(['one', 'two', 'three']);
	expect((await socket.join('ok:other', { private: true }, jwt)).payload.status).toBe('ok');
	socket.close();
	open.close();
});

test('the right to write that could not be asked makes the client join again', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:write', { private: true }, jwt);
	await bench.killPostgres();
	socket.send('realtime:ok:write', 'broadcast', { type: 'broadcast', event: 'e' }, '1');
	await socket.next(({ event }) => event === 'phx_error');
	await bench.startPostgres();
	await until(() => replication().streaming);
	socket.close();
});

test('a slot that a killed server left in use is taken over', async () => {
	await bench.realtime().stop();
	const leftover = postgres(bench.urls.admin, {
		max: 1,
		fetch_types: false,
		connection: { replication: 'database' } as object
	});
	const stream = await leftover
		.unsafe(
			`START_REPLICATION SLOT "${SLOT}" LOGICAL 0/0 (proto_version '1',
			publication_names '"supabase_realtime_messages_publication"')`
		)
		.writable();
	stream.on('error', () => {});
	await bench.startRealtime();
	expect(replication().streaming).toBe(true);
	const { events } = await listen('ok:leftover');
	await send('e', 'ok:leftover');
	await until(() => events().length === 1);
	await leftover.end({ timeout: 0 });
});

test('a slot that vanished is made anew, and members are told to look again', async () => {
	const { events, statuses } = await listen('ok:vanished');
	// the server takes the slot again within milliseconds, so ending its reader and dropping the slot
	// are tried until the drop comes first
	await bench.admin.unsafe(`do $$ begin
		for attempt in 1..500 loop
			begin
				perform pg_terminate_backend(active_pid) from pg_replication_slots where active;
				perform pg_drop_replication_slot('${SLOT}');
				return;
			exception when object_in_use then perform pg_sleep(0.002);
			end;
		end loop;
		raise exception 'the slot was never free';
	end $$`);
	await until(() => statuses.filter((status) => status === 'SUBSCRIBED').length === 2);
	await send('e', 'ok:vanished');
	await until(() => events().length === 1);
});

test('an invalidated slot is replaced with a clear line in the log', async () => {
	const lines: string[] = [];
	const asked: string[] = [];
	const query = async (statement: string) => {
		asked.push(statement.trim().split('(')[0] as string);
		return statement.includes('wal_status')
			? [{ wal_status: 'lost', active_pid: null, usable: 'f' }]
			: [];
	};
	const outcome = await prepareSlot(query, 'slot', (level, message) =>
		lines.push(`${level}: ${message}`)
	);
	expect(outcome).toBe('replaced');
	expect(asked.slice(1)).toEqual([
		'select pg_drop_replication_slot',
		'select pg_create_logical_replication_slot'
	]);
	expect(lines[0]).toMatch(
		/^error: replication slot was invalidated: messages since then are lost/
	);
});

test('the slot follows the WAL of tables nobody listens to, so that it never holds the disk', async () => {
	await bench.admin`create table public.busy as select n from generate_series(1, 50000) n`;
	const [written] = await bench.admin`select pg_current_wal_lsn() as lsn`;
	await until(async () => {
		const [slot] = await bench.admin`
			select confirmed_flush_lsn >= ${written?.lsn}::pg_lsn as caught_up
			from pg_replication_slots where slot_name = ${SLOT}`;
		return slot?.caught_up;
	});
});

test('a server started without Postgres serves as soon as that is there', async () => {
	await bench.realtime().stop();
	await bench.killPostgres();
	const starting = bench.startRealtime();
	await sleep(300);
	await bench.startPostgres();
	await starting;
	const { events } = await listen('ok:late');
	await send('e', 'ok:late');
	await until(() => events().length === 1);
});
