import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failed, ok, type Result } from '$lib/errors/domain-error.ts';
import { PaletteSearch } from './palette-search.svelte.ts';
import type { Found } from './search.data.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const found = (title: string): Found => ({
	kind: 'order',
	id: 1,
	title,
	subtitle: '',
	client_id: 1
});

test('asks once typing pauses, and an overtaken answer is dropped', async () => {
	const asked: { query: string; answer: (result: Result<Found[]>) => void; signal: AbortSignal }[] =
		[];
	const search = new PaletteSearch(
		(query, signal) => new Promise((answer) => asked.push({ query, answer, signal }))
	);
	search.query = 'ol';
	search.query = 'ole';
	await vi.advanceTimersByTimeAsync(100);
	expect(asked.map(({ query }) => query)).toEqual(['ole']);
	expect(search.state).toBe('searching');
	search.query = 'oleg';
	await vi.advanceTimersByTimeAsync(100);
	expect(asked[0]?.signal.aborted).toBe(true);
	asked[1]?.answer(ok([found('new')]));
	asked[0]?.answer(ok([found('old')]));
	await vi.advanceTimersByTimeAsync(0);
	expect(search.found.map(({ title }) => title)).toEqual(['new']);
	expect(search.state).toBe('idle');
	search.query = 'o';
	expect([search.found, search.state]).toEqual([[], 'idle']);
});

test('a failed question says so', async () => {
	const search = new PaletteSearch(async () => failed(new TypeError('fetch failed')));
	search.query = 'oleg';
	await vi.advanceTimersByTimeAsync(100);
	expect(search.state).toBe('failed');
});
