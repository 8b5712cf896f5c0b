// a tracking page without an account and a client's portal, as supabase-js sees them
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
let sql: Sql;
let anon: SupabaseClient;
let order: { id: string; token: string; user: string };

beforeAll(async () => {
	stack = await startTestStack('demo');
	sql = postgres(stack.dbUrl, { max: 2, onnotice: () => {} });
	anon = stack.anonymous();
	const [row] = await sql`with made as (
			insert into public.orders (location_id, client_id, problem)
			select (select min(l.id) from public.locations l), c.id, 'A cracked top'
			from public.clients c where c.user_id is not null limit 1
			returning id, tracking_token, client_id
		)
		select m.id, m.tracking_token as token, c.user_id as user
		from made m join public.clients c on c.id = m.client_id`;
	order = row as typeof order;
});
afterAll(async () => {
	await sql?.end();
	await stack?.dispose();
});

const PRIVATE = { config: { private: true } };
const join = (client: SupabaseClient, topic: string) => {
	const heard: Record<string, unknown>[] = [];
	const channel: RealtimeChannel = client
		.channel(topic, PRIVATE)
		.on(
			'broadcast',
			{ event: '*' },
			({ event, payload }) => void heard.push({ event, ...payload })
		);
	return new Promise<{ status: string; heard: typeof heard; channel: RealtimeChannel }>(
		(resolve) => {
			channel.subscribe((status) => resolve({ status, heard, channel }));
		}
	);
};
const promise = (at: string) =>
	sql`update public.orders set promised_at = ${at} where id = ${order.id}`;
/** Waits for the message about a promise; a restarted server may hand out earlier ones before. */
async function hears(heard: Record<string, unknown>[], day: string): Promise<void> {
	await promise(`${day}T10:00Z`);
	await expect
		.poll(() => heard.at(-1)?.promised_at, { timeout: 5000 })
		.toBe(`${day}T10:00:00+00:00`);
}

test('a stranger with the link sees the order, hears its changes live, and nothing else', async () => {
	const { data, error } = await anon.rpc('track_order', { token: order.token });
	expect(error).toBeNull();
	expect(data).toMatchObject({
		found: true,
		number: Number(order.id),
		topic: `track:${order.token}`
	});
	const { status, heard } = await join(anon, data.topic);
	expect(status).toBe('SUBSCRIBED');
	await promise('2027-01-02T10:00Z');
	await expect.poll(() => heard.length, { timeout: 5000 }).toBe(1);
	expect(heard[0]).toEqual({
		event: 'order_changed',
		id: Number(order.id),
		number: Number(order.id),
		stage: data.stage,
		promised_at: '2027-01-02T10:00:00+00:00',
		payment_state: data.payment_state,
		at: expect.any(String)
	});
	await sql`update public.orders set priority = 2 where id = ${order.id}`;
	await sleep(300);
	expect(heard).toHaveLength(1);
});

test('a stranger joins no other topic and says nothing on his own', async () => {
	const [row] = await sql`select private.current_epoch() as epoch`;
	for (const topic of [
		`track:${order.token.slice(0, -1)}x`,
		'track:',
		`client:${order.user}`,
		`board:1:${row?.epoch}`,
		`masters:1:${row?.epoch}`
	]) {
		expect((await join(anon, topic)).status, topic).toBe('CHANNEL_ERROR');
	}
	const [speaker, listener] = [stack.anonymous(), stack.anonymous()];
	const { heard } = await join(listener, `track:${order.token}`);
	const { channel } = await join(speaker, `track:${order.token}`);
	await channel.send({ type: 'broadcast', event: 'order_changed', payload: { forged: true } });
	await hears(heard, '2027-01-03');
	for (const message of heard) expect(message).not.toHaveProperty('forged');
});

test('a registered client hears of all his orders on his own topic, others do not', async () => {
	const client = await stack.signIn('client');
	const { data: topics } = await client.rpc('my_topics');
	expect(topics).toEqual([{ scope: 'client', topic: `client:${order.user}`, location_id: null }]);
	const { status, heard } = await join(client, topics[0].topic);
	expect(status).toBe('SUBSCRIBED');
	await hears(heard, '2027-01-04');
	expect(heard.at(-1)).toMatchObject({ event: 'order_changed', number: Number(order.id) });
	const coordinator = await stack.signIn('coordinator');
	expect((await join(coordinator, topics[0].topic)).status).toBe('CHANNEL_ERROR');
	const { data: mine, error } = await client.from('my_client_orders').select('*');
	expect(error).toBeNull();
	expect(mine?.map(({ number }) => number)).toContain(Number(order.id));
});

test('over REST: a master clocks in and out, a stranger pays nothing he does not know', async () => {
	const master = await stack.signIn('master');
	const out = await master.rpc('clock_out');
	expect(out.data).toMatchObject({ availability: 'off' });
	expect((await master.rpc('clock_in')).data.shift.ended_at).toBeNull();
	const { data } = await anon.rpc('find_payable_order', { number: order.id, phone_last4: '0000' });
	expect(data).toEqual({ found: false });
	const refused = await anon.rpc('apply_provider_payment', {
		provider: 'liqpay',
		event_key: 'x',
		order_ref: 'inv_1-1_1',
		status: 'paid',
		amount: 1,
		currency: 'UAH'
	});
	expect(refused.error?.code).toBe('42501');
	expect((await anon.from('my_client_orders').select('*')).error).not.toBeNull();
});
