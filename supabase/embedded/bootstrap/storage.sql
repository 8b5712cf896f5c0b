-- The schema `storage` as on hosted: buckets, objects, policy helpers. Run as supabase_admin at every
-- start; safe to repeat. Source: the public schema of supabase/storage and Supabase's storage guides.

do $$
begin
	if not exists (select from pg_catalog.pg_roles where rolname = 'supabase_storage_admin') then
		create role supabase_storage_admin;
	end if;
end
$$;
alter role supabase_storage_admin nologin noinherit createrole;
-- hosted lets `postgres` create policies here through an extension we do not have; membership is the
-- nearest plain Postgres offers, tests/architecture refuses any other DDL in migrations
grant supabase_storage_admin to postgres;

alter schema storage owner to supabase_storage_admin;
grant usage on schema storage to anon, authenticated, service_role, postgres;

create table if not exists storage.buckets (
	id text primary key,
	name text not null,
	owner uuid,
	owner_id text,
	public boolean not null default false,
	file_size_limit bigint,
	allowed_mime_types text[],
	avif_autodetection boolean not null default false,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
create unique index if not exists bname on storage.buckets (name);

create table if not exists storage.objects (
	id uuid primary key default gen_random_uuid(),
	bucket_id text references storage.buckets (id),
	name text collate "C",
	owner uuid,
	owner_id text,
	metadata jsonb,
	user_metadata jsonb,
	path_tokens text[] generated always as (string_to_array(name, '/')) stored,
	version text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	last_accessed_at timestamptz not null default now()
);
comment on column storage.objects.version is 'name of the file that holds the bytes';
-- also serves listings, which go by prefix
create unique index if not exists bucketid_objname on storage.objects (bucket_id, name);

alter table storage.buckets owner to supabase_storage_admin;
alter table storage.objects owner to supabase_storage_admin;
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;

-- row-level security decides; without a policy nobody but service_role gets anything
revoke all on storage.buckets, storage.objects from public, anon, authenticated, service_role;
grant select, insert, update, delete on storage.buckets, storage.objects
	to anon, authenticated, service_role;

create or replace function storage.foldername(name text) returns text[]
language sql immutable set search_path = '' as $$
	select tokens[1:cardinality(tokens) - 1] from (select string_to_array(name, '/') as tokens) as path
$$;

create or replace function storage.filename(name text) returns text
language sql immutable set search_path = '' as $$
	select tokens[cardinality(tokens)] from (select string_to_array(name, '/') as tokens) as path
$$;

create or replace function storage.extension(name text) returns text
language sql immutable set search_path = '' as $$
	select reverse(split_part(reverse(storage.filename(name)), '.', 1))
$$;

-- the API's operation this statement belongs to, such as storage.object.upload
create or replace function storage.operation() returns text
language sql stable set search_path = '' as $$
	select current_setting('storage.operation', true)
$$;

create or replace function storage.allow_any_operation(expected_operations text[]) returns boolean
language sql stable set search_path = '' as $$
	select exists (
		select from unnest(expected_operations) as expected
		where nullif(expected, '') is not null
			and regexp_replace(expected, '^storage\.', '')
				= regexp_replace(storage.operation(), '^storage\.', '')
	)
$$;

create or replace function storage.allow_only_operation(expected_operation text) returns boolean
language sql stable set search_path = '' as $$
	select storage.allow_any_operation(array[expected_operation])
$$;

-- rows deleted by plain SQL would leave their files behind, so hosted refuses it, too
create or replace function storage.protect_delete() returns trigger
language plpgsql set search_path = '' as $$
begin
	if coalesce(current_setting('storage.allow_delete_query', true), 'false') <> 'true' then
		raise exception 'Direct deletion from storage tables is not allowed. Use the Storage API instead.'
			using errcode = '42501',
				hint = 'This prevents accidental data loss from orphaned objects.';
	end if;
	return null;
end
$$;
create or replace trigger protect_objects_delete before delete on storage.objects
	for each statement execute function storage.protect_delete();
create or replace trigger protect_buckets_delete before delete on storage.buckets
	for each statement execute function storage.protect_delete();

do $$
declare
	helper regprocedure;
begin
	for helper in
		select oid from pg_catalog.pg_proc where pronamespace = 'storage'::regnamespace
	loop
		execute format('alter function %s owner to supabase_storage_admin', helper);
		execute format('grant execute on function %s to anon, authenticated, service_role', helper);
	end loop;
end
$$;
