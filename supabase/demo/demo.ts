/**
 * The demo company «Верстак»: two locations, thirteen people (one of them a client), about sixty clients and 140 orders
 * with their history, all relative to now. Its accounts and their password exist nowhere else.
 */
import { readFileSync } from 'node:fs';
import postgres, { type Sql } from 'postgres';
import { demoOrders } from './orders.ts';
import { demoClients, locations, people, type DemoRole } from './people.ts';

export const DEMO_PASSWORD = 'Verstak-demo-1';
const CLIENTS = 60;

/** The nine people who can sign in. */
export const demoAccounts: { role: DemoRole; email: string; fullName: string }[] = people
	.filter((person) => person.account)
	.map((person) => ({
		role: person.role,
		email: emailOf(person.name),
		fullName: person.full_name
	}));

function emailOf(name: string): string {
	return `${name}@demo.verstak.test`;
}

/** Whether the database holds the demo company. */
export async function hasDemo(sql: Sql): Promise<boolean> {
	const rows = await sql`
		select from auth.users u join public.employees e on e.id = u.id
		where u.email = ${emailOf('admin')}`;
	return rows.length > 0;
}

/**
 * Loads the demo company in one transaction, unless the database has a company already, be it this
 * one or a real one.
 * @param ownerUrl address of the database as its owner `postgres`, after the migrations
 */
export async function loadDemo(ownerUrl: string): Promise<void> {
	const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
	try {
		const [company] = await sql`select exists (select from public.employees) as there`;
		if (company?.there) return;
		const data = {
			password: DEMO_PASSWORD,
			locations,
			people: people.map((person) => ({ ...person, email: emailOf(person.name) })),
			clients: demoClients(CLIENTS),
			orders: demoOrders(CLIENTS)
		};
		const load = readFileSync(new URL('load.sql', import.meta.url), 'utf8');
		await sql.begin(async (tx) => {
			await tx`select set_config('verstak.demo', ${JSON.stringify(data)}, true)`;
			await tx.unsafe(load).simple();
		});
	} finally {
		await sql.end();
	}
}
