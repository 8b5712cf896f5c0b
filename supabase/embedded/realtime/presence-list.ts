/**
 * Who is present in one room, by key, with Phoenix's references: an update carries the old entry in
 * `leaves` and the new one, with `phx_ref_prev`, in `joins` (supabase-facts §1.6).
 */
import { textMessage, type Outgoing } from './outgoing.ts';

type Meta = Record<string, unknown> & { phx_ref: string; phx_ref_prev?: string };
type Metas = Record<string, { metas: Meta[] }>;
type Entry = { key: string; meta: Meta; content: string };

/** Everybody of a board comes back at once after a restart; one diff tells it, not one each. */
const GATHER_MS = 20;

let counter = 0;
const nextReference = () => (++counter).toString(36);

export class PresenceList {
	readonly #topic: string;
	readonly #send: (diff: Outgoing) => void;
	/** by the channel that tracks, so that it can be taken back when the channel ends */
	readonly #entries = new Map<object, Entry>();
	#joins: Entry[] = [];
	#leaves: Entry[] = [];
	#timer: NodeJS.Timeout | undefined;

	constructor(topic: string, send: (diff: Outgoing) => void) {
		this.#topic = topic;
		this.#send = send;
	}

	get size(): number {
		return this.#entries.size;
	}

	/** Adds or updates an entry; the same content again changes nothing. */
	track(owner: object, key: string, payload: Record<string, unknown>): void {
		const content = JSON.stringify(payload);
		const old = this.#entries.get(owner);
		if (old?.content === content) return;
		const meta: Meta = { ...payload, phx_ref: nextReference() };
		if (old) {
			meta.phx_ref_prev = old.meta.phx_ref;
			this.#leaves.push(old);
		}
		const entry = { key, meta, content };
		this.#entries.set(owner, entry);
		this.#joins.push(entry);
		this.#announce();
	}

	untrack(owner: object): void {
		const entry = this.#entries.get(owner);
		if (!entry) return;
		this.#entries.delete(owner);
		this.#leaves.push(entry);
		this.#announce();
	}

	/** The whole list, for somebody who just joined. What is not yet announced goes out first. */
	state(): Metas {
		this.#flush();
		return grouped(this.#entries.values());
	}

	stop(): void {
		clearTimeout(this.#timer);
	}

	#announce(): void {
		this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
	}

	#flush(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#joins.length === 0 && this.#leaves.length === 0) return;
		const diff = { joins: grouped(this.#joins), leaves: grouped(this.#leaves) };
		this.#joins = [];
		this.#leaves = [];
		this.#send(textMessage(this.#topic, 'presence_diff', diff));
	}
}

function grouped(entries: Iterable<Entry>): Metas {
	const byKey = new Map<string, { metas: Meta[] }>();
	for (const { key, meta } of entries) {
		const group = byKey.get(key);
		if (group) group.metas.push(meta);
		else byKey.set(key, { metas: [meta] });
	}
	return Object.fromEntries(byKey);
}
