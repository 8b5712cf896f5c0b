/**
 * Every public call, tried as somebody, beside the permissions that should decide it: the calls of
 * `rights.ts`, taken apart and made.
 */
import type { Sql, TransactionSql } from 'postgres';
import { become } from '../database.ts';
import { bind, satisfies, type Needs, type Things } from './needs.ts';

/**
 * A public function. `needs` as in attempts; a statement that names things as :name and, when the
 * caller is allowed, is not refused for want of rights (it may be refused for other reasons).
 */
export type Call = { name: string; needs: string; statement: string };

/** Refused for want of rights; other domain errors say that the caller got past the check. */
const REFUSALS = ['42501', 'VK401', 'VK403'];

/** The calls somebody with these permissions should get past the check of. */
export const allowedCalls = (calls: ParsedCall[], permissions: string[]): string[] =>
	calls.filter(({ needs }) => satisfies(permissions, needs)).map(({ name }) => name);

export type ParsedCall = { name: string; needs: Needs; statement: string };

/**
 * What SQL lets somebody call: each in a savepoint of one transaction of the owner that is rolled
 * back; `before` may change rights first.
 * @returns names of the calls that were not refused, in the order given
 */
export async function callsAllowed(
	sql: Sql,
	calls: ParsedCall[],
	who: string | null,
	things: Things,
	before?: (tx: TransactionSql) => Promise<unknown>
): Promise<string[]> {
	const done: string[] = [];
	const rollback = new Error('rollback');
	await sql
		.begin(async (tx) => {
			await before?.(tx);
			for (const { name, statement } of calls) {
				if (!(await refused(tx, who, bind(statement, things)))) done.push(name);
			}
			throw rollback;
		})
		.catch((error: unknown) => {
			if (error !== rollback) throw error;
		});
	return done;
}

async function refused(tx: TransactionSql, who: string | null, statement: string) {
	const rollback = new Error('rollback');
	try {
		await tx.savepoint(async (point) => {
			await become(point, who);
			await point.unsafe(statement);
			throw rollback;
		});
	} catch (error) {
		if (error === rollback) return false;
		const { code = '' } = error as { code?: string };
		if (REFUSALS.includes(code)) return true;
		if (!code.startsWith('VK')) throw error;
	}
	return false;
}
