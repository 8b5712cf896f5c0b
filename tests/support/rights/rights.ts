/**
 * Every table and verb, tried as somebody, beside the permissions that should decide it. Each topic
 * of the database says its own in a file of this folder.
 */
import type { Sql, TransactionSql } from 'postgres';
import { become } from '../database.ts';
import { clientsRights } from './clients.ts';
import { companyRights } from './company.ts';
import { employeesRights } from './employees.ts';
import { ordersRights } from './orders.ts';

/** Rows made for the attempts, by the :name statements use. `location` is always there. */
export type Things = Record<string, string | number>;

export type RightsTopic = {
	/**
	 * table | verb | who may | statement, a line each; all four verbs of every table. Who may: the
	 * permissions needed, all of them; or everybody (signed in), employee, nobody. A statement names
	 * things as :name, reaches at least one row when allowed, and returns rows.
	 */
	attempts: string;
	/** public functions signed-in users may call; each has a private one of the same name, if definer */
	calls?: string[];
	/** public functions strangers may call, too */
	publicCalls?: string[];
	/** other private functions that policies and invoker code need */
	helpers?: string[];
	/** makes one of everything, so that nothing is refused for want of rows; topics run in order */
	make?(sql: Sql, things: Things): Promise<Things>;
};

export const topics: RightsTopic[] = [companyRights, employeesRights, clientsRights, ordersRights];

export type Attempt = {
	table: string;
	verb: string;
	needs: string[] | 'everybody' | 'employee' | 'nobody';
	statement: string;
};

export const attempts: Attempt[] = topics
	.flatMap((topic) => topic.attempts.trim().split('\n'))
	.filter((line) => line.trim() !== '')
	.map((line) => {
		const [table, verb, needs, statement] = line.split(' | ') as [string, string, string, string];
		const word = needs === 'everybody' || needs === 'employee' || needs === 'nobody';
		return { table, verb, needs: word ? needs : needs.split(' '), statement };
	});

/** What an employee with these permissions should reach. */
export function reachable(permissions: string[]): string[] {
	return attempts
		.filter(({ needs }) =>
			Array.isArray(needs)
				? needs.every((permission) => permissions.includes(permission))
				: needs !== 'nobody'
		)
		.map(({ verb, table }) => `${verb} ${table}`);
}

/** One of everything, so that nothing is refused for want of rows. */
export async function makeThings(sql: Sql, location: number): Promise<Things> {
	const things: Things = { location };
	for (const topic of topics) Object.assign(things, await topic.make?.(sql, things));
	return things;
}

/**
 * What SQL lets somebody reach: every attempt in a savepoint of one transaction of the owner that
 * is rolled back; `before` may change rights first.
 */
export async function successes(
	sql: Sql,
	who: string | null,
	things: Things,
	before?: (tx: TransactionSql) => Promise<unknown>
): Promise<string[]> {
	const done: string[] = [];
	const rollback = new Error('rollback');
	const swallow = (error: { code?: string }) => {
		if (error !== rollback && error.code !== '42501') throw error;
	};
	await sql
		.begin(async (tx) => {
			await before?.(tx);
			for (const { table, verb, statement } of attempts) {
				const bound = bind(statement, things);
				await tx
					.savepoint(async (point) => {
						await become(point, who);
						const rows = await point.unsafe(bound);
						if (rows.count > 0) done.push(`${verb} ${table}`);
						throw rollback;
					})
					.catch(swallow);
			}
			throw rollback;
		})
		.catch(swallow);
	return done;
}

/** Puts things in place of their names; `::casts` and times of day are no names. */
function bind(statement: string, things: Things): string {
	return statement.replace(/(?<![:\w]):([a-z_]+)\b/g, (whole, name: string) =>
		name in things ? `'${things[name]}'` : whole
	);
}
