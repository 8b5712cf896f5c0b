// a registered client's own rows, and nobody else's; what clients hear live
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveOrder } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	roles,
	stageOf,
	startDatabase,
	type Database,
	type Who
} from '../support/database.ts';
import { issueInvoice, makeBillable, recordPayment, refundPayment } from '../support/money.ts';

const views = ['my_client_orders', 'my_client_payments'];

let db: Database;
let here: number;
let manager: string;
let user: string;
let order: number;

beforeAll(async () => {
	db = await startDatabase();
	here = await makeLocation(db.owner);
	manager = await makeEmployee(db.owner, 'manager', { name: 'Secret Manager' });
	user = await makeUser(db.owner);
	order = await clientWithEverything(user);
	await clientWithEverything(await makeUser(db.owner));
	await clientWithEverything(null);
});
afterAll(() => db?.stop());

/** A client with an instrument, an order, a payment and a refund; returns the order. */
async function clientWithEverything(who: string | null): Promise<number> {
	const client = await makeClient(db.owner, 'Lee');
	await db.owner`update public.clients set user_id = ${who} where id = ${client}`;
	const [asset] = await db.owner`insert into public.assets (client_id, kind, brand, model)
		values (${client}, 'guitar', 'Martin', 'D-28') returning id`;
	const { id } = await makeBillable(db.owner, { location: here, client, total: '80.50' });
	await db.owner`update public.orders set asset_id = ${asset?.id} where id = ${id}`;
	const invoice = await db.commitAs(manager, (tx) => issueInvoice(tx, id));
	const paid = await db.commitAs(manager, (tx) => recordPayment(tx, invoice.id, '30.25'));
	await db.commitAs(manager, (tx) =>
		refundPayment(tx, paid.payment.id, '10.25', { reason: 'Secret reason' })
	);
	return id;
}
const read = (who: Who, view: string) =>
	db.asRole(who, async (tx) => [...(await tx.unsafe(`select * from public.${view}`))]);

describe('a registered client', () => {
	it('reads his own orders and payments', async () => {
		expect(await read(user, 'my_client_orders')).toMatchObject([
			{
				number: order,
				asset_label: expect.stringContaining('Martin D-28'),
				stage_kind: 'unassigned',
				total: '80.50',
				paid: '20.00',
				payment_state: 'part',
				invoice: { number: `${order}-1`, due: 60.5, state: 'open' }
			}
		]);
		expect(await read(user, 'my_client_payments')).toMatchObject([
			{ kind: 'refund', amount: '10.25', order_number: order },
			{ kind: 'payment', amount: '30.25', invoice_number: `${order}-1`, method: 'cash' }
		]);
	});

	it('learns nothing of the staff, and writes nothing', async () => {
		for (const view of views) {
			const rows = await read(user, view);
			expect(JSON.stringify(rows), view).not.toMatch(/secret/i);
			expect(JSON.stringify(rows), view).not.toContain(manager);
			for (const verb of [
				`delete from public.${view}`,
				`insert into public.${view} default values`
			]) {
				const written = db.asRole(user, (tx) => tx.unsafe(verb));
				expect((await refusal(written)).code, verb).toMatch(/^(42501|55000)$/);
			}
		}
		for (const table of ['orders', 'invoices', 'payments', 'payment_events', 'shifts']) {
			expect(await read(user, table), table).toEqual([]);
		}
	});

	it('that is dismissed from his record sees nothing any more', async () => {
		await db.owner
			.begin(async (tx) => {
				await tx`update public.clients set user_id = null where user_id = ${user}`;
				await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: user })}, true)`;
				for (const view of views) expect(await tx.unsafe(`select from public.${view}`)).toEqual([]);
				throw new Error('rollback');
			})
			.catch((error: Error) => expect(error.message).toBe('rollback'));
	});
});

it('a stranger, a user without a record and every employee read nothing there', async () => {
	for (const view of views) {
		expect((await refusal(read(null, view))).code).toBe('42501');
		expect(await read(await makeUser(db.owner), view)).toEqual([]);
		for (const role of roles) {
			expect(await read(await makeEmployee(db.owner, role), view), role).toEqual([]);
		}
	}
});

describe('live', () => {
	type Message = { topic: string; event: string; payload: Record<string, unknown> };
	async function told(change: () => Promise<unknown>): Promise<Message[]> {
		await db.owner`delete from realtime.messages`;
		await change();
		return [
			...(await db.owner<Message[]>`select topic, event, payload from realtime.messages
				where topic ~ '^(track|client):' and private order by topic`)
		];
	}
	const move = async (to: 'waiting' | 'unassigned') => {
		const [row] = await db.owner`select version from public.orders where id = ${order}`;
		const stage = await stageOf(db.owner, to);
		await db.commitAs(manager, (tx) =>
			moveOrder(tx, { order, to: stage, seen: row?.version, reason: 'Secret reason' })
		);
	};

	it('clients hear where their order is, when it is promised and whether it is paid; no more', async () => {
		const [row] =
			await db.owner`select tracking_token as token from public.orders where id = ${order}`;
		const topics = [`client:${user}`, `track:${row?.token}`];
		for (const change of [
			() => move('waiting'),
			() => db.owner`update public.orders set promised_at = now() where id = ${order}`,
			() => db.owner`update public.orders set total = 20 where id = ${order}`
		]) {
			const messages = await told(change);
			expect(messages.map(({ topic }) => topic)).toEqual(topics);
			for (const { event, payload } of messages) {
				expect(event).toBe('order_changed');
				expect(Object.keys(payload).sort()).toEqual(
					'at id number payment_state promised_at stage'.split(' ')
				);
				expect(Object.keys(payload.stage as object).sort()).toEqual(['kind', 'name']);
			}
		}
		expect(
			await told(
				() => db.owner`update public.orders set problem = 'x', priority = 2 where id = ${order}`
			)
		).toEqual([]);
	});

	it('of a new order only its registered client hears', async () => {
		const [row] = await db.owner`select client_id from public.orders where id = ${order}`;
		const own = await told(() => makeOrder(db.owner, { location: here, client: row?.client_id }));
		expect(own.map(({ topic }) => topic)).toEqual([`client:${user}`]);
		expect(await told(() => makeOrder(db.owner, { location: here }))).toEqual([]);
	});

	it('my_topics names the own topic, and the policies open that and no other', async () => {
		const topics = (who: Who) =>
			db.asRole(who, async (tx) => [...(await tx`select * from public.my_topics()`)]);
		expect(await topics(user)).toEqual([
			{ scope: 'client', topic: `client:${user}`, location_id: null }
		]);
		const [row] =
			await db.owner`select tracking_token as token from public.orders where id = ${order}`;
		const may = (who: Who, topic: string) =>
			db.asRole(who, async (tx) => {
				const [answer] = await tx`select private.may_hear_as_client(${topic}) as may`;
				return answer?.may as boolean;
			});
		const stranger = await makeUser(db.owner);
		for (const [who, topic, expected] of [
			[user, `client:${user}`, true],
			[stranger, `client:${user}`, false],
			[stranger, `client:${stranger}`, false],
			[manager, `client:${user}`, false],
			[null, `client:${user}`, false],
			[null, 'client:', false],
			[null, `track:${row?.token}`, true],
			[stranger, `track:${row?.token}`, true],
			[null, `track:${row?.token}x`, false],
			[null, 'track:', false],
			[null, 'track:%', false],
			[null, `board:${here}:1`, false]
		] as const) {
			expect(await may(who, topic), `${who} ${topic}`).toBe(expected);
		}
	});
});
