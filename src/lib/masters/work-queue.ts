/**
 * Keeps what a master did until the server has answered: actions are stored before anything else
 * happens to them, sent one at a time in the order they were made, and repeated under their own id
 * while the server cannot be reached. A refused one stays, with the reason, until the person has
 * read it: nothing is ever lost in silence. Other actions go on; each has preconditions of its own.
 */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { Action, Entry } from './action.ts';

/** Where entries outlive the page; `work-store.ts` is the real one. */
export interface ActionStore {
	/** oldest first */
	all(): Promise<Entry[]>;
	/** adds an entry, or replaces the one of the same action */
	put(entry: Entry): Promise<void>;
	remove(id: string): Promise<void>;
}

export interface WorkQueueOptions<Answer> {
	store: ActionStore;
	send(action: Action): Promise<Result<Answer>>;
	onDone(action: Action, answer: Answer): void;
	onRefused(action: Action, error: DomainError): void;
	/** entries changed */
	onChange(): void;
	/** milliseconds before try number `tries` (1, 2, …) is repeated */
	retryAfter?(tries: number): number;
}

/** Half a second, doubling to fifteen. */
const later = (tries: number) =>
	Math.min(15_000, 500 * 2 ** (tries - 1)) * (0.75 + Math.random() / 2);

/** The server did not say no: it could not be asked, or does not know the person any more. */
const isUnheard = ({ key }: DomainError) =>
	['network', 'unavailable', 'too_many_requests', 'not_signed_in', 'second_factor_needed'].includes(
		key
	);

export class WorkQueue<Answer> {
	#options: WorkQueueOptions<Answer>;
	#entries: readonly Entry[] = [];
	#sending: string | null = null;
	#tries = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;
	#stopped = false;

	constructor(options: WorkQueueOptions<Answer>) {
		this.#options = options;
	}

	/** Everything not settled, oldest first. */
	get entries(): readonly Entry[] {
		return this.#entries;
	}

	/** Takes up what earlier pages left behind. Call once, in the browser. */
	async open(): Promise<void> {
		const left = await this.#options.store.all().catch(() => []);
		if (this.#stopped) return;
		const known = new Set(left.map(({ action }) => action.id));
		this.#set([...left, ...this.#entries.filter(({ action }) => !known.has(action.id))]);
		this.#pump();
	}

	async add(...actions: Action[]): Promise<void> {
		this.#set([...this.#entries, ...actions.map((action) => ({ action, refusal: null }))]);
		for (const action of actions) await this.#keep({ action, refusal: null });
		this.#pump();
	}

	/** The person has read why it was refused. */
	async dismiss(id: string): Promise<void> {
		await this.#drop(id);
	}

	/** Asks again for what was refused, at the end of the queue. */
	async again(action: Action): Promise<void> {
		await this.#drop(action.id);
		await this.add(action);
	}

	/** The network is back: do not wait for the next try. */
	retryNow(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#pump();
	}

	destroy(): void {
		this.#stopped = true;
		clearTimeout(this.#timer);
	}

	#pump(): void {
		if (this.#stopped || this.#sending !== null || this.#timer !== undefined) return;
		const next = this.#entries.find(({ refusal }) => refusal === null);
		if (next) void this.#send(next.action);
	}

	async #send(action: Action): Promise<void> {
		this.#sending = action.id;
		const answer = await this.#options.send(action);
		this.#sending = null;
		if (this.#stopped) return;
		if (!answer.ok && isUnheard(answer.error)) return this.#postpone();
		this.#tries = 0;
		if (answer.ok) {
			this.#options.onDone(action, answer.value);
			await this.#drop(action.id);
		} else await this.#refuse(action, answer.error);
		this.#pump();
	}

	#postpone(): void {
		this.#tries += 1;
		this.#timer = setTimeout(
			() => {
				this.#timer = undefined;
				this.#pump();
			},
			(this.#options.retryAfter ?? later)(this.#tries)
		);
	}

	async #refuse(action: Action, refusal: DomainError): Promise<void> {
		const refused = { action, refusal };
		this.#set(this.#entries.map((entry) => (entry.action.id === action.id ? refused : entry)));
		this.#options.onRefused(action, refusal);
		await this.#keep(refused);
	}

	async #drop(id: string): Promise<void> {
		this.#set(this.#entries.filter(({ action }) => action.id !== id));
		// an entry that stays behind is sent again some day, which has no second effect
		await this.#options.store.remove(id).catch(() => {});
	}

	/** Without storage (a private window) the queue lives as long as the page. */
	async #keep(entry: Entry): Promise<void> {
		await this.#options.store.put(entry).catch(() => {});
	}

	#set(entries: readonly Entry[]): void {
		this.#entries = entries;
		this.#options.onChange();
	}
}
