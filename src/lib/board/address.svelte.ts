/**
 * Keeps the address bar and what is shown the same: the address is the state, so that back, forward
 * and a link of a colleague show what they should. Typing shows at once and is written a little
 * later, in one step of the history; anything else is a step of its own.
 */
import { parseQuery, phoneDigits, writeQuery, type BoardQuery } from './query.ts';
import type { BoardView } from './view.svelte.ts';

export interface AddressOptions {
	read(): URLSearchParams;
	write(params: URLSearchParams, replace: boolean): void;
	/** ids of the clients with a phone like this */
	findClients(digits: string): Promise<ReadonlySet<number>>;
}

const TYPING_MS = 250;

export class Address {
	#view: BoardView;
	#options: AddressOptions;
	/** what we wrote last: its echo is no news */
	#written: string | null = null;
	#typing: ReturnType<typeof setTimeout> | undefined;
	#digits = '';

	constructor(view: BoardView, options: AddressOptions) {
		this.#view = view;
		this.#options = options;
	}

	/** Call whenever the address changes. */
	follow(): void {
		const text = this.#options.read().toString();
		if (text === this.#written) return;
		this.#written = null;
		const query = parseQuery(new URLSearchParams(text));
		this.#view.show(query);
		this.#findClients(query.text);
	}

	/** The person wants to see something else. */
	change(change: Partial<BoardQuery>): void {
		this.#view.show({ ...this.#view.query, ...change });
		clearTimeout(this.#typing);
		const typed = change.text !== undefined || change.instrument !== undefined;
		if (!typed || Object.keys(change).length > 1) return this.#write(false);
		this.#typing = setTimeout(() => this.#write(this.#wasTyping()), TYPING_MS);
	}

	destroy(): void {
		clearTimeout(this.#typing);
	}

	/** Going back leads to what was before the first letter, not through all of them. */
	#wasTyping(): boolean {
		const { text, instrument } = parseQuery(this.#options.read());
		return text !== '' || instrument !== '';
	}

	#write(replace: boolean): void {
		const { query } = this.#view;
		const params = writeQuery(query, this.#options.read());
		this.#written = params.toString();
		this.#options.write(params, replace);
		this.#findClients(query.text);
	}

	/** The board knows no phones: the server says whose they are. */
	#findClients(text: string): void {
		const digits = phoneDigits(text);
		if (digits === this.#digits) return;
		this.#digits = digits;
		this.#view.found(new Set());
		if (digits === '') return;
		void this.#options.findClients(digits).then((clients) => {
			if (digits === this.#digits) this.#view.found(clients);
		});
	}
}
