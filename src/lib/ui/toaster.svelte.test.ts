import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toaster } from './toaster.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const texts = (toaster: Toaster) => toaster.items.map(({ text }) => text);

test('a message goes away by itself, one with something to do stays longer', () => {
	const toaster = new Toaster();
	toaster.show('moved');
	toaster.show('moved, undo?', { action: { label: 'Undo', run: () => {} } });
	vi.advanceTimersByTime(5_000);
	expect(texts(toaster)).toEqual(['moved, undo?']);
	vi.advanceTimersByTime(5_000);
	expect(texts(toaster)).toEqual([]);
});

test('nothing disappears under the pointer', () => {
	const toaster = new Toaster();
	toaster.show('read me');
	toaster.pause();
	vi.advanceTimersByTime(60_000);
	expect(texts(toaster)).toEqual(['read me']);
	toaster.resume();
	vi.advanceTimersByTime(5_000);
	expect(texts(toaster)).toEqual([]);
});

test('the action runs once and closes the message', () => {
	const toaster = new Toaster();
	const run = vi.fn();
	const id = toaster.show('gone', { action: { label: 'Undo', run } });
	toaster.act(id);
	toaster.act(id);
	expect(run).toHaveBeenCalledTimes(1);
	expect(texts(toaster)).toEqual([]);
});

test('a key replaces, and old ones make room', () => {
	const toaster = new Toaster();
	toaster.show('offline', { key: 'net', duration: 0 });
	toaster.show('online', { key: 'net', duration: 0 });
	expect(texts(toaster)).toEqual(['online']);
	for (const text of ['1', '2', '3', '4']) toaster.show(text, { duration: 0 });
	expect(texts(toaster)).toEqual(['1', '2', '3', '4']);
	vi.advanceTimersByTime(3_600_000);
	expect(texts(toaster)).toHaveLength(4);
});
