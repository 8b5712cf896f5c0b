/**
 * The demo company «Верстак»: three locations, 25 people and a client who sign in or are seen at work, 400
 * clients with instruments, 1,500 orders of ninety days with history, money, leads and contracts, all
 * relative to now. Its accounts and their password exist nowhere else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import postgres, { type Sql } from 'postgres';
import { demoCompany } from './company.ts';
import { people, type DemoRole } from './people.ts';

export const DEMO_PASSWORD = 'Verstak-demo-1';
const LOAD = new URL('load/', import.meta.url);

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
		const [existing] = await sql`select exists (select from public.employees) as there`;
		if (existing?.there) return;
		const company = demoCompany(new Date());
		const data = {
			...company,
			people: company.people.map((person) => ({ ...person, email: emailOf(person.name) }))
		};
		await sql.begin(async (tx) => {
			await tx`select set_config('verstak.demo_password', ${DEMO_PASSWORD}, true)`;
			await tx`create temporary table demo (name text primary key, rows jsonb) on commit drop`;
			await tx`insert into demo select key, value from jsonb_each(${JSON.stringify(data)}::text::jsonb)`;
			for (const file of readdirSync(LOAD).sort()) {
				await tx.unsafe(readFileSync(new URL(file, LOAD), 'utf8')).simple();
			}
		});
		// plans of the first minutes are made from these figures
		await sql`analyze public.orders, public.order_events, public.clients, public.client_phones, public.assets`;
	} finally {
		await sql.end();
	}
}
