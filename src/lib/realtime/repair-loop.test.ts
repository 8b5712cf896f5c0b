import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AGAIN_MS, backoff, RepairLoop } from './repair-loop.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
	const log: string[] = [];
	const answers: { resolve: () => void; reject: () => void }[] = [];
	const looks: boolean[] = [];
	const loop = new RepairLoop(
		(again) => {
			looks.push(again);
			return new Promise((resolve, reject) => answers.push({ resolve, reject }));
		},
		() => log.push('start'),
		() => log.push('done')
	);
	const answer = async (index: number, how: 'resolve' | 'reject') => {
		answers[index]?.[how]();
		await vi.advanceTimersByTimeAsync(0);
	};
	return { log, loop, answers, answer, looks };
}

it('runs one repair at a time and one more for all gaps that appeared meanwhile', async () => {
	const { log, loop, answers, answer } = setUp();
	loop.gap();
	loop.gap();
	loop.gap();
	expect(answers).toHaveLength(1);
	await answer(0, 'resolve');
	expect(answers).toHaveLength(2);
	expect(log).toEqual(['start', 'start']);
	await answer(1, 'resolve');
	expect(log).toEqual(['start', 'start', 'done']);
});

it('repeats a repair that could not reach the server, until it does', async () => {
	const { log, loop, answers, answer } = setUp();
	loop.gap();
	await answer(0, 'reject');
	expect(answers).toHaveLength(1);
	await vi.advanceTimersByTimeAsync(400);
	expect(answers).toHaveLength(2);
	await answer(1, 'resolve');
	expect(log.at(-1)).toBe('done');
});

it('looks once more a while later, without a word, for what was told before it could be read', async () => {
	const { log, loop, looks, answer } = setUp();
	loop.gap();
	await answer(0, 'resolve');
	await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
	expect(looks).toEqual([false, true]);
	expect(log).toEqual(['start', 'done']);
	await answer(1, 'resolve');
	await vi.advanceTimersByTimeAsync(10 * AGAIN_MS);
	expect(looks).toEqual([false, true]);
});

it('a second look that fails is a gap, and a gap before it takes its place', async () => {
	const { log, loop, looks, answer } = setUp();
	loop.gap();
	await answer(0, 'resolve');
	loop.gap();
	await answer(1, 'resolve');
	expect(log).toEqual(['start', 'done', 'start', 'done']);
	await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
	expect(looks).toEqual([false, false, true]);
	await answer(2, 'reject');
	expect(looks).toEqual([false, false, true, false]);
	loop.destroy();
});

it('is quiet once destroyed', async () => {
	const { log, loop, answer, answers } = setUp();
	loop.gap();
	loop.destroy();
	await answer(0, 'resolve');
	loop.gap();
	expect(log).toEqual(['start']);
	expect(answers).toHaveLength(1);
});

it('never waits for more than two seconds', () => {
	for (let failures = 1; failures < 40; failures++) expect(backoff(failures)).toBeLessThan(2000);
});
