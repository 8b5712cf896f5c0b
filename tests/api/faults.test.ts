// Postgres is killed while cards are being moved: nothing acknowledged is lost, nothing happens twice
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseClient } from '@supabase/supabase-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack, type TestStack } from '../support/stack.ts';

type Card = { id: number; version: number; stage_id: number; location_id: number };
type Snapshot = { stages: { id: number; kind: string }[]; cards: Card[] };

let stack: TestStack;
let client: SupabaseClient;
let snapshot: Snapshot;

beforeAll(async () => {
	stack = await startTestStack('demo');
	client = await stack.signIn('coordinator');
	const { data, error } = await client.rpc('board_snapshot');
	if (error) throw error;
	snapshot = data as Snapshot;
});
afterAll(() => stack.dispose());

const stageOf = (kind: string) =>
	snapshot.stages.find((stage) => stage.kind === kind)?.id as number;

function call(card: Card, to: number, mutation: string, extra: object = {}) {
	return client.rpc('move_order', {
		order_id: card.id,
		to_stage: to,
		prev_id: null,
		next_id: null,
		seen_version: card.version,
		mutation_id: mutation,
		...extra
	});
}

/** Calls until Postgres answers, as the board does, always with the same mutation id. */
async function moveThroughFaults(card: Card, to: number): Promise<string> {
	const mutation = randomUUID();
	for (let attempt = 0; attempt < 200; attempt++) {
		const { data, error } = await call(card, to, mutation);
		if (!error) {
			Object.assign(card, data as Card);
			return mutation;
		}
		if (error.code?.startsWith('VK')) throw new Error(error.message);
		await sleep(50);
	}
	throw new Error('Postgres did not come back');
}

it('kill -9 of Postgres under load: every acknowledged move is there exactly once', async () => {
	const waiting = snapshot.stages.filter(({ kind }) => kind === 'waiting' || kind === 'unassigned');
	const cards = snapshot.cards.filter(({ stage_id }) => waiting.some(({ id }) => id === stage_id));
	expect(cards.length).toBeGreaterThan(5);
	const acknowledged: string[] = [];
	let killed = false;
	const writers = cards.slice(0, 6).map(async (card) => {
		const stages = waiting.map(({ id }) => id);
		for (let round = 0; round < 12; round++) {
			const target = stages.find((id) => id !== card.stage_id) as number;
			acknowledged.push(await moveThroughFaults(card, target));
			if (acknowledged.length > 12 && !killed) {
				killed = true;
				process.kill(stack.postgresPid(), 'SIGKILL');
			}
		}
	});
	await Promise.all(writers);
	expect(killed).toBe(true);
	const sql = postgres(stack.dbUrl, { max: 1 });
	const counts = await sql`
		select mutation_id, count(*)::int as events from public.order_events
		where mutation_id = any (${acknowledged}) group by 1`;
	await sql.end();
	expect(counts).toHaveLength(acknowledged.length);
	expect(counts.filter(({ events }) => events !== 1)).toEqual([]);
});

describe('bad input is refused with a stable key and changes nothing', () => {
	const unknown = 999_999_999;
	it.each([
		[
			'an unknown order',
			() => call({ ...(snapshot.cards[0] as Card), id: unknown }, stageOf('waiting'), randomUUID()),
			'order_not_found'
		],
		[
			'an unknown stage',
			() => call(snapshot.cards[0] as Card, unknown, randomUUID()),
			'stage_not_found'
		],
		[
			'no mutation id',
			() => call(snapshot.cards[0] as Card, stageOf('waiting'), null as never),
			'invalid_argument'
		]
	])('%s', async (_name, attempt, key) => {
		const { error, status } = await attempt();
		expect(status).toBe(400);
		expect(error?.message).toBe(key);
		expect(error?.code).toMatch(/^VK4/);
	});

	it('a mutation id that is no uuid', async () => {
		const { error, status } = await call(
			snapshot.cards[0] as Card,
			stageOf('waiting'),
			'not-a-uuid'
		);
		expect(status).toBe(400);
		expect(error?.code).toBe('22P02');
	});

	it('a reason of a megabyte', async () => {
		const fresh = (await client.rpc('board_snapshot')).data as Snapshot;
		const card = fresh.cards.find(({ stage_id }) => stage_id === stageOf('unassigned')) as Card;
		const { error, status } = await call(card, stageOf('refused'), randomUUID(), {
			reason: 'x'.repeat(1_000_000)
		});
		expect(status).toBe(400);
		expect(error).not.toBeNull();
		const after = await client.from('orders').select('version').eq('id', card.id).single();
		expect(after.data?.version).toBe(card.version);
	});
});

it('two coordinators dropping one card at the same instant: one wins, the other is told who', async () => {
	const second = await stack.signIn('coordinator2');
	const mine = (await second.rpc('board_snapshot')).data as Snapshot;
	const card = mine.cards.find(({ stage_id }) => stage_id === stageOf('unassigned')) as Card;
	const drop = (who: SupabaseClient, to: number) =>
		who.rpc('move_order', {
			order_id: card.id,
			to_stage: to,
			prev_id: null,
			next_id: null,
			seen_version: card.version,
			mutation_id: randomUUID()
		});
	const answers = await Promise.all([
		drop(client, stageOf('waiting')),
		drop(second, stageOf('assigned'))
	]);
	const refused = answers.filter(({ error }) => error);
	expect(answers.filter(({ error }) => !error)).toHaveLength(1);
	expect(refused).toHaveLength(1);
	expect(refused[0]?.error).toMatchObject({ code: 'VK409', message: 'order_changed' });
	const details = JSON.parse(refused[0]?.error?.details ?? '{}') as Record<string, unknown>;
	expect(details.changed_by_name).toMatch(/\S/);
	expect(Date.parse(details.changed_at as string)).toBeGreaterThan(Date.now() - 60_000);
});

it('a hundred at once assigning one master: exactly his capacity win', async () => {
	const sql = postgres(stack.dbUrl, { max: 1 });
	const [master] = await sql<{ id: string; location_id: number | null }[]>`
		select e.id, e.location_id::int
		from public.employees e
		left join (public.orders o join public.stages s on s.id = o.stage_id and s.kind in ('assigned', 'in_progress'))
			on o.master_id = e.id
		where e.role = 'master' and e.active
		group by e.id having e.capacity > count(o.id) limit 1`;
	await sql.end();
	const fresh = (await client.rpc('board_snapshot')).data as Snapshot;
	const free = fresh.cards.filter(
		({ stage_id, location_id }) =>
			stage_id === stageOf('unassigned') &&
			(!master?.location_id || location_id === master.location_id)
	);
	const answers = await Promise.all(
		Array.from({ length: 100 }, (_, i) => {
			const card = free[i % free.length] as Card;
			return client.rpc('assign_order', {
				order_id: card.id,
				master_id: master?.id,
				seen_version: card.version,
				mutation_id: randomUUID()
			});
		})
	);
	const after = postgres(stack.dbUrl, { max: 1 });
	const [{ active, capacity } = { active: 0, capacity: 0 }] = await after<
		{ active: number; capacity: number }[]
	>`
		select count(o.id)::int as active, e.capacity from public.employees e
		join public.orders o on o.master_id = e.id
		join public.stages s on s.id = o.stage_id and s.kind in ('assigned', 'in_progress')
		where e.id = ${master?.id as string} group by e.capacity`;
	await after.end();
	expect(active).toBe(capacity);
	const refusals = new Set(answers.flatMap(({ error }) => (error ? [error.message] : [])));
	expect([...refusals]).toEqual(['master_at_capacity']);
});
