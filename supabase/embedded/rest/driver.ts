/**
 * Kysely on single-use connections, in place of kysely-postgres-js, whose reserved connections are
 * given back while somebody else has them when Postgres dies in between.
 */
import {
	PostgresAdapter,
	PostgresDriver,
	PostgresIntrospector,
	PostgresQueryCompiler,
	type CompiledQuery,
	type DatabaseConnection,
	type Dialect,
	type Kysely,
	type QueryResult
} from 'kysely';
import { Clients, ConnectionLost, type Client, type PoolOptions } from '../postgres/clients.ts';
import { isUnavailable } from '../postgres/unavailable.ts';
import { noteFailure } from '../request.ts';

const COUNTED = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * A document for a column whose type is a domain over jsonb: the client knows no such type and writes
 * it as any object writes itself, which would be '[object Object]'.
 */
function readable(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (Object.getPrototypeOf(value) !== Object.prototype) return value;
	return Object.defineProperty({ ...value }, 'toString', { value: () => JSON.stringify(value) });
}

class ClientConnection implements DatabaseConnection {
	readonly client: Client;
	/** a transaction may still be open in it */
	spoilt = false;

	constructor(client: Client) {
		this.client = client;
	}

	async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
		const { client } = this;
		if (client.lost) throw new ConnectionLost();
		const given = parameters.map(readable) as never[];
		const answer = client.orLost(client.sql.unsafe(sql, given));
		const rows = await answer.catch((error: unknown) => {
			if (isUnavailable(error)) noteFailure(error);
			throw error;
		});
		const counted = COUNTED.has(rows.command) ? { numAffectedRows: BigInt(rows.count) } : {};
		return { ...counted, rows: [...rows] as R[] };
	}

	// eslint-disable-next-line require-yield -- the interface wants a generator; lite never streams
	async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
		throw new Error('Streaming is not supported');
	}
}

class ClientDriver extends PostgresDriver {
	readonly #clients: Clients;
	constructor(clients: Clients) {
		super({ pool: {} as never });
		this.#clients = clients;
	}

	override async acquireConnection(): Promise<ClientConnection> {
		return new ClientConnection(await this.#clients.acquire());
	}

	override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
		const own = connection as ClientConnection;
		// nothing is left to be undone, and whoever asks shall hear the first error
		if (own.client.lost) return;
		own.spoilt = true;
		await super.rollbackTransaction(connection);
		own.spoilt = false;
	}

	override async releaseConnection(connection: DatabaseConnection): Promise<void> {
		const { client, spoilt } = connection as ClientConnection;
		this.#clients.release(client, spoilt);
	}

	override async destroy(): Promise<void> {
		await this.#clients.end(2);
	}
}

/** The dialect to give to `new Kysely()`; `destroy()` ends its connections. */
export function clientDialect(url: string, options: PoolOptions): Dialect {
	return {
		createAdapter: () => new PostgresAdapter(),
		createDriver: () => new ClientDriver(new Clients(url, options)),
		createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
		createQueryCompiler: () => new PostgresQueryCompiler()
	};
}
