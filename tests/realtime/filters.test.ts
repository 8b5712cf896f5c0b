/** Filters of postgres_changes: every operator, alone, negated and together; and the SQL beneath. */
import { postgresChangesFilter } from '@supabase/supabase-js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Socket } from './socket.ts';
import { dropClients, following, startBench, until, type Bench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await startBench();
	await bench.owner.unsafe(`
		create table public.goods (
			id int primary key, name text, price numeric, sold boolean, made date, kind text[], code uuid
		);
		grant select on public.goods to anon;
		alter publication supabase_realtime add table public.goods;`);
}, 30_000);
afterEach(dropClients);
afterAll(() => bench.stop());

const ROWS = `(1, 'Drill', 10.5, true, date '2026-01-01', '{a}', '00000000-0000-0000-0000-000000000001'),
	(2, 'drill, cordless', 9, false, date '2026-02-01', '{a,b}', null),
	(3, 'Saw (long)', 100, null, null, null, null),
	(4, null, null, null, null, null, null),
	(10, 'a"b\\c', 0, true, date '2025-01-01', '{}', null)`;

/** Which rows pass: the numbers are compared as numbers, and null passes hardly anything. */
const EXPECTED: Record<string, number[]> = {
	'': [1, 2, 3, 4, 10],
	'  ': [1, 2, 3, 4, 10],
	'id=eq.1': [1],
	'id=not.eq.1': [2, 3, 4, 10],
	'id=neq.1': [2, 3, 4, 10],
	'price=lt.10': [2, 10],
	'price=lte.10.50': [1, 2, 10],
	'price=gt.10': [1, 3],
	'price=gte.10.50': [1, 3],
	'price=not.gt.10': [2, 10],
	'id=gt.2': [3, 4, 10],
	'id=in.(1,3,77)': [1, 3],
	'id=not.in.(1,3)': [2, 4, 10],
	'name=in.("drill, cordless","Saw (long)",Drill)': [1, 2, 3],
	'name=eq."drill, cordless"': [2],
	'name=eq.Saw (long)': [3],
	'name=eq."a\\"b\\\\c"': [10],
	'name=like.%rill%': [1, 2],
	'name=like.D%': [1],
	'name=ilike.d%': [1, 2],
	'name=not.ilike.d%': [3, 10],
	'name=match.^[Dd]rill$': [1],
	'name=imatch.^drill': [1, 2],
	'name=not.imatch.^drill': [3, 10],
	'name=is.null': [4],
	'name=not.is.null': [1, 2, 3, 10],
	'sold=is.true': [1, 10],
	'sold=is.false': [2],
	'sold=is.unknown': [3, 4],
	'sold=not.is.true': [2, 3, 4],
	'sold=eq.true': [1, 10],
	'name=isdistinct.Drill': [2, 3, 4, 10],
	'name=not.isdistinct.Drill': [1],
	'made=gte.2026-01-01': [1, 2],
	'kind=eq."{a,b}"': [2],
	'code=eq.00000000-0000-0000-0000-000000000001': [1],
	'id=gt.1,id=lt.10': [2, 3, 4],
	'id=gt.1,name=not.is.null,price=lt.50': [2, 10],
	'id=in.(1,2,3),name=ilike."%drill%",sold=is.false': [2],
	"name=eq.'; drop table goods; --": []
};

test('each filter lets exactly its rows through', async () => {
	const filters = Object.keys(EXPECTED);
	const socket = await Socket.open(bench);
	const asked = filters.map((filter) => ({ event: '*', schema: 'public', table: 'goods', filter }));
	const joined = await socket.join('filters', { postgres_changes: asked });
	const echo = joined.payload.response as { postgres_changes: { id: number; filter: string }[] };
	const told = await socket.next(({ event }) => event === 'system');
	expect(told.payload.message).toBe('Subscribed to PostgreSQL');
	await bench.owner.unsafe(`insert into public.goods values ${ROWS}`);
	await until(() => socket.of('postgres_changes').length === 5);
	const passed = Object.fromEntries(filters.map((filter) => [filter, [] as number[]]));
	for (const { payload } of socket.of('postgres_changes')) {
		const { ids, data } = payload as { ids: number[]; data: { record: { id: number } } };
		for (const { id, filter } of echo.postgres_changes) {
			if (ids.includes(id)) passed[filter]?.push(data.record.id);
		}
	}
	for (const filter of filters) expect(passed[filter], filter).toEqual(EXPECTED[filter]);
	socket.close();
	await bench.owner`delete from public.goods`;
});

