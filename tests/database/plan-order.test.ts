// plan_order: master and hour in one drop, both or neither, by the rules of assigning; and the day it is seen in
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assignOrder, call } from '../support/calls.ts';
import {
	cardOf,
	makeEmployee,
	makeLocation,
	makeOrder,
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
let anna: string;
let boris: string;

const TEN = '2026-11-23T10:00:00+00:00';
const NOON = '2026-11-23T12:00:00+00:00';
const LATER = '2026-11-23T15:00:00+00:00';

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris' });
});
afterAll(() => db?.stop());

type Plan = {
	master: string | null;
	at?: string | null;
	minutes?: number | null;
	mutation?: string;
	seen?: number;
};

const plan = (who: Who, card: Pick<Card, 'id' | 'version'>, wish: Plan) =>
	db.commitAs(who, (tx) =>
		call<Card & { planned_at: string | null; planned_minutes: number | null }>(tx, 'plan_order', {
			order_id: card.id,
			master_id: wish.master,
			planned_at: wish.at === undefined ? TEN : wish.at,
			planned_minutes: wish.minutes ?? null,
			seen_version: wish.seen ?? card.version,
			mutation_id: wish.mutation ?? randomUUID()
		})
	);
const undo = (who: Who, id: number, undo_of: string) =>
	db.commitAs(who, (tx) =>
		call<Card & { planned_at: string | null }>(tx, 'undo_move', {
			order_id: id,
			mutation_id: randomUUID(),
			undo_of
		})
	);
const order = () => makeOrder(db.owner, { location });
const master = (capacity = 3) => makeEmployee(db.owner, 'master', { location, capacity });
const lastEvent = async (id: number) =>
	(
		await db.owner`select kind::text, actor_id, from_values, to_values from public.order_events
			where order_id = ${id} order by id desc limit 1`
	)[0] as { kind: string; actor_id: string; to_values: Record<string, unknown> };

