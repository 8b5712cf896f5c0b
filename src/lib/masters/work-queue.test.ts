import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failed, ok, type ErrorKey, type Result } from '$lib/errors/domain-error.ts';
import type { Action, Entry } from './action.ts';
import { WorkQueue, type ActionStore } from './work-queue.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const accept = (id: string, order_id = 1): Action => ({
	id,
	at: '2026-11-21T10:00:00Z',
	order_id,
	seen_version: 1,
	kind: 'accept'
});
const refusal = (key: ErrorKey): Result<never> => ({
	ok: false,
	error: { code: '', key, details: {} }
});
const lost = failed(new TypeError('fetch failed'));

/** Storage that outlives a queue, as IndexedDB outlives a page. */
function makeStore(): ActionStore & { entries: Entry[] } {
	const store = {
		entries: [] as Entry[],
		all: async () => [...store.entries],
		put: async (entry: Entry) => {
			const at = store.entries.findIndex(({ action }) => action.id === entry.action.id);
			if (at < 0) store.entries.push(entry);
			else store.entries[at] = entry;
		},
		remove: async (id: string) => {
			store.entries = store.entries.filter(({ action }) => action.id !== id);
		}
	};
	return store;
}

function setUp(store = makeStore()) {
	const sent: string[] = [];
	const refused: string[] = [];
	const done: string[] = [];
	let answer: (action: Action) => Result<null> = () => ok(null);
	const queue = new WorkQueue<null>({
		store,
		send: async (action) => {
			sent.push(action.id);
			return answer(action);
		},
		onDone: (action) => done.push(action.id),
		onRefused: (action, { key }) => refused.push(`${action.id} ${key}`),
		onChange: () => {},
		retryAfter: () => 100
	});
	return { store, queue, sent, done, refused, say: (next: typeof answer) => (answer = next) };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

it('an action is stored before it is sent, and forgotten once it was answered', async () => {
	const { store, queue, sent, say } = setUp();
	const stored: number[] = [];
	say(() => {
		stored.push(store.entries.length);
		return ok(null);
	});
	await queue.add(accept('a'));
	await settle();
	expect(sent).toEqual(['a']);
	expect(stored).toEqual([1]);
	expect(store.entries).toEqual([]);
	expect(queue.entries).toEqual([]);
});

it('without a network the order is kept, and nothing overtakes', async () => {
	const { queue, sent, say } = setUp();
	say(() => lost);
	await queue.add(accept('a'), accept('b'));
	await vi.advanceTimersByTimeAsync(250);
	expect(new Set(sent)).toEqual(new Set(['a']));
	say(() => ok(null));
	queue.retryNow();
	await settle();
	expect(sent.slice(-2)).toEqual(['a', 'b']);
});

it('a new page takes up what the last one left, before what is new', async () => {
	const { store, queue, say } = setUp();
	say(() => lost);
	await queue.add(accept('a'), accept('b'));
	queue.destroy();
	const next = setUp(store);
	await next.queue.open();
	await next.queue.add(accept('c'));
	await settle();
	expect(next.sent).toEqual(['a', 'b', 'c']);
	expect(store.entries).toEqual([]);
});

it('a refused action stays with its reason over a reload until it was read; the others go on', async () => {
	const { store, queue, refused, done, say } = setUp();
	say(({ id }) => (id === 'b' ? refusal('order_changed') : ok(null)));
	await queue.add(accept('a'), accept('b'), accept('c'));
	await settle();
	expect(done).toEqual(['a', 'c']);
	expect(refused).toEqual(['b order_changed']);
	const next = setUp(store);
	await next.queue.open();
	await settle();
	expect(next.sent).toEqual([]);
	expect(next.queue.entries[0]?.refusal?.key).toBe('order_changed');
	await next.queue.dismiss('b');
	expect(store.entries).toEqual([]);
});

it('a refused action can be asked for again', async () => {
	const { queue, sent, done, say } = setUp();
	say(() => refusal('order_changed'));
	await queue.add(accept('a'));
	await settle();
	say(() => ok(null));
	await queue.again({ ...accept('a'), seen_version: 7 });
	await settle();
	expect(sent).toEqual(['a', 'a']);
	expect(done).toEqual(['a']);
});

it('a session that ran out loses nothing', async () => {
	const { queue, done, refused, say } = setUp();
	say(() => refusal('not_signed_in'));
	await queue.add(accept('a'));
	await settle();
	say(() => ok(null));
	await vi.advanceTimersByTimeAsync(150);
	expect(refused).toEqual([]);
	expect(done).toEqual(['a']);
});

it('storage that fails does not stop the work', async () => {
	const broken = () => Promise.reject(new Error('no storage'));
	const store = Object.assign(makeStore(), { all: broken, put: broken, remove: broken });
	const { queue, done } = setUp(store);
	await queue.open();
	await queue.add(accept('a'), accept('b'));
	await settle();
	expect(done).toEqual(['a', 'b']);
});
