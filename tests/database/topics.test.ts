// who may listen and speak where: my_topics(), the policies on realtime.messages, and the epoch
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeUser,
	roles,
	startDatabase,
	type Database,
	type Role,
	type Who
} from '../support/database.ts';

let db: Database;
let here: number;
let there: number;
const people = {} as Record<Role, string>;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	for (const role of roles) people[role] = await makeEmployee(db.owner, role, { location: here });
});
afterAll(() => db?.stop());

const currentEpoch = async () =>
	(await db.owner`select private.current_epoch() as epoch`)[0]?.epoch as number;

const topicsOf = (who: Who) =>
	db.asRole(who, (tx) => tx`select scope, topic, location_id from public.my_topics()`);

/** Asks the policies as the Realtime server does at a join: a probe row, then the caller's eyes. */
async function mayJoin(who: Who, topic: string, extension = 'broadcast'): Promise<boolean> {
	return probe(who, topic, async (tx) => {
		const rows =
			await tx`select from realtime.messages where topic = ${topic} and extension = ${extension}`;
		return rows.count > 0;
	});
}

async function maySend(who: Who, topic: string, extension = 'broadcast'): Promise<boolean> {
	return probe(who, topic, (tx) =>
		tx
			.savepoint(
				(point) =>
					point`insert into realtime.messages (topic, extension) values (${topic}, ${extension})`
			)
			.then(
				() => true,
				(error: { code: string }) => {
					if (error.code !== '42501') throw error;
					return false;
				}
			)
	);
}

async function probe(
	who: Who,
	topic: string,
	ask: (tx: TransactionSql) => Promise<boolean>
): Promise<boolean> {
	await db.owner`delete from realtime.messages`;
	await db.owner`insert into realtime.messages (topic, extension)
		values (${topic}, 'broadcast'), (${topic}, 'presence'), ('board:other:topic', 'broadcast')`;
	return db.asRole(who, async (tx) => {
		await tx`select set_config('realtime.topic', ${topic}, true)`;
		return ask(tx);
	});
}

describe('my_topics', () => {
	const scopes: Record<Role, string[]> = {
		operator: ['board', 'hands', 'leads', 'masters', 'money', 'campaigns'],
		coordinator: ['board', 'hands', 'masters', 'money', 'campaigns'],
		master: ['campaigns', 'master'],
		marketer: ['campaign_money', 'campaigns'],
		manager: ['board', 'hands', 'leads', 'masters', 'money', 'campaign_money', 'campaigns'],
		admin: ['board', 'hands', 'leads', 'masters', 'money', 'campaign_money', 'campaigns']
	};
	const company = ['campaigns', 'campaign_money'];

	it.each(roles)('of a %s in one location', async (role) => {
		const epoch = await currentEpoch();
		expect(await topicsOf(people[role])).toEqual(
			scopes[role].map((scope) => ({
				scope,
				topic: `${scope}:${company.includes(scope) ? 'all' : scope === 'master' ? people[role] : here}:${epoch}`,
				location_id: company.includes(scope) ? null : here
			}))
		);
	});

	it('of a coordinator of all locations has a board and masters in each', async () => {
		const who = await makeEmployee(db.owner, 'coordinator');
		const rows = await topicsOf(who);
		const scopes = ['board', 'hands', 'masters', 'money'];
		expect(rows.map(({ scope, location_id }) => [scope, location_id])).toEqual([
			...[here, there].flatMap((location) => scopes.map((scope) => [scope, location])),
			['campaigns', null]
		]);
	});

	it('of a client is empty', async () => {
		expect(await topicsOf(await makeUser(db.owner))).toEqual([]);
	});
});

