/**
 * Single-use connections. postgres.js 3.4.9 opens a lost connection again under the feet of whoever
 * had it: what was queued on it may never be answered, and what follows in a transaction would run
 * outside of it. So every connection is a client of its own that opens one socket in its life. When
 * that ends the client is thrown away, and whoever waits for it hears so at once.
 */
import { Socket } from 'node:net';
import postgres, { type Options, type PostgresType, type Sql } from 'postgres';

/** The database's end of the connection is gone; the statement may or may not have been executed. */
export class ConnectionLost extends Error {
	readonly code = 'CONNECTION_LOST';
	constructor(cause?: unknown) {
		super('The connection to the database was lost', { cause });
	}
}

type DriverOptions = Options<Record<string, PostgresType>>;

export type PoolOptions = DriverOptions & {
	/** connections at once */
	max: number;
};

/** Policies, functions and schemas change; a connection does not live for ever. */
const LIFETIME_MS = 1_800_000;
const CONNECT_TIMEOUT_S = 5;

export class Client {
	readonly sql: Sql;
	readonly born = Date.now();
	lost = false;
	/** rejects when the connection is lost, never resolves */
	readonly whenLost: Promise<never>;
	#lose: (error: ConnectionLost) => void = () => {};
	#opened = false;

	/** @param onLost called once, before anybody else hears of the loss */
	constructor(url: string, options: PoolOptions, onLost: (client: Client) => void = () => {}) {
		this.whenLost = new Promise((_, reject) => (this.#lose = reject));
		this.whenLost.catch(() => {});
		const lose = (cause?: unknown) => {
			if (this.lost) return;
			this.lost = true;
			onLost(this);
			this.#lose(new ConnectionLost(cause));
		};
		this.sql = postgres(url, {
			connect_timeout: CONNECT_TIMEOUT_S,
			onnotice: () => {},
			...options,
			max: 1,
			max_lifetime: null,
			socket: (parsed: { host: string[]; port: number[] }) => this.#open(parsed, lose)
		} as DriverOptions) as unknown as Sql;
	}

	/** The answer, or ConnectionLost as soon as there can be none. */
	orLost<T>(answer: PromiseLike<T>): Promise<T> {
		return Promise.race([answer, this.whenLost]);
	}

	#open({ host, port }: { host: string[]; port: number[] }, lose: (cause?: unknown) => void) {
		// a second socket would continue without the transaction, the role and the locks of the first
		if (this.#opened) throw new ConnectionLost();
		this.#opened = true;
		const socket = new Socket();
		socket.once('error', lose).once('end', lose).once('close', lose);
		return socket.connect({ port: port[0] ?? 5432, host: host[0] ?? 'localhost' });
	}
}

/** At most `max` clients; whoever comes when all are taken waits for his turn. */
export class Clients {
	readonly #url: string;
	readonly #options: PoolOptions;
	#idle: Client[] = [];
	#taken = new Set<Client>();
	#waiting: { take: (client: Client) => void; refuse: (error: Error) => void }[] = [];
	#ended = false;

	constructor(url: string, options: PoolOptions) {
		this.#url = url;
		this.#options = options;
	}

	/** @throws ConnectionLost when the pool has ended */
	async acquire(): Promise<Client> {
		if (this.#ended) throw new ConnectionLost('the pool has ended');
		const free = this.#idle.pop() ?? (this.#taken.size < this.#options.max ? this.#make() : null);
		if (!free) return new Promise((take, refuse) => this.#waiting.push({ take, refuse }));
		this.#taken.add(free);
		return free;
	}

	/** @param spoilt its session is not as it was: it is not used again */
	release(client: Client, spoilt = false): void {
		if (!this.#taken.delete(client)) return;
		const usable = !client.lost && !spoilt && Date.now() - client.born < LIFETIME_MS;
		if (!usable || this.#ended) void client.sql.end({ timeout: 0 }).catch(() => {});
		const next = this.#ended ? undefined : this.#waiting.shift();
		if (next) {
			const given = usable ? client : this.#make();
			this.#taken.add(given);
			next.take(given);
		} else if (usable && !this.#ended) this.#idle.push(client);
	}

	/** Refuses whoever waits, gives running statements some seconds, then ends them. */
	async end(seconds: number): Promise<void> {
		this.#ended = true;
		for (const { refuse } of this.#waiting.splice(0)) {
			refuse(new ConnectionLost('the pool has ended'));
		}
		const all = [...this.#idle.splice(0), ...this.#taken];
		await Promise.all(all.map(({ sql }) => sql.end({ timeout: seconds }).catch(() => {})));
	}

	#make(): Client {
		return new Client(this.#url, this.#options, (lost) => {
			this.#idle = this.#idle.filter((client) => client !== lost);
		});
	}
}
