/** Messages sent by SQL: only committed ones, in commit order, to those who may hear them. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Socket } from './socket.ts';
import {
	client,
	collect,
	dropClients,
	settle,
	startBench,
	subscribe,
	token,
	until,
	type Bench
} from './support.ts';

let bench: Bench;
let jwt: string;
beforeAll(async () => {
	bench = await startBench();
	jwt = await token(bench);
	await bench.owner.unsafe(`
		create schema private;
		create table public.things (id int primary key, name text, private_note text);
		create function private.tell() returns trigger
		language plpgsql security definer set search_path = '' as $$
		begin
			perform realtime.broadcast_changes(
				'ok:things', tg_op, tg_op, tg_table_name, tg_table_schema, new, old
			);
			return null;
		end $$;
		create trigger tell after insert or update or delete on public.things
			for each row execute function private.tell();
		grant insert on public.things to authenticated;`);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

async function listen(topic: string) {
	const supabase = await client(bench, () => jwt);
	const channel = supabase.channel(topic, { config: { private: true } });
	const received = collect(channel);
	expect((await subscribe(channel)).status).toBe('SUBSCRIBED');
	return received;
}

test('a message goes out at commit, not before, and with its row id', async () => {
	const received = await listen('ok:commit');
	await bench.owner.begin(async (sql) => {
		await sql`select realtime.send('{"n": 1}', 'told', 'ok:commit', true)`;
		await settle();
		expect(received).toEqual([]);
	});
	await until(() => received.length > 0);
	const [row] = await bench.admin`select id from realtime.messages where topic = 'ok:commit'`;
	expect(received).toEqual([
		{ type: 'broadcast', event: 'told', payload: { n: 1, id: row?.id }, meta: { id: row?.id } }
	]);
});

test('a rolled-back transaction and a rolled-back savepoint send nothing', async () => {
	const received = await listen('ok:rollback');
	const undone = bench.owner.begin(async (sql) => {
		await sql`select realtime.send('{}', 'undone', 'ok:rollback', true)`;
		throw new Error('changed my mind');
	});
	await expect(undone).rejects.toThrow('changed my mind');
	await bench.owner.begin(async (sql) => {
		await sql`select realtime.send('{}', 'first', 'ok:rollback', true)`;
		await sql
			.savepoint(async (inner) => {
				await inner`select realtime.send('{}', 'half', 'ok:rollback', true)`;
				throw new Error('undo');
			})
			.catch(() => {});
		await sql`select realtime.send('{}', 'last', 'ok:rollback', true)`;
	});
	await until(() => received.length >= 2);
	await settle();
	expect(received.map(({ event }) => event)).toEqual(['first', 'last']);
});

test('concurrent transactions arrive whole and in the order of their commits', async () => {
	const received = await listen('ok:order');
	const late = bench.owner.begin(async (sql) => {
		await sql`select realtime.send('{"n": 0}', 'slow', 'ok:order', true)`;
		await bench.admin`select realtime.send('{"n": 0}', 'fast', 'ok:order', true)`;
		await sql`select realtime.send('{"n": 1}', 'slow', 'ok:order', true)`;
	});
	await late;
	const writers = [bench.owner, bench.admin].map(async (sql, writer) => {
		for (let n = 0; n < 50; n++) {
			await sql`select realtime.send(${sql.json({ n })}, ${`w${writer}`}, 'ok:order', true)`;
		}
	});
	await Promise.all(writers);
	await until(() => received.length >= 103);
	expect(received.slice(0, 3).map(({ event }) => event)).toEqual(['fast', 'slow', 'slow']);
	for (const writer of ['w0', 'w1']) {
		const numbers = received
			.filter(({ event }) => event === writer)
			.map(({ payload }) => payload.n);
		expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => n));
	}
});

test('broadcast_changes from a definer trigger reaches members, whoever wrote', async () => {
	const received = await listen('ok:things');
	await bench.owner.begin(async (sql) => {
		await sql`set local role authenticated`;
		await sql`insert into public.things values (1, 'drill')`;
	});
	await bench.owner`update public.things set name = 'saw'`;
	await bench.owner`delete from public.things`;
	await until(() => received.length === 3);
	const drill = { id: 1, name: 'drill', private_note: null };
	const saw = { ...drill, name: 'saw' };
	const at = { schema: 'public', table: 'things', id: expect.any(String) };
	expect(received.map(({ event, payload }) => [event, payload])).toEqual([
		['INSERT', { ...at, operation: 'INSERT', record: drill, old_record: null }],
		['UPDATE', { ...at, operation: 'UPDATE', record: saw, old_record: drill }],
		['DELETE', { ...at, operation: 'DELETE', record: null, old_record: saw }]
	]);
});

test('send keeps an id it was given and other JSON than objects as it is', async () => {
	const received = await listen('ok:shapes');
	for (const payload of ['{"id": "mine"}', '[1, "два"]', '"text"', '12345678901234567890.5']) {
		await bench.owner`select realtime.send(${payload}::text::jsonb, 'e', 'ok:shapes', true)`;
	}
	await until(() => received.length === 4);
	expect(received.map(({ payload }) => payload)).toEqual([
		{ id: 'mine' },
		[1, 'два'],
		'text',
		Number('12345678901234567890.5')
	]);
});

test('bytes arrive as bytes, and not at all with the old serializer', async () => {
	const socket = await Socket.open(bench);
	const old = await Socket.open(bench, { vsn: '1.0.0' });
	for (const each of [socket, old]) await each.join('ok:bytes', { private: true }, jwt);
	await bench.owner`select realtime.send_binary('\\x00ff10'::bytea, 'blob', 'ok:bytes', true)`;
	await bench.owner`select realtime.send('{"a": 1}', 'text', 'ok:bytes', true)`;
	await until(() => socket.of('broadcast').length === 2 && old.of('broadcast').length > 0);
	expect(socket.of('broadcast').map(({ payload }) => payload.payload)).toEqual([
		Buffer.from([0, 255, 16]),
		{ a: 1, id: expect.any(String) }
	]);
	expect(old.of('broadcast').map(({ payload, binary }) => [binary, payload])).toEqual([
		[
			false,
			{
				type: 'broadcast',
				event: 'text',
				payload: { a: 1, id: expect.any(String) },
				meta: { id: expect.any(String) }
			}
		]
	]);
	socket.close();
	old.close();
});

test('an event name too long for the binary frame arrives as text', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:long', { private: true }, jwt);
	const event = 'ё'.repeat(200);
	await bench.owner`select realtime.send('{"a": 1}', ${event}, 'ok:long', true)`;
	const frame = await socket.next((each) => each.event === 'broadcast');
	expect([frame.binary, frame.payload.event]).toEqual([false, event]);
	socket.close();
});

test('a failing send warns and leaves the transaction alive; strangers cannot send', async () => {
	const received = await listen('ok:warn');
	await bench.owner.begin(async (sql) => {
		await sql`select realtime.send('{}', 'e', null, true)`;
		await sql`set local role authenticated`;
		await sql`select realtime.send('{}', 'refused', 'secret:1', true)`;
		await sql`select realtime.send('{}', 'allowed', 'ok:warn', true)`;
	});
	await until(() => received.length > 0);
	expect(received.map(({ event }) => event)).toEqual(['allowed']);
	const stored = await bench.admin`select from realtime.messages where event = 'refused'`;
	expect(stored.length).toBe(0);
});

test('a message above the limit is dropped with a line in the log, the next one arrives', async () => {
	const received = await listen('ok:big');
	await bench.owner`select realtime.send(
		jsonb_build_object('fill', repeat('x', 3100000)), 'big', 'ok:big', true)`;
	await bench.owner`select realtime.send(
		jsonb_build_object('fill', repeat('x', 1000000)), 'megabyte', 'ok:big', true)`;
	await until(() => received.length > 0);
	expect(received.map(({ event }) => event)).toEqual(['megabyte']);
	expect(bench.logged.at(-1)).toMatchObject({ level: 'error', event: 'big', topic: 'ok:big' });
});

test('replay gives what was missed, oldest first, marked as replayed', async () => {
	const since = Date.now() - 1000;
	for (const n of [1, 2, 3]) {
		await bench.owner`select realtime.send(${bench.owner.json({ n })}, 'e', 'ok:replay', true)`;
	}
	const supabase = await client(bench, () => jwt);
	const channel = supabase.channel('ok:replay', {
		config: { private: true, broadcast: { replay: { since, limit: 2 } } }
	});
	const received = collect(channel);
	await subscribe(channel);
	await until(() => received.length === 2);
	expect(received.map(({ payload, meta }) => [payload.n, meta])).toEqual([
		[2, { id: received[0]?.payload.id, replayed: true }],
		[3, { id: received[1]?.payload.id, replayed: true }]
	]);
});

test('what is sent while old messages are being replayed is neither missed nor doubled', async () => {
	const send = async (n: number) =>
		void (await bench.owner`select realtime.send(${bench.owner.json({ n })}, 'e', 'ok:seam', true)`);
	let sent = 0;
	let going = true;
	const writing = (async () => {
		while (going) await send(++sent);
	})();
	await until(() => sent >= 10);
	const sockets = await Promise.all(Array.from({ length: 10 }, () => Socket.open(bench)));
	const replay = { since: Date.now() - 60_000, limit: 25 };
	const join = { private: true, broadcast: { replay } };
	await Promise.all(sockets.map((socket) => socket.join('ok:seam', join, jwt)));
	await settle();
	going = false;
	await writing;
	const numbers = (socket: Socket) =>
		socket.of('broadcast').map(({ payload }) => (payload.payload as { n: number }).n);
	for (const socket of sockets) {
		await until(() => numbers(socket).at(-1) === sent);
		const [first = 0] = numbers(socket);
		const all = Array.from({ length: sent - first + 1 }, (_, index) => first + index);
		expect(numbers(socket)).toEqual(all);
		socket.close();
	}
});

test('replication_ready is confirmed', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:ready', { private: true, broadcast: { replication_ready: true } }, jwt);
	const { payload } = await socket.next((frame) => frame.event === 'system');
	expect(payload).toMatchObject({
		status: 'ok',
		message: 'Replication connection established',
		channel: 'ok:ready'
	});
	socket.close();
});
