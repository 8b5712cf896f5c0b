// orders beyond the board: the rest of a column, lists by filters, sums, saved views
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/calls.ts';
import {
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database,
	type Who
} from '../support/database.ts';

type Page = {
	cards: Card[];
	next: Record<string, unknown> | null;
	money?: Record<string, number[]>;
};

let db: Database;
let here: number;
let there: number;
let coordinator: string;
let local: string;
let master: string;
let guitar: Card;
let late: Card;
let closed: number;

beforeAll(async () => {
	db = await startDatabase();
	[here, there] = [await makeLocation(db.owner), await makeLocation(db.owner)];
	coordinator = await makeEmployee(db.owner, 'coordinator');
	local = await makeEmployee(db.owner, 'coordinator', { location: there });
	master = await makeEmployee(db.owner, 'master', { location: here, capacity: 50 });
	closed = await stageOf(db.owner, 'closed');
	const client = await makeClient(db.owner, 'Щербакова');
	const [asset] = await db.owner`insert into public.assets (client_id, kind, brand, serial)
		values (${client}, 'Guitar', 'Fender', 'SN-4455') returning id`;
	guitar = await makeOrder(db.owner, { location: here, client });
	await db.owner`update public.orders set asset_id = ${asset?.id}, priority = 2, type = 'diagnostics',
		promised_at = '2099-05-01T10:00:00Z' where id = ${guitar.id}`;
	const assigned = await stageOf(db.owner, 'assigned');
	late = await makeOrder(db.owner, { location: here, stage: assigned, master });
	await db.owner`update public.orders set promised_at = now() - interval '1 hour' where id = ${late.id}`;
	await makeOrder(db.owner, { location: there });
	for (let i = 0; i < 110; i++) await makeOrder(db.owner, { location: here, stage: closed });
	await db.owner`insert into public.order_lines (order_id, title, unit_price)
		values (${guitar.id}, 'Setup', 120.5), (${late.id}, 'Neck', 80)`;
	await db.owner`update public.orders set paid = 20 where id = ${guitar.id}`;
});
afterAll(() => db?.stop());

const find = (who: Who, filters: unknown = {}, after: unknown = null, max_rows = 50) =>
	db.commitAs(who, (tx) => call<Page>(tx, 'find_orders', { filters, after, max_rows }));
const idsOf = async (filters: unknown, who: Who = coordinator) =>
	(await find(who, filters)).cards.map(({ id }) => id);

describe('find_orders', () => {
	it('filters by everything a list needs', async () => {
		const clientId = guitar.client_id;
		const [phone] =
			await db.owner`select phone from public.client_phones where client_id = ${Number(clientId)}`;
		const alone: Record<string, unknown>[] = [
			{ client: 'щербак' },
			{ client: 'Shcherbakova' },
			{ client: (phone?.phone as string).slice(3) },
			{ client: `щербак ${(phone?.phone as string).slice(-4)}` },
			{ client_id: clientId },
			{ instrument: 'fender' },
			{ instrument: '4455' },
			{ types: ['diagnostics'] },
			{ priorities: [2] },
			{ payment_states: ['part'] },
			{ promised_from: '2099-01-01T00:00:00Z', promised_to: '2100-01-01T00:00:00Z' }
		];
		for (const filters of alone)
			expect(await idsOf(filters), JSON.stringify(filters)).toEqual([guitar.id]);
		expect(await idsOf({ overdue: true })).toEqual([late.id]);
		expect(await idsOf({ master_ids: [master] })).toEqual([late.id]);
		expect(await idsOf({ kinds: ['assigned'] })).toEqual([late.id]);
		expect(await idsOf({ sort: 'promised' })).toEqual([late.id, guitar.id]);
		expect(await idsOf({ unassigned: true, kinds: ['unassigned'], location_id: here })).toEqual([
			guitar.id
		]);
		expect(await idsOf({ client: 'nobody at all' })).toEqual([]);
		expect(await idsOf({ created_from: '2099-01-01' })).toEqual([]);
	});

	it('tells no phone digit by digit to who may not read clients', async () => {
		const [row] =
			await db.owner`select phone from public.client_phones where client_id = ${Number(guitar.client_id)}`;
		const digits = String(row?.phone).slice(3);
		await db.owner`delete from public.role_permissions where role = 'coordinator' and permission = 'clients.read'`;
		try {
			expect(await idsOf({ client: digits })).toEqual([]);
			expect(await idsOf({ client: `щербак ${digits.slice(0, 4)}` })).toEqual([guitar.id]);
			expect(await idsOf({ client: 'щербак 0000' })).toEqual([guitar.id]);
		} finally {
			await db.owner`insert into public.role_permissions (role, permission) values ('coordinator', 'clients.read')`;
		}
	});

	it('pages by key: every order once, in order', async () => {
		for (const sort of ['newest', 'promised']) {
			const seen: number[] = [];
			let after: unknown = null;
			do {
				const page: Page = await find(coordinator, { sort }, after, sort === 'newest' ? 40 : 1);
				seen.push(...page.cards.map(({ id }) => id));
				after = page.next;
			} while (after);
			expect(new Set(seen).size).toBe(seen.length);
			expect(seen).toHaveLength(sort === 'newest' ? 113 : 2);
		}
	});

	it('shows amounts only to those with orders.money, and to each only his orders', async () => {
		const page = await find(coordinator, { client_id: guitar.client_id });
		expect(page.money).toEqual({ [guitar.id]: [120.5, 20] });
		const [mine, theirs] = [await find(master), await find(local)];
		expect(mine.cards.map(({ id }) => id)).toEqual([late.id]);
		expect(mine).not.toHaveProperty('money');
		expect(theirs.cards.map(({ location_id }) => location_id)).toEqual([there]);
		expect(await idsOf({ location_id: here }, local)).toEqual([]);
		expect(await idsOf({ mine: true }, master)).toEqual([late.id]);
		await db.owner`update public.orders set created_by = ${coordinator} where id = ${guitar.id}`;
		expect(await idsOf({ mine: true })).toEqual([guitar.id]);
		expect(await idsOf({ mine: true }, local)).not.toContain(guitar.id);
	});

	it.each([
		['stage_ids', { stage_ids: 5 }],
		['stage_ids', { stage_ids: ["1' or true --"] }],
		['kinds', { kinds: ['magic'] }],
		['client', { client: ' ' }],
		['created_from', { created_from: 'yesterday' }],
		['overdue', { overdue: 'perhaps' }],
		['sort', { sort: 'price' }],
		['nonsense', { nonsense: 1 }]
	])('refuses a filter that is none: %s', async (field, filters) => {
		expect(await refusal(find(coordinator, filters))).toEqual({
			code: 'VK422',
			message: 'invalid_argument',
			details: { field }
		});
	});

	it('takes hostile words for words', async () => {
		for (const client of ["x'; drop table public.orders; --", '%', '_', ':* | !', '\\', '$99999']) {
			expect(await idsOf({ client }), client).toEqual([]);
			expect(await idsOf({ instrument: client }), client).toEqual([]);
		}
	});
});

