// the audit log: critical actions of people, each with who and whom
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database
} from '../support/database.ts';

let db: Database;
let admin: string;

beforeAll(async () => {
	db = await startDatabase();
	admin = await makeEmployee(db.owner, 'admin', { name: 'Anna' });
});
afterAll(() => db?.stop());

const entries = (subject: string) =>
	db.owner`select actor_id, actor_name, action, details from public.audit_log
		where subject = ${subject} order by id`;

it('tells who gave a right and who took it', async () => {
	await db.commitAs(admin, async (tx) => {
		await tx`insert into public.role_permissions (role, permission) values ('marketer', 'clients.read')`;
		await tx`delete from public.role_permissions where role = 'marketer' and permission = 'clients.read'`;
	});
	const who = { actor_id: admin, actor_name: 'Anna', details: { permission: 'clients.read' } };
	expect(await entries('marketer')).toEqual([
		{ ...who, action: 'permission.granted' },
		{ ...who, action: 'permission.taken' }
	]);
});

it('tells of an employee’s coming, going, role and place, and of nothing else', async () => {
	const location = await makeLocation(db.owner);
	const who = await makeUser(db.owner);
	await db.commitAs(admin, async (tx) => {
		await tx`insert into public.employees (id, full_name, role) values (${who}, 'Oleh', 'operator')`;
		await tx`update public.employees set role = 'coordinator', capacity = 5 where id = ${who}`;
		await tx`update public.employees set location_id = ${location} where id = ${who}`;
		await tx`update public.employees set full_name = 'Oleg' where id = ${who}`;
		await tx`update public.employees set active = false where id = ${who}`;
		await tx`update public.employees set active = true where id = ${who}`;
	});
	const log = await entries(who);
	expect(log.map(({ action }) => action)).toEqual([
		'employee.added',
		'employee.role_changed',
		'employee.moved',
		'employee.dismissed',
		'employee.restored'
	]);
	expect(log[1]?.details).toEqual({ name: 'Oleh', from: 'operator', to: 'coordinator' });
	expect(log[2]?.details).toEqual({ name: 'Oleh', from: null, to: location });
	expect(log.every(({ actor_id }) => actor_id === admin)).toBe(true);
});

it('notes exports, with the address the request came from', async () => {
	const exported = async (headers: string) => {
		await db.commitAs(admin, async (tx) => {
			await tx`select set_config('request.headers', ${headers}, true)`;
			await tx`select public.record_export('orders', ${tx.json({ rows: 12 })})`;
		});
		const [row] = await db.owner`select host(ip) as ip, details, actor_id from public.audit_log
			where action = 'data.exported' order by id desc limit 1`;
		return row;
	};
	const from = (address: string) => JSON.stringify({ 'x-forwarded-for': address });
	expect(await exported(from('10.0.0.1, 203.0.113.9'))).toEqual({
		ip: '203.0.113.9',
		details: { rows: 12 },
		actor_id: admin
	});
	for (const junk of [from('"; drop table orders'), '{', '']) {
		expect(await exported(junk)).toMatchObject({ ip: null });
	}
});

it('takes no nonsense for an export', async () => {
	for (const [subject, details, field] of [
		[' ', '{}', 'subject'],
		['x'.repeat(201), '{}', 'subject'],
		['orders', '[]', 'details'],
		['orders', JSON.stringify({ much: 'x'.repeat(9_000).split('').map(Math.random) }), 'details']
	] as const) {
		const call = db.asRole(
			admin,
			(tx) => tx`select public.record_export(${subject}, ${details}::text::jsonb)`
		);
		expect(await refusal(call)).toMatchObject({
			message: 'invalid_argument',
			details: { field }
		});
	}
});
