// edit_order: edits of different fields merge, of the same field conflict with a name and a time
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/calls.ts';
import {
	cardOf,
	makeClient,
	makeEmployee,
	makeLocation,
	makeOrder,
	makeUser,
	refusal,
	stageOf,
	startDatabase,
	type Card,
	type Database
} from '../support/database.ts';

let db: Database;
let location: number;
let anna: string;
let boris: string;
let master: string;

beforeAll(async () => {
	db = await startDatabase();
	location = await makeLocation(db.owner);
	anna = await makeEmployee(db.owner, 'coordinator', { name: 'Anna' });
	boris = await makeEmployee(db.owner, 'coordinator', { name: 'Boris', location });
	master = await makeEmployee(db.owner, 'master', { location, capacity: 50 });
});
afterAll(() => db?.stop());

const order = () => makeOrder(db.owner, { location });
const edit = (
	who: string | null,
	card: Card,
	changes: unknown,
	seen: unknown = card,
	mutation: string | null = randomUUID()
) =>
	db.commitAs(who, (tx) =>
		call(tx, 'edit_order', { order_id: card.id, changes, seen, mutation_id: mutation })
	);
const rowOf = async (card: Card) =>
	(await db.owner`select * from public.orders where id = ${card.id}`)[0] as Record<string, unknown>;

describe('two people', () => {
	it('who edit different fields both have their way', async () => {
		const card = await order();
		await Promise.all([
			edit(anna, card, { problem: ' Cracked neck ', priority: 2 }),
			edit(boris, card, { address: 'Shevchenka 1', promised_at: '2027-01-02T03:04:05Z' })
		]);
		expect(await cardOf(db.owner, card.id)).toMatchObject({
			problem: 'Cracked neck',
			priority: 2,
			address: 'Shevchenka 1',
			promised_at: '2027-01-02T03:04:05+00:00',
			version: 3
		});
	});

	it('who edit the same field: the later is told what, who and when', async () => {
		const card = await order();
		await edit(anna, card, { problem: 'Hers', address: 'Hers' });
		expect(await refusal(edit(boris, card, { priority: 1, problem: 'His' }))).toEqual({
			code: 'VK409',
			message: 'field_changed',
			details: {
				order_id: card.id,
				version: 2,
				field: 'problem',
				theirs: 'Hers',
				by: anna,
				by_name: 'Anna',
				at: expect.any(String)
			}
		});
		// nothing of a refused edit is kept
		expect((await cardOf(db.owner, card.id)).priority).toBe(0);
	});

	it('who want the same do not disagree', async () => {
		const card = await order();
		await edit(anna, card, { problem: 'Same' });
		expect((await edit(boris, card, { problem: 'Same', priority: 1 })).priority).toBe(1);
	});

	it('of fifty at once who saw the same problem, one wins', async () => {
		const card = await order();
		const results = await Promise.allSettled(
			Array.from({ length: 50 }, (_, i) => edit(i % 2 ? anna : boris, card, { problem: `P${i}` }))
		);
		expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
	});
});

it('compares times as times, whatever way they are written', async () => {
	const card = await order();
	const first = await edit(anna, card, { promised_at: '2027-01-02T03:04:05Z' });
	const seen = { promised_at: '2027-01-02T05:04:05+02:00' };
	expect((await edit(boris, first, { promised_at: null }, seen)).promised_at).toBeNull();
});

it('writes one event with what changed, and none when nothing did', async () => {
	const card = await order();
	const mutation = randomUUID();
	await edit(anna, card, { problem: 'New', priority: 0 }, card, mutation);
	expect(await edit(anna, card, { problem: 'New' })).toMatchObject({ version: 2 });
	const events = await db.owner`select kind, from_values, to_values, mutation_id
		from public.order_events where order_id = ${card.id} and version > 1`;
	expect(events).toEqual([
		{
			kind: 'changed',
			from_values: { problem: card.problem },
			to_values: { problem: 'New' },
			mutation_id: mutation
		}
	]);
});

it('answers a repeated call without a second effect', async () => {
	const [card, mutation] = [await order(), randomUUID()];
	const first = await edit(anna, card, { problem: 'Mine' }, card, mutation);
	await edit(boris, first, { problem: 'His' });
	expect(await edit(anna, card, { problem: 'Mine' }, card, mutation)).toEqual(first);
	expect((await cardOf(db.owner, card.id)).problem).toBe('His');
	expect(await refusal(edit(boris, card, {}, card, mutation))).toMatchObject({
		message: 'mutation_reused'
	});
});

