import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { backoff, RepairLoop } from './repair-loop.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
	const log: string[] = [];
	const answers: { resolve: () => void; reject: () => void }[] = [];
	const loop = new RepairLoop(
		() => new Promise((resolve, reject) => answers.push({ resolve, reject })),
		() => log.push('start'),
		() => log.push('done')
	);
	const answer = async (index: number, how: 'resolve' | 'reject') => {
		answers[index]?.[how]();
		await vi.advanceTimersByTimeAsync(0);
	};
	return { log, loop, answers, answer };
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
