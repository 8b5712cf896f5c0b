// strangers are refused everywhere: nobody signed in, a registered client, a dismissed employee
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	refusal,
	roles,
	startDatabase,
	stageOf,
	type Database,
	type Who
} from '../support/database.ts';
import { assignOrder, moveOrder } from '../support/calls.ts';
import { makeThings, successes, type Things } from '../support/rights/rights.ts';

let db: Database;
let things: Things;

beforeAll(async () => {
	db = await startDatabase();
	things = await makeThings(db.owner, await makeLocation(db.owner));
});
afterAll(() => db?.stop());

async function callsRefused(who: Who, code: string): Promise<void> {
	const to = await stageOf(db.owner, 'waiting');
	const calls: (() => Promise<unknown>)[] = [
		() => db.asRole(who, (tx) => tx`select public.board_snapshot()`),
		() => db.asRole(who, (tx) => tx`select public.board_changes('{}')`),
		() => db.asRole(who, (tx) => moveOrder(tx, { order: things.order, to, seen: 1 })),
		() => db.asRole(who, (tx) => assignOrder(tx, { order: things.order, master: null, seen: 1 }))
	];
	for (const call of calls) expect((await refusal(call())).code).toBe(code);
}

describe('nobody signed in', () => {
	it('reads and writes nothing', async () => {
		expect(await successes(db.owner, null, things)).toEqual([]);
	});

	it('reads the company name for the sign-in page', async () => {
		const rows = await db.asRole(
			null,
			(tx) => tx`select company_name, language from public.settings`
		);
		expect(rows).toHaveLength(1);
	});

	it('calls nothing', async () => {
		await callsRefused(null, '42501');
		for (const name of ['my_permissions', 'my_topics']) {
			const call = db.asRole(null, (tx) => tx.unsafe(`select public.${name}()`));
			expect((await refusal(call)).code).toBe('42501');
		}
	});
});

const strangers: [string, () => Promise<string>][] = [
	['a registered client', () => makeUser(db.owner)],
	...roles.map((role): [string, () => Promise<string>] => [
		`a dismissed ${role}`,
		() => makeEmployee(db.owner, role, { active: false })
	])
];

describe.each(strangers)('%s', (_, make) => {
	it('reads only the settings and calls nothing', async () => {
		const who = await make();
		expect(await successes(db.owner, who, things)).toEqual(['select settings']);
		await callsRefused(who, 'VK403');
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
	await db.asRole(who, async (tx) => {
		expect(await tx`select id from public.orders where id = ${things.order}`).toHaveLength(1);
		await db.owner`update public.employees set active = false where id = ${who}`;
		expect(await tx`select id from public.orders where id = ${things.order}`).toHaveLength(0);
	});
});
