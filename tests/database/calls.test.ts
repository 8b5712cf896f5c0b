// every role × public call: who gets past the check is exactly what the matrix in role_permissions says
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeHalfSignedIn,
	makeLocation,
	makeUser,
	roles,
	startDatabase,
	type Database,
	type Role
} from '../support/database.ts';
import { allowedCalls, callsAllowed } from '../support/rights/calls.ts';
import { openToStrangers } from '../support/rights/needs.ts';
import { calls, makeThings, untriedCalls, type Things } from '../support/rights/rights.ts';

let db: Database;
let things: Things;
const people = {} as Record<Role, string>;

beforeAll(async () => {
	db = await startDatabase();
	things = await makeThings(db.owner, await makeLocation(db.owner));
	for (const role of roles) people[role] = await makeEmployee(db.owner, role);
});
afterAll(() => db?.stop());

const permissionsOf = async (role: Role) =>
	(await db.owner`select permission from public.role_permissions where role = ${role}`).map(
		(row) => row.permission as string
	);

it('every call names its permission', () => {
	expect(untriedCalls).toEqual([]);
});

describe.each(roles)('%s', (role) => {
	it('is let through exactly where its permissions say', async () => {
		expect(await callsAllowed(db.owner, calls, people[role], things)).toEqual(
			allowedCalls(calls, await permissionsOf(role))
		);
	});
});

it('a call opens the moment the matrix gives the right, and closes the moment it goes', async () => {
	const named = [...new Set(calls.flatMap(({ needs }) => (Array.isArray(needs) ? needs : [])))];
	const kept = ['employees.manage', 'employees.manage_admins', 'roles.read', 'roles.manage'];
	const all = await permissionsOf('admin');
	for (const need of named) {
		const gone = need.split('|').filter((permission) => !kept.includes(permission));
		const left = all.filter((permission) => !gone.includes(permission));
		const allowed = await callsAllowed(
			db.owner,
			calls,
			people.admin,
			things,
			(tx) =>
				tx`delete from public.role_permissions where role = 'admin' and permission = any (${gone})`
		);
		expect(allowed, `without ${need}`).toEqual(allowedCalls(calls, left));
	}
});

describe('strangers', () => {
	const open = (signedIn: boolean) =>
		calls.filter(({ needs }) => openToStrangers(needs, signedIn)).map(({ name }) => name);

	it('not signed in call what is for anybody', async () => {
		expect(await callsAllowed(db.owner, calls, null, things)).toEqual(open(false));
	});

	it.each([
		['registered', () => makeUser(db.owner)],
		['who lack the second factor', () => makeHalfSignedIn(db.owner)],
		...roles.map((role) => [
			`dismissed as ${role}`,
			() => makeEmployee(db.owner, role, { active: false })
		])
	] as [string, () => Promise<string>][])('%s call what is for everybody', async (_, make) => {
		expect(await callsAllowed(db.owner, calls, await make(), things)).toEqual(open(true));
	});
});
