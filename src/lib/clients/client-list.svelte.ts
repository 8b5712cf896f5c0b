/** The rows of a list of clients as far as somebody has scrolled; the rest comes page by page. */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { ClientPage, ClientRow, Cursor } from './client.ts';

export class ClientList {
	#rows = $state.raw<ClientRow[]>([]);
	#next = $state.raw<Cursor | null>(null);
	#loading = $state(false);
	#error = $state.raw<DomainError | null>(null);
	readonly #fetch: (after: Cursor) => Promise<Result<ClientPage>>;

	constructor(first: ClientPage, fetch: (after: Cursor) => Promise<Result<ClientPage>>) {
		this.#rows = first.rows;
		this.#next = first.next;
		this.#fetch = fetch;
	}

	get rows(): ClientRow[] {
		return this.#rows;
	}
	get complete(): boolean {
		return this.#next === null;
	}
	get loading(): boolean {
		return this.#loading;
	}
	get error(): DomainError | null {
		return this.#error;
	}

	/** Fetches the next page, unless there is none or it is already on its way. */
	async more(): Promise<void> {
		if (this.#loading || this.#next === null) return;
		this.#loading = true;
		this.#error = null;
		const answer = await this.#fetch(this.#next);
		if (answer.ok) {
			// somebody renamed while the list was read may come a second time
			const known = new Set(this.#rows.map(({ id }) => id));
			this.#rows = [...this.#rows, ...answer.value.rows.filter(({ id }) => !known.has(id))];
			this.#next = answer.value.next;
		} else {
			this.#error = answer.error;
		}
		this.#loading = false;
	}
}
