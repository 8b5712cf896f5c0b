/** Limits of the whole server, and sockets that went quiet. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Limits } from '../../supabase/embedded/realtime/options.ts';
import { Rate } from '../../supabase/embedded/realtime/rate.ts';
import { refusedConnect, Socket } from './socket.ts';
import { settle, startBench, token, until, type Bench } from './support.ts';

let bench: Bench;
const sockets: Socket[] = [];
beforeAll(async () => {
	bench = await startBench();
}, 30_000);
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
afterAll(() => bench.stop());

async function withLimits(limits: Partial<Limits>) {
	await bench.realtime().stop();
	await bench.startRealtime({ limits });
}

async function open() {
	const socket = await Socket.open(bench);
	sockets.push(socket);
	return socket;
}

test('one connection too many is refused until another leaves', async () => {
	await withLimits({ connections: 2 });
	const [first] = [await open(), await open()];
	expect(await refusedConnect(bench, bench.secrets.publishableKey)).toEqual({
		status: 429,
		body: { error: 'Too many connected users' }
	});
	first?.close();
	await until(() => bench.realtime().stats().connections === 1);
	await open();
});

test('too many joins a second are refused and end the socket', async () => {
	await withLimits({ joinsPerSecond: 1 / 20 });
	const socket = await open();
	for (const topic of ['a', 'b', 'c']) {
		expect((await socket.join(topic)).payload.status).toBe('ok');
	}
	expect((await socket.join('d')).payload.response).toEqual({
		reason: 'ClientJoinRateLimitReached: Too many joins per second'
	});
	await until(() => socket.closeCode === 1008);
});

test('deliveries count as events', async () => {
	await withLimits({ eventsPerSecond: 1 / 10 });
	const [socket, other] = [await open(), await open()];
	await socket.join('a');
	await other.join('a');
	const push = () => socket.send('realtime:a', 'broadcast', { type: 'broadcast', event: 'e' }, '1');
	push();
	push();
	push();
	await socket.next(({ event }) => event === 'phx_close');
	expect(socket.of('system')[0]?.payload.message).toBe('Too many messages per second');
	await settle();
	expect(other.of('broadcast')).toHaveLength(2);
});

test('a socket without heartbeat is closed, one with heartbeats stays', async () => {
	await withLimits({ idleMs: 1200 });
	const [quiet, lively] = [await open(), await open()];
	await quiet.join('a');
	await lively.join('a');
	await until(async () => {
		await lively.push('phoenix', 'heartbeat', {});
		return quiet.closeCode !== undefined;
	});
	expect(lively.closeCode).toBeUndefined();
	expect(bench.realtime().stats()).toMatchObject({ connections: 1, channels: 1 });
});

test('a socket without channels is closed', async () => {
	await withLimits({ noChannelMs: 500 });
	const [empty, joined] = [await open(), await open()];
	await joined.join('a');
	await until(() => empty.closeCode !== undefined);
	expect(joined.closeCode).toBeUndefined();
});

test('a client that does not read is dropped before it fills the memory', async () => {
	await withLimits({ backlogBytes: 1_000_000 });
	const jwt = await token(bench);
	const [stuck, reader] = [await open(), await open()];
	for (const socket of [stuck, reader]) await socket.join('ok:stuck', { private: true }, jwt);
	stuck.raw.pause();
	await until(async () => {
		await bench.owner`select realtime.send(
			jsonb_build_object('fill', repeat('x', 1000000)), 'e', 'ok:stuck', true)`;
		return bench.realtime().stats().messages.stalled > 0;
	});
	stuck.raw.terminate();
	await until(() => bench.realtime().stats().connections === 1);
	expect(reader.closeCode).toBeUndefined();
});

const track = (socket: Socket, payload: unknown) =>
	socket.send('realtime:p', 'presence', { type: 'presence', event: 'track', payload }, '1');

/** What a socket is told before its channel is closed. */
async function lastWords(socket: Socket) {
	await socket.next(({ event }) => event === 'phx_close');
	return socket.of('system')[0]?.payload;
}

