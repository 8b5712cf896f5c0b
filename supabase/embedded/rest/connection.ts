/**
 * @supabase/lite's Postgres connection on a leash.
 *
 * Corrections, held by tests/api on every upgrade of lite: it must not grant anything to anybody, it
 * sends a caller's identity in one round trip, takes lists for lists, and when a statement fails it
 * answers with PostgREST's status and prints no row of anybody's data.
 */
import { inspect } from 'node:util';
import { PostgresConnection } from '@supabase/lite/postgres';
import { Kysely, sql } from 'kysely';
import { isUnavailable } from '../postgres/unavailable.ts';
import { noteFailure } from '../request.ts';
import { clientDialect } from './driver.ts';
import { statusOfSqlState, tellable } from './status.ts';
import { ValueTypes } from './values.ts';

type CallerContext = {
	auth?: { role?: string; uid?: unknown; jwt?: unknown };
	storage?: { operation?: unknown };
};

const POOL_SIZE = 10;
const SQLSTATE = /^(?!PT|PGRST)[0-9A-Z]{5}$/;
/** depends on who asks or on lite's own idea of the schema */
const LEFT_TO_LITE = new Set(['42501', '42P01', '42703', '42883']);

type Introspection = Awaited<ReturnType<PostgresConnection['introspect']>>;

/** What lite declares private and we have to reach; a version of lite without it fails tests/api. */
type Inside = {
	rlsState: 'unknown' | 'inactive' | 'active';
	applyJwtSessionContext(db: Kysely<unknown>, context: CallerContext): Promise<void>;
};

export class LeashedConnection extends PostgresConnection {
	#types = new ValueTypes();
	#known: Introspection | undefined;
	#stale = false;

	constructor(url: string) {
		super({ url });
		// lite's own pool never connects
		const { connection } = this.driver.options;
		const options = { connection, max: POOL_SIZE, idle_timeout: 60 };
		this.kysely = new Kysely({ dialect: clientDialect(url, options, this.#types) });
		const inside = this as unknown as Inside;
		// anything but 'active' makes lite run GRANT ALL … TO anon for every schema with row-level security
		inside.rlsState = 'active';
		inside.applyJwtSessionContext = becomeCaller;
	}

	/** What was read of the schema stays until it has been read anew. */
	override async clearSchemaCache(): Promise<void> {
		this.#stale = true;
		this.#types.forget();
	}

	/**
	 * lite takes a table with any unique index on a reference, a partial one too, for a single row and
	 * answers null for none; to PostgREST only constraints say that, and those are listed apart. When the
	 * database is away lite finds no tables, which would be 404 for everything.
	 */
	override async introspect(options?: { useCache?: boolean }): Promise<Introspection> {
		if (options?.useCache && this.#known && !this.#stale) return this.#known;
		const found = await super.introspect({ ...options, useCache: false });
		if (found.tables.length === 0 && this.#known) return this.#known;
		this.#stale = false;
		return (this.#known = { ...found, indexes: [] });
	}

	/**
	 * lite answers 500 for every SQLSTATE it does not know, our own and check violations among them.
	 * `RAISE SQLSTATE 'PGRST'` is the form in which PostgREST, and so lite, lets a whole answer be given.
	 */
	override normalizeDbError(error: unknown): unknown {
		const { code, message, detail, hint } = error as Record<string, string | undefined>;
		noteFailure(error);
		if (isUnavailable(error)) return unavailable();
		if (!code && isUnexpected(error)) return misread(error);
		if (!code || !SQLSTATE.test(code) || LEFT_TO_LITE.has(code)) return withoutData(error);
		const told = tellable(code, message);
		const details = told === message ? (detail ?? null) : null;
		const answer = { code, message: told, details, hint: hint ?? null };
		return withoutData({
			code: 'PGRST',
			message: JSON.stringify(answer),
			detail: JSON.stringify({ status: statusOfSqlState(code, false), headers: {} })
		});
	}
}

/** The gateway replaces the answer by one with `Retry-After`. */
const unavailable = () =>
	withoutData({
		code: 'PGRST',
		message: JSON.stringify({ code: 'PGRST001', message: 'The database is away' }),
		detail: JSON.stringify({ status: 503, headers: {} })
	});

/** its parsers' complaints, most of which lite answers well */
const PARSER =
	/Unknown operator|Expected|Invalid filter|Unexpected input|Unsupported|failed to parse/;
const NATIVE = new Set<unknown>([
	Error,
	TypeError,
	RangeError,
	ReferenceError,
	SyntaxError,
	URIError
]);

const isUnexpected = (error: unknown): error is Error =>
	error instanceof Error && NATIVE.has(error.constructor) && !PARSER.test(error.message);

/** What lite did not expect: a request nobody can parse, or a mistake of its own, which stays here. */
function misread(error: Error): unknown {
	const unreadable = error instanceof URIError || /closing quote/.test(error.message);
	const answer = unreadable
		? { code: 'PGRST100', message: 'The request cannot be parsed' }
		: { code: 'PGRSTX00', message: 'Unexpected failure' };
	return withoutData({
		code: 'PGRST',
		message: JSON.stringify(answer),
		detail: JSON.stringify({ status: unreadable ? 400 : 500, headers: {} })
	});
}

/** lite prints every failed statement; what it prints must not carry values from rows. */
function withoutData(error: unknown): unknown {
	if (typeof error !== 'object' || error === null) return error;
	const { code, message } = error as Record<string, string | undefined>;
	const shown = code === 'PGRST' ? (JSON.parse(message ?? '{}') as { code: string }).code : code;
	const line = JSON.stringify({ at: new Date().toISOString(), event: 'rest_error', code: shown });
	Object.defineProperty(error, inspect.custom, { value: () => line, enumerable: false });
	return error;
}

/** Replaces lite's five or six statements per request by a single one of the same effect. */
async function becomeCaller(db: Kysely<unknown>, context: CallerContext): Promise<void> {
	const role = context.auth?.role || 'anon';
	const claims = context.auth?.jwt;
	await sql`select
		set_config('role', ${role}, true),
		set_config('request.jwt.claim.sub', ${String(context.auth?.uid ?? '')}, true),
		set_config('request.jwt.claim.role', ${role}, true),
		set_config('storage.operation', ${String(context.storage?.operation ?? '')}, true),
		set_config('request.jwt.claims', ${claims ? JSON.stringify(claims) : ''}, true)`.execute(db);
}
