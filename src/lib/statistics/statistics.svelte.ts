/**
 * The figures of one open page: fetched once, then kept equal to the database by live events.
 * Events are gathered for a quarter of a second and only the parts they may have moved are fetched
 * again, one trip at a time, so that a burst costs as much as a single event.
 */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { LiveEvent, LiveOptions, LiveState, Topic } from '$lib/realtime/live-topics.ts';
import { laterCause, news, parts, type Cause, type Part, type Reports } from './statistics.ts';

/** the figures, and those of the period before when they are compared */
export type Figures = { now: Reports; before: Reports | null };
export type PartOfFigures = { now: Partial<Reports>; before: Partial<Reports> | null };

export interface StatisticsServer {
	figures(wanted: readonly Part[]): Promise<Result<PartOfFigures>>;
	topics(): Promise<readonly Topic[]>;
}

/** What keeps the page live; `LiveTopics` is the real one. */
export interface Live {
	start(): void;
	destroy(): void;
}

const GATHER_MS = 250;
const RETRY_MS = 1500;

export class StatisticsState {
	#server: StatisticsServer;
	#figures = $state.raw<Figures>() as Figures;
	#causes = $state.raw<Partial<Record<Part, Cause>>>({});
	#liveState = $state.raw<LiveState>('connecting');
	#error = $state.raw<DomainError | null>(null);
	#live: Live | null = null;
	#moved = new Set<Part>();
	#timer: ReturnType<typeof setTimeout> | null = null;
	#fetching: Promise<unknown> = Promise.resolve();
	#stopped = false;

	constructor(figures: Figures, server: StatisticsServer) {
		this.#figures = figures;
		this.#server = server;
	}

	get now(): Reports {
		return this.#figures.now;
	}
	get before(): Reports | null {
		return this.#figures.before;
	}
	get live(): LiveState {
		return this.#liveState;
	}
	/** Why the figures may be old; null while they are not. */
	get error(): DomainError | null {
		return this.#error;
	}
	/** What moved a part last, since the page was opened. */
	cause(part: Part): Cause | null {
		return this.#causes[part] ?? null;
	}

	/** Joins the topics. Call once, in the browser; `connect` builds the connection. */
	start(connect: (options: LiveOptions) => Live): void {
		this.#live = connect({
			fetchTopics: () => this.#server.topics(),
			onEvent: (event) => this.receive(event),
			onGap: () => this.#catchUp(),
			onState: (state) => (this.#liveState = state)
		});
		this.#live.start();
	}

	destroy(): void {
		this.#stopped = true;
		this.#live?.destroy();
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	receive({ event, payload }: Pick<LiveEvent, 'event' | 'payload'>): void {
		const { moved, cause } = news(event, payload);
		for (const part of moved) this.#moved.add(part);
		if (cause) {
			const told = moved.map((part) => [part, laterCause(this.#causes[part], cause)] as const);
			this.#causes = { ...this.#causes, ...Object.fromEntries(told) };
		}
		this.#schedule(GATHER_MS);
	}

	/** Everything anew, because something may have been missed. Rejects when it cannot be fetched. */
	async #catchUp(): Promise<void> {
		for (const part of parts) this.#moved.add(part);
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

	/** One trip after the other, so that an older answer never overwrites a newer one. */
	#fetch(): Promise<DomainError | null> {
		const trip = this.#fetching.then(() => this.#trip());
		this.#fetching = trip;
		return trip;
	}

	async #trip(): Promise<DomainError | null> {
		if (this.#moved.size === 0 || this.#stopped) return null;
		const wanted = [...this.#moved];
		this.#moved.clear();
		const answer = await this.#server.figures(wanted);
		if (answer.ok) {
			const { now, before } = answer.value;
			this.#figures = {
				now: { ...this.#figures.now, ...now },
				before: this.#figures.before && { ...this.#figures.before, ...before }
			};
		} else {
			for (const part of wanted) this.#moved.add(part);
		}
		this.#error = answer.ok ? null : answer.error;
		return this.#error;
	}
}
