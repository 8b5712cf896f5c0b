/** Many supabase-js clients on the board's topics, noting when each move arrives. */
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { answerQuestions } from './child.ts';
import { now } from './percentiles.ts';

type Question =
	| { kind: 'join'; url: string; key: string; tokens: string[]; count: number }
	| { kind: 'reset' }
	| { kind: 'report'; sentAt: Map<string, number>; versions: Map<number, number> };

type Seen = { arrivals: Map<string, number>; doubled: number; versions: Map<number, number> };

export type ReportAnswer = {
	latencies: number[];
	delivered: number;
	doubled: number;
	lost: number;
	diverged: number;
};

const clients: SupabaseClient[] = [];
const seen: Seen[] = [];

answerQuestions(async (question: Question) => {
	if (question.kind === 'join') return join(question);
	if (question.kind === 'reset') return void seen.forEach(forget);
	return report(question.sentAt, question.versions);
});
process.once('disconnect', () => process.exit(0));

function forget(memory: Seen): void {
	memory.arrivals.clear();
	memory.versions.clear();
	memory.doubled = 0;
}

async function join(question: Question & { kind: 'join' }): Promise<number> {
	const began = now();
	for (let done = 0; done < question.count; done += 20) {
		const batch = Math.min(20, question.count - done);
		await Promise.all(
			Array.from({ length: batch }, (_, i) => {
				const token = question.tokens[(done + i) % question.tokens.length] as string;
				return joinOne(question.url, question.key, token);
			})
		);
	}
	return now() - began;
}

async function joinOne(url: string, key: string, token: string): Promise<void> {
	const client = createClient(url, key, { accessToken: () => Promise.resolve(token) });
	const memory: Seen = { arrivals: new Map(), doubled: 0, versions: new Map() };
	clients.push(client);
	seen.push(memory);
	const { data, error } = await client.rpc('my_topics');
	if (error) throw new Error(error.message);
	const topics = (data as { scope: string; topic: string }[]).filter(
		({ scope }) => scope === 'board'
	);
	await Promise.all(
		topics.map(
			({ topic }) =>
				new Promise<void>((resolve, reject) => {
					client
						.channel(topic, { config: { private: true } })
						.on('broadcast', { event: 'order_changed' }, ({ payload }) => {
							note(memory, payload as { id: number; version: number; mutation_id: string | null });
						})
						.subscribe((state, failure) => {
							if (state === 'SUBSCRIBED') resolve();
							else if (state !== 'CLOSED') reject(failure ?? new Error(state));
						});
				})
		)
	);
}

function note(
	memory: Seen,
	event: { id: number; version: number; mutation_id: string | null }
): void {
	const at = now();
	memory.versions.set(event.id, Math.max(event.version, memory.versions.get(event.id) ?? 0));
	if (!event.mutation_id) return;
	if (memory.arrivals.has(event.mutation_id)) memory.doubled++;
	else memory.arrivals.set(event.mutation_id, at);
}

function report(sentAt: Map<string, number>, versions: Map<number, number>): ReportAnswer {
	const latencies: number[] = [];
	let lost = 0;
	let doubled = 0;
	let diverged = 0;
	for (const memory of seen) {
		doubled += memory.doubled;
		for (const [mutation, sent] of sentAt) {
			const at = memory.arrivals.get(mutation);
			if (at === undefined) lost++;
			else latencies.push(at - sent);
		}
		const differs = [...versions].some(([id, version]) => memory.versions.get(id) !== version);
		if (differs) diverged++;
	}
	return { latencies, delivered: latencies.length, doubled, lost, diverged };
}
