/** An import of leads, step by step: a table, what its columns mean, a preview, the deed. */
import type { DomainError, Result } from '$lib/errors/domain-error.ts';
import { readTable } from '$lib/format/csv.ts';
import {
	guessMapping,
	importRow,
	isHeader,
	type Defaults,
	type Mapping,
	type Names,
	type Outcome
} from './table.ts';

export interface ImportServer {
	preview(rows: readonly Record<string, string>[]): Promise<Result<Outcome>>;
	import(
		rows: readonly Record<string, string>[],
		onProgress: (done: number) => void
	): Promise<Result<Outcome>>;
}

export class LeadImport {
	#server: ImportServer;
	#names: Names;
	#table = $state.raw<readonly (readonly string[])[]>([]);
	#mapping = $state.raw<Mapping>([]);
	#head = $state(true);
	#defaults = $state.raw<Defaults>({});
	#preview = $state.raw<Outcome | null>(null);
	#result = $state.raw<Outcome | null>(null);
	#error = $state.raw<DomainError | null>(null);
	#done = $state.raw<number | null>(null);
	#busy = $state(false);
	#asked = 0;

	constructor(server: ImportServer, names: Names) {
		this.#server = server;
		this.#names = names;
	}

	/** the first row as it is, for naming the columns */
	get head(): readonly string[] {
		return this.#table[0] ?? [];
	}

	/** the first row names the columns */
	get hasHead(): boolean {
		return this.#head;
	}

	get mapping(): Mapping {
		return this.#mapping;
	}

	get defaults(): Defaults {
		return this.#defaults;
	}

	/** the rows that are leads, as cells */
	get body(): readonly (readonly string[])[] {
		return this.#head ? this.#table.slice(1) : this.#table;
	}

	get preview(): Outcome | null {
		return this.#preview;
	}

	/** what came of it, once it is done */
	get result(): Outcome | null {
		return this.#result;
	}

	get error(): DomainError | null {
		return this.#error;
	}

	/** share of the rows that are in (0 to 1); null while nothing is being added */
	get progress(): number | null {
		return this.#done === null ? null : this.#done / Math.max(this.body.length, 1);
	}

	get busy(): boolean {
		return this.#busy;
	}

	/** somebody can be reached only by a phone or an e-mail */
	get isMapped(): boolean {
		const names = this.#mapping.some((field) => field === 'first_name' || field === 'full_name');
		return names && this.#mapping.some((field) => field === 'phone_number' || field === 'email');
	}

	read(text: string): void {
		const table = readTable(text);
		this.#table = table;
		this.#head = isHeader(table[0] ?? [], this.#names.country);
		const width = Math.max(0, ...table.map((row) => row.length));
		const guessed = this.#head ? guessMapping(table[0] ?? []) : [];
		this.#mapping = Array.from({ length: width }, (_, index) => guessed[index] ?? '');
		this.#changed();
	}

	setHead(head: boolean): void {
		this.#head = head;
		this.#changed();
	}

	map(column: number, field: Mapping[number]): void {
		// a field comes from one column
		this.#mapping = this.#mapping.map((other, index) =>
			index === column ? field : other === field ? '' : other
		);
		this.#changed();
	}

	setDefaults(defaults: Defaults): void {
		this.#defaults = defaults;
		this.#changed();
	}

	/** What would come of it; asked for after every change by the page. */
	async look(): Promise<void> {
		const mine = ++this.#asked;
		if (!this.isMapped || this.body.length === 0) return;
		this.#busy = true;
		const answer = await this.#server.preview(this.#rows());
		// an answer that was overtaken by a later question
		if (mine !== this.#asked) return;
		this.#busy = false;
		this.#error = answer.ok ? null : answer.error;
		this.#preview = answer.ok ? answer.value : null;
	}

	async run(): Promise<void> {
		if (this.#busy || !this.#preview) return;
		this.#busy = true;
		this.#done = 0;
		const answer = await this.#server.import(this.#rows(), (done) => (this.#done = done));
		this.#busy = false;
		this.#done = null;
		this.#error = answer.ok ? null : answer.error;
		if (answer.ok) this.#result = answer.value;
	}

	#rows(): Record<string, string>[] {
		return this.body.map((cells) => importRow(cells, this.#mapping, this.#names, this.#defaults));
	}

	#changed(): void {
		this.#preview = null;
		this.#result = null;
		this.#error = null;
		this.#busy = false;
		this.#asked++;
	}
}
