// what masters' phones call beyond the handshake: lines that may be repeated, the team, push messages
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import {
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	openShift,
	refusal,
	stageOf,
	startDatabase,
	type Database
} from '../support/database.ts';

type Member = {
	id: string;
	availability: string;
	shift: { worked_minutes: number } | null;
	orders: { id: number; stage_kind: string }[];
};

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let master: string;
let order: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	there = await makeLocation(db.owner);
	coordinator = await makeEmployee(db.owner, 'coordinator', { location: here });
});
afterAll(() => db?.stop());
beforeEach(async () => {
	master = await makeEmployee(db.owner, 'master', { location: here });
	const stage = await stageOf(db.owner, 'assigned');
	order = (await makeOrder(db.owner, { location: here, stage, master })).id;
});

const lines = [
	{ kind: 'work', title: 'Заміна струн', quantity: 1, unit_price: 350 },
	{ kind: 'part', title: 'Струни', quantity: 2, unit_price: 199.5 }
];
const add = (who: string, what: unknown = lines, mutation = randomUUID()) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`
			select public.add_order_lines(${order}, ${tx.json(what as never)}, ${mutation}) as card`;
		return row?.card as { id: number; version: number };
	});
const total = async () => {
	const [row] = await db.owner`select total::float from public.orders where id = ${order}`;
	return row?.total as number;
};

it('a master adds lines once, however often the phone asks', async () => {
	const mutation = randomUUID();
	const first = await add(master, lines, mutation);
	expect(await add(master, lines, mutation)).toEqual(first);
	expect(await total()).toBe(749);
});

it('nobody else adds them: another master, a stranger, a mutation of somebody else', async () => {
	const other = await makeEmployee(db.owner, 'master', { location: here });
	expect(await refusal(add(other))).toMatchObject({ code: 'VK404', message: 'order_not_found' });
	const stranger = await makeUser(db.owner);
	expect(await refusal(add(stranger))).toMatchObject({ code: 'VK403' });
	const mutation = randomUUID();
	await add(master, lines, mutation);
	expect(await refusal(add(coordinator, lines, mutation))).toMatchObject({
		message: 'mutation_reused'
	});
	expect(await total()).toBe(749);
});

it.each([[[]], [{}], [[{ title: ' ', unit_price: 1 }]], [[{ title: 'x', unit_price: -1 }]]])(
	'nonsense is refused and adds nothing: %j',
	async (what) => {
		expect(await refusal(add(master, what))).toMatchObject({
			code: 'VK422',
			message: 'invalid_argument'
		});
		expect(await total()).toBe(0);
	}
);

const team = (who: string, location: number | null = null) =>
	db.asRole(who, async (tx) => {
		const [row] = await tx`select public.team(${location}) as team`;
		return row?.team as Member[];
	});

it('the team has its shifts and orders, within the locations of who asks', async () => {
	const elsewhere = await makeEmployee(db.owner, 'master', { location: there });
	await openShift(db.owner, master);
	const seen = await team(coordinator, there);
	const mine = seen.find(({ id }) => id === master);
	expect(seen.map(({ id }) => id)).not.toContain(elsewhere);
	expect(mine?.shift?.worked_minutes).toBeGreaterThanOrEqual(0);
	expect(mine?.orders).toMatchObject([{ id: order, stage_kind: 'assigned' }]);
	const manager = await makeEmployee(db.owner, 'manager');
	expect((await team(manager, there)).map(({ id }) => id)).toContain(elsewhere);
	expect(await refusal(team(master))).toMatchObject({ code: 'VK403', message: 'not_allowed' });
});

it('those without the rights see neither shifts nor orders of the team', async () => {
	await openShift(db.owner, master);
	await db.owner`delete from public.role_permissions
		where role = 'operator' and permission in ('orders.read', 'shifts.read')`;
	const operator = await makeEmployee(db.owner, 'operator', { location: here });
	const mine = (await team(operator)).find(({ id }) => id === master);
	expect(mine).toMatchObject({ shift: null, orders: [] });
});

const subscribe = (who: string) =>
	db.commitAs(
		who,
		(tx) => tx`select public.subscribe_to_push(
		${`https://push.example.test/${randomUUID()}`}, ${'A'.repeat(87)}, ${'A'.repeat(22)})`
	);
const outbox = (person: string) => db.owner`
	select status, payload from public.notifications
	where channel = 'push' and recipient ->> 'user_id' = ${person} order by id`;
const give = (to: string | null, who: string = coordinator) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`select version from public.orders where id = ${order}`;
		await tx`select public.assign_order(${order}, ${to}, ${row?.version}, ${randomUUID()})`;
	});

it('an assignment is pushed to who listens, and taken back with the order', async () => {
	const next = await makeEmployee(db.owner, 'master', { location: here });
	await give(next);
	expect(await outbox(next)).toHaveLength(0);
	await subscribe(master);
	await give(master);
	expect(await outbox(master)).toMatchObject([{ status: 'pending', payload: { order_id: order } }]);
	await give(null);
	expect(await outbox(master)).toMatchObject([{ status: 'cancelled' }]);
	await give(master);
	expect((await outbox(master)).map(({ status }) => status)).toEqual(['cancelled', 'pending']);
});

it('only the worker reads where people listen', async () => {
	await subscribe(master);
	await expect(
		db.asRole(master, (tx) => tx`select * from public.push_targets(${master})`)
	).rejects.toMatchObject({ code: '42501' });
	const found = await db.owner`select * from public.push_targets(${master})`;
	expect(found).toMatchObject([{ badge: 1 }]);
});
