/** What random changes are made of: chance that can be had again, and some row to do something with. */
import type { TransactionSql } from 'postgres';
import type { Company } from './audience-company.ts';

export type Tx = TransactionSql;
/** a row of any table; its id is a text where people are meant */
export type SomeRow = { id: number; version: number; amount: number; master_id: string };
export type Random = {
	pick<T>(from: T[]): T;
	chance(part: number): boolean;
	int(below: number): number;
};

/** A small generator, so that a failure can be had again by its seed. */
export function randomOf(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = Math.imul(state ^ (state >>> 15), state | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
	const int = (below: number) => Math.floor(next() * below);
	return { int, chance: (part) => next() < part, pick: (from) => from[int(from.length)] as never };
}

export type Change = (company: Company, random: Random) => Promise<unknown>;

export const json = (value: unknown) => JSON.stringify(value);
export const boss = ({ staff }: Company) => staff.manager[0] as string;
let serial = 0;
export const fresh = () => `+38063${1_000_000 + ++serial}`;

export async function one(company: Company, random: Random, table: string, where = 'true') {
	const rows = await company.sql.unsafe(
		`select * from public.${table} where ${where} order by id desc limit 40`
	);
	return rows.length > 0 ? (random.pick([...rows]) as unknown as SomeRow) : null;
}

/** Does something with some row, as somebody, if there is one. */
export const on =
	(
		table: string,
		where: string,
		act: (tx: Tx, row: SomeRow, random: Random, company: Company) => Promise<unknown>,
		by = boss
	): Change =>
	async (company, random) => {
		const row = await one(company, random, table, where);
		if (row) await company.commitAs(by(company), (tx) => act(tx, row, random, company));
	};
export const asItsMaster =
	(act: (tx: Tx, row: SomeRow) => Promise<unknown>): Change =>
	async (company, random) => {
		const row = await one(company, random, 'orders', 'master_id is not null');
		if (row) await company.commitAs(row.master_id, (tx) => act(tx, row));
	};
