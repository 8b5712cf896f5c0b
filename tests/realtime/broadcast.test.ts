/** Messages between clients, over sockets and over HTTP. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { binaryPush, Socket } from './socket.ts';
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
	bench = await startBench({ limits: { eventsPerConnectionPerSecond: 1 } });
	jwt = await token(bench);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

async function member(topic: string, broadcast = {}, isPrivate = true, options = {}) {
	const supabase = await client(bench, () => jwt, options);
	const channel = supabase.channel(topic, { config: { private: isPrivate, broadcast } });
	const received = collect(channel);
	expect((await subscribe(channel)).status).toBe('SUBSCRIBED');
	return { channel, received };
}

test('what one member sends the others get in order, the sender does not', async () => {
	const [anna, boris] = [await member('ok:talk'), await member('ok:talk')];
	for (let n = 0; n < 20; n++) {
		await anna.channel.send({ type: 'broadcast', event: 'ghost', payload: { n, from: 'Анна' } });
	}
	await until(() => boris.received.length === 20);
	expect(boris.received).toEqual(
		Array.from({ length: 20 }, (_, n) => ({
			type: 'broadcast',
			event: 'ghost',
			payload: { n, from: 'Анна' }
		}))
	);
	expect(anna.received).toEqual([]);
});

test('self echoes, ack confirms', async () => {
	const echo = await member('ok:echo', { self: true, ack: true });
	const sent = echo.channel.send({ type: 'broadcast', event: 'e', payload: { n: 1 } });
	expect(await sent).toBe('ok');
	await until(() => echo.received.length === 1);
});

test('bytes between clients', async () => {
	const [anna, boris] = [await member('ok:raw'), await member('ok:raw')];
	await anna.channel.send({
		type: 'broadcast',
		event: 'e',
		payload: new Uint8Array([1, 2, 255]).buffer
	});
	await until(() => boris.received.length === 1);
	expect(new Uint8Array(boris.received[0]?.payload as never)).toEqual(new Uint8Array([1, 2, 255]));
});

test('old and new serializer understand each other', async () => {
	const old = await member('ok:mixed', {}, true, { vsn: '1.0.0' });
	const young = await member('ok:mixed');
	const text = { type: 'broadcast', event: 'e', payload: { hello: 'мир' } } as const;
	await young.channel.send(text);
	await until(() => old.received.length === 1);
	expect(old.received).toEqual([text]);
	await old.channel.send(text);
	await until(() => young.received.length === 1);
	expect(young.received).toEqual([text]);
});

test('who may only read sends into the void, even with ack', async () => {
	const [reader, listener] = [await member('read:1', { ack: true }), await member('read:1')];
	const answer = await reader.channel.send(
		{ type: 'broadcast', event: 'e', payload: {} },
		{ timeout: 300 }
	);
	expect(answer).toBe('timed out');
	expect(listener.received).toEqual([]);
});

test('the right to write is asked again after a new token', async () => {
	const socket = await Socket.open(bench, { apikey: bench.secrets.secretKey });
	const listener = await member('read:2');
	await socket.join('read:2', { private: true, broadcast: { ack: true } });
	const push = (event: string) =>
		socket.send('realtime:read:2', 'broadcast', { type: 'broadcast', event, payload: {} }, '1');
	push('with the secret key');
	await until(() => listener.received.length === 1);
	socket.send('realtime:read:2', 'access_token', { access_token: jwt }, '1');
	await settle();
	push('as a reader');
	await settle();
	expect(socket.of('phx_reply')).toHaveLength(2);
	expect(listener.received.map(({ event }) => event)).toEqual(['with the secret key']);
	socket.close();
});

test('a payload above the limit is refused, to the sender only with ack', async () => {
	const listener = await member('ok:large');
	const socket = await Socket.open(bench);
	await socket.join('ok:large', { private: true, broadcast: { ack: true } }, jwt);
	const large = Buffer.from(JSON.stringify('x'.repeat(3_100_000)));
	socket.raw.send(binaryPush('realtime:ok:large', 'large', large, 1));
	const refused = await socket.next((frame) => frame.ref === '77');
	expect(refused.payload).toEqual({
		status: 'error',
		response: { reason: 'payload_size_exceeded' }
	});
	const megabyte = Buffer.from(JSON.stringify({ fill: 'x'.repeat(1_000_000) }));
	socket.raw.send(binaryPush('realtime:ok:large', 'megabyte', megabyte, 1));
	await until(() => listener.received.length > 0);
	expect(listener.received.map(({ event }) => event)).toEqual(['megabyte']);
	socket.close();
});

test('a flooding client loses its channel, the others stay', async () => {
	const [flooder, bystander] = [await member('ok:flood'), await member('ok:flood')];
	const told: string[] = [];
	flooder.channel.on('system', {}, ({ message }) => void told.push(message));
	for (let n = 0; n < 70; n++) {
		void flooder.channel.send({ type: 'broadcast', event: 'e', payload: { n } });
	}
	await until(() => told.length > 0);
	expect(told).toEqual(['Too many messages per second']);
	await settle();
	expect(bystander.received).toHaveLength(60);
	expect(bystander.channel.state).toBe('joined');
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
	fetch(`${bench.url}/realtime/v1/api/broadcast${path}`, {
		method: 'POST',
		headers: {
			apikey: bench.secrets.publishableKey,
			'content-type': 'application/json',
			...headers
		},
		body: typeof body === 'string' ? body : JSON.stringify(body)
	});

test('HTTP: a batch is delivered where the sender may write, the rest skipped silently', async () => {
	const [open, readOnly] = [await member('ok:http'), await member('read:http')];
	const message = (topic: string) => ({ topic, event: 'e', payload: { topic }, private: true });
	const answer = await post(
		'',
		{ messages: [message('read:http'), message('ok:http')] },
		{ authorization: `Bearer ${jwt}` }
	);
	expect([answer.status, await answer.text()]).toEqual([202, '']);
	await until(() => open.received.length === 1);
	await settle();
	expect(open.received[0]).toEqual({
		type: 'broadcast',
		event: 'e',
		payload: { topic: 'ok:http' }
	});
	expect(readOnly.received).toEqual([]);
});

test('HTTP: httpSend of one message, refused without the right', async () => {
	const listener = await member('ok:http 2');
	const supabase = await client(bench, () => jwt);
	const sender = supabase.channel('ok:http 2', { config: { private: true } });
	expect(await sender.httpSend('event/1', { n: 1 })).toMatchObject({ success: true });
	await until(() => listener.received.length === 1);
	expect(listener.received[0]).toMatchObject({ event: 'event/1', payload: { n: 1 } });
	const refused = await post('/ok%3Ahttp/events/e?private=true', {});
	expect([refused.status, await refused.json()]).toEqual([403, { message: 'Unauthorized' }]);
});

test('persist is refused with a sentence, over the socket and over HTTP, and nothing is sent', async () => {
	const reason = 'This server does not store client broadcasts';
	const [anna, boris] = [await member('ok:persist', { ack: true }), await member('ok:persist')];
	const message = { type: 'broadcast', event: 'e', payload: {}, persist: true } as const;
	expect(await anna.channel.send(message)).toBe(reason);
	for (const persist of [true, { ttl: 60 }]) {
		await expect(anna.channel.httpSend('e', {}, { persist })).rejects.toThrow(reason);
	}
	await settle();
	expect(boris.received).toEqual([]);
});

test('HTTP: bad input gets a clear answer', async () => {
	const statuses = async (answers: Promise<Response>[]) =>
		(await Promise.all(answers)).map(({ status }) => status);
	expect(
		await statuses([
			post('', { messages: [] }),
			post('', '{'),
			post('', { messages: [{ topic: 'a', event: 'e' }] }),
			post('', {}, { apikey: '' }),
			post('', {}, { authorization: 'Bearer nonsense' }),
			post('/t/events/e', 'x', { 'content-type': 'text/plain' }),
			post('/%E0%A4%A/events/e', {}),
			post('', JSON.stringify('x'.repeat(5_100_000)))
		])
	).toEqual([422, 422, 422, 401, 401, 415, 422, 413]);
	const preflight = await fetch(`${bench.url}/realtime/v1/api/broadcast`, { method: 'OPTIONS' });
	expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
});
