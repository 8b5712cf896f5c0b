/**
 * When Postgres is killed under load, postgres.js 3.4.9 lets some errors of its dead connections out
 * where nobody can catch them: a rollback written to a closed socket, a reset while reconnecting. Its
 * pools recover by themselves; the process that owns the stack must only not end because of them.
 */
const CODES = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'ECONNREFUSED']);

/** Whether an uncaught error is only the end of a database connection. */
export function isLostConnection(error: unknown): boolean {
	const { code, stack } = (error ?? {}) as { code?: string; stack?: string };
	const fromDriver = stack?.includes('/postgres/src/connection.js') ?? false;
	return CODES.has(code ?? '') || (fromDriver && error instanceof TypeError);
}
