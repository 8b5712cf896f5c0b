/**
 * Figures of an open page, kept equal to the database by live events. Events are gathered for a
 * quarter of a second, and one trip at a time fetches what is shown anew: a burst costs as much as
 * a single event, and an older answer never overwrites a newer one.
 */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { LiveEvent, LiveOptions, LiveState, Topic } from '$lib/realtime/live-topics.ts';

export interface FiguresServer<T> {
	figures(): Promise<Result<T>>;
	topics(): Promise<readonly Topic[]>;
}

/** What keeps the page live; `LiveTopics` is the real one. */
export interface Live {
	start(): void;
	destroy(): void;
}

const GATHER_MS = 250;
const RETRY_MS = 1500;

export class LiveFigures<T> {
	#server: FiguresServer<T>;
	#campaign: number | null;
	#value = $state.raw<T>() as T;
	#liveState = $state.raw<LiveState>('connecting');
	#error = $state.raw<DomainError | null>(null);
	#live: Live | null = null;
	#moved = false;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#fetching: Promise<unknown> = Promise.resolve();
	#stopped = false;

	/** @param campaign the only one shown; null: all of them */
	constructor(first: T, server: FiguresServer<T>, campaign: number | null = null) {
		this.#value = first;
		this.#server = server;
		this.#campaign = campaign;
	}

	get value(): T {
		return this.#value;
	}
	get live(): LiveState {
		return this.#liveState;
	}
	/** Why the figures may be old; null while they are not. */
	get error(): DomainError | null {
		return this.#error;
	}

	/** Joins the topics. Call once, in the browser; `connect` builds the connection. */
	start(connect: (options: LiveOptions) => Live): void {
		this.#live = connect({
			fetchTopics: () => this.#server.topics(),
			onEvent: (event) => this.receive(event),
			onGap: () => this.refresh(),
			onState: (state) => (this.#liveState = state)
		});
		this.#live.start();
	}

	destroy(): void {
		this.#stopped = true;
		this.#live?.destroy();
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	receive({ payload }: Pick<LiveEvent, 'payload'>): void {
		const { campaign_id: moved, kind } = (payload ?? {}) as Record<string, unknown>;
		// of no campaign: nothing here moves, but for a file of leads, which names none of its campaigns
		if (moved === null && kind !== 'lead') return;
		if (this.#campaign !== null && (moved ?? this.#campaign) !== this.#campaign) return;
		this.#moved = true;
		this.#schedule(GATHER_MS);
	}

	/** Everything anew. Rejects when it cannot be fetched. */
	async refresh(): Promise<void> {
		this.#moved = true;
		const error = await this.#fetch();
		if (error) throw new Error(error.key);
	}

	#schedule(pause: number): void {
		if (this.#stopped) return;
		this.#timer ??= setTimeout(() => {
			this.#timer = null;
			void this.#fetch().then((error) => error && this.#schedule(RETRY_MS));
		}, pause);
	}

	#fetch(): Promise<DomainError | null> {
		const trip = this.#fetching.then(() => this.#trip());
		this.#fetching = trip;
		return trip;
	}

	async #trip(): Promise<DomainError | null> {
		if (!this.#moved || this.#stopped) return null;
		this.#moved = false;
		const answer = await this.#server.figures();
		if (answer.ok) this.#value = answer.value;
		else this.#moved = true;
		this.#error = answer.ok ? null : answer.error;
		return this.#error;
	}
}
