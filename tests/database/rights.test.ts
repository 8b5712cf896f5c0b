// every role × table × verb: what SQL allows is exactly what the matrix in role_permissions says
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	roles,
	startDatabase,
	stageOf,
	type Database,
	type Role
} from '../support/database.ts';
import {
	attempts,
	makeThings,
	reachable,
	successes,
	type Things
} from '../support/rights/rights.ts';

let db: Database;
let things: Things;
let here: number;
const people = {} as Record<Role, string>;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	things = await makeThings(db.owner, here);
	for (const role of roles) people[role] = await makeEmployee(db.owner, role);
});
afterAll(() => db?.stop());

const permissionsOf = async (role: Role) =>
	(await db.owner`select permission from public.role_permissions where role = ${role}`).map(
		(row) => row.permission as string
	);

describe.each(roles)('%s', (role) => {
	it('reads and writes exactly what its permissions name', async () => {
		expect(await successes(db.owner, people[role], things)).toEqual(
			reachable(await permissionsOf(role))
		);
	});

	it('hears its permissions', async () => {
		const [row] = await db.asRole(people[role], (tx) => tx`select public.my_permissions() as mine`);
		expect(row?.mine).toEqual((await permissionsOf(role)).sort());
	});
});

const keptByAdmins = ['roles.read', 'roles.manage', 'employees.manage', 'employees.manage_admins'];

it('leaves administrators the rights by which any other is given back', async () => {
	for (const permission of keptByAdmins) {
		const taken = db.owner`delete from public.role_permissions where role = 'admin' and permission = ${permission}`;
		expect(await refusal(taken as never)).toMatchObject({ message: 'admin_right_kept' });
	}
});

it('gives a right the moment the matrix gives it, and takes it the moment it goes', async () => {
	const needed = attempts.flatMap(({ needs }) => (Array.isArray(needs) ? needs : []));
	const named = [...new Set(needed.flatMap((need) => need.split('|')))];
	const all = await permissionsOf('admin');
	for (const permission of named.filter((name) => !keptByAdmins.includes(name))) {
		const decided = attempts.filter(
			({ needs }) =>
				Array.isArray(needs) && needs.some((need) => need.split('|').includes(permission))
		);
		const taken = await successes(
			db.owner,
			people.admin,
			things,
			(tx) =>
				tx`delete from public.role_permissions where role = 'admin' and permission = ${permission}`,
			decided
		);
		const left = all.filter((name) => name !== permission);
		expect(taken, `without ${permission}`).toEqual(reachable(left, decided));
	}
	const given = await successes(
		db.owner,
		people.marketer,
		things,
		(tx) =>
			tx`insert into public.role_permissions (role, permission) values ('marketer', 'clients.read')`
	);
	expect(given).toEqual(reachable([...(await permissionsOf('marketer')), 'clients.read']));
});

it('shows a master his own orders and their history, and no others', async () => {
	const [mine, others] = [
		await makeOrder(db.owner, {
			location: here,
			stage: await stageOf(db.owner, 'assigned'),
			master: people.master
		}),
		await makeOrder(db.owner, { location: here })
	];
	await db.asRole(people.master, async (tx) => {
		expect(await tx`select id from public.orders`).toEqual([{ id: mine.id }]);
		expect(await tx`select order_id from public.order_events`).toEqual([{ order_id: mine.id }]);
		expect(await tx`select from public.orders where id = ${others.id}`).toEqual([]);
	});
});

describe('somebody of one location', () => {
	it.each(['coordinator', 'manager', 'operator'] as Role[])(
		'as %s sees only that',
		async (role) => {
			const elsewhere = await makeLocation(db.owner);
			const there = await makeOrder(db.owner, { location: elsewhere });
			const who = await makeEmployee(db.owner, role, { location: here });
			await db.asRole(who, async (tx) => {
				const locations = await tx`select distinct location_id from public.orders`;
				expect(locations).toEqual([{ location_id: here }]);
				expect(await tx`select from public.order_events where order_id = ${there.id}`).toEqual([]);
				expect(await tx`select id from public.locations`).toEqual([{ id: here }]);
			});
			const [client] = await db.owner`select client_id from public.orders where id = ${there.id}`;
			const created = db.asRole(
				who,
				(tx) => tx`insert into public.orders (location_id, client_id, problem)
				values (${elsewhere}, ${client?.client_id}, 'x')`
			);
			expect((await refusal(created)).code).toBe('42501');
		}
	);

	it('cannot widen himself or hire for elsewhere', async () => {
		const elsewhere = await makeLocation(db.owner);
		const who = await makeEmployee(db.owner, 'manager', { location: here });
		const user = await makeUser(db.owner);
		for (const location of [null, elsewhere]) {
			const widened = db.asRole(
				who,
				(tx) => tx`update public.employees set location_id = ${location} where id = ${who}`
			);
			expect((await refusal(widened)).code).toBe('42501');
			const hired = db.asRole(
				who,
				(tx) => tx`insert into public.employees (id, full_name, role, location_id)
					values (${user}, 'New', 'operator', ${location})`
			);
			expect((await refusal(hired)).code).toBe('42501');
		}
	});
});

it('lets managers manage employees, but neither make nor touch administrators', async () => {
	const promoted = db.asRole(
		people.manager,
		(tx) => tx`update public.employees set role = 'admin' where id = ${people.operator}`
	);
	expect((await refusal(promoted)).code).toBe('42501');
	await db.asRole(people.manager, async (tx) => {
		const touched = await tx`
			update public.employees set active = false where id = ${people.admin} returning id`;
		expect(touched).toEqual([]);
	});
});

it('keeps stage, rank, master, version and location of orders out of direct updates', async () => {
	for (const column of ['stage_id', 'rank', 'master_id', 'version', 'location_id', 'client_id']) {
		const written = db.asRole(people.admin, (tx) =>
			tx.unsafe(`update public.orders set ${column} = ${column}`)
		);
		expect((await refusal(written)).code, column).toBe('42501');
	}
});
