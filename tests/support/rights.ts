/** Every table and verb, tried as somebody, beside the permissions that should decide it. */
import type { Sql, TransactionSql } from 'postgres';
import { become, makeClient, makeEmployee, makeOrder, makeUser } from './database.ts';

export type Things = {
	location: number;
	client: number;
	phone: number;
	order: number;
	/** an employee who is neither the caller nor an administrator */
	colleague: string;
	/** a signed-up user who is nobody yet */
	user: string;
};

export type Attempt = {
	table: string;
	verb: string;
	/** permissions needed, all of them; or: everybody signed in, every employee, nobody */
	needs: string[] | 'everybody' | 'employee' | 'nobody';
	/** with :names of things; reaches at least one row when allowed */
	statement: string;
};

/* table | verb | who may | statement. Writing returns rows, so it needs reading, too. */
const ATTEMPTS = `
locations | select | employee | select * from public.locations where id = :location
locations | insert | locations.manage | insert into public.locations (name) values ('New') returning id
locations | update | locations.manage | update public.locations set name = 'New' where id = :location returning id
locations | delete | nobody | delete from public.locations where id = :location returning id
employees | select | employees.read | select * from public.employees where id = :colleague
employees | insert | employees.manage employees.read | insert into public.employees (id, full_name, role) values (:user, 'New', 'operator') returning id
employees | update | employees.manage employees.read | update public.employees set full_name = 'New' where id = :colleague returning id
employees | delete | nobody | delete from public.employees where id = :colleague returning id
role_permissions | select | roles.read | select * from public.role_permissions
role_permissions | insert | roles.manage roles.read | insert into public.role_permissions (role, permission) values ('marketer', 'orders.create') returning role
role_permissions | update | nobody | update public.role_permissions set permission = 'orders.fly' where role = 'operator' returning role
role_permissions | delete | roles.manage roles.read | delete from public.role_permissions where role = 'operator' returning role
settings | select | everybody | select * from public.settings
settings | insert | nobody | insert into public.settings (company_name) values ('New') returning id
settings | update | settings.manage | update public.settings set company_name = 'New' returning id
settings | delete | nobody | delete from public.settings returning id
stages | select | board.read | select * from public.stages
stages | insert | stages.manage board.read | insert into public.stages (name, kind, colour, position) values ('{"en": "N", "ru": "Н", "uk": "Н"}', 'waiting', '#123456', 50) returning id
stages | update | stages.manage board.read | update public.stages set colour = '#123456' returning id
stages | delete | stages.manage board.read | delete from public.stages where kind = 'waiting' returning id
stage_transitions | select | board.read | select * from public.stage_transitions
stage_transitions | insert | roles.manage board.read | insert into public.stage_transitions (from_kind, to_kind, permission) values ('unassigned', 'closed', 'orders.move') returning permission
stage_transitions | update | roles.manage board.read | update public.stage_transitions set permission = 'orders.move' returning permission
stage_transitions | delete | roles.manage board.read | delete from public.stage_transitions returning permission
clients | select | clients.read | select * from public.clients where id = :client
clients | insert | clients.create clients.read | insert into public.clients (first_name) values ('New') returning id
clients | update | clients.update clients.read | update public.clients set first_name = 'New' where id = :client returning id
clients | delete | nobody | delete from public.clients where id = :client returning id
client_phones | select | clients.read | select * from public.client_phones where id = :phone
client_phones | insert | clients.create clients.read | insert into public.client_phones (client_id, phone) values (:client, '+380991112233') returning id
client_phones | update | clients.update clients.read | update public.client_phones set phone = '+380991112233' where id = :phone returning id
client_phones | delete | clients.update clients.read | delete from public.client_phones where id = :phone returning id
orders | select | orders.read | select * from public.orders where id = :order
orders | insert | orders.create orders.read | insert into public.orders (location_id, client_id, problem) values (:location, :client, 'New') returning id
orders | update | orders.update orders.read | update public.orders set problem = 'New', address = 'New', priority = 1, promised_at = now(), type = 'other' where id = :order returning id
orders | delete | nobody | delete from public.orders where id = :order returning id
order_events | select | orders.read | select * from public.order_events where order_id = :order
order_events | insert | nobody | insert into public.order_events (order_id, version, kind) values (:order, 9, 'changed') returning id
order_events | update | nobody | update public.order_events set kind = 'changed' where order_id = :order returning id
order_events | delete | nobody | delete from public.order_events where order_id = :order returning id
`;

export const attempts: Attempt[] = ATTEMPTS.trim()
	.split('\n')
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
	const client = await makeClient(sql);
	const [phone] = await sql`select id from public.client_phones where client_id = ${client}`;
	return {
		location,
		client,
		phone: phone?.id,
		order: (await makeOrder(sql, { location, client })).id,
		colleague: await makeEmployee(sql, 'operator'),
		user: await makeUser(sql)
	};
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
				const bound = statement.replace(
					/:(location|client|phone|order|colleague|user)\b/g,
					(_, name: keyof Things) => `'${things[name]}'`
				);
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
