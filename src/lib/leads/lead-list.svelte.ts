/**
 * The rows of an open list of leads: pages as asked for, and every change as it happens. A message is
 * never trusted to be the only one: `repair` reads again what is shown, and what was heard meanwhile
 * is applied on top, the higher version winning.
 */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import type { Verdict } from './lead-filters.ts';
import type { Cursor, Lead, LeadPage } from './lead.ts';

const PAGE = 50;
/** as many as the database gives at once */
const MOST = 200;

type Fetch = (after: Cursor | null, rows: number) => Promise<Result<LeadPage>>;
type Heard = { id: number; version: number; lead: Lead | null };

export class LeadList {
	#fetch: Fetch;
	#judge: (lead: Lead) => Verdict;
	#rows = $state.raw<readonly Lead[]>([]);
	#next = $state.raw<Cursor | null>(null);
	#loading = $state.raw(false);
	#error = $state.raw<DomainError | null>(null);
	/** those that came while somebody was looking */
	#fresh = $state.raw<ReadonlySet<number>>(new Set());
	#versions = new Map<number, number>();
	#heard: Heard[] | null = null;

	constructor(first: LeadPage, judge: (lead: Lead) => Verdict, fetch: Fetch) {
		this.#judge = judge;
		this.#fetch = fetch;
		this.#show(first.leads, first.next);
	}

	/** newest first */
	get rows(): readonly Lead[] {
		return this.#rows;
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

	isFresh(id: number): boolean {
		return this.#fresh.has(id);
	}

	async more(): Promise<void> {
		if (!this.#next || this.#loading) return;
		this.#loading = true;
		const answer = await this.#fetch(this.#next, PAGE);
		this.#loading = false;
		this.#error = answer.ok ? null : answer.error;
		if (!answer.ok) return;
		const known = new Set(this.#rows.map(({ id }) => id));
		const added = answer.value.leads.filter(({ id }) => !known.has(id));
		this.#show([...this.#rows, ...added], answer.value.next);
	}

	/** Reads again as many as are shown. Rejects when the server does not answer. */
	async repair(): Promise<void> {
		this.#heard = [];
		try {
			const wanted = Math.max(this.#rows.length, PAGE);
			const leads: Lead[] = [];
			let next: Cursor | null = null;
			do {
				const answer: Result<LeadPage> = await this.#fetch(
					next,
					Math.min(MOST, wanted - leads.length)
				);
				if (!answer.ok) throw new Error(`leads: ${answer.error.key}`);
				leads.push(...answer.value.leads);
				next = answer.value.next;
			} while (next && leads.length < wanted);
			this.#replace(leads, next);
		} finally {
			this.#heard = null;
		}
	}

	/** A message or a call's answer. @returns false when only the database knows whether it belongs here */
	accept(id: number, version: number, lead: Lead | null): boolean {
		this.#heard?.push({ id, version, lead });
		if ((this.#versions.get(id) ?? 0) >= version) return true;
		this.#versions.set(id, version);
		const shown = this.#rows.some((row) => row.id === id);
		const verdict = lead ? this.#judge(lead) : 'out';
		if (!lead || verdict === 'out') {
			if (shown) this.#rows = this.#rows.filter((row) => row.id !== id);
			return true;
		}
		if (shown) this.#rows = this.#rows.map((row) => (row.id === id ? lead : row));
		else if (verdict === 'ask') return false;
		else this.#insert(lead);
		return true;
	}

	#insert(lead: Lead): void {
		const place = this.#rows.findIndex((row) => newestFirst(lead, row) < 0);
		// older than all that is shown: it comes with the next page
		if (place < 0 && this.#next) return;
		this.#fresh = new Set([...this.#fresh, lead.id]);
		this.#rows = place < 0 ? [...this.#rows, lead] : this.#rows.toSpliced(place, 0, lead);
	}

	#replace(leads: readonly Lead[], next: Cursor | null): void {
		const before = new Set(this.#rows.map(({ id }) => id));
		const meanwhile = this.#heard ?? [];
		const came = leads.filter(({ id }) => !before.has(id)).map(({ id }) => id);
		this.#fresh = new Set([...this.#fresh, ...came]);
		this.#versions.clear();
		this.#show(leads, next);
		this.#heard = null;
		for (const { id, version, lead } of meanwhile) this.accept(id, version, lead);
	}

	#show(leads: readonly Lead[], next: Cursor | null): void {
		this.#rows = leads;
		this.#next = next;
		for (const { id, version } of leads) this.#versions.set(id, version);
	}
}

function newestFirst(a: Lead, b: Lead): number {
	return Date.parse(b.created_at) - Date.parse(a.created_at) || b.id - a.id;
}