test('presence: calls of one channel, calls of all, size', async () => {
	const said = (message: string) => ({
		extension: 'system',
		status: 'error',
		message,
		channel: 'p'
	});
	await withLimits({ presenceCalls: 2, presenceWindowMs: 60_000 });
	const eager = await open();
	await eager.join('p');
	for (const n of [1, 2, 3]) track(eager, { n });
	expect(await lastWords(eager)).toEqual(said('Client presence rate limit exceeded'));

	await withLimits({ presencePerSecond: 1 / 60 });
	const [first, second] = [await open(), await open()];
	for (const socket of [first, second]) await socket.join('p');
	track(first, { n: 1 });
	await first.next(({ ref, event }) => ref === '2' && event === 'phx_reply');
	track(second, { n: 2 });
	expect(await lastWords(second)).toEqual(said('Too many presence messages per second'));

	await withLimits({ payloadKb: 1 });
	const large = await open();
	await large.join('p');
	track(large, { fill: 'x'.repeat(1600) });
	expect(await lastWords(large)).toEqual(said('Track message size exceeded'));
});

test('messages of one socket and payload sizes are limited as configured', async () => {
	await withLimits({ payloadKb: 1, eventsPerConnectionPerSecond: 1 / 20 });
	const [socket, other] = [await open(), await open()];
	for (const each of [socket, other]) await each.join('a', { broadcast: { ack: true } });
	const push = (length: number) =>
		socket.push('realtime:a', 'broadcast', { event: 'e', payload: 'x'.repeat(length) }, '1');
	expect((await push(1300)).payload).toEqual({ status: 'ok', response: {} });
	expect((await push(1600)).payload).toEqual({
		status: 'error',
		response: { reason: 'payload_size_exceeded' }
	});
	await push(1);
	socket.send('realtime:a', 'broadcast', { event: 'e' }, '1');
	expect((await lastWords(socket))?.message).toBe('Too many messages per second');
	expect(other.of('broadcast')).toHaveLength(2);
	await until(() => socket.closeCode === undefined);
});

test('channels and frame sizes are limited as configured', async () => {
	await withLimits({ channelsPerConnection: 1, frameBytes: 2000 });
	const socket = await open();
	await socket.join('a');
	expect((await socket.join('b')).payload.response).toEqual({
		reason: 'ChannelRateLimitReached: Too many channels'
	});
	socket.raw.send('x'.repeat(2001));
	await until(() => socket.closeCode === 1009);
});

test('HTTP: beyond the rate 429, beyond the size 422', async () => {
	await withLimits({ payloadKb: 1, eventsPerSecond: 1 / 60 });
	const post = (payload: object) =>
		fetch(`${bench.url}/realtime/v1/api/broadcast`, {
			method: 'POST',
			headers: { apikey: bench.secrets.publishableKey },
			body: JSON.stringify({ messages: [{ topic: 'a', event: 'e', payload }] })
		});
	expect((await post({ fill: 'x'.repeat(1600) })).status).toBe(422);
	expect((await post({})).status).toBe(202);
	const refused = await post({});
	expect([refused.status, await refused.json()]).toEqual([429, { message: 'Too many requests' }]);
});

test('a policy that takes too long refuses the join', async () => {
	await withLimits({ policyTimeoutMs: 100 });
	await bench.owner.unsafe(`
		create function public.slow() returns boolean language sql
			as $$ select pg_catalog.pg_sleep(5) is not null $$;
		grant execute on function public.slow() to authenticated;
		create policy "slow" on realtime.messages as restrictive for select to authenticated
			using (realtime.topic() not like 'ok:slow' or public.slow())`);
	const socket = await open();
	const answer = await socket.join('ok:slow', { private: true }, await token(bench));
	expect(answer.payload.response).toEqual({ reason: 'QueryCanceled: A policy took too long' });
});

test('rates forget what is older than a minute', () => {
	const rate = new Rate(1);
	const start = performance.now();
	const original = performance.now;
	try {
		performance.now = () => start;
		expect(rate.allow(60)).toBe(true);
		expect(rate.allow()).toBe(false);
		performance.now = () => start + 50_000;
		expect(rate.allow()).toBe(false);
		performance.now = () => start + 61_000;
		expect(rate.allow(58)).toBe(true);
		performance.now = () => start + 1_000_000;
		expect(rate.allow(60)).toBe(true);
	} finally {
		performance.now = original;
	}
});
