/** Moves random cards at a fixed rate through `move_order`, as a coordinator's browser would. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupabaseClient } from '@supabase/supabase-js';
import { now } from './percentiles.ts';

export type Card = { id: number; version: number; stage_id: number };

export type Written = {
	/** moment each accepted move was called, by mutation id */
	sentAt: Map<string, number>;
	/** latest version of each moved order */
	versions: Map<number, number>;
	callTimes: number[];
	refused: number;
	/** each accepted move with the moment (ms since 1970) it was called */
	called: { order: number; to: number; at: number }[];
};

/**
 * @param rate moves a second
 * @param stages stage ids to move between
 */
export async function write(
	client: SupabaseClient,
	cards: Card[],
	stages: number[],
	{ rate, seconds }: { rate: number; seconds: number }
): Promise<Written> {
	const written: Written = {
		sentAt: new Map(),
		versions: new Map(),
		callTimes: [],
		refused: 0,
		called: []
	};
	const idle = [...cards];
	const open = new Set<Promise<void>>();
	const began = now();
	for (let index = 0; index < rate * seconds; index++) {
		const due = began + (index * 1000) / rate;
		if (due > now()) await sleep(due - now());
		const card = idle.splice(Math.floor(Math.random() * idle.length), 1)[0];
		if (!card) continue;
		const call = move(client, card, stages, written).then(() => {
			idle.push(card);
			open.delete(call);
		});
		open.add(call);
	}
	await Promise.all(open);
	return written;
}

async function move(
	client: SupabaseClient,
	card: Card,
	stages: number[],
	written: Written
): Promise<void> {
	const others = stages.filter((stage) => stage !== card.stage_id);
	const mutation = randomUUID();
	const began = now();
	const at = performance.timeOrigin + performance.now();
	const to = others[Math.floor(Math.random() * others.length)] as number;
	const { data, error } = await client.rpc('move_order', {
		order_id: card.id,
		to_stage: to,
		prev_id: null,
		next_id: null,
		seen_version: card.version,
		mutation_id: mutation
	});
	if (error) {
		written.refused++;
		return;
	}
	written.called.push({ order: card.id, to, at });
	written.callTimes.push(now() - began);
	written.sentAt.set(mutation, began);
	Object.assign(card, data as Card);
	written.versions.set(card.id, card.version);
}
