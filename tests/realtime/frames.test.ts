/** The protocol frame by frame: what Phoenix would answer, and what must not hurt the server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { binaryPush, refusedConnect, Socket } from './socket.ts';
import { dropClients, settle, startBench, token, until, type Bench } from './support.ts';

let bench: Bench;
let jwt: string;
beforeAll(async () => {
	bench = await startBench({ limits: { channelsPerConnection: 3 } });
	jwt = await token(bench);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

const OK = { status: 'ok', response: {} };
const UNMATCHED = { status: 'error', response: { reason: 'unmatched topic' } };
const PRIVATE = { private: true };

async function heartbeat(socket: Socket) {
	expect((await socket.push('phoenix', 'heartbeat', {})).payload).toEqual(OK);
}

test('join, leave and heartbeat in both versions', async () => {
	for (const vsn of ['1.0.0', '2.0.0']) {
		const socket = await Socket.open(bench, { vsn });
		await heartbeat(socket);
		const joined = await socket.join('a');
		expect(joined.payload).toEqual({ status: 'ok', response: { postgres_changes: [] } });
		expect((await socket.push('realtime:a', 'phx_leave', {}, '2')).payload).toEqual(OK);
		const closed = await socket.next(({ event }) => event === 'phx_close');
		expect([closed.ref, closed.payload]).toEqual(['2', {}]);
		expect((await socket.push('realtime:a', 'phx_leave', {}, '2')).payload).toEqual(OK);
		socket.close();
	}
});

test('a connection without vsn speaks 1.0.0, an unknown one is refused', async () => {
	const socket = await Socket.open(bench, { vsn: '1.0.0' });
	expect(Object.keys(await socket.push('phoenix', 'heartbeat', {})).sort()).toEqual(
		['binary', 'event', 'joinRef', 'payload', 'ref', 'topic'].sort()
	);
	expect(await refusedConnect(bench, bench.secrets.publishableKey, '3.0.0')).toMatchObject({
		status: 400
	});
	socket.close();
});

test('a second join of a topic closes the first and takes its place', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:twice', PRIVATE, jwt);
	const second = await socket.join('ok:twice', PRIVATE, jwt);
	expect(second.payload.status).toBe('ok');
	expect(socket.of('phx_close').map(({ joinRef, ref }) => [joinRef, ref])).toEqual([['1', '1']]);
	await bench.owner`select realtime.send('{}', 'e', 'ok:twice', true)`;
	await socket.next(({ event }) => event === 'broadcast');
	await settle();
	expect(socket.of('broadcast')).toHaveLength(1);
	expect(bench.realtime().stats()).toMatchObject({ channels: 1, rooms: 1 });
	socket.close();
});

test('joins that overtake each other leave one channel, joined under the last reference', async () => {
	const socket = await Socket.open(bench);
	const join = { config: PRIVATE, access_token: jwt };
	for (let n = 0; n < 5; n++) socket.send('realtime:ok:race', 'phx_join', join);
	await socket.next(({ event, ref }) => event === 'phx_reply' && ref === '5');
	await settle();
	expect(socket.of('phx_reply').map(({ ref }) => ref)).toEqual(['5']);
	expect(bench.realtime().stats()).toMatchObject({ channels: 1, rooms: 1 });
	socket.close();
	await until(() => bench.realtime().stats().rooms === 0);
});

test('a topic nobody joined, one of another kind, one without a name', async () => {
	const socket = await Socket.open(bench);
	expect((await socket.push('realtime:nowhere', 'broadcast', {})).payload).toEqual(UNMATCHED);
	socket.raw.send(binaryPush('realtime:nowhere', 'e', Buffer.from('{}'), 1));
	expect((await socket.next(({ ref }) => ref === '77')).payload).toEqual(UNMATCHED);
	expect((await socket.push('room:1', 'phx_join', {})).payload).toEqual(UNMATCHED);
	expect((await socket.join('')).payload.response).toEqual({
		reason: 'TopicNameRequired: You must provide a topic name'
	});
	socket.close();
});

test('more channels than allowed are refused, leaving one makes room', async () => {
	const socket = await Socket.open(bench);
	for (const topic of ['a', 'b', 'c']) {
		expect((await socket.join(topic)).payload.status).toBe('ok');
	}
	expect((await socket.join('d')).payload.response).toEqual({
		reason: 'ChannelRateLimitReached: Too many channels'
	});
	await socket.push('realtime:a', 'phx_leave', {});
	expect((await socket.join('d')).payload.status).toBe('ok');
	socket.close();
});

test('malformed frames are dropped, logged a few times, and the socket lives on', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:bad', PRIVATE, jwt);
	const listener = await Socket.open(bench);
	await listener.join('ok:bad', PRIVATE, jwt);
	const before = bench.logged.length;
	const whole = binaryPush('realtime:ok:bad', 'e', Buffer.from('{}'), 1);
	const junk: (string | Buffer)[] = [
		'',
		'{',
		'null',
		'[]',
		'[1,2,3]',
		'["1","2",3,"e",{}]',
		'{"topic":"phoenix","event":"heartbeat"}',
		Buffer.alloc(0),
		Buffer.from([0, 1, 2]),
		Buffer.from([3, 255, 255, 255, 255, 255, 1]),
		whole.subarray(0, 12),
		binaryPush('realtime:ok:bad', 'e', Buffer.from('{"not": json'), 1)
	];
	for (const frame of junk) socket.raw.send(frame);
	socket.send('realtime:ok:bad', 'no_such_event', {}, '1');
	socket.send('realtime:ok:bad', 'access_token', null, '1');
	socket.send('realtime:ok:bad', 'presence', 'text', '1');
	await heartbeat(socket);
	const lines = bench.logged.slice(before).map(({ message }) => message);
	expect(lines.filter((line) => line === 'malformed frame dropped')).toHaveLength(5);
	expect(listener.of('broadcast')).toEqual([]);
	socket.close();
	listener.close();
});

test('odd join payloads fall back to defaults, booleans may be strings', async () => {
	const socket = await Socket.open(bench);
	const push = (payload: unknown) => socket.push('realtime:odd', 'phx_join', payload);
	for (const payload of [null, 'text', [], { config: 7 }, { config: { presence: 'x' } }]) {
		expect((await push(payload)).payload.status).toBe('ok');
	}
	const changes = { config: { postgres_changes: [null, 5], broadcast: { self: 'TRUE' } } };
	expect((await push(changes)).payload.response).toEqual({ postgres_changes: [] });
	const broadcast = { type: 'broadcast', event: 'e', payload: { n: 1 } };
	socket.send('realtime:odd', 'broadcast', broadcast);
	const echoed = await socket.next(({ event }) => event === 'broadcast');
	expect([echoed.binary, echoed.payload]).toEqual([false, broadcast]);
	expect((await push({ config: { private: 'true' } })).payload.status).toBe('error');
	socket.close();
});

test('a frame above 5 MB closes its socket only', async () => {
	const [socket, other] = [await Socket.open(bench), await Socket.open(bench)];
	await other.join('ok:calm', PRIVATE, jwt);
	socket.raw.send(Buffer.alloc(6_000_000));
	await until(() => socket.closeCode !== undefined);
	expect(socket.closeCode).toBe(1009);
	await bench.owner`select realtime.send('{}', 'e', 'ok:calm', true)`;
	await other.next(({ event }) => event === 'broadcast');
	other.close();
});

test('garbage instead of websocket frames ends that socket only', async () => {
	const { port } = new URL(bench.url);
	const raw = connect(Number(port), '127.0.0.1');
	raw.on('error', () => {});
	raw.write(
		`GET /realtime/v1/websocket?apikey=${bench.secrets.publishableKey} HTTP/1.1\r\nHost: x\r\n` +
			'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
			'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
	);
	const [answer] = await once(raw, 'data');
	expect(String(answer)).toMatch(/^HTTP\/1.1 101/);
	raw.write(Buffer.from('this is not a frame at all'));
	await once(raw, 'close');
	await until(() => bench.realtime().stats().connections === 0);
});
