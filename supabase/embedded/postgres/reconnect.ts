/**
 * Seconds postgres.js waits before a lost connection is tried again. Its own rule grows to 20 s, so
 * that requests would go on failing long after Postgres is back.
 */
export const reconnectSoon = { backoff: (retries: number) => Math.min(0.05 * retries, 0.25) };
