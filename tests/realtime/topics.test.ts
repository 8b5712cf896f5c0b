// who may sit in which room: each role joins exactly what my_topics() names, and nothing else
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealtimeChannel, SupabaseClient } from '@supabase/supabase-js';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoEmail, startTestStack, type DemoName, type TestStack } from '../support/stack.ts';

type Topic = { scope: string; topic: string; location_id: number | null };

const ROLES: DemoName[] = [
	'admin',
	'manager',
	'marketer',
	'operator',
	'coordinator',
	'coordinator2',
	'master',
	'master2',
	'client'
];

let stack: TestStack;
let sql: Sql;
const people = new Map<DemoName, SupabaseClient>();
const topics = new Map<DemoName, Topic[]>();

beforeAll(async () => {
	stack = await startTestStack('demo');
	sql = postgres(stack.dbUrl, { max: 1, onnotice: () => {} });
	for (const name of ROLES) {
		const client = await stack.signIn(name);
		people.set(name, client);
		topics.set(name, ((await client.rpc('my_topics')).data ?? []) as Topic[]);
	}
});
afterAll(async () => {
	await sql.end();
	await stack.dispose();
});

const clientOf = (name: DemoName) => people.get(name) as SupabaseClient;
const topicsOf = (name: DemoName) => topics.get(name) as Topic[];

/** 'SUBSCRIBED', or the reason the server gave for refusing the join. */
async function join(client: SupabaseClient, topic: string): Promise<string> {
	const channel = client.channel(topic, { config: { private: true } });
	const answer = await new Promise<string>((resolve) => {
		channel.subscribe((state, error) => {
			if (state === 'SUBSCRIBED') resolve(state);
			else if (state === 'CHANNEL_ERROR') resolve(error?.message ?? state);
			else if (state === 'TIMED_OUT') resolve(state);
		});
	});
	await client.removeChannel(channel);
	return answer;
}

const joinAll = async (client: SupabaseClient, wanted: string[]) =>
	new Map(
		await Promise.all(wanted.map(async (topic) => [topic, await join(client, topic)] as const))
	);

const all = () => new Set([...topics.values()].flat().map(({ topic }) => topic));

describe('each role', () => {
	it('has the topics its work needs', () => {
		const scopes = (name: DemoName) =>
			[...new Set(topicsOf(name).map(({ scope }) => scope))].sort();
		expect(scopes('coordinator')).toEqual(['board', 'campaigns', 'hands', 'masters', 'money']);
		expect(scopes('operator')).toContain('board');
		expect(scopes('master')).toEqual(['campaigns', 'master']);
		expect(scopes('marketer')).toEqual(['campaign_money', 'campaigns']);
		expect(scopes('client')).toEqual(['client']);
		const locations = (name: DemoName) =>
			topicsOf(name).filter(({ scope }) => scope === 'board').length;
		expect(locations('coordinator')).toBeGreaterThan(locations('coordinator2'));
		expect(locations('coordinator2')).toBe(1);
	});

	it.each(ROLES)('%s joins exactly its own topics', async (name) => {
		const own = new Set(topicsOf(name).map(({ topic }) => topic));
		const client = clientOf(name);
		await client.realtime.setAuth();
		const foreign = [
			...all(),
			'board:1:0',
			'board:999999:1',
			'master:00000000-0000-0000-0000-000000000000:1',
			'board:1; drop table orders',
			'nonsense'
		].filter((topic) => !own.has(topic));
		// together, over one socket: the client closes it with its last channel
		const answers = await joinAll(client, [...own, ...foreign]);
		for (const topic of own) expect(answers.get(topic), topic).toBe('SUBSCRIBED');
		for (const topic of foreign) {
			expect(answers.get(topic), topic).toMatch(/do not have permissions to read/);
		}
	});

	it('nobody signed in joins nothing', async () => {
		const stranger = stack.anonymous();
		const answers = await joinAll(stranger, [...all()]);
		expect(answers.size).toBeGreaterThan(5);
		for (const answer of answers.values()) expect(answer).toMatch(/do not have permissions/);
	});
});

describe('the live feed', () => {
	const heard: { who: string; payload: Record<string, unknown> }[] = [];
	const channels: RealtimeChannel[] = [];

	async function listen(name: DemoName): Promise<void> {
		for (const { topic } of topicsOf(name)) {
			const channel = clientOf(name).channel(topic, { config: { private: true } });
			channels.push(channel);
			await new Promise<void>((resolve) => {
				channel
					.on('broadcast', { event: '*' }, ({ event, payload }) =>
						heard.push({ who: name, payload: { event, ...(payload as object) } })
					)
					.subscribe((state) => state === 'SUBSCRIBED' && resolve());
			});
		}
	}

	async function move(name: DemoName): Promise<{ error: { message: string } | null; id: number }> {
		const { data } = await clientOf(name).rpc('board_snapshot');
		const { cards, stages } = data as {
			cards: { id: number; version: number; stage_id: number; location_id: number }[];
			stages: { id: number; kind: string }[];
		};
		const from = stages.find(({ kind }) => kind === 'unassigned')?.id;
		const to = stages.find(({ kind }) => kind === 'waiting')?.id;
		const card = cards.find(({ stage_id, location_id }) => stage_id === from && location_id === 1);
		const { error } = await clientOf(name).rpc('move_order', {
			order_id: card?.id,
			to_stage: to,
			prev_id: null,
			next_id: null,
			seen_version: card?.version,
			mutation_id: crypto.randomUUID()
		});
		return { error, id: card?.id as number };
	}

	it('brings one coordinator’s move to the other, without phone or money', async () => {
		await listen('coordinator2');
		await listen('operator');
		const { id, error } = await move('coordinator');
		expect(error).toBeNull();
		await expect.poll(() => heard.filter(({ payload }) => payload.id === id).length).toBe(2);
		const card = heard.find(({ payload }) => payload.id === id)?.payload.card as object;
		expect(Object.keys(card).filter((key) => /phone|amount|total|price|money/.test(key))).toEqual(
			[]
		);
	});

	it('is cut within five seconds when somebody is deactivated, even if his sockets stay', async () => {
		await sql`update public.employees set active = false
			where id = (select id from auth.users where email = ${demoEmail('coordinator2')})`;
		await sleep(200);
		heard.length = 0;
		expect((await clientOf('coordinator2').rpc('board_snapshot')).error).not.toBeNull();
		const { error } = await move('coordinator');
		expect(error).toBeNull();
		await sleep(1_000);
		expect(heard.filter(({ who, payload }) => who === 'coordinator2' && payload.card)).toEqual([]);
		for (const { topic } of (await clientOf('coordinator').rpc('my_topics')).data as Topic[]) {
			expect(await join(clientOf('coordinator2'), topic)).toMatch(/do not have permissions/);
		}
	});
});
