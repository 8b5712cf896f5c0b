/**
 * Changes from the WAL on their way to subscribers. They wait here while Postgres is asked who may
 * see the ones before them; what has gathered meanwhile is asked together.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../options.ts';
import type { Change, Lsn, Relation, Row } from '../replication/pgoutput.ts';
import type { SubscriptionTable, Verdict } from './subscription-table.ts';

export type FeedOptions = {
	table: SubscriptionTable;
	log: Log;
	maxRecordBytes: number;
	/** whether anybody may listen to a table (oid) */
	wanted(table: number): boolean;
	send(verdict: Verdict): void;
	/** everything before this position is done with */
	advance(end: Lsn): void;
	/** too much is waiting, or no more */
	pause(paused: boolean): void;
};

type Waiting = Change | { kind: 'position'; end: Lsn };

const BATCH = 200;
const FULL = 10_000;
const RETRY_MS = 100;
const JSON_TYPES = new Set([114, 3802]);

export class Feed {
	readonly #options: FeedOptions;
	#queue: Waiting[] = [];
	/** of the transaction whose end has not been seen */
	#open: Change[] = [];
	#working: Promise<void> | undefined;
	#stopped = false;

	constructor(options: FeedOptions) {
		this.#options = options;
	}

	take(change: Change): void {
		if (!this.#options.wanted(change.relation.oid)) return;
		this.#open.push(change);
		// a huge transaction is not held as a whole: broken off, its beginning would come twice
		if (this.#open.length >= FULL) this.#enqueue();
	}

	position(end: Lsn): void {
		this.#enqueue();
		if (this.#queue.length === 0 && !this.#working) return this.#options.advance(end);
		const last = this.#queue.at(-1);
		if (last?.kind === 'position') last.end = end;
		else this.#queue.push({ kind: 'position', end });
	}

	/** Resolves when all that was taken is done with; what has no end yet comes again. */
	async drain(): Promise<void> {
		this.#open = [];
		await this.#working;
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#queue = [];
		await this.drain();
	}

	#enqueue(): void {
		if (this.#open.length === 0) return;
		this.#queue.push(...this.#open);
		this.#open = [];
		if (this.#queue.length >= FULL) this.#options.pause(true);
		this.#working ??= this.#work().finally(() => (this.#working = undefined));
	}

	async #work(): Promise<void> {
		// what arrives in the same tick belongs to the same batch
		await Promise.resolve();
		while (this.#queue.length > 0) {
			const batch = this.#queue.splice(0, BATCH);
			const changes = batch.filter((each): each is Change => each.kind !== 'position');
			await this.#judge(changes);
			for (const each of batch) if (each.kind === 'position') this.#options.advance(each.end);
			if (this.#queue.length < FULL / 2) this.#options.pause(false);
		}
	}

	async #judge(changes: Change[]): Promise<void> {
		while (!this.#stopped && changes.length > 0) {
			try {
				return (await this.#ask(changes)).forEach((verdict) => this.#options.send(verdict));
			} catch (error) {
				const { message, code = '', name } = error as Error & { code?: string };
				if (name !== 'PostgresError' || /^(08|53|57P)/.test(code)) {
					await sleep(RETRY_MS);
				} else if (changes.length > 1) {
					for (const change of changes) await this.#judge([change]);
					return;
				} else {
					const { schema, table } = (changes[0] as Change).relation;
					const detail = { table: `${schema}.${table}`, error: message };
					return this.#options.log('error', 'change dropped', detail);
				}
			}
		}
	}

	/** One question for each table, answers in the order of the changes. */
	async #ask(changes: Change[]): Promise<Verdict[]> {
		const { table, maxRecordBytes } = this.#options;
		// the WAL tells of a commit before others see it, and policies are asked of what is seen
		const xids = [...new Set(changes.map(({ transaction }) => transaction.xid))];
		while (!this.#stopped && !(await table.sees(xids))) await sleep(1);
		const tables = Map.groupBy(changes.entries(), ([, change]) => change.relation.oid);
		const answers = [...tables].map(async ([oid, entries]) => {
			const text = `[${entries.map(([, change]) => describe(change)).join()}]`;
			const verdicts = await table.judge(oid, text, maxRecordBytes);
			return verdicts.map((each) => ({ ...each, ord: entries[each.ord - 1]?.[0] ?? 0 }));
		});
		return (await Promise.all(answers)).flat().sort((a, b) => a.ord - b.ord);
	}
}

/** A change as JSON text, as realtime.typed_changes() reads it. */
function describe({ kind, relation, row, old, transaction }: Change): string {
	// the identity of an updated row is sent only when it changed
	const before = old ?? identity(relation, row);
	return (
		`{"type":"${kind.toUpperCase()}","commit_timestamp":"${new Date(transaction.committedAt).toISOString()}"` +
		(row ? `,"new":${json(relation, row)}` : '') +
		(kind !== 'insert' ? `,"old":${json(relation, before)}}` : '}')
	);
}

function identity({ columns }: Relation, row: Row | null): Row {
	const keys = columns.filter(({ key, name }) => key && row && name in row);
	return Object.fromEntries(keys.map(({ name }) => [name, row?.[name] ?? null]));
}

function json({ columns }: Relation, row: Row): string {
	const pairs = columns.flatMap(({ name, typeOid }) => {
		const value = row[name];
		if (value === undefined) return [];
		const text = value?.toString() ?? 'null';
		const isJson = value === null || JSON_TYPES.has(typeOid);
		return [`${JSON.stringify(name)}:${isJson ? text : JSON.stringify(text)}`];
	});
	return `{${pairs.join()}}`;
}
