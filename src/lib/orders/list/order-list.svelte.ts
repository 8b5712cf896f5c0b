/** The rows of an open list: the first page as loaded, further ones as asked for, and live changes of all. */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import { rowSchema, type OrderPage, type OrderRow } from './order-list.ts';

type Fetch = (after: Record<string, unknown>) => Promise<Result<OrderPage>>;

export class OrderList {
	#fetch: Fetch;
	#rows = $state.raw<readonly OrderRow[]>([]);
	#money = $state.raw<Readonly<Record<string, readonly number[]>> | null>(null);
	#next = $state.raw<Record<string, unknown> | null>(null);
	#loading = $state.raw(false);
	#error = $state.raw<DomainError | null>(null);

	constructor(first: OrderPage, fetch: Fetch) {
		this.#fetch = fetch;
		this.#rows = first.cards;
		this.#money = first.money ?? null;
		this.#next = first.next;
	}

	get rows(): readonly OrderRow[] {
		return this.#rows;
	}

	/** [total, paid] by order; null for those who may not see it. */
	get money(): Readonly<Record<string, readonly number[]>> | null {
		return this.#money;
	}

	get hasMore(): boolean {
		return this.#next !== null;
	}

	get loading(): boolean {
		return this.#loading;
	}

	get error(): DomainError | null {
		return this.#error;
	}

	async more(): Promise<void> {
		if (!this.#next || this.#loading) return;
		this.#loading = true;
		const answer = await this.#fetch(this.#next);
		this.#loading = false;
		this.#error = answer.ok ? null : answer.error;
		if (!answer.ok) return;
		const { cards, money, next } = answer.value;
		const known = new Set(this.#rows.map(({ id }) => id));
		this.#rows = [...this.#rows, ...cards.filter(({ id }) => !known.has(id))];
		this.#money = this.#money && { ...this.#money, ...money };
		this.#next = next;
	}

	/** A live event's card: a row that is here shows it; what is not here is a matter of the filters. */
	accept(payload: unknown): number | null {
		const card = (payload as { card?: unknown } | null)?.card;
		const row = rowSchema.safeParse(card);
		if (!row.success) return null;
		const fresh = row.data;
		const old = this.#rows.find(({ id }) => id === fresh.id);
		if (old && old.version < fresh.version) {
			this.#rows = this.#rows.map((other) => (other.id === fresh.id ? fresh : other));
		}
		return fresh.id;
	}
}
