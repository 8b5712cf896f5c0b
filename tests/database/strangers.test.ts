// strangers are refused everywhere: nobody signed in, a registered client, a dismissed employee
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeHalfSignedIn,
	makeLocation,
	makeUser,
	refusal,
	roles,
	startDatabase,
	type Database
} from '../support/database.ts';
import {
	makeThings,
	reachableByStrangers,
	successes,
	type Things
} from '../support/rights/rights.ts';

let db: Database;
let things: Things;

beforeAll(async () => {
	db = await startDatabase();
	things = await makeThings(db.owner, await makeLocation(db.owner));
});
afterAll(() => db?.stop());

describe('nobody signed in', () => {
	it('reads the public catalogue and nothing else', async () => {
		const open = reachableByStrangers(false);
		expect(open.filter((what) => !what.startsWith('select public_'))).toEqual([]);
		expect(await successes(db.owner, null, things)).toEqual(open);
	});

	it('reads the company name for the sign-in page', async () => {
		const rows = await db.asRole(
			null,
			(tx) => tx`select company_name, language from public.settings`
		);
		expect(rows).toHaveLength(1);
	});
});

const strangers: [string, () => Promise<string>][] = [
	['a registered client', () => makeUser(db.owner)],
	['an administrator who did not use his second factor', () => makeHalfSignedIn(db.owner)],
	...roles.map((role): [string, () => Promise<string>] => [
		`a dismissed ${role}`,
		() => makeEmployee(db.owner, role, { active: false })
	])
];

describe.each(strangers)('%s', (_, make) => {
	it('reads only the settings and the public catalogue, as somebody who just registered', async () => {
		const who = await make();
		const open = reachableByStrangers(true);
		expect(open.filter((what) => !/^select (settings$|public_)/.test(what))).toEqual([]);
		expect(await successes(db.owner, who, things)).toEqual(open);
		await db.asRole(who, async (tx) => {
			expect(await tx`select public.my_permissions() as mine`).toEqual([{ mine: [] }]);
			expect(await tx`select * from public.my_topics()`).toEqual([]);
			expect(await tx`select id from public.employees where id = ${who}`).toEqual([]);
		});
	});
});

it('a token without a subject is told to sign in', async () => {
	const call = db.commitAs(null, async (tx) => {
		await tx`select set_config('role', 'authenticated', true)`;
		await tx`select public.board_snapshot()`;
	});
	expect(await refusal(call)).toMatchObject({ code: 'VK401', message: 'not_signed_in' });
});

it('dismissal works on the very next statement of a running transaction', async () => {
	const who = await makeEmployee(db.owner, 'coordinator');
	const order = Number(things.order);
	await db.asRole(who, async (tx) => {
		expect(await tx`select id from public.orders where id = ${order}`).toHaveLength(1);
		await db.owner`update public.employees set active = false where id = ${who}`;
		expect(await tx`select id from public.orders where id = ${order}`).toHaveLength(0);
	});
});
