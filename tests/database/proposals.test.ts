// who should do an order: proposals with reasons, and what happens when a master does not answer
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assignOrder, call } from '../support/calls.ts';
import {
	cardOf,
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	openShift,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Who
} from '../support/database.ts';

let db: Database;
let location: number;
let coordinator: string;
let master: string;
let service: number;

beforeAll(async () => {
	db = await startDatabase();
	coordinator = await makeEmployee(db.owner, 'coordinator');
	const [row] = await db.owner`insert into public.services (name)
		values ('{"en": "Setup", "ru": "Отстройка", "uk": "Налаштування"}') returning id`;
	service = row?.id;
});
afterAll(() => db?.stop());
beforeEach(async () => {
	location = await makeLocation(db.owner);
	master = await makeEmployee(db.owner, 'master', { location, capacity: 5, name: 'Oleg' });
	await openShift(db.owner, master);
});

async function assigned(to = master): Promise<Card> {
	const card = await makeOrder(db.owner, { location });
	return db.commitAs(coordinator, (tx) =>
		assignOrder(tx, { order: card.id, master: to, seen: card.version })
	);
}
const respond = (who: Who, card: Card, accept: boolean, reason: string | null = null) =>
	db.commitAs(who, (tx) =>
		call(tx, 'respond_to_assignment', { order_id: card.id, accept, reason })
	);
const lastEvent = async (card: Card) =>
	(
		await db.owner`select kind, actor_id, reason, to_values from public.order_events
		where order_id = ${card.id} order by id desc limit 1`
	)[0] as Record<string, unknown>;

describe('when nobody answers', () => {
	const warn = async () =>
		(await db.owner`select private.warn_unanswered_assignments() as n`)[0]?.n as number;
	const rules = (minutes: number | null, offer: boolean) =>
		db.owner`update public.settings set assignment_answer_minutes = ${minutes}, offer_to_next_master = ${offer}`;
	const hoursAgo = (card: Card) =>
		db.owner`update public.orders set assigned_at = now() - interval '2 hours' where id = ${card.id}`;

	beforeEach(async () => {
		// orders of earlier tests are not to be warned of again
		await db.owner`update public.orders set accepted_at = now() where accepted_at is null`;
	});

	it('the board is told once, and only of those who are late', async () => {
		await rules(30, false);
		const [late, fresh, accepted] = [await assigned(), await assigned(), await assigned()];
		await respond(master, accepted, true);
		await hoursAgo(late);
		await hoursAgo(accepted);
		await db.owner`delete from realtime.messages`;
		expect(await warn()).toBe(1);
		expect(await warn()).toBe(0);
		const [message] = await db.owner`select payload -> 'card' as card from realtime.messages
			where topic like 'board:%' and event = 'order_changed'`;
		expect(message?.card).toMatchObject({ id: late.id, unanswered_at: expect.any(String) });
		expect((await cardOf(db.owner, fresh.id)).unanswered_at).toBeNull();
	});

	it('nothing happens where the company set no time', async () => {
		await rules(null, true);
		await hoursAgo(await assigned());
		expect(await warn()).toBe(0);
	});

	it('the order goes to the next suitable master who never had it, and stays when there is none', async () => {
		await rules(30, true);
		const busy = await makeEmployee(db.owner, 'master', { location, capacity: 0 });
		const unskilled = await makeEmployee(db.owner, 'master', { location });
		const elsewhere = await makeEmployee(db.owner, 'master', {
			location: await makeLocation(db.owner)
		});
		const skilled = await makeEmployee(db.owner, 'master', { location });
		for (const who of [busy, unskilled, elsewhere, skilled]) await openShift(db.owner, who);
		for (const who of [busy, elsewhere, skilled]) {
			await db.owner`insert into public.employee_skills (employee_id, service_id) values (${who}, ${service})`;
		}
		const card = await assigned();
		await db.owner`update public.orders set service_id = ${service} where id = ${card.id}`;
		await hoursAgo(card);
		expect(await warn()).toBe(1);
		const offered = await cardOf(db.owner, card.id);
		expect(offered).toMatchObject({ master_id: skilled, seen_at: null, unanswered_at: null });
		expect(await lastEvent(card)).toMatchObject({
			kind: 'assigned',
			actor_id: null,
			reason: 'assignment_unanswered',
			to_values: { master_id: skilled }
		});
		await hoursAgo(card);
		expect(await warn()).toBe(1);
		expect(await cardOf(db.owner, card.id)).toMatchObject({
			master_id: skilled,
			unanswered_at: expect.any(String)
		});
		expect(unskilled).not.toBe(offered.master_id);
	});

	it('is a scheduled job', async () => {
		const rows = await db.owner`select command from private.scheduled_jobs
			where name = 'warn_unanswered_assignments'`;
		expect(rows).toHaveLength(1);
	});
});

describe('suggest_masters', () => {
	type Proposal = { master_id: string; suitable: boolean; reasons: { key: string }[] };
	const suggest = (who: Who, card: Card) =>
		db.commitAs(who, (tx) => call<Proposal[]>(tx, 'suggest_masters', { order_id: card.id }));

	it('puts the free, skilled master who knows the client first, and says why', async () => {
		const client = await makeClient(db.owner);
		const [knows, stranger, busy] = await Promise.all([
			makeEmployee(db.owner, 'master', { location, capacity: 5 }),
			makeEmployee(db.owner, 'master', { location, capacity: 5 }),
			makeEmployee(db.owner, 'master', { location, capacity: 0 })
		]);
		for (const who of [knows, stranger, busy]) {
			await openShift(db.owner, who);
			await db.owner`insert into public.employee_skills (employee_id, service_id) values (${who}, ${service})`;
		}
		const done = await stageOf(db.owner, 'done');
		await makeOrder(db.owner, { location, client, stage: done, master: knows });
		const card = await makeOrder(db.owner, { location, client });
		await db.owner`update public.orders set service_id = ${service} where id = ${card.id}`;
		const proposals = await suggest(coordinator, card);
		expect(proposals[0]).toEqual({
			master_id: knows,
			score: 95,
			suitable: true,
			reasons: [
				{ key: 'free', params: {} },
				{ key: 'skilled', params: {} },
				{ key: 'same_location', params: {} },
				{ key: 'knows_client', params: { orders: 1 } },
				{ key: 'load', params: { active: 0, capacity: 5 } }
			]
		});
		expect(proposals[1]?.master_id).toBe(stranger);
		const last = proposals.slice(2).map(({ master_id, suitable }) => [master_id, suitable]);
		expect(last).toEqual(
			expect.arrayContaining([
				[busy, false],
				[master, false]
			])
		);
	});

	it('is for those who assign, where they work', async () => {
		const card = await makeOrder(db.owner, { location });
		const elsewhere = await makeEmployee(db.owner, 'coordinator', {
			location: await makeLocation(db.owner)
		});
		expect((await refusal(suggest(elsewhere, card))).message).toBe('order_not_found');
		for (const who of [master, await makeUser(db.owner)]) {
			expect((await refusal(suggest(who, card))).code).toBe('VK403');
		}
		expect((await refusal(suggest(null, card))).code).toBe('42501');
	});
});
