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
import { untyped, type ValueTypes } from './values.ts';

const COUNTED = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

class ClientConnection implements DatabaseConnection {
	readonly client: Client;
	readonly #types: ValueTypes;
	/** a transaction may still be open in it */
	spoilt = false;

	constructor(client: Client, types: ValueTypes) {
		this.client = client;
		this.#types = types;
	}

	async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
		const { client } = this;
		if (client.lost) throw new ConnectionLost();
		await this.#types.teach(client);
		const answer = client.orLost(client.sql.unsafe(sql, untyped(client, sql, parameters)));
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
	readonly #types: ValueTypes;
	constructor(clients: Clients, types: ValueTypes) {
		super({ pool: {} as never });
		this.#clients = clients;
		this.#types = types;
	}

	override async acquireConnection(): Promise<ClientConnection> {
		return new ClientConnection(await this.#clients.acquire(), this.#types);
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
export function clientDialect(url: string, options: PoolOptions, types: ValueTypes): Dialect {
	return {
		createAdapter: () => new PostgresAdapter(),
		createDriver: () =>
			new ClientDriver(new Clients(url, { ...options, fetch_types: false }), types),
		createIntrospector: (db: Kysely<unknown>) => new PostgresIntrospector(db),
		createQueryCompiler: () => new PostgresQueryCompiler()
	};
}
