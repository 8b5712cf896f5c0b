/** Errors that say nothing about a statement: the database is away at the moment. */

/** of ours, of postgres.js and of Node's sockets */
const CODES = new Set([
	'CONNECTION_LOST',
	'CONNECTION_CLOSED',
	'CONNECTION_DESTROYED',
	'CONNECTION_ENDED',
	'CONNECT_TIMEOUT',
	'ECONNREFUSED',
	'ECONNRESET',
	'EPIPE'
]);

/** connection exceptions, no connection free, shut down, crashed, not started yet */
const SQLSTATES = /^(08...|53300|57P0[1-5])$/;

/** Whether the same request may well succeed in a moment. */
export function isUnavailable(error: unknown): boolean {
	const { code } = (error ?? {}) as { code?: unknown };
	return typeof code === 'string' && (CODES.has(code) || SQLSTATES.test(code));
}

/** Seconds until a client should try again: Postgres needs about one to recover. */
export const RETRY_AFTER_S = 1;
