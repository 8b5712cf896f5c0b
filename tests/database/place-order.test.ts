// place_order: column and master in one drop, both or neither, by the rules of moving and assigning
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assignOrder, moveOrder } from '../support/calls.ts';
import {
	cardOf,
	makeEmployee,
	makeLocation,
	makeOrder,
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
let working: number;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris' });
	working = await stageOf(db.owner, 'waiting');
});
afterAll(() => db?.stop());

type Drop = {
	to?: number;
	prev?: number;
	master: string | null;
	mutation?: string;
	reason?: string;
};

const place = (who: Who, card: Pick<Card, 'id' | 'version'>, drop: Drop) =>
	db.commitAs(who, async (tx) => {
		const [row] = await tx`select public.place_order(${card.id}, ${drop.to ?? working},
			${drop.prev ?? null}, null, ${drop.master}, ${card.version},
			${drop.mutation ?? randomUUID()}, ${drop.reason ?? null}) as card`;
		return row?.card as Card;
	});
const order = () => makeOrder(db.owner, { location });
const master = (capacity = 3) => makeEmployee(db.owner, 'master', { location, capacity });

it('changes column, place and master in one version and one event', async () => {
	const [above, card, who] = [await order(), await order(), await master()];
	const moved = await place(anna, above, { master: null });
	const placed = await place(anna, card, { master: who, prev: moved.id });
	expect(placed).toMatchObject({ stage_id: working, master_id: who, version: card.version + 1 });
	expect(placed.rank > moved.rank).toBe(true);
	const events = await db.owner`
		select kind::text, actor_id from public.order_events where order_id = ${card.id} and kind <> 'created'`;
	expect([...events]).toEqual([{ kind: 'assigned', actor_id: anna }]);
});

it('does neither when either is against the rules', async () => {
	const card = await order();
	const busy = await master(1);
	const assigned = await stageOf(db.owner, 'assigned');
	await place(anna, await order(), { to: assigned, master: busy });
	const full = await refusal(place(anna, card, { to: assigned, master: busy }));
	expect(full).toMatchObject({ code: 'VK422', message: 'master_at_capacity' });
	const closed = await stageOf(db.owner, 'closed');
	const illegal = await refusal(place(anna, card, { to: closed, master: await master() }));
	expect(illegal.message).toBe('transition_not_allowed');
	const refused = await stageOf(db.owner, 'refused');
	const silent = await refusal(place(anna, card, { to: refused, master: null, reason: ' ' }));
	expect(silent.message).toBe('reason_required');
	expect(await cardOf(db.owner, card.id)).toMatchObject({
		stage_id: card.stage_id,
		master_id: null,
		version: card.version
	});
});

it('answers the same call twice with one effect', async () => {
	const [card, who, mutation] = [await order(), await master(), randomUUID()];
	const first = await place(anna, card, { master: who, mutation });
	expect(await place(anna, card, { master: who, mutation })).toEqual(first);
	expect((await cardOf(db.owner, card.id)).version).toBe(card.version + 1);
});

it('is refused with who and when after a colleague’s move or assignment', async () => {
	for (const change of ['move', 'assign'] as const) {
		const card = await order();
		const who = await master();
		await db.commitAs(boris, (tx) =>
			change === 'move'
				? moveOrder(tx, { order: card.id, to: working, seen: card.version })
				: assignOrder(tx, { order: card.id, master: who, seen: card.version })
		);
		const refused = await refusal(place(anna, card, { master: who }));
		expect(refused).toMatchObject({ code: 'VK409', message: 'order_changed' });
		expect(refused.details).toMatchObject({ changed_by_name: 'Boris' });
	}
});

it('needs the right to assign: strangers, readers and masters are refused', async () => {
	const card = await order();
	const attempt = (who: Who) => refusal(place(who, card, { master: null }));
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

it('never exceeds a capacity however many drop at once', async () => {
	const who = await master(3);
	const assigned = await stageOf(db.owner, 'assigned');
	const cards = await Promise.all(Array.from({ length: 12 }, order));
	const drops = cards.map((card) => place(anna, card, { to: assigned, master: who }));
	const results = await Promise.allSettled(drops);
	expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
	const [row] = await db.owner`select private.active_count(${who}) as n`;
	expect(row?.n).toBe(3);
});