describe('a plan', () => {
	it('assigns and plans in one version and one event, and the master is told', async () => {
		const [card, who] = [await order(), await master()];
		await db.owner`delete from realtime.messages`;
		const planned = await plan(anna, card, { master: who, minutes: 90 });
		expect(planned).toMatchObject({
			stage_id: await stageOf(db.owner, 'assigned'),
			master_id: who,
			planned_at: TEN,
			planned_minutes: 90,
			version: card.version + 1
		});
		const event = await lastEvent(card.id);
		expect(event).toMatchObject({ kind: 'assigned', actor_id: anna });
		expect(event.to_values).toMatchObject({ master_id: who, planned_minutes: 90 });
		const [told] = await db.owner`select payload -> 'card' as card from realtime.messages
			where topic like ${`master:${who}:%`} and event = 'order_changed'`;
		expect(told?.card).toMatchObject({ id: card.id, planned_at: TEN });
	});

	it('of another hour only is told as a plan and keeps the master’s answer', async () => {
		const [card, who] = [await order(), await master()];
		const planned = await plan(anna, card, { master: who });
		await db.commitAs(who, (tx) =>
			call(tx, 'respond_to_assignment', { order_id: card.id, accept: true })
		);
		const accepted = await cardOf(db.owner, card.id);
		const again = await plan(boris, accepted, { master: who, at: NOON, minutes: 30 });
		expect(again).toMatchObject({ planned_at: NOON, stage_id: planned.stage_id });
		const [row] = await db.owner`select accepted_at from public.orders where id = ${card.id}`;
		expect(row?.accepted_at).not.toBeNull();
		expect(await lastEvent(card.id)).toMatchObject({ kind: 'planned', actor_id: boris });
	});

	it('of what is so already changes nothing', async () => {
		const [card, who] = [await order(), await master()];
		const planned = await plan(anna, card, { master: who });
		expect(await plan(anna, planned, { master: who })).toMatchObject({ version: planned.version });
	});

	it('does neither when either is against the rules', async () => {
		const [card, busy] = [await order(), await master(1)];
		await plan(anna, await order(), { master: busy });
		const full = await refusal(plan(anna, card, { master: busy }));
		expect(full).toMatchObject({ code: 'VK422', message: 'master_at_capacity' });
		const foreign = await makeEmployee(db.owner, 'master', {
			location: await makeLocation(db.owner)
		});
		const stranger = await refusal(plan(anna, card, { master: foreign }));
		expect(stranger).toMatchObject({ code: 'VK404', message: 'master_not_found' });
		for (const [field, wish] of [
			['planned_at', { at: '2300-01-01T00:00:00Z' }],
			['planned_minutes', { minutes: 0 }],
			['planned_minutes', { at: null, minutes: 30 }]
		] as const) {
			const refused = await refusal(plan(anna, card, { master: null, ...wish }));
			expect(refused).toMatchObject({ message: 'invalid_argument', details: { field } });
		}
		const [row] =
			await db.owner`select version, master_id, planned_at from public.orders where id = ${card.id}`;
		expect(row).toEqual({ version: card.version, master_id: null, planned_at: null });
	});

	it('answers the same call twice with one effect', async () => {
		const [card, who, mutation] = [await order(), await master(), randomUUID()];
		const first = await plan(anna, card, { master: who, mutation });
		expect(await plan(anna, card, { master: who, mutation })).toEqual(first);
		expect((await cardOf(db.owner, card.id)).version).toBe(card.version + 1);
	});

	it('is refused with who and when after a colleague’s plan or assignment', async () => {
		for (const change of ['planned', 'assigned'] as const) {
			const [card, who] = [await order(), await master()];
			const seen = await plan(anna, card, { master: who });
			if (change === 'planned') await plan(boris, seen, { master: who, at: NOON });
			else {
				const other = await master();
				await db.commitAs(boris, (tx) =>
					assignOrder(tx, { order: card.id, master: other, seen: seen.version })
				);
			}
			const refused = await refusal(plan(anna, seen, { master: who, minutes: 45 }));
			expect(refused).toMatchObject({ code: 'VK409', message: 'order_changed' });
			expect(refused.details).toMatchObject({ changed_by_name: 'Boris', change });
		}
	});

	it('never exceeds a capacity however many drop at once', async () => {
		const who = await master(3);
		const cards = await Promise.all(Array.from({ length: 10 }, order));
		const results = await Promise.allSettled(
			cards.map((card) => plan(anna, card, { master: who }))
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
		const [row] = await db.owner`select private.active_count(${who}) as n`;
		expect(row?.n).toBe(3);
	});

	it('needs the right to assign: strangers, readers and masters are refused', async () => {
		const card = await order();
		const attempt = (who: Who) => refusal(plan(who, card, { master: null }));
		expect((await attempt(null)).code).toBe('42501');
		expect((await attempt(randomUUID())).code).toBe('VK403');
		const own = await makeEmployee(db.owner, 'master', { location });
		for (const who of [await makeEmployee(db.owner, 'operator'), own]) {
			expect(await attempt(who)).toMatchObject({ code: 'VK403', message: 'not_allowed' });
		}
		const elsewhere = await makeLocation(db.owner);
		const foreign = await makeEmployee(db.owner, 'coordinator', { location: elsewhere });
		expect((await attempt(foreign)).message).toBe('order_not_found');
	});
});

describe('taken back, a plan', () => {
	it('gives back column, master and hour', async () => {
		const [card, who, mutation] = [await order(), await master(), randomUUID()];
		await plan(anna, card, { master: who, mutation });
		expect(await undo(anna, card.id, mutation)).toMatchObject({
			stage_id: card.stage_id,
			master_id: null,
			planned_at: null
		});
	});

	it('of another hour gives back the hour before; an own later plan is taken back first', async () => {
		const [card, who] = [await order(), await master()];
		const [second, third] = [randomUUID(), randomUUID()];
		const first = await plan(anna, card, { master: who });
		const moved = await plan(anna, first, { master: who, at: NOON, mutation: second });
		await plan(anna, moved, { master: who, at: LATER, minutes: 15, mutation: third });
		const early = await refusal(undo(anna, card.id, second));
		expect(early.message).toBe('not_the_last_move');
		expect(await undo(anna, card.id, third)).toMatchObject({ planned_at: NOON });
		expect(await undo(anna, card.id, second)).toMatchObject({ planned_at: TEN, master_id: who });
	});
});

describe('the day of dispatch', () => {
	const day = (who: Who, at?: number) =>
		db.commitAs(who, (tx) =>
			call<{
				masters: Record<string, { shifts: { started_at: string }[]; skills: number[] }>;
				services: Record<string, { skilled: boolean; norm_minutes: number | null }>;
			}>(tx, 'dispatch_day', {
				since: new Date(Date.now() - 43_200_000).toISOString(),
				until: new Date(Date.now() + 43_200_000).toISOString(),
				...(at && { location: at })
			})
		);

	it('says who is at work, what each can do and how long it takes', async () => {
		const [skilled, other] = [await master(), await master()];
		await openShift(db.owner, skilled);
		const [service] = await db.owner`insert into public.services (name, norm_minutes)
			values ('{"en": "Setup", "ru": "Отстройка", "uk": "Налаштування"}', 45) returning id`;
		await db.owner`insert into public.employee_skills (employee_id, service_id)
			values (${skilled}, ${service?.id})`;
		const answer = await day(anna, location);
		expect(answer.masters[skilled]).toMatchObject({
			shifts: [{ ended_at: null, breaks: [] }],
			skills: [Number(service?.id)]
		});
		expect(answer.masters[other]).toEqual({ shifts: [], skills: [] });
		expect(answer.services[String(service?.id)]).toMatchObject({ norm_minutes: 45, skilled: true });
	});

	it('is that of one’s own workshop, and shows shifts to those who may see them', async () => {
		const who = await master();
		await openShift(db.owner, who);
		const elsewhere = await makeLocation(db.owner);
		const foreign = await makeEmployee(db.owner, 'coordinator', { location: elsewhere });
		expect((await day(foreign, location)).masters[who]).toBeUndefined();
		const operator = await makeEmployee(db.owner, 'operator', { location });
		expect((await day(operator)).masters[who]?.shifts).toEqual([]);
	});

	it('is refused to strangers and masters, and of longer than eight days', async () => {
		expect((await refusal(day(null))).code).toBe('42501');
		expect((await refusal(day(await master()))).message).toBe('not_allowed');
		const long = db.commitAs(anna, (tx) =>
			call(tx, 'dispatch_day', { since: TEN, until: '2026-12-03T10:00:00Z' })
		);
		expect(await refusal(long)).toMatchObject({ details: { field: 'until' } });
	});
});
