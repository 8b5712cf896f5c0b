// what hosted Supabase would refuse must not creep in while the embedded stack would let it pass
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lintMigration, lintRules } from '../support/migration-lint.ts';

const DIRECTORY = fileURLToPath(new URL('../../supabase/migrations/', import.meta.url));
const files = readdirSync(DIRECTORY).filter((name) => name.endsWith('.sql'));

it('finds the migrations', () => {
	expect(files.length).toBeGreaterThan(5);
});

it.each(files)('%s works on hosted Supabase, too', (name) => {
	expect(lintMigration(readFileSync(DIRECTORY + name, 'utf8'))).toEqual([]);
});

it('a migration is named by its time and topic, and no two share a time', () => {
	expect(files.filter((name) => !/^\d{14}_[a-z_]+\.sql$/.test(name))).toEqual([]);
	expect(new Set(files.map((name) => name.slice(0, 14))).size).toBe(files.length);
});

const made = 'makes or drops things in schemas of Supabase';
const altered = 'alters things in schemas of Supabase';
const touched = 'indexes, comments on or grants what belongs to Supabase';
const trigger = 'puts triggers on tables of Supabase other than those for it';
const policy = 'puts policies on tables of Supabase other than those for it';
const written = 'writes into tables of Auth or Realtime';
const extension = 'needs an extension that hosted or embedded lacks';
const embedded = 'needs what only the embedded stack has';
const superuser = 'needs a superuser';
const definer = 'runs code with its owner’s rights in an exposed schema';
const view = 'makes a view that ignores the rights of who asks';
const open = 'opens tables to everybody';
const role = 'takes another role';
const metadata = 'trusts what users write about themselves';

const bad: [string, string][] = [
	['create table auth.extra (id int)', made],
	['create or replace function realtime.send(a int) returns void', made],
	['CREATE UNLOGGED TABLE IF NOT EXISTS storage.cache (id int)', made],
	['drop function auth.uid', made],
	['create type auth.kind as enum ()', made],
	['alter table storage.objects enable row level security', altered],
	['alter table if exists only realtime.messages add column x int', altered],
	['alter function auth.uid() owner to postgres', altered],
	['alter schema realtime owner to postgres', altered],
	['create index x on auth.users (email)', touched],
	[`comment on table auth.users is 'x'`, touched],
	['grant select on auth.users to authenticated', touched],
	['revoke all on all tables in schema storage from anon', touched],
	[
		'create trigger t after insert on auth.refresh_tokens for each row execute function private.x()',
		trigger
	],
	[
		'create trigger t after insert on realtime.messages for each row execute function private.x()',
		trigger
	],
	['create policy "x" on auth.users for select', policy],
	['create policy "x" on realtime.subscription for select', policy],
	[`insert into auth.users (id) values (x)`, written],
	['update auth.users set role = x', written],
	['delete from realtime.messages', written],
	['create extension postgis', extension],
	['create extension if not exists "uuid-ossp"', extension],
	['select gateway.call()', embedded],
	['grant x to supabase_admin', embedded],
	['alter system set x = 1', superuser],
	['create role worker', superuser],
	['create event trigger x on ddl_command_end execute function private.x()', superuser],
	[`copy x from program 'id'`, superuser],
	['set session_replication_role = replica', superuser],
	['create function private.x() returns int language plpython3u', superuser],
	['create function public.x() returns int language sql security definer', definer],
	['create view public.x as select 1', view],
	['alter table public.x disable row level security', open],
	['grant select on public.x to public', open],
	['grant all on public.x to anon, authenticated', open],
	['alter default privileges in schema public grant select on tables to anon', open],
	['set local role postgres', role],
	[`select auth.jwt() -> 'user_metadata'`, metadata]
];

describe('refused is', () => {
	it.each(bad)('%s', (statement, rule) => {
		expect(lintMigration(`select 1;\n${statement};`)).toEqual([rule]);
	});

	it('something, by each of the rules', () => {
		const broken = new Set(bad.map(([, rule]) => rule));
		expect(lintRules.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
	});
});

describe('let pass is', () => {
	it.each([
		'create trigger t after insert on auth.users for each row execute function private.x()',
		'create trigger t after insert on auth.sessions for each row execute function private.x()',
		'create policy "They read" on realtime.messages for select to authenticated using (true)',
		'create policy "They read" on storage.objects for select to authenticated using (true)',
		`insert into storage.buckets (id, name) values ('x', 'x')`,
		'select realtime.send(a, b, c, true)',
		'create table public.x (user_id uuid references auth.users (id) on delete cascade)',
		'create extension if not exists btree_gist with schema extensions',
		'create view public.x with (security_invoker = true) as select 1',
		'create function private.x() returns int language sql security definer',
		'-- alter table auth.users is what we never do'
	])('%s', (statement) => {
		expect(lintMigration(`${statement};`)).toEqual([]);
	});
});
