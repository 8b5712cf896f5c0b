/**
 * What is known of the HTTP request being answered, wherever its code runs: an id that the answer
 * carries and the log repeats, and what went wrong inside while it was answered.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { isUnavailable } from './postgres/unavailable.ts';

export type RequestContext = {
	readonly id: string;
	/** why it may fail; the newest last */
	readonly causes: string[];
	/** the database was away when it was asked */
	unavailable: boolean;
};

const contexts = new AsyncLocalStorage<RequestContext>();
const CAUSES = 5;

/** Runs the work with a context of its own. */
export function withRequest<T>(work: (context: RequestContext) => T): T {
	const context: RequestContext = { id: randomUUID(), causes: [], unavailable: false };
	return contexts.run(context, work, context);
}

/** Remembers an error for the log line of the present request; without a request nothing happens. */
export function noteFailure(error: unknown): void {
	const context = contexts.getStore();
	if (!context) return;
	if (isUnavailable(error)) context.unavailable = true;
	context.causes.push(describeFailure(error));
	if (context.causes.length > CAUSES) context.causes.shift();
}

/**
 * An error for the log. Of Postgres only what cannot quote a row: code, constraint, the function that
 * complained; of other errors the message and where they come from.
 */
export function describeFailure(error: unknown): string {
	if (!(error instanceof Error)) return String((error as { code?: unknown } | null)?.code ?? error);
	const { code, routine, constraint_name } = error as Error & Record<string, string | undefined>;
	if (error.name === 'PostgresError') {
		return ['PostgresError', code, routine, constraint_name].filter(Boolean).join(' ');
	}
	const place = /\n\s+at (.+)/.exec(error.stack ?? '')?.[1];
	return [`${error.name}${code ? ` ${code}` : ''}: ${error.message.slice(0, 300)}`, place]
		.filter(Boolean)
		.join(' at ');
}
