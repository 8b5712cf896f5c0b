/** The palette's search as it is typed: the newest question only, and never an older one's answer. */
import type { Result } from '$lib/errors/domain-error.ts';
import type { Found } from './search.data.ts';

/** long enough for a quick typist, short enough not to be felt */
const PAUSE_MS = 90;
const SHORTEST = 2;

type Ask = (query: string, signal: AbortSignal) => Promise<Result<Found[]>>;

export class PaletteSearch {
	#ask: Ask;
	#query = $state('');
	#found = $state.raw<readonly Found[]>([]);
	#state = $state.raw<'idle' | 'searching' | 'failed'>('idle');
	#timer: ReturnType<typeof setTimeout> | undefined;
	#running: AbortController | null = null;

	constructor(ask: Ask) {
		this.#ask = ask;
	}

	get query(): string {
		return this.#query;
	}

	get found(): readonly Found[] {
		return this.#found;
	}

	get state(): 'idle' | 'searching' | 'failed' {
		return this.#state;
	}

	set query(query: string) {
		this.#query = query;
		this.stop();
		if (query.trim().length < SHORTEST) {
			this.#found = [];
			this.#state = 'idle';
			return;
		}
		this.#state = 'searching';
		this.#timer = setTimeout(() => void this.#run(query.trim()), PAUSE_MS);
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#running?.abort();
		this.#running = null;
	}

	async #run(query: string): Promise<void> {
		const running = new AbortController();
		this.#running = running;
		const answer = await this.#ask(query, running.signal);
		if (this.#running !== running) return;
		this.#running = null;
		this.#found = answer.ok ? answer.value : [];
		this.#state = answer.ok ? 'idle' : 'failed';
	}
}
