/** The queue's entries in IndexedDB, one database per person: phones are shared and handed on. */
import type { ActionStore } from './work-queue.ts';

const STORE = 'actions';

/** @param person the user id */
export function workStore(person: string): ActionStore {
	let opened: Promise<IDBDatabase> | undefined;
	const store = async (mode: IDBTransactionMode) =>
		(await (opened ??= open(`verstak-work-${person}`))).transaction(STORE, mode).objectStore(STORE);
	return {
		async all() {
			return done((await store('readonly')).getAll());
		},
		async put(entry) {
			const target = await store('readwrite');
			const key = await done(target.index('id').getKey(entry.action.id));
			// an existing entry keeps its place in the line
			await done(key === undefined ? target.add(entry) : target.put(entry, key));
		},
		async remove(id) {
			const target = await store('readwrite');
			const key = await done(target.index('id').getKey(id));
			if (key !== undefined) await done(target.delete(key));
		}
	};
}

async function open(name: string): Promise<IDBDatabase> {
	const request = indexedDB.open(name, 1);
	request.onupgradeneeded = () => {
		const made = request.result.createObjectStore(STORE, { autoIncrement: true });
		made.createIndex('id', 'action.id', { unique: true });
	};
	return done(request);
}

const done = <Value>(request: IDBRequest<Value>): Promise<Value> =>
	new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
	});
