// what changed in the rows people edit: by whom, from what to what, and who may read it
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	refusal,
	startDatabase,
	type Database,
	type Who
} from '../support/database.ts';

let db: Database;
let admin: string;
let manager: string;
let here: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	admin = await makeEmployee(db.owner, 'admin');
	manager = await makeEmployee(db.owner, 'manager');
});
afterAll(() => db?.stop());

const historyOf = (table: string, row: unknown) =>
	db.owner`select actor_id, op, location_id, from_values, to_values from public.row_changes
		where table_name = ${table} and row_id = ${String(row)} order by id`;

/** Tables whose history the product promises; those of other topics once they are there. */
const promised =
	`clients client_phones assets contracts employees employee_skills role_permissions settings
	stages stage_transitions locations services promotions campaigns campaign_spend leads api_tokens
	shifts shift_breaks invitations`.split(/\s+/);

describe('the trigger', () => {
	it('is on every promised table that exists, and nobody forgot to say who reads it', async () => {
		const rows = await db.owner`
			select c.relname as name, t.permissions,
				exists (
					select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
					where g.tgrelid = c.oid and p.proname = 'record_row_change' and g.tgenabled = 'O'
				) as recorded
			from pg_class c left join private.recorded_tables t on t.table_name = c.relname
			where c.relnamespace = 'public'::regnamespace and c.relname = any (${promised})`;
		expect(rows.length).toBeGreaterThanOrEqual(9);
		for (const row of rows) expect(row, row.name).toMatchObject({ recorded: true });
		const named = await db.owner`select distinct permission from public.role_permissions`;
		const known = named.map(({ permission }) => permission as string);
		for (const row of rows)
			expect(known, row.name).toEqual(expect.arrayContaining(row.permissions));
	});

	it('writes insert, update and delete with who did it', async () => {
		const client = await db.commitAs(admin, async (tx) => {
			const [row] = await tx`insert into public.clients (first_name) values ('Vera') returning id`;
			await tx`update public.clients set first_name = 'Vira', email = 'v@example.test' where id = ${row?.id}`;
			return row?.id as number;
		});
		const [inserted, updated] = await historyOf('clients', client);
		expect(inserted).toMatchObject({ actor_id: admin, op: 'insert', from_values: {} });
		expect(inserted?.to_values).toMatchObject({ first_name: 'Vera', blacklisted: false });
		expect(updated).toEqual({
			actor_id: admin,
			op: 'update',
			location_id: null,
			from_values: { first_name: 'Vera', email: null },
			to_values: { first_name: 'Vira', email: 'v@example.test' }
		});

		const phone = await db.commitAs(admin, async (tx) => {
			const [row] = await tx`insert into public.client_phones (client_id, phone)
				values (${client}, '+380671112233') returning id`;
			await tx`delete from public.client_phones where id = ${row?.id}`;
			return row?.id as number;
		});
		const [, deleted] = await historyOf('client_phones', phone);
		expect(deleted).toMatchObject({ op: 'delete', to_values: {} });
		expect(deleted?.from_values).toMatchObject({ phone: '+380671112233', client_id: client });
		const audited = await db.owner`select actor_id from public.audit_log
			where action = 'row.deleted' and subject = ${`client_phones/${phone}`}`;
		expect(audited).toEqual([{ actor_id: admin }]);
	});

	it('says nothing when nothing changed, and nothing of versions', async () => {
		const client = await makeClient(db.owner);
		await db.owner`update public.clients set first_name = first_name where id = ${client}`;
		const history = await historyOf('clients', client);
		expect(history).toHaveLength(1);
		const keys = Object.keys(history[0]?.to_values);
		for (const key of ['version', 'updated_at', 'full_name']) expect(keys).not.toContain(key);
	});

	it('names rows of several key columns, and the place of rows that have one', async () => {
		await db.commitAs(
			admin,
			(tx) => tx`insert into public.role_permissions values ('marketer', 'orders.read')`
		);
		expect(await historyOf('role_permissions', 'marketer/orders.read')).toMatchObject([
			{ actor_id: admin, op: 'insert', to_values: { role: 'marketer', permission: 'orders.read' } }
		]);
		const who = await makeEmployee(db.owner, 'operator', { location: here });
		await db.owner`update public.employees set capacity = 9 where id = ${who}`;
		expect((await historyOf('employees', who))[1]).toMatchObject({
			location_id: here,
			to_values: { capacity: 9 }
		});
		await db.owner`update public.settings set details = 'Ltd.'`;
		expect((await historyOf('settings', true)).at(-1)).toMatchObject({
			from_values: { details: null },
			to_values: { details: 'Ltd.' }
		});
	});

	it('keeps secrets out', async () => {
		const invited = await db.commitAs(
			admin,
			(tx) => tx`select public.invite_employee('s@example.test', 'operator', null, 'S') as made`
		);
		const [row] = await historyOf('invitations', invited[0]?.made.invitation_id);
		expect(row?.to_values).toMatchObject({ email: 's@example.test' });
		expect(row?.to_values).not.toHaveProperty('token_hash');
	});

	it('is rolled back with the change', async () => {
		const before = await db.owner`select count(*) from public.row_changes`;
		await db.asRole(admin, (tx) => tx`update public.clients set source = 'x'`);
		expect(await db.owner`select count(*) from public.row_changes`).toEqual(before);
	});
});

it('nobody rewrites history, its owner included', async () => {
	for (const table of ['row_changes', 'audit_log']) {
		for (const statement of [
			`update public.${table} set actor_id = null`,
			`delete from public.${table}`,
			`truncate public.${table}`
		]) {
			expect((await refusal(db.owner.unsafe(statement))).code, statement).toBe('42501');
			expect((await refusal(db.asRole(admin, (tx) => tx.unsafe(statement)))).code).toBe('42501');
		}
	}
});

describe('history is read', () => {
	const tablesSeenBy = (who: Who) =>
		db.asRole(who, async (tx) => {
			const rows = await tx`select distinct table_name from public.row_changes order by 1`;
			return rows.map(({ table_name }) => table_name as string);
		});

	it('by those who may read what it is of', async () => {
		const operator = await makeEmployee(db.owner, 'operator');
		const marketer = await makeEmployee(db.owner, 'marketer');
		expect(await tablesSeenBy(operator)).toEqual(['client_phones', 'clients']);
		// the right just given is for orders, which have another history
		expect(await tablesSeenBy(marketer)).not.toContain('clients');
		expect(await tablesSeenBy(manager)).toEqual(expect.arrayContaining(['clients', 'employees']));
		expect(await tablesSeenBy(manager)).not.toContain('locations');
		expect(await tablesSeenBy(admin)).toEqual(
			expect.arrayContaining(['employees', 'locations', 'role_permissions', 'settings'])
		);
	});

	it('of their own location only', async () => {
		const elsewhere = await makeLocation(db.owner);
		const there = await makeEmployee(db.owner, 'operator', { location: elsewhere });
		const who = await makeEmployee(db.owner, 'manager', { location: here });
		const seen = await db.asRole(
			who,
			(tx) => tx`select distinct location_id from public.row_changes where table_name = 'employees'`
		);
		expect(seen.map(({ location_id }) => location_id).sort()).toEqual([here, null].sort());
		const theirs = await db.asRole(
			who,
			(tx) => tx`select from public.row_changes where row_id = ${there}`
		);
		expect(theirs).toHaveLength(0);
	});
});
