/** Clients, what is theirs, and the calls about them, for tests. */
import { randomUUID } from 'node:crypto';
import type { Sql, TransactionSql } from 'postgres';

export type Person = {
	first: string;
	middle?: string;
	last?: string;
	email?: string;
	address?: string;
	user?: string;
	phones?: string[];
};

export async function makePerson(sql: Sql, person: Person): Promise<number> {
	const { first, middle, last, email, address, user, phones } = person;
	const [row] = await sql`
		insert into public.clients (first_name, middle_name, last_name, email, address, user_id)
		values (${first}, ${middle ?? null}, ${last ?? null}, ${email ?? null}, ${address ?? null},
			${user ?? null})
		returning id`;
	for (const phone of phones ?? []) await addPhone(sql, row?.id, phone);
	return row?.id;
}

export async function addPhone(sql: Sql, client: number, phone: string): Promise<number> {
	const [row] = await sql`insert into public.client_phones (client_id, phone)
		values (${client}, ${phone}) returning id`;
	return row?.id;
}

export type Thing = { kind: string; brand?: string; model?: string; serial?: string };

export async function makeAsset(sql: Sql, client: number, thing: Thing): Promise<number> {
	const [row] = await sql`insert into public.assets (client_id, kind, brand, model, serial)
		values (${client}, ${thing.kind}, ${thing.brand ?? null}, ${thing.model ?? null},
			${thing.serial ?? null})
		returning id`;
	return row?.id;
}

export async function mergeClients(
	tx: TransactionSql,
	keep: number,
	drop: number,
	mutation: string = randomUUID()
): Promise<number> {
	const [row] = await tx`select public.merge_clients(${keep}, ${drop}, ${mutation}) as id`;
	return row?.id;
}

export async function undoMerge(tx: TransactionSql, merge: number): Promise<number> {
	const [row] = await tx`select public.undo_merge(${merge}) as id`;
	return row?.id;
}

export type Found = {
	kind: 'client' | 'order' | 'asset';
	id: number;
	title: string;
	subtitle: string;
	client_id: number;
	rank: number;
};

export async function search(
	tx: TransactionSql,
	query: string,
	kinds: string[] | null = null,
	rows = 20
): Promise<Found[]> {
	return (await tx`select * from public.search(${query}, ${kinds}, ${rows})`) as never;
}
