import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ok, type DomainError, type Result } from '$lib/errors/domain-error.ts';
import type { Card, Mutation } from './board.ts';
import { MutationQueue, retryAfter } from './mutation-queue.ts';
import { makeCard, makeMove } from './testing/server-double.ts';

type Answer = (outcome: Result<Card>) => void;

function setUp() {
	const sent: Mutation[] = [];
	const answers: Answer[] = [];
	const log: string[] = [];
	const queue = new MutationQueue({
		send: (mutation) => {
			sent.push(mutation);
			return new Promise((resolve) => answers.push(resolve));
		},
		onDone: (mutation) => log.push(`done ${mutation.mutation_id}`),
		onRefused: (mutation, error, dropped) =>
			log.push(`${error.key} ${mutation.mutation_id} -${dropped.map((m) => m.mutation_id)}`),
		onChange: () => log.push('changed'),
		retryAfter: () => 1000
	});
	const answer = async (index: number, outcome: Result<Card>) => {
		answers[index]?.(outcome);
		await vi.advanceTimersByTimeAsync(0);
	};
	return { sent, log, queue, answer, ids: () => sent.map((m) => m.mutation_id) };
}

const wish = (mutation_id: string, order_id: number, prev_id: number | null = null) =>
	makeMove({ mutation_id, order_id, to_stage: 2, prev_id });
const done = ok(makeCard({ id: 1 }));
const no = (key: DomainError['key']): Result<Card> => ({
	ok: false,
	error: { code: '', key, details: {} }
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('sends moves of one card one after another, of different cards at once', async () => {
	const { queue, ids, answer } = setUp();
	queue.push(wish('a', 1));
	queue.push(wish('b', 1));
	queue.push(wish('c', 2));
	expect(ids()).toEqual(['a', 'c']);
	await answer(0, done);
	expect(ids()).toEqual(['a', 'c', 'b']);
});

it('waits for a neighbour that is itself on its way', async () => {
	const { queue, ids, answer } = setUp();
	queue.push(wish('a', 1));
	queue.push(wish('b', 2, 1));
	expect(ids()).toEqual(['a']);
	await answer(0, done);
	expect(ids()).toEqual(['a', 'b']);
});

it('repeats an unsent wish under the same id until it arrives', async () => {
	const { queue, ids, answer, log } = setUp();
	queue.push(wish('a', 1));
	await answer(0, no('network'));
	expect(queue.isUnsent('a')).toBe(true);
	await vi.advanceTimersByTimeAsync(1000);
	expect(ids()).toEqual(['a', 'a']);
	await answer(1, done);
	expect(log).toEqual(['changed', 'done a']);
	expect(queue.size).toBe(0);
});

it('retries at once when told that the network is back, and never twice at a time', async () => {
	const { queue, ids, answer } = setUp();
	queue.push(wish('a', 1));
	queue.retryNow();
	expect(ids()).toEqual(['a']);
	await answer(0, no('network'));
	queue.retryNow();
	await vi.advanceTimersByTimeAsync(5000);
	expect(ids()).toEqual(['a', 'a']);
});

it('gives up later moves of a refused card, but not those of others', async () => {
	const { queue, ids, answer, log } = setUp();
	queue.push(wish('a', 1));
	queue.push(wish('b', 1));
	queue.push(wish('c', 2, 1));
	await answer(0, no('not_allowed'));
	expect(log).toEqual(['not_allowed a -b']);
	expect(ids()).toEqual(['a', 'c']);
});

it('does not repeat a wish that a live event confirmed meanwhile', async () => {
	const { queue, ids, answer } = setUp();
	queue.push(wish('a', 1));
	await answer(0, no('network'));
	queue.confirmed('a');
	await vi.advanceTimersByTimeAsync(5000);
	expect(ids()).toEqual(['a']);
	expect(queue.size).toBe(0);
});

it('backs off with jitter, and never for more than ten seconds', () => {
	expect(retryAfter(1, () => 0)).toBe(375);
	expect(retryAfter(1, () => 1)).toBe(625);
	expect(retryAfter(40, () => 1)).toBe(10_000);
});
