// invitations: who may give them, what they make of whom, and what they are no longer good for
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	startDatabase,
	type Database,
	type Role
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

type Invitation = { invitation_id: number; token: string; expires_at: string };

async function invite(
	by: string,
	email: string,
	role: Role = 'operator',
	location: number | null = null
): Promise<Invitation> {
	const [row] = await db.commitAs(
		by,
		(tx) => tx`select public.invite_employee(${email}, ${role}, ${location}, 'Invited') as made`
	);
	return row?.made;
}

const accept = (who: string, token: string | null) =>
	db.commitAs(who, (tx) => tx`select public.accept_invitation(${token}) as answer`);

/** Somebody with a confirmed e-mail. */
async function registered(confirmed = true): Promise<{ id: string; email: string }> {
	const id = await makeUser(db.owner);
	const [row] = await db.owner`update auth.users
		set email_confirmed_at = ${confirmed ? new Date() : null} where id = ${id} returning email`;
	return { id, email: row?.email };
}

const employee = (id: string) =>
	db.owner`select role, location_id, active, full_name from public.employees where id = ${id}`;

const notFound = { code: 'VK404', message: 'invitation_not_found' };

it('makes the invited person an employee, once', async () => {
	const { id, email } = await registered();
	const { token } = await invite(manager, ` ${email.toUpperCase()} `, 'coordinator', here);
	expect(token).toMatch(/^[\w-]{43}$/);
	expect((await accept(id, token))[0]?.answer).toEqual({ role: 'coordinator', location_id: here });
	expect(await employee(id)).toEqual([
		{ role: 'coordinator', location_id: here, active: true, full_name: 'Invited' }
	]);
	expect(await refusal(accept(id, token))).toMatchObject(notFound);
	const kept = await db.owner`select * from public.invitations where email = ${email}`;
	expect(JSON.stringify(kept)).not.toContain(token);
});

it('brings back one who left', async () => {
	const { id, email } = await registered();
	await db.owner`insert into public.employees (id, full_name, role, active) values (${id}, 'Old', 'manager', false)`;
	const { token } = await invite(manager, email, 'operator');
	await accept(id, token);
	expect(await employee(id)).toMatchObject([{ role: 'operator', active: true }]);
});

it('accepted twice at once makes one employee', async () => {
	const { id, email } = await registered();
	const { token } = await invite(manager, email);
	const outcomes = await Promise.allSettled([accept(id, token), accept(id, token)]);
	expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

describe('is worth nothing', () => {
	it('to another, to an unconfirmed address, or mistyped', async () => {
		const [invited, other] = [await registered(false), await registered()];
		const { token } = await invite(manager, invited.email);
		expect(await refusal(accept(other.id, token))).toMatchObject(notFound);
		expect(await refusal(accept(invited.id, token))).toMatchObject(notFound);
		for (const wrong of [null, '', 'x', `${token}x`]) {
			expect(await refusal(accept(invited.id, wrong))).toMatchObject(notFound);
		}
	});

	it('expired, revoked, or followed by another', async () => {
		const { id, email } = await registered();
		const first = await invite(manager, email);
		const second = await invite(manager, email);
		expect(await refusal(accept(id, first.token))).toMatchObject(notFound);
		const revoke = (by: string) =>
			db.commitAs(by, (tx) => tx`select public.revoke_invitation(${second.invitation_id})`);
		await revoke(manager);
		expect(await refusal(accept(id, second.token))).toMatchObject(notFound);
		const third = await invite(manager, email);
		await db.owner`update public.invitations set expires_at = now() where id = ${third.invitation_id}`;
		expect(await refusal(accept(id, third.token))).toMatchObject(notFound);
		expect(await employee(id)).toEqual([]);
	});

	it('once who gave it was dismissed', async () => {
		const { id, email } = await registered();
		const boss = await makeEmployee(db.owner, 'manager');
		const { token } = await invite(boss, email);
		await db.owner`update public.employees set active = false where id = ${boss}`;
		expect(await refusal(accept(id, token))).toMatchObject(notFound);
	});
});

describe('is refused', () => {
	it('for administrators by managers, and for elsewhere by those of one location', async () => {
		expect(await refusal(invite(manager, 'a@example.test', 'admin'))).toMatchObject({
			code: 'VK403',
			details: { permission: 'employees.manage_admins' }
		});
		await invite(admin, 'a@example.test', 'admin');
		const local = await makeEmployee(db.owner, 'manager', { location: here });
		const elsewhere = await makeLocation(db.owner);
		for (const location of [null, elsewhere]) {
			expect(await refusal(invite(local, 'b@example.test', 'operator', location))).toMatchObject({
				code: 'VK403'
			});
		}
		await invite(local, 'b@example.test', 'operator', here);
		// nor does a manager take back, replace or see what an administrator gave an administrator
		const rows = await db.asRole(
			manager,
			(tx) => tx`select id from public.invitations where email = 'a@example.test'`
		);
		expect(rows).toHaveLength(0);
		expect(await refusal(invite(manager, 'a@example.test'))).toMatchObject({
			code: 'VK409',
			message: 'already_invited'
		});
	});

	it('for who works here, and for nonsense', async () => {
		const [row] = await db.owner`select email from auth.users where id = ${manager}`;
		expect(await refusal(invite(admin, row?.email))).toMatchObject({ message: 'already_employee' });
		expect(await refusal(invite(admin, 'nobody'))).toMatchObject({ details: { field: 'email' } });
		expect(await refusal(invite(admin, 'c@example.test', 'operator', -1))).toMatchObject({
			details: { field: 'location_id' }
		});
	});

	it('to whoever revokes what is accepted or not there', async () => {
		const revoke = db.commitAs(manager, (tx) => tx`select public.revoke_invitation(-1)`);
		expect(await refusal(revoke)).toMatchObject(notFound);
	});
});