it('gives the order to another client, and drops the asset that is not his', async () => {
	const [mine, his] = [await makeClient(db.owner), await makeClient(db.owner, 'Other')];
	const [asset] = await db.owner`insert into public.assets (client_id, kind)
		values (${mine}, 'Guitar') returning id`;
	const card = await makeOrder(db.owner, { location, client: mine });
	const withAsset = await edit(anna, card, { asset_id: asset?.id }, { asset_id: null });
	expect(withAsset.asset_label).toBe('Guitar');
	const given = await edit(anna, withAsset, { client_id: his });
	expect(given).toMatchObject({ client_name: 'Other Nika', asset_label: null });
	expect(
		await refusal(edit(anna, given, { asset_id: asset?.id }, { asset_id: null }))
	).toMatchObject({
		code: 'VK404',
		message: 'asset_not_found'
	});
});

it('an asset with a new name gives its cards a new version', async () => {
	const client = await makeClient(db.owner);
	const [asset] = await db.owner`insert into public.assets (client_id, kind)
		values (${client}, 'Lute') returning id`;
	const card = await makeOrder(db.owner, { location, client });
	await edit(anna, card, { asset_id: asset?.id }, { asset_id: null });
	await db.owner`update public.assets set kind = 'Oud' where id = ${asset?.id}`;
	expect(await cardOf(db.owner, card.id)).toMatchObject({ asset_label: 'Oud', version: 3 });
	await db.owner`update public.clients set blacklisted = true where id = ${client}`;
	expect(await cardOf(db.owner, card.id)).toMatchObject({ client_blacklisted: true, version: 4 });
});

describe('a master', () => {
	it('writes the result of his own orders and nothing else', async () => {
		const stage = await stageOf(db.owner, 'in_progress');
		const mine = await makeOrder(db.owner, { location, stage, master });
		await edit(master, mine, { result: 'New strings' }, { result: null });
		expect((await rowOf(mine)).result).toBe('New strings');
		expect(await refusal(edit(master, mine, { problem: 'x' }))).toMatchObject({
			code: 'VK403',
			details: { permission: 'orders.update' }
		});
		const other = await order();
		expect(await refusal(edit(master, other, { result: 'x' }, { result: null }))).toMatchObject({
			message: 'order_not_found'
		});
	});
});

it.each([
	['problem', { problem: ' ' }],
	['problem', { problem: 'x'.repeat(2001) }],
	['priority', { priority: 7 }],
	['priority', { priority: 'high' }],
	['type', { type: 'magic' }],
	['promised_at', { promised_at: 'soon' }],
	['planned_minutes', { planned_minutes: 0 }],
	['rank', { rank: 'V' }],
	['total', { total: 5 }],
	['nonsense', { nonsense: 5 }],
	['seen', { result: 'not seen' }],
	['changes', []]
])('refuses what does not fit: %s', async (field, changes) => {
	const card = await order();
	expect(await refusal(edit(anna, card, changes))).toEqual({
		code: 'VK422',
		message: 'invalid_argument',
		details: { field }
	});
});

it('finds nothing that does not exist or is elsewhere', async () => {
	const card = await order();
	const missing: [string, string][] = [
		['service_id', 'service_not_found'],
		['campaign_id', 'campaign_not_found'],
		['client_id', 'client_not_found'],
		['location_id', 'location_not_found']
	];
	for (const [field, message] of missing) {
		const seen = { ...card, campaign_id: null };
		expect(await refusal(edit(anna, card, { [field]: 99999 }, seen))).toMatchObject({ message });
	}
	const elsewhere = await makeLocation(db.owner);
	const stranger = await makeEmployee(db.owner, 'coordinator', { location: elsewhere });
	expect(await refusal(edit(stranger, card, { priority: 1 }))).toMatchObject({
		message: 'order_not_found'
	});
	expect(await refusal(edit(boris, card, { location_id: elsewhere }))).toMatchObject({
		message: 'location_not_found'
	});
	expect((await edit(anna, card, { location_id: elsewhere })).location_id).toBe(elsewhere);
});

it('is not for strangers', async () => {
	const card = await order();
	for (const who of [await makeUser(db.owner), await makeEmployee(db.owner, 'operator')]) {
		expect((await refusal(edit(who, card, { priority: 1 }))).code).toBe('VK403');
	}
	expect((await refusal(edit(null, card, { priority: 1 }))).code).toBe('42501');
});
