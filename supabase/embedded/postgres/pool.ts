/**
 * A pool with postgres.js's interface whose users survive the death of Postgres: a statement on a lost
 * connection fails at once, the next one gets a new connection, and nothing stays stuck.
 */
import postgres, { type ReservedSql, type Sql, type TransactionSql } from 'postgres';
import { Clients, type Client, type PoolOptions } from './clients.ts';

/** What we use of postgres.js's own query objects; another version fails tests/api/pool.test.ts. */
type Query = PromiseLike<unknown> & {
	handler: (query: Query) => void;
	reject: (error: unknown) => void;
};

type Work<T> = (tx: TransactionSql) => T | Promise<T>;

/**
 * @returns postgres.js's `sql` with `begin` (one transaction, no savepoints), `reserve` and `end`
 * @throws from statements: PostgresError, or ConnectionLost when no answer came
 */
export function openPool(url: string, options: PoolOptions): Sql {
	const clients = new Clients(url, options);
	// builds statements and fragments; it never connects
	const builder = postgres(url, { ...options, onnotice: () => {} });
	const own = {
		unsafe: (...statement: Parameters<Sql['unsafe']>) => lead(builder.unsafe(...statement)),
		begin: <T>(work: Work<T>) => transact(clients, work),
		reserve: () => reserve(clients),
		end: ({ timeout = 5 }: { timeout?: number } = {}) => clients.end(timeout)
	};
	const lead = <T>(query: T): T => {
		if (isQuery(query)) query.handler = (statement) => void execute(clients, statement);
		return query;
	};
	return new Proxy(builder, {
		apply: (_, __, parts: [never]) => lead(builder(...parts)),
		get: (_, name) => Reflect.get(name in own ? own : builder, name) as unknown
	});
}

const isQuery = (value: unknown): value is Query =>
	typeof value === 'object' && value !== null && 'handler' in value && 'reject' in value;

/** Runs a statement made by the builder on a connection of its own. */
async function execute(clients: Clients, query: Query): Promise<void> {
	let client: Client | undefined;
	try {
		client = await clients.acquire();
		// a statement that is never run shows how this client runs statements
		(client.sql.unsafe('') as unknown as Query).handler(query);
		await client.orLost(query);
	} catch (error) {
		query.reject(error);
	} finally {
		if (client) clients.release(client);
	}
}

async function transact<T>(clients: Clients, work: Work<T>): Promise<T> {
	const client = await clients.acquire();
	const session = { clean: false };
	try {
		return await client.orLost(runTransaction(client, work, session));
	} finally {
		clients.release(client, !session.clean);
	}
}

async function runTransaction<T>(
	client: Client,
	work: Work<T>,
	session: { clean: boolean }
): Promise<T> {
	await client.sql.unsafe('begin');
	try {
		const result = await work(client.sql as unknown as TransactionSql);
		const { command } = await client.sql.unsafe('commit');
		// a statement failed and its error was swallowed: Postgres undid everything without a word
		if (command !== 'COMMIT') throw new Error('The transaction was rolled back');
		session.clean = true;
		return result;
	} catch (error) {
		if (!client.lost) {
			await client.sql.unsafe('rollback');
			session.clean = true;
		}
		throw error;
	}
}

async function reserve(clients: Clients): Promise<ReservedSql> {
	const client = await clients.acquire();
	return new Proxy(client.sql as unknown as ReservedSql, {
		get: (sql, name) =>
			name === 'release' ? () => clients.release(client) : (Reflect.get(sql, name) as unknown)
	});
}