describe('a join', () => {
	it('is allowed to exactly the topics my_topics gave, for every role', async () => {
		const epoch = await currentEpoch();
		const everyTopic = [
			`board:${here}:${epoch}`,
			`board:${there}:${epoch}`,
			`masters:${here}:${epoch}`,
			`masters:${there}:${epoch}`,
			...roles.map((role) => `master:${people[role]}:${epoch}`)
		];
		const everybody: Who[] = [...Object.values(people), await makeUser(db.owner), null];
		for (const who of everybody) {
			const given = who ? (await topicsOf(who)).map(({ topic }) => topic) : [];
			for (const topic of everyTopic) {
				for (const extension of ['broadcast', 'presence']) {
					const allowed = await mayJoin(who, topic, extension);
					expect(allowed, `${who} ${topic} ${extension}`).toBe(given.includes(topic));
				}
			}
		}
	});

	it('is refused, not an error, for names nobody gave', async () => {
		const epoch = await currentEpoch();
		for (const topic of [
			'',
			'board',
			`board:${here}`,
			`board:${here}:${epoch - 1}`,
			`board:${here}:${epoch + 1}`,
			`board:${here}:${epoch}:x`,
			`board:abc:${epoch}`,
			`board:-1:${epoch}`,
			`board:99999999999999999999:${epoch}`,
			`master:not-a-uuid:${epoch}`,
			`client:${here}:${epoch}`,
			`board:${here}:99999999999999999999999`,
			"board:1'; drop table orders; --"
		]) {
			expect(await mayJoin(people.coordinator, topic), topic).toBe(false);
			expect(await maySend(people.coordinator, topic), topic).toBe(false);
		}
	});

	it('does not show the messages of other topics', async () => {
		const topic = `board:${here}:${await currentEpoch()}`;
		await probe(people.coordinator, topic, async (tx) => {
			const rows = await tx`select distinct topic from realtime.messages`;
			expect(rows).toEqual([{ topic }]);
			return true;
		});
	});
});

it('presence is sent to their board by all who see it; what looks like an event, by nobody', async () => {
	const epoch = await currentEpoch();
	const senders: Role[] = ['operator', 'coordinator', 'manager', 'admin'];
	for (const role of roles) {
		for (const extension of ['broadcast', 'presence']) {
			const may = await maySend(people[role], `board:${here}:${epoch}`, extension);
			const expected = extension === 'presence' && senders.includes(role);
			expect(may, `${role} ${extension}`).toBe(expected);
		}
		expect(await maySend(people[role], `board:${there}:${epoch}`, 'presence')).toBe(false);
		expect(await maySend(people[role], `masters:${here}:${epoch}`)).toBe(false);
		expect(await maySend(people[role], `master:${people[role]}:${epoch}`)).toBe(false);
	}
	expect(await maySend(people.coordinator, `board:${here}:${epoch}`, 'postgres_changes')).toBe(
		false
	);
	expect(await maySend(null, `board:${here}:${epoch}`)).toBe(false);
});

describe('the epoch', () => {
	const changes: [string, (who: string) => Promise<unknown>][] = [
		[
			'a dismissal',
			(who) => db.owner`update public.employees set active = false where id = ${who}`
		],
		[
			'another role',
			(who) => db.owner`update public.employees set role = 'operator' where id = ${who}`
		],
		[
			'another location',
			(who) => db.owner`update public.employees set location_id = ${there} where id = ${who}`
		],
		[
			'a new right',
			() => db.owner`insert into public.role_permissions values ('operator', 'orders.move')`
		],
		[
			'a lost right',
			() =>
				db.owner`delete from public.role_permissions where role = 'operator' and permission = 'orders.move'`
		],
		['a new location', () => makeLocation(db.owner)]
	];

	it.each(changes)(
		'starts anew at %s, and everybody on the old topics is told',
		async (_, change) => {
			const who = await makeEmployee(db.owner, 'master', { location: here });
			const before = await currentEpoch();
			await db.owner`delete from realtime.messages`;
			await change(who);
			expect(await currentEpoch()).toBe(before + 1);
			const rows = await db.owner`
			select topic, private from realtime.messages where event = 'access_changed'`;
			expect(rows.every((row) => row.private)).toBe(true);
			expect(rows.map(({ topic }) => topic)).toEqual(
				expect.arrayContaining([
					`board:${here}:${before}`,
					`masters:${there}:${before}`,
					`master:${who}:${before}`
				])
			);
		}
	);

	it('cuts off somebody dismissed: no topic is given, the old and the new name are refused', async () => {
		const who = await makeEmployee(db.owner, 'coordinator', { location: here });
		const before = await currentEpoch();
		expect(await mayJoin(who, `board:${here}:${before}`)).toBe(true);
		await db.owner`update public.employees set active = false where id = ${who}`;
		expect(await topicsOf(who)).toEqual([]);
		expect(await mayJoin(who, `board:${here}:${before}`)).toBe(false);
		expect(await mayJoin(who, `board:${here}:${before + 1}`)).toBe(false);
	});

	it('stays when nothing about rights changed', async () => {
		const before = await currentEpoch();
		await makeEmployee(db.owner, 'operator', { location: here });
		await db.owner`update public.employees set full_name = 'Other', capacity = 4, active = active
			where id = ${people.master}`;
		expect(await currentEpoch()).toBe(before);
	});
});
