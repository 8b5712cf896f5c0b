/** The board's calls as typed functions of a transaction, with a fresh mutation id unless given. */
import { randomUUID } from 'node:crypto';
import type { TransactionSql } from 'postgres';
import type { Card } from './database.ts';

export type Move = {
	order: number;
	to: number;
	prev?: number | null;
	next?: number | null;
	seen: number;
	mutation?: string;
	reason?: string | null;
};

export async function moveOrder(tx: TransactionSql, move: Move): Promise<Card> {
	const [row] = await tx`select public.move_order(${move.order}, ${move.to}, ${move.prev ?? null},
		${move.next ?? null}, ${move.seen}, ${move.mutation ?? randomUUID()}, ${move.reason ?? null}) as card`;
	return row?.card;
}

export type Assignment = { order: number; master: string | null; seen: number; mutation?: string };

export async function assignOrder(tx: TransactionSql, assignment: Assignment): Promise<Card> {
	const { order, master, seen, mutation } = assignment;
	const [row] = await tx`
		select public.assign_order(${order}, ${master}, ${seen}, ${mutation ?? randomUUID()}) as card`;
	return row?.card;
}

export type Intake = {
	order_id: number;
	client_id: number;
	client_created: boolean;
	card: Card;
	warnings: { key: string; params: Record<string, unknown> }[];
};

export async function createOrder(
	tx: TransactionSql,
	payload: unknown,
	mutation: string
): Promise<Intake> {
	const [row] = await tx`
		select public.create_order(${JSON.stringify(payload)}::text::jsonb, ${mutation}) as taken`;
	return row?.taken;
}

/** Calls a public function that answers one value, with named arguments as the API does. */
export async function call<T = Card>(
	tx: TransactionSql,
	name: string,
	args: Record<string, unknown>
): Promise<T> {
	const names = Object.keys(args);
	const list = names.map((key, i) => `${key} => $${i + 1}`).join(', ');
	const values = names.map((key) => args[key]);
	const [row] = await tx.unsafe(`select public.${name}(${list}) as answer`, values as never[]);
	return row?.answer;
}
