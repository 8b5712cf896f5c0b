/**
 * Reads committed changes from the WAL, in commit order, for as long as it lives: one connection at
 * a time, a new one with a growing pause when it breaks.
 *
 * The position that was handled is confirmed at least every second, so the slot never holds more
 * WAL than that, and is remembered here, so that a Postgres that crashed before it stored the
 * confirmation does not send the same changes twice.
 */
import type { Duplex } from 'node:stream';
import type { Sql } from 'postgres';
import { Client } from '../../postgres/clients.ts';
import { monotonic } from '../clock.ts';
import type { Log } from '../options.ts';
import { formatLsn, PgOutputDecoder, statusUpdate, type Change, type Lsn } from './pgoutput.ts';
import { identifySystem, prepareSlot, type Query } from './slot.ts';

export type StreamOptions = {
	databaseUrl: string;
	slotName: string;
	publication: string;
	log: Log;
	/** nothing heard for so long, although a sign of life is asked for: the connection is renewed */
	silenceMs: number;
	/** a slot left by an earlier server is of no use: begin with a new one */
	fresh?: boolean;
	/** before a connection begins to flow */
	prepare?(): Promise<void>;
	onChange(change: Change): void;
	/** everything before this position was handed over; unless given, that counts as handled */
	onPosition?(end: Lsn): void;
	/** the slot of an earlier server was found: what was committed while it was away comes now */
	onResume?(): void;
	/** changes may have been lost: whoever listens must look again */
	onGap(): void;
};

const CONFIRM_MS = 1000;
const PAUSE_MIN_MS = 50;
const PAUSE_MAX_MS = 2000;
/** the publication was not there yet at the moment of the WAL that is being read */
const UNDEFINED_OBJECT = '42704';

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
	#renew: boolean;
	#paused = false;
	#waiting: ((streaming: boolean) => void)[] = [];
	readonly #loop: Promise<void>;

	constructor(options: StreamOptions) {
		this.#options = options;
		this.#renew = options.fresh ?? false;
		this.#loop = this.#run();
	}

	get slotName(): string {
		return this.#options.slotName;
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

	/** Everything up to the position was handled and may be forgotten by Postgres. */
	advance(end: Lsn): void {
		if (end > this.#done) this.#done = end;
	}

	/** Holds the WAL back in Postgres while too much of it waits here. */
	pause(paused: boolean): void {
		if (paused === this.#paused) return;
		this.#paused = paused;
		if (paused) this.#wal?.pause();
		else this.#wal?.resume();
	}

	/** Gives the slot up and goes on with a new one; what is between them is lost. */
	renewSlot(): void {
		this.#renew = true;
		this.#wal?.destroy(new Error('the replication slot is being replaced'));
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
			const started = monotonic();
			try {
				await this.#connect();
			} catch (error) {
				const { message, code } = error as Error & { code?: string };
				if (code === UNDEFINED_OBJECT) this.#renew = true;
				if (failures === 0)
					this.#options.log('warn', 'replication interrupted', { error: message });
			}
			if (this.#stopped) break;
			failures = monotonic() - started > 5000 ? 0 : failures + 1;
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
		const { sql } = new Client(this.#options.databaseUrl, {
			max: 1,
			fetch_types: false,
			idle_timeout: undefined,
			connection: { application_name: 'realtime replication', replication: 'database' } as object
		});
		this.#sql = sql;
		try {
			const wal = await this.#start(sql);
			const ended = this.#follow(wal);
			this.#wal = wal;
			if (this.#paused) wal.pause();
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
		const { slotName, publication, prepare } = this.#options;
		const query: Query = async (statement) => [...(await sql.unsafe(statement).simple())] as never;
		await prepare?.();
		const { system, end } = await identifySystem(query);
		if (system !== this.#system || end < this.#done) this.#done = 0n;
		this.#system = system;
		await this.#prepareSlot(query);
		const statement =
			`START_REPLICATION SLOT "${slotName}" LOGICAL ${formatLsn(this.#done)} ` +
			`(proto_version '1', publication_names '"${publication}"')`;
		return (await sql.unsafe(statement).simple().writable()) as Duplex;
	}

	async #prepareSlot(query: Query): Promise<void> {
		const { slotName, log, onGap, onResume } = this.#options;
		const slot = await prepareSlot(query, slotName, log, this.#renew);
		this.#renew = false;
		const first = this.#connects === 0;
		if (slot === 'kept') {
			if (first) onResume?.();
			return;
		}
		this.#done = 0n;
		// at our very first start nobody listened yet, so that a new slot has nothing to lose
		if (!first || (slot === 'replaced' && !this.#options.fresh)) onGap();
	}

	#follow(wal: Duplex): Promise<void> {
		const decoder = new PgOutputDecoder();
		this.#heard = monotonic();
		return new Promise((resolve, reject) => {
			const timer = setInterval(
				() => {
					if (this.#paused) this.#heard = monotonic();
					const silent = monotonic() - this.#heard > this.#options.silenceMs;
					if (silent) wal.destroy(new Error('Postgres is silent'));
					else this.#confirm(true);
				},
				Math.min(CONFIRM_MS, this.#options.silenceMs / 3)
			);
			wal.on('data', (chunk: Buffer) => {
				this.#heard = monotonic();
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
		if (message.kind !== 'commit' && message.kind !== 'keepalive') return this.#hand(message);
		// a keepalive comes after everything up to its position, so that is handed over, too
		const { onPosition } = this.#options;
		if (onPosition) onPosition(message.end);
		else this.advance(message.end);
		if (message.kind === 'keepalive' && message.replyWanted) this.#confirm(false);
	}

	#hand(change: Change): void {
		try {
			this.#options.onChange(change);
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
