-- Roles, schemas and extensions a Supabase database has before the first migration.
-- Run as supabase_admin (superuser) at every start; safe to repeat.
-- Source: supabase-facts §2.5 and Supabase's documented role list.

do $$
declare
	role_name text;
begin
	foreach role_name in array array[
		'anon', 'authenticated', 'service_role', 'authenticator', 'dashboard_user', 'postgres',
		'supabase_auth_admin', 'supabase_realtime_admin'
	] loop
		if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
			execute format('create role %I', role_name);
		end if;
	end loop;
end
$$;

alter role anon nologin noinherit;
alter role authenticated nologin noinherit;
alter role service_role nologin noinherit bypassrls;
alter role dashboard_user nologin createdb createrole replication;
alter role supabase_realtime_admin nologin noinherit;
alter role supabase_auth_admin nologin noinherit createrole;

-- the gateway's own login: nothing by itself, only the right to become one of the three API roles
alter role authenticator login noinherit nobypassrls;
grant anon, authenticated, service_role to authenticator;

-- the owner of the application's schema, as on hosted: not a superuser, but above row-level security
alter role postgres login inherit createrole createdb replication bypassrls;
grant anon, authenticated, service_role, authenticator to postgres with admin option;
-- hosted lets this role create policies on realtime.messages through an extension we do not have;
-- membership is the nearest plain Postgres offers, tests/architecture refuses any other DDL there
grant supabase_realtime_admin to postgres;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
grant create, connect, temporary on database postgres to postgres;
alter schema public owner to postgres;
revoke create on schema public from public;
grant usage on schema public to anon, authenticated, service_role;

-- new tables reach nobody until a migration says so (hosted default since 2026-10-30)
alter default privileges for role postgres in schema public revoke all on tables from anon, authenticated;
alter default privileges for role postgres revoke execute on functions from public;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';

create schema if not exists extensions authorization postgres;
grant usage on schema extensions to anon, authenticated, service_role;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists pg_stat_statements with schema extensions;

create schema if not exists auth authorization supabase_auth_admin;
create schema if not exists realtime;
create schema if not exists storage;
