/**
 * Reads committed inserts from the WAL, in commit order, for as long as the server lives: one
 * connection at a time, a new one with a growing pause when it breaks.
 *
 * The position that was handled is confirmed at least every second, so the slot never holds more
 * WAL than that, and is remembered here, so that a Postgres that crashed before it stored the
 * confirmation does not send the same messages twice.
 */
import type { Duplex } from 'node:stream';
import postgres, { type Sql } from 'postgres';
import type { Log } from '../options.ts';
import { formatLsn, PgOutputDecoder, statusUpdate, type Lsn, type Row } from './pgoutput.ts';
import { identifySystem, prepareSlot, type Query } from './slot.ts';

export type StreamOptions = {
	databaseUrl: string;
	slotName: string;
	publication: string;
	log: Log;
	onInsert(table: string, row: Row): void;
	/** messages may have been lost: whoever listens must look again */
	onGap(): void;
};

const CONFIRM_MS = 1000;
/** nothing heard for so long, although a sign of life is asked for with every confirmation */
const SILENCE_MS = 10_000;
const PAUSE_MIN_MS = 50;
const PAUSE_MAX_MS = 2000;

export class ReplicationStream {
	readonly #options: StreamOptions;
	#stopped = false;
	#sql: Sql | undefined;
	/** the stream, while it flows */
	#wal: Duplex | undefined;
	#wake: () => void = () => {};
	#done: Lsn = 0n;
	#system = '';
	#heard = 0;
	#connects = 0;
	#waiting: ((streaming: boolean) => void)[] = [];
	readonly #loop: Promise<void>;

	constructor(options: StreamOptions) {
		this.#options = options;
		this.#loop = this.#run();
	}

	get state() {
		return {
			streaming: this.#wal !== undefined,
			confirmed: formatLsn(this.#done),
			connects: this.#connects
		};
	}

	/** Resolves to true as soon as the WAL is read, to false when that takes longer. */
	ready(timeoutMs: number): Promise<boolean> {
		if (this.#wal) return Promise.resolve(true);
		return new Promise((resolve) => {
			const timer = setTimeout(() => resolve(false), timeoutMs);
			this.#waiting.push((streaming) => (clearTimeout(timer), resolve(streaming)));
		});
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#wake();
		if (this.#wal) {
			this.#confirm(false);
			this.#wal.end();
		} else void this.#sql?.end({ timeout: 0 });
		await this.#loop;
	}

	async #run(): Promise<void> {
		for (let failures = 0; !this.#stopped;) {
			const started = Date.now();
			try {
				await this.#connect();
			} catch (error) {
				const { message } = error as Error;
				if (failures === 0) this.#options.log('warn', 'replication interrupted', { message });
			}
			if (this.#stopped) break;
			failures = Date.now() - started > 5000 ? 0 : failures + 1;
			await this.#pause(Math.min(PAUSE_MIN_MS * 2 ** failures, PAUSE_MAX_MS));
		}
		for (const tell of this.#waiting.splice(0)) tell(false);
	}

	#pause(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#wake = () => (clearTimeout(timer), resolve());
		});
	}

	/** One connection, from opening until it ends. */
	async #connect(): Promise<void> {
		const sql = postgres(this.#options.databaseUrl, {
			max: 1,
			fetch_types: false,
			idle_timeout: undefined,
			max_lifetime: null,
			connect_timeout: 5,
			onnotice: () => {},
			connection: { application_name: 'realtime replication', replication: 'database' } as object
		});
		this.#sql = sql;
		try {
			const wal = await this.#start(sql);
			const ended = this.#follow(wal);
			this.#wal = wal;
			if (this.#connects++ > 0) this.#options.log('info', 'replication resumed');
			for (const tell of this.#waiting.splice(0)) tell(true);
			if (this.#stopped) wal.end();
			await ended;
		} finally {
			this.#wal = undefined;
			await sql.end({ timeout: 0 });
		}
	}

	async #start(sql: Sql): Promise<Duplex> {
		const { slotName, publication, log, onGap } = this.#options;
		const query: Query = async (statement) => [...(await sql.unsafe(statement).simple())] as never;
		const { system, end } = await identifySystem(query);
		if (system !== this.#system || end < this.#done) this.#done = 0n;
		this.#system = system;
		const slot = await prepareSlot(query, slotName, log);
		// a slot that is new at our very first start had nothing to lose
		if (slot === 'replaced' || (slot === 'created' && this.#connects > 0)) {
			this.#done = 0n;
			onGap();
		}
		const statement =
			`START_REPLICATION SLOT "${slotName}" LOGICAL ${formatLsn(this.#done)} ` +
			`(proto_version '1', publication_names '"${publication}"')`;
		return (await sql.unsafe(statement).simple().writable()) as Duplex;
	}

	#follow(wal: Duplex): Promise<void> {
		const decoder = new PgOutputDecoder();
		this.#heard = Date.now();
		return new Promise((resolve, reject) => {
			const timer = setInterval(() => {
				if (Date.now() - this.#heard > SILENCE_MS) wal.destroy(new Error('Postgres is silent'));
				else this.#confirm(true);
			}, CONFIRM_MS);
			wal.on('data', (chunk: Buffer) => {
				this.#heard = Date.now();
				try {
					this.#take(decoder, chunk);
				} catch (error) {
					wal.destroy(error as Error);
				}
			});
			wal.on('error', reject);
			wal.on('end', resolve);
			wal.on('close', resolve);
			wal.once('close', () => clearInterval(timer));
		});
	}

	#take(decoder: PgOutputDecoder, chunk: Buffer): void {
		const message = decoder.decode(chunk);
		if (!message) return;
		if (message.kind === 'insert') return this.#hand(message);
		// a keepalive comes after everything up to its position, so that is handled, too
		if (message.end > this.#done) this.#done = message.end;
		if (message.kind === 'keepalive' && message.replyWanted) this.#confirm(false);
	}

	#hand({ table, row }: { table: string; row: Row }): void {
		try {
			this.#options.onInsert(table, row);
		} catch (error) {
			// reading it again would fail again, and hold up everything after it
			this.#options.log('error', 'message dropped', { error: (error as Error).message });
		}
	}

	#confirm(replyWanted: boolean): void {
		const wal = this.#wal;
		if (wal?.writable && this.#done > 0n) wal.write(statusUpdate(this.#done, replyWanted));
	}
}
