/** What many, broken, slow or hasty clients and a jumping clock must not do to the others. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { binaryPush, Socket } from './socket.ts';
import { startBench, token, until, type Bench } from './support.ts';

let bench: Bench;
let jwt: string;
const sockets: Socket[] = [];
beforeAll(async () => {
	bench = await startBench({ limits: { backlogBytes: 2_000_000, joinsPerSecond: 1000 } });
	// outlives the days that the clock jumps
	jwt = await token(bench, {}, { expiresIn: 7 * 86_400 });
}, 30_000);
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
afterAll(() => bench.stop());

async function member(topic: string, vsn = '2.0.0') {
	const socket = await Socket.open(bench, { vsn });
	sockets.push(socket);
	expect((await socket.join(topic, { private: true }, jwt)).payload.status).toBe('ok');
	return socket;
}

const send = (topic: string, size = 1) =>
	bench.owner`select realtime.send(jsonb_build_object('fill', repeat('x', ${size})), 'e', ${topic}, true)`;

/** The same numbers in each run, so that a failure can be looked at again. */
function numbers(seed: number) {
	return (below: number) => {
		seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
		return Math.floor((seed / 2 ** 32) * below);
	};
}

test('5,000 malformed frames: no socket but the sender’s notices, and that one lives on', async () => {
	const [bystander, culprit, old] = [
		await member('ok:junk'),
		await member('ok:junk'),
		await member('ok:junk', '1.0.0')
	];
	const random = numbers(7);
	const events = [
		'phx_join',
		'broadcast',
		'presence',
		'access_token',
		'phx_leave',
		'heartbeat',
		''
	];
	const values = [
		'null',
		'[]',
		'{}',
		'"x"',
		'-1e999',
		'{"config":{"postgres_changes":"x"}}',
		'[[[['
	];
	const pick = (list: string[]) => list[random(list.length)] as string;
	const whole = binaryPush('realtime:ok:junk', 'e', Buffer.from('{}'), 1);
	for (let n = 0; n < 5000; n++) {
		const kind = random(4);
		const topic = `realtime:${random(9)}`;
		const text = `["1","2","${topic}","${pick(events)}",${pick(values)}]`;
		const mangled = Buffer.from(kind % 2 ? text : whole);
		for (let hits = random(4); hits >= 0; hits--) mangled[random(mangled.length)] = random(256);
		const frame =
			kind === 0 ? text.slice(0, random(text.length)) : mangled.subarray(0, random(200));
		(n % 3 ? culprit : old).raw.send(kind < 2 ? frame.toString() : frame);
	}
	for (const socket of [culprit, old]) {
		const ref = socket.send('phoenix', 'heartbeat', {});
		await socket.next((frame) => frame.ref === ref && frame.topic === 'phoenix');
	}
	await send('ok:junk');
	await bystander.next(({ event }) => event === 'broadcast');
	expect(bystander.closeCode).toBeUndefined();
	expect(bench.logged.filter(({ level }) => level === 'error')).toEqual([]);
	expect(bench.logged.filter(({ message }) => message === 'malformed frame dropped')).toHaveLength(
		10
	);
});

test('a client that never reads is dropped; the others get every message, and in time', async () => {
	const stuck = await member('ok:slow');
	const readers = await Promise.all(Array.from({ length: 5 }, () => member('ok:slow')));
	stuck.raw.pause();
	const took: number[] = [];
	for (let n = 1; n <= 60; n++) {
		const began = performance.now();
		await send('ok:slow', 200_000);
		await until(() => readers.every((reader) => reader.of('broadcast').length === n));
		took.push(performance.now() - began);
	}
	expect(bench.realtime().stats().messages.stalled).toBe(1);
	expect(
		bench.logged.filter(({ message }) => message === 'client does not read, socket dropped')
	).toHaveLength(1);
	took.sort((a, b) => a - b);
	expect(took[57]).toBeLessThan(500);
	stuck.raw.terminate();
});

test('a storm of 2,000 reconnects: everybody in, nothing left over, the others served', async () => {
	const steady = await member('ok:storm');
	const before = process.memoryUsage().rss;
	const address = `${bench.url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${bench.secrets.publishableKey}&vsn=2.0.0`;
	const join = JSON.stringify([
		'1',
		'1',
		'realtime:ok:storm',
		'phx_join',
		{ config: { private: true }, access_token: jwt }
	]);
	const began = performance.now();
	let answered = 0;
	const come = async () => {
		const socket = new WebSocket(address);
		socket.on('error', () => {});
		await once(socket, 'open');
		socket.send(join);
		const [answer] = await once(socket, 'message');
		if (String(answer).includes('"status":"ok"')) answered++;
		return socket;
	};
	for (let wave = 0; wave < 5; wave++) {
		const crowd = await Promise.all(Array.from({ length: 400 }, come));
		expect(bench.realtime().stats()).toMatchObject({ connections: 401, rooms: 1 });
		await send('ok:storm');
		// cut, not closed, as by a network that went away
		for (const socket of crowd) socket.terminate();
		await until(() => bench.realtime().stats().connections === 1);
	}
	expect(answered).toBe(2000);
	expect(bench.realtime().stats()).toMatchObject({ connections: 1, channels: 1, rooms: 1 });
	await until(() => steady.of('broadcast').length === 5);
	expect(performance.now() - began).toBeLessThan(20_000);
	expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
});

test('a clock that jumps a day ahead or back drops nobody and stops nothing', async () => {
	const socket = await member('ok:clock');
	const lasting = await Socket.open(bench);
	sockets.push(lasting);
	await lasting.join('public');
	const real = Date.now;
	try {
		for (const [index, jump] of [86_400_000, -86_400_000].entries()) {
			Date.now = () => real() + jump;
			// longer than the server looks for silent sockets
			await sleep(1200);
			expect([socket.closeCode, lasting.closeCode]).toEqual([undefined, undefined]);
			const push = { type: 'broadcast', event: 'e', payload: {} };
			lasting.send('realtime:public', 'broadcast', push, '1');
			expect((await lasting.push('phoenix', 'heartbeat', {})).payload.status).toBe('ok');
			await send('ok:clock');
			await until(() => socket.of('broadcast').length === index + 1);
		}
	} finally {
		Date.now = real;
	}
	expect(lasting.of('system')).toEqual([]);
});
