/** Schema `realtime`: as hosted's for migrations, and repaired at every start. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootstrap } from '../../supabase/embedded/bootstrap/bootstrap.ts';
import { startBench, type Bench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await startBench();
}, 30_000);
afterAll(() => bench.stop());

const partitions = async () =>
	(
		await bench.admin<{ name: string }[]>`
			select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid
			where inhparent = 'realtime.messages'::regclass order by 1`
	).map(({ name }) => name);

const day = (offset: number) =>
	new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '_');

test('there is a partition for yesterday, today and the next three days', async () => {
	expect(await partitions()).toEqual([-1, 0, 1, 2, 3].map((offset) => `messages_${day(offset)}`));
});

test('partitions past 72 hours go, younger ones and anything of another name stay', async () => {
	const attach = (name: string, from: number, to: number) =>
		bench.admin.unsafe(`create table realtime.${name} partition of realtime.messages
			for values from ('${day(from).replaceAll('_', '-')}') to ('${day(to).replaceAll('_', '-')}')`);
	await attach(`messages_${day(-5)}`, -5, -4);
	await attach(`messages_${day(-3)}`, -3, -2);
	await attach('messages_of_mine', -9, -8);
	await bench.admin`select realtime.ensure_message_partitions()`;
	const names = await partitions();
	expect(names).not.toContain(`messages_${day(-5)}`);
	expect(names).toContain(`messages_${day(-3)}`);
	expect(names).toContain('messages_of_mine');
	await bench.admin`drop table realtime.messages_of_mine`;
});

test('a partition whose making was interrupted is completed', async () => {
	await bench.admin.unsafe(
		`alter table realtime.messages detach partition realtime.messages_${day(2)}`
	);
	await bench.admin`select realtime.ensure_message_partitions()`;
	expect(await partitions()).toContain(`messages_${day(2)}`);
});

test('asking for rights leaves no row, no role and no setting behind', async () => {
	const caller = bench.admin.json({ role: 'authenticated', claims: { sub: 'x' }, headers: {} });
	const [row] = await bench.admin`
		select realtime.check_access('write', 'ok:1', ${caller}, '{broadcast,presence}') as allowed`;
	const [after] = await bench.admin`select current_user as who, realtime.topic() as topic,
		coalesce(current_setting('request.jwt.claims', true), '') as claims,
		(select count(*)::int from realtime.messages) as rows`;
	expect(row?.allowed).toEqual(['broadcast', 'presence']);
	expect(after).toEqual({ who: 'supabase_admin', topic: null, claims: '', rows: 0 });
});

const publications = async () => [
	...(await bench.admin`
		select pubname as name, pubowner::regrole::text as owner, pubinsert, pubupdate, pubviaroot,
			array(select schemaname || '.' || tablename from pg_publication_tables t where t.pubname = p.pubname) as tables
		from pg_publication p order by 1`)
];

const PUBLICATIONS = [
	{
		name: 'supabase_realtime',
		owner: 'postgres',
		pubinsert: true,
		pubupdate: true,
		pubviaroot: false,
		tables: []
	},
	{
		name: 'supabase_realtime_messages_publication',
		owner: 'supabase_admin',
		pubinsert: true,
		pubupdate: false,
		pubviaroot: true,
		tables: ['realtime.messages']
	}
];

test('the next start repairs owner, row-level security, grants, index and publications', async () => {
	await bench.admin.unsafe(`
		alter schema realtime owner to postgres;
		alter table realtime.messages owner to postgres;
		alter table realtime.messages disable row level security;
		grant delete on realtime.messages to anon;
		revoke insert on realtime.messages from authenticated;
		drop index realtime.messages_inserted_at_topic_index;
		drop function realtime.topic() cascade;
		drop publication supabase_realtime;
		alter publication supabase_realtime_messages_publication set (publish = 'update');`);
	await bootstrap(bench.urls, bench.secrets);
	const [state] = await bench.admin`
		select relrowsecurity as rls, relowner::regrole::text as owner,
			(select nspowner::regrole::text from pg_namespace where oid = relnamespace) as schema_owner,
			has_table_privilege('anon', oid, 'delete') as anon_deletes,
			has_table_privilege('authenticated', oid, 'insert') as members_insert,
			to_regclass('realtime.messages_inserted_at_topic_index') is not null as indexed,
			to_regprocedure('realtime.topic()') is not null as topic
		from pg_class where oid = 'realtime.messages'::regclass`;
	expect(state).toEqual({
		rls: true,
		owner: 'supabase_realtime_admin',
		schema_owner: 'supabase_realtime_admin',
		anon_deletes: false,
		members_insert: true,
		indexed: true,
		topic: true
	});
	expect(await publications()).toEqual(PUBLICATIONS);
});

test('nobody but the server may ask rights or make partitions; nobody reaches a partition', async () => {
	for (const statement of [
		`select realtime.check_access('read', 't', '{}', '{broadcast}')`,
		'select realtime.ensure_message_partitions()',
		`select from realtime.messages_${day(0)}`,
		`insert into realtime.messages_${day(0)} (topic, extension) values ('t', 'broadcast')`
	]) {
		for (const role of ['anon', 'authenticated', 'service_role']) {
			const attempt = bench.owner.begin(async (sql) => {
				await sql.unsafe(`set local role ${role}`);
				await sql.unsafe(statement);
			});
			await expect(attempt, `${role}: ${statement}`).rejects.toMatchObject({ code: '42501' });
		}
	}
});
