/**
 * A private database for one test file, people of every role in it, and the means to act as them:
 * SQL as the API runs it, under the role `authenticated` or `anon` with a token's claims.
 */
import { randomUUID } from 'node:crypto';
import postgres, { type Sql, type TransactionSql } from 'postgres';
import { startTestStack } from './stack.ts';

export type Role = 'operator' | 'coordinator' | 'master' | 'marketer' | 'manager' | 'admin';
export const roles: Role[] = ['operator', 'coordinator', 'master', 'marketer', 'manager', 'admin'];
export type Kind =
	'unassigned' | 'assigned' | 'in_progress' | 'waiting' | 'done' | 'closed' | 'refused';

/** a user's id, or null for somebody who is not signed in */
export type Who = string | null;
export type Card = {
	id: number;
	version: number;
	stage_id: number;
	rank: string;
	master_id: string | null;
	client_name: string;
	location_id: number;
} & Record<string, unknown>;
export type Refusal = { code: string; message: string; details: Record<string, unknown> };

export type Database = {
	ownerUrl: string;
	/** connections of the owner `postgres`: bypasses row-level security, not the triggers */
	owner: Sql;
	/** runs SQL as somebody and rolls it back */
	asRole<T>(who: Who, run: (tx: TransactionSql) => Promise<T>): Promise<T>;
	/** runs SQL as somebody and commits it, as a request does */
	commitAs<T>(who: Who, run: (tx: TransactionSql) => Promise<T>): Promise<T>;
	stop(): Promise<void>;
};

const numbers = {
	// ids are small here; as numbers they compare with those inside JSON
	bigint: { to: 20, from: [20], serialize: String, parse: Number }
};

/** The one place that knows where a test database comes from. */
export async function startDatabase(): Promise<Database> {
	const stack = await startTestStack('empty');
	const options = { max: 4, onnotice: () => {}, types: numbers } as const;
	const owner = postgres(stack.urls.owner, options) as unknown as Sql;
	const api = postgres(stack.urls.authenticator, { ...options, max: 20 }) as unknown as Sql;
	const commitAs = <T>(who: Who, run: (tx: TransactionSql) => Promise<T>) =>
		api.begin(async (tx) => {
			await become(tx, who);
			return run(tx);
		}) as Promise<T>;
	return {
		ownerUrl: stack.urls.owner,
		owner,
		commitAs,
		asRole: async (who, run) => {
			const rollback = new Error('rollback');
			let result: { value: Awaited<ReturnType<typeof run>> } | undefined;
			await commitAs(who, async (tx) => {
				result = { value: await run(tx) };
				throw rollback;
			}).catch((error: unknown) => {
				if (error !== rollback) throw error;
			});
			return (result as { value: Awaited<ReturnType<typeof run>> }).value;
		},
		stop: async () => {
			await Promise.all([owner.end(), api.end()]);
			await stack.dispose();
		}
	};
}

/** Takes on an API role and a token's claims until the transaction ends. */
export async function become(tx: TransactionSql, who: Who): Promise<void> {
	const role = who ? 'authenticated' : 'anon';
	const claims = JSON.stringify(who ? { sub: who, role, aud: 'authenticated' } : { role });
	await tx`select set_config('role', ${role}, true),
		set_config('request.jwt.claims', ${claims}, true),
		set_config('request.jwt.claim.sub', ${who ?? ''}, true),
		set_config('request.jwt.claim.role', ${role}, true)`;
}

/** The refusal a promise ends in; fails the test if it succeeds. */
export async function refusal(promise: Promise<unknown>): Promise<Refusal> {
	try {
		const value = await promise;
		throw new Error(`should have been refused, but gave ${JSON.stringify(value)}`);
	} catch (error) {
		if (!(error instanceof postgres.PostgresError)) throw error;
		const details = error.code.startsWith('VK') ? JSON.parse(error.detail ?? '{}') : {};
		return { code: error.code, message: error.message, details };
	}
}

let serial = 0;
const next = () => ++serial;

export async function makeLocation(sql: Sql): Promise<number> {
	const [row] = await sql`
		insert into public.locations (name) values (${`Workshop ${next()}`}) returning id`;
	return row?.id;
}

/** A registered user who is nobody's employee. */
export async function makeUser(sql: Sql): Promise<string> {
	const id = randomUUID();
	await sql`insert into auth.users (id, email) values (${id}, ${`user${next()}-${id}@example.test`})`;
	return id;
}

export async function makeEmployee(
	sql: Sql,
	role: Role,
	options: { location?: number | null; capacity?: number; active?: boolean; name?: string } = {}
): Promise<string> {
	const id = await makeUser(sql);
	await sql`insert into public.employees (id, full_name, role, location_id, capacity, active)
		values (${id}, ${options.name ?? `${role} ${next()}`}, ${role}, ${options.location ?? null},
			${options.capacity ?? 3}, ${options.active ?? true})`;
	return id;
}

/** An administrator with a second factor; whoever `become`s him has not used it. */
export async function makeHalfSignedIn(sql: Sql): Promise<string> {
	const id = await makeEmployee(sql, 'admin');
	await sql`insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at)
		values (gen_random_uuid(), ${id}, 'totp', 'verified', now(), now())`;
	return id;
}

export async function makeClient(sql: Sql, name = `Client ${next()}`): Promise<number> {
	const [row] = await sql`
		insert into public.clients (first_name, last_name) values ('Nika', ${name}) returning id`;
	await sql`insert into public.client_phones (client_id, phone)
		values (${row?.id}, ${`+38067${String(1_000_000 + next())}`})`;
	return row?.id;
}

/** The id of the company's own column of a kind. */
export async function stageOf(sql: Sql, kind: Kind): Promise<number> {
	const [row] = await sql`select id from public.stages
		where kind = ${kind} and location_id is null order by position limit 1`;
	return row?.id;
}

export async function makeStage(
	sql: Sql,
	kind: Kind,
	options: { wipLimit?: number; location?: number } = {}
): Promise<number> {
	const [row] = await sql`
		insert into public.stages (name, kind, colour, position, wip_limit, location_id)
		values ('{"en": "Extra", "ru": "Ещё", "uk": "Ще"}', ${kind}, '#336699', ${100 + next()},
			${options.wipLimit ?? null}, ${options.location ?? null})
		returning id`;
	return row?.id;
}

/** An order at the top of a column, as its card. */
export async function makeOrder(
	sql: Sql,
	options: { location: number; client?: number; stage?: number; master?: string; problem?: string }
): Promise<Card> {
	const client = options.client ?? (await makeClient(sql));
	const stage = options.stage ?? (await stageOf(sql, 'unassigned'));
	const [row] = await sql`
		insert into public.orders (location_id, client_id, stage_id, master_id, refusal_reason, problem)
		values (${options.location}, ${client}, ${stage}, ${options.master ?? null}, 'Too dear',
			${options.problem ?? `Problem ${next()}`})
		returning id`;
	return cardOf(sql, row?.id);
}

/** The card face of an order as it is now. */
export async function cardOf(sql: Sql, id: number): Promise<Card> {
	const [row] = await sql`select to_jsonb(c) as card from private.cards c where c.id = ${id}`;
	return row?.card;
}

/** Puts somebody at work, as clock_in() would have done an hour ago. */
export async function openShift(sql: Sql, employee: string): Promise<number> {
	const [row] = await sql`
		insert into public.shifts (employee_id, location_id, started_at)
		select e.id, e.location_id, now() - interval '1 hour' from public.employees e where e.id = ${employee}
		returning id`;
	return row?.id;
}