test('the filter builder of supabase-js, and the event asked for', async () => {
	const filter = postgresChangesFilter().in('name', ['x, "y"', 'z']).not('id', 'eq', 5);
	const goods = { schema: 'public', table: 'goods', filter };
	const inserts = await following(bench, { ...goods, event: 'INSERT' });
	const updates = await following(bench, { ...goods, event: 'UPDATE' });
	await bench.owner`insert into public.goods (id, name) values (5, 'z'), (6, 'x, "y"'), (7, 'other')`;
	await until(() => inserts.length === 1);
	await bench.owner`update public.goods set name = 'z' where id = 7`;
	await until(() => updates.length === 1);
	expect([inserts[0]?.new.id, updates[0]?.new.id, inserts.length]).toEqual([6, 7, 1]);
	await bench.owner`delete from public.goods`;
});

test('deletes can be filtered by the replica identity only', async () => {
	const goods = { event: 'DELETE', schema: 'public', table: 'goods' };
	const byId = await following(bench, { ...goods, filter: 'id=eq.1' });
	const byName = await following(bench, { ...goods, filter: 'name=eq.Drill' });
	await bench.owner.unsafe(`insert into public.goods values ${ROWS}`);
	await bench.owner`delete from public.goods where id < 3`;
	await until(() => byId.length === 1);
	await bench.owner`alter table public.goods replica identity full`;
	await bench.owner`delete from public.goods`;
	await bench.owner`insert into public.goods (id, name) values (1, 'Drill')`;
	await bench.owner`delete from public.goods`;
	await until(() => byId.length === 2 && byName.length === 1);
	expect(byName[0]?.old).toMatchObject({ id: 1, name: 'Drill' });
	await bench.owner`alter table public.goods replica identity default`;
});

test('a column that is dropped or changes its type does not stop the others', async () => {
	const goods = { event: 'INSERT', schema: 'public', table: 'goods' };
	await bench.owner`alter table public.goods add column size text`;
	const bySize = await following(bench, { ...goods, filter: 'size=eq.large' });
	const byPrice = await following(bench, { ...goods, filter: 'price=gt.5' });
	const all = await following(bench, goods);
	await bench.owner`alter table public.goods drop column size`;
	await bench.owner`alter table public.goods alter column price type date using null`;
	await bench.owner`insert into public.goods (id, price) values (20, '2026-01-02')`;
	await until(() => all.length === 1);
	expect(all[0]?.new).toMatchObject({ id: 20, price: '2026-01-02' });
	expect([bySize, byPrice]).toEqual([[], []]);
});

test('a commit counts as seen when a new look at the tables would see it', async () => {
	const seen = async (xid: number) => {
		const [row] = await bench.admin`select realtime.commits_visible(array[${xid}::bigint]) as seen`;
		return row?.seen as boolean;
	};
	let xid = 0;
	await bench.owner.begin(async (sql) => {
		const [row] = await sql`select pg_current_xact_id()::text::bigint::int as xid`;
		xid = row?.xid as number;
		expect([await seen(xid), await seen(xid + 5), await seen(xid - 1)]).toEqual([
			false,
			false,
			true
		]);
	});
	expect(await seen(xid)).toBe(true);
	// numbers begin again after 2^32: a large one is old, not still to come
	expect(await seen(2 ** 32 - 10)).toBe(true);
});

test('realtime.apply_rls answers for a change as wal2json describes it', async () => {
	await bench.admin`insert into realtime.subscription (subscription_id, entity, claims)
		values ('00000000-0000-0000-0000-00000000000a', 'public.goods', '{"role": "anon"}')`;
	const wal = {
		action: 'U',
		schema: 'public',
		table: 'goods',
		timestamp: '2026-01-02 03:04:05.6789+02',
		columns: [
			{ name: 'id', typeoid: 23, value: 2 },
			{ name: 'name', value: 'x' }
		],
		identity: [{ name: 'id', typeoid: 23, value: 1 }],
		pk: [{ name: 'id' }]
	};
	const rows = await bench.admin`
		select wal, is_rls_enabled, subscription_ids, errors from realtime.apply_rls(${bench.admin.json(wal)})`;
	expect([...rows]).toEqual([
		{
			wal: {
				...{ schema: 'public', table: 'goods', type: 'UPDATE' },
				commit_timestamp: '2026-01-02T01:04:05.678Z',
				columns: expect.arrayContaining([{ name: 'id', type: 'int4' }]),
				record: { id: 2, name: 'x' },
				old_record: { id: 1 }
			},
			is_rls_enabled: false,
			subscription_ids: ['00000000-0000-0000-0000-00000000000a'],
			errors: []
		}
	]);
	const [compared] = await bench.admin`
		select realtime.check_equality_op('gt', 'int4', '10', '9') as number,
			realtime.check_equality_op('gt', 'text', '10', '9', true) as text,
			realtime.cast('{1,2}', 'int4[]') as list`;
	expect(compared).toEqual({ number: true, text: true, list: [1, 2] });
});
