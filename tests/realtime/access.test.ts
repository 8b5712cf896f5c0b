/** Who may connect and join, and who is put out again. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { refusedConnect, Socket } from './socket.ts';
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
beforeAll(async () => {
	bench = await startBench();
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

const PRIVATE = { config: { private: true } };
const refusal = (topic: string) =>
	`Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`;

test('a member joins a private topic, a stranger is refused', async () => {
	const jwt = await token(bench);
	const supabase = await client(bench, () => jwt);
	expect(await subscribe(supabase.channel('ok:1', PRIVATE))).toEqual({ status: 'SUBSCRIBED' });
	expect(await subscribe(supabase.channel('secret:1', PRIVATE))).toEqual({
		status: 'CHANNEL_ERROR',
		error: refusal('secret:1')
	});
});

test('without a token the publishable key is anon, whom no policy admits', async () => {
	const supabase = await client(bench);
	expect(await subscribe(supabase.channel('ok:1', PRIVATE))).toMatchObject({
		error: refusal('ok:1')
	});
	expect(await subscribe(supabase.channel('ok:1-public'))).toEqual({ status: 'SUBSCRIBED' });
});

test('policies read the claims of the token', async () => {
	const jwt = await token(bench, { team: 'north' });
	const supabase = await client(bench, () => jwt);
	expect((await subscribe(supabase.channel('claim:north', PRIVATE))).status).toBe('SUBSCRIBED');
	expect((await subscribe(supabase.channel('claim:south', PRIVATE))).status).toBe('CHANNEL_ERROR');
});

test('the secret key reads everything, a token for a superuser role nothing', async () => {
	const socket = await Socket.open(bench, { apikey: bench.secrets.secretKey });
	const answer = await socket.join('secret:1', { private: true });
	expect(answer.payload.status).toBe('ok');
	const forged = await token(bench, { role: 'supabase_admin' });
	const refused = await socket.join('secret:2', { private: true }, forged);
	expect(refused.payload).toEqual({ status: 'error', response: { reason: refusal('secret:2') } });
	socket.close();
});

test('a policy that raises refuses', async () => {
	const jwt = await token(bench);
	const supabase = await client(bench, () => jwt);
	expect(await subscribe(supabase.channel('raise:not-a-uuid', PRIVATE))).toMatchObject({
		error: refusal('raise:not-a-uuid')
	});
});

test('connecting: missing, malformed, forged and expired keys', async () => {
	const forged = await token(bench, {}, { secret: 'x'.repeat(40) });
	const expired = await token(bench, {}, { expiresIn: -10 });
	const answers = await Promise.all(
		['', 'sb_publishable_guess', 'nonsense', forged, expired].map((key) =>
			refusedConnect(bench, key)
		)
	);
	expect(answers).toEqual([
		{ status: 401, body: { error: 'API key is missing' } },
		{ status: 401, body: { error: 'The token provided is not a valid JWT' } },
		{ status: 401, body: { error: 'The token provided is not a valid JWT' } },
		{ status: 401, body: { error: 'Failed to validate JWT signature' } },
		{ status: 401, body: { error: 'Token has expired' } }
	]);
});

test('the legacy keys and any user token connect', async () => {
	for (const apikey of [bench.secrets.anonKey, bench.secrets.serviceRoleKey, await token(bench)]) {
		const socket = await Socket.open(bench, { apikey });
		expect((await socket.push('phoenix', 'heartbeat', {})).payload.status).toBe('ok');
		socket.close();
	}
});

test('joining with a malformed, forged, incomplete or expired token', async () => {
	const socket = await Socket.open(bench);
	const reason = async (jwt: string) => {
		const { payload } = await socket.join('ok:1', { private: true }, jwt);
		return (payload.response as { reason: string }).reason;
	};
	expect(await reason('nonsense')).toBe('MalformedJWT: The token provided is not a valid JWT');
	expect(await reason(await token(bench, {}, { secret: 'x'.repeat(40) }))).toBe(
		'JwtSignatureError: Failed to validate JWT signature'
	);
	expect(await reason(await token(bench, { role: undefined }))).toBe(
		'InvalidJWTToken: Fields `role` and `exp` are required in JWT'
	);
	expect(await reason(await token(bench, {}, { expiresIn: -10 }))).toMatch(
		/^InvalidJWTToken: Token has expired 1\d seconds ago$/
	);
	socket.close();
});

test('a new token without the right closes the channel, one with it does not', async () => {
	let jwt = await token(bench, { team: 'north' });
	const supabase = await client(bench, () => jwt);
	const channel = supabase.channel('claim:north', PRIVATE);
	const told: string[] = [];
	const statuses: string[] = [];
	channel.on('system', {}, ({ message }) => void told.push(message));
	await new Promise<void>((resolve) =>
		channel.subscribe((status) => (statuses.push(status), resolve()))
	);
	jwt = await token(bench, { team: 'north', renewed: true });
	await supabase.realtime.setAuth();
	await settle();
	expect(statuses).toEqual(['SUBSCRIBED']);
	jwt = await token(bench, { team: 'south' });
	await supabase.realtime.setAuth();
	await until(() => statuses.includes('CLOSED'));
	expect(told).toEqual([
		'You no longer have permission to read from this Channel topic: claim:north'
	]);
});

test('a forged new token closes the channel', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:1', { private: true }, await token(bench));
	const forged = await token(bench, {}, { secret: 'x'.repeat(40) });
	socket.send('realtime:ok:1', 'access_token', { access_token: forged }, '1');
	await socket.next((frame) => frame.event === 'phx_close' && frame.ref === '1');
	expect(socket.of('system')[0]?.payload).toEqual({
		extension: 'system',
		status: 'error',
		message: 'Failed to validate JWT signature',
		channel: 'ok:1'
	});
	socket.close();
});

test('a token that runs out closes its channel and nothing reaches it afterwards', async () => {
	const socket = await Socket.open(bench);
	await socket.join('ok:1', { private: true }, await token(bench, {}, { expiresIn: 1 }));
	await socket.next((frame) => frame.event === 'phx_close');
	expect(socket.of('system')[0]?.payload.message).toMatch(/^Token has expired \d seconds ago$/);
	await bench.owner`select realtime.send('{}', 'late', 'ok:1', true)`;
	await settle();
	expect(socket.of('broadcast')).toEqual([]);
	socket.close();
});

test('a public and a private channel of one name are two rooms', async () => {
	const jwt = await token(bench);
	const inside = (await client(bench, () => jwt)).channel('ok:same', PRIVATE);
	const outside = (await client(bench)).channel('ok:same');
	const heardInside = collect(inside);
	const heardOutside = collect(outside);
	await Promise.all([subscribe(inside), subscribe(outside)]);
	await bench.owner`select realtime.send('{}', 'for members', 'ok:same', true)`;
	await bench.owner`select realtime.send('{}', 'for all', 'ok:same', false)`;
	await inside.send({ type: 'broadcast', event: 'from a member', payload: {} });
	await until(() => heardInside.length > 0 && heardOutside.length > 0);
	await settle();
	expect(heardInside.map(({ event }) => event)).toEqual(['for members']);
	expect(heardOutside.map(({ event }) => event)).toEqual(['for all']);
});

test('with privateOnly a forgotten private:true is refused', async () => {
	await bench.realtime().stop();
	await bench.startRealtime({ privateOnly: true });
	const supabase = await client(bench);
	expect(await subscribe(supabase.channel('ok:1'))).toMatchObject({
		error: 'PrivateOnly: This project only allows private channels'
	});
	await bench.realtime().stop();
	await bench.startRealtime();
});
