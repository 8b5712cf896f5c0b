/** Who is here: joins, updates and leaves as realtime-js shows them. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Socket, type Frame } from './socket.ts';
import {
	client,
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
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

async function person(topic: string, key: string) {
	const supabase = await client(bench, () => jwt);
	const channel = supabase.channel(topic, { config: { private: true, presence: { key } } });
	const seen: string[] = [];
	channel
		.on('presence', { event: 'join' }, (joined) => void seen.push(`+${joined.key}`))
		.on('presence', { event: 'leave' }, (left) => void seen.push(`-${left.key}`));
	expect((await subscribe(channel)).status).toBe('SUBSCRIBED');
	const state = () =>
		Object.fromEntries(
			Object.entries(channel.presenceState<{ card: number }>()).map(([name, entries]) => [
				name,
				entries.map(({ card }) => card)
			])
		);
	return { supabase, channel, seen, state };
}

test('people appear, move and leave for everybody, also for who comes later', async () => {
	const anna = await person('ok:here', 'anna');
	expect(await anna.channel.track({ card: 1 })).toBe('ok');
	const boris = await person('ok:here', 'boris');
	await until(() => Object.keys(boris.state()).length === 1);
	await boris.channel.track({ card: 2 });
	for (const each of [anna, boris]) await until(() => Object.keys(each.state()).length === 2);
	expect(anna.state()).toEqual({ anna: [1], boris: [2] });

	await boris.channel.track({ card: 3 });
	await until(() => anna.state().boris?.[0] === 3);
	expect(boris.state()).toEqual({ anna: [1], boris: [3] });

	expect(await boris.channel.untrack()).toBe('ok');
	await until(() => anna.state().boris === undefined);
	await boris.channel.track({ card: 4 });
	await until(() => anna.state().boris?.[0] === 4);
	await boris.supabase.realtime.disconnect();
	await until(() => anna.state().boris === undefined);
	expect(anna.state()).toEqual({ anna: [1] });
	expect(bench.realtime().stats().connections).toBe(1);
});

test('two windows of one person are two entries under one key', async () => {
	const [first, second] = [await person('ok:two', 'anna'), await person('ok:two', 'anna')];
	await first.channel.track({ card: 1 });
	await second.channel.track({ card: 2 });
	await until(() => first.state().anna?.length === 2);
	await second.supabase.removeChannel(second.channel);
	await until(() => first.state().anna?.length === 1);
	expect(first.state()).toEqual({ anna: [1] });
});

const track = (socket: Socket, topic: string, payload: unknown, event = 'track') =>
	socket.push(`realtime:${topic}`, 'presence', { type: 'presence', event, payload }, '1');

test('frames: an update names the entry it replaces, the same again says nothing', async () => {
	const socket = await Socket.open(bench);
	const config = { private: true, presence: { key: '__proto__', enabled: true } };
	await socket.join('ok:frames', config, jwt);
	const state = await socket.next((frame) => frame.event === 'presence_state');
	expect([state.joinRef, state.payload]).toEqual(['1', {}]);

	await track(socket, 'ok:frames', { card: 1 }, 'TRACK');
	await until(() => socket.of('presence_diff').length === 1);
	await track(socket, 'ok:frames', { card: 1 });
	await track(socket, 'ok:frames', { card: 2 });
	await until(() => socket.of('presence_diff').length === 2);
	await settle();
	const diffs = socket.of('presence_diff').map(({ payload }) => payload as never as Diff);
	expect(diffs).toHaveLength(2);
	const [first, second] = diffs.map(({ joins }) => entry(joins));
	expect(first).toEqual({ card: 1, phx_ref: expect.any(String) });
	expect(second).toEqual({ card: 2, phx_ref: expect.any(String), phx_ref_prev: first?.phx_ref });
	expect(entry(diffs[1]?.leaves)).toEqual(first);
	socket.close();
});

type Metas = Record<string, { metas: { phx_ref: string }[] }>;
type Diff = { joins: Metas; leaves: Metas };
const entry = (metas: Metas | undefined) => Object.values(metas ?? {})[0]?.metas[0];

test('tracking without having asked for presence makes visible, but tells nothing', async () => {
	const watcher = await person('ok:shy', 'watcher');
	const socket = await Socket.open(bench);
	await socket.join('ok:shy', { private: true, presence: { key: 'shy' } }, jwt);
	await track(socket, 'ok:shy', { card: 9 });
	await until(() => watcher.state().shy?.[0] === 9);
	await settle();
	expect(socket.frames.filter(({ event }: Frame) => event.startsWith('presence'))).toEqual([]);
	socket.close();
});

test('refused: no right to write, a payload that is no map, an unknown verb', async () => {
	const socket = await Socket.open(bench);
	await socket.join('read:presence', { private: true, presence: { enabled: true } }, jwt);
	const denied = await track(socket, 'read:presence', { card: 1 });
	expect(denied.payload).toEqual({ status: 'error', response: {} });
	const open = await Socket.open(bench);
	await open.join('ok:map', { private: true }, jwt);
	expect((await track(open, 'ok:map', 'text')).payload).toEqual({
		status: 'error',
		response: { reason: 'Presence track payload must be a map' }
	});
	expect((await track(open, 'ok:map', {}, 'dance')).payload.status).toBe('error');
	expect((await track(open, 'ok:map', {})).payload.status).toBe('ok');
	socket.close();
	open.close();
});

test('a sixth call within 30 seconds closes the channel, and everybody sees the leave', async () => {
	const watcher = await person('ok:busy', 'watcher');
	const socket = await Socket.open(bench);
	await socket.join('ok:busy', { private: true, presence: { key: 'busy' } }, jwt);
	for (let card = 1; card <= 5; card++) await track(socket, 'ok:busy', { card });
	socket.send('realtime:ok:busy', 'presence', { event: 'track', payload: { card: 6 } }, '1');
	await socket.next((frame) => frame.event === 'phx_close');
	expect(socket.of('system')[0]?.payload.message).toBe('Client presence rate limit exceeded');
	await until(() => watcher.seen.includes('-busy') && !('busy' in watcher.state()));
	socket.close();
});