describe('board_more', () => {
	const more = (who: Who, args: object) =>
		db.commitAs(who, (tx) => call<Page>(tx, 'board_more', { stage_id: closed, ...args }));

	it('goes on where the board ends, fifty at a time, to the end', async () => {
		const [board] = await db.asRole(
			coordinator,
			(tx) => tx`select public.board_snapshot() as board`
		);
		const shown = (board?.board.cards as Card[]).filter(({ stage_id }) => stage_id === closed);
		const last = shown.sort(
			(a, b) => String(a.stage_entered_at).localeCompare(String(b.stage_entered_at)) || a.id - b.id
		)[0] as Card;
		const first = await more(coordinator, {
			before_entered: last.stage_entered_at,
			before_id: last.id
		});
		expect(first.cards).toHaveLength(50);
		const second = await more(coordinator, first.next ?? {});
		expect(second.cards).toHaveLength(10);
		expect(second.next).toBeNull();
		const all = [...shown, ...first.cards, ...second.cards].map(({ id }) => id);
		expect(new Set(all).size).toBe(110);
	});

	it('shows nobody more than the board does', async () => {
		expect((await more(local, {})).cards).toEqual([]);
		expect((await more(master, {})).cards).toEqual([]);
		expect((await more(coordinator, { location: there })).cards).toEqual([]);
	});
});

it('strangers find nothing', async () => {
	for (const who of [await makeUser(db.owner), await makeEmployee(db.owner, 'marketer')]) {
		expect((await refusal(find(who))).code).toBe('VK403');
	}
	expect((await refusal(find(null))).code).toBe('42501');
});

describe('the board’s money', () => {
	const snapshot = async (who: string, call = 'board_snapshot()') =>
		(await db.asRole(who, (tx) => tx.unsafe(`select public.${call} as board`)))[0]?.board;

	it('is in the snapshot and the changes for those with orders.money', async () => {
		for (const source of ['board_snapshot()', `board_changes('{}')`]) {
			const board = await snapshot(coordinator, source);
			expect(board.money[guitar.id]).toEqual([120.5, 20]);
			expect(board.sums[guitar.stage_id]).toBe(120.5);
			expect(board.sums[late.stage_id]).toBe(80);
			expect(Object.keys(board.money)).toHaveLength(board.cards.length);
			expect((await snapshot(local, source)).sums[guitar.stage_id]).toBe(0);
		}
	});

	it('is not there for anybody else, and never on a card', async () => {
		for (const source of ['board_snapshot()', `board_changes('{}')`]) {
			const board = await snapshot(master, source);
			expect(board).not.toHaveProperty('money');
			expect(board).not.toHaveProperty('sums');
			expect(JSON.stringify(board.cards)).not.toMatch(/total|paid"|tracking/);
		}
	});
});

describe('a saved view', () => {
	const save = (who: string, shared: boolean, location: number | null = null) =>
		db.commitAs(
			who,
			(tx) => tx`insert into public.board_views (name, query, shared, location_id)
				values ('Mine', 'mine=1', ${shared}, ${location}) returning id`
		);
	const sees = async (who: string, id: number) =>
		(await db.asRole(who, (tx) => tx`select id from public.board_views where id = ${id}`)).length >
		0;

	it('is one’s own until it is shared, and then where it is for', async () => {
		const operator = await makeEmployee(db.owner, 'operator');
		const [own] = await save(operator, false);
		expect(await Promise.all([operator, coordinator].map((who) => sees(who, own?.id)))).toEqual([
			true,
			false
		]);
		expect((await refusal(save(operator, true))).code).toBe('42501');
		const shared = db.asRole(
			operator,
			(tx) => tx`update public.board_views set shared = true where id = ${own?.id}`
		);
		expect((await refusal(shared)).code).toBe('42501');
		const [common] = await save(coordinator, true, here);
		expect(
			await Promise.all([operator, master, local].map((who) => sees(who, common?.id)))
		).toEqual([true, true, false]);
		expect((await refusal(save(local, true, here))).code).toBe('42501');
	});
});
