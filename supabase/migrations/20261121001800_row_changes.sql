-- What changed in the rows people edit: who, when, from what to what. One trigger function for every
-- table. Orders have a history of their own (order_events).

create table public.row_changes (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor_id uuid,
	table_name text not null,
	row_id text not null,
	op text not null check (op in ('insert', 'update', 'delete')),
	location_id bigint,
	from_values jsonb not null default '{}',
	to_values jsonb not null default '{}'
);
comment on table public.row_changes is
	'Every change of clients, contracts, employees, rights, settings and other edited rows, written by trigger. Append-only: never updated, never deleted.';
comment on column public.row_changes.actor_id is
	'The user (auth.users); null for programs and consoles. No foreign key: history outlives accounts.';
comment on column public.row_changes.row_id is 'The primary key, parts joined by /.';
comment on column public.row_changes.location_id is 'Where the row belonged after the change, if it has a location.';
comment on column public.row_changes.from_values is 'The changed columns before; the whole row when it was deleted.';
comment on column public.row_changes.to_values is 'The changed columns after; what was not null when it was inserted.';

create table private.recorded_tables (
	table_name text primary key,
	permissions text[] not null check (cardinality(permissions) > 0)
);
comment on table private.recorded_tables is
	'Tables whose changes are recorded, and the permissions any of which opens their history.';

create index row_changes_table_name_row_id_id_idx on public.row_changes (table_name, row_id, id);
create index row_changes_actor_id_at_idx on public.row_changes (actor_id, at);
create index row_changes_location_id_idx on public.row_changes (location_id);

revoke all on public.row_changes, private.recorded_tables from public, anon, authenticated, service_role;
grant select on public.row_changes to authenticated;

alter table public.row_changes enable row level security;

create function private.my_histories()
returns setof text
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query select t.table_name from private.recorded_tables t
		where t.permissions && (private.me()).permissions;
end
$$;
comment on function private.my_histories is 'Names of the tables whose history the caller may read.';

create policy "Those who may read a table's history do, of their locations"
	on public.row_changes for select to authenticated
	using (
		table_name = any (array(select private.my_histories()))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);

create trigger row_changes_append_only before update or delete on public.row_changes
	for each row execute function private.refuse_rewriting();
create trigger row_changes_no_truncate before truncate on public.row_changes
	for each statement execute function private.refuse_rewriting();

create function private.record_row_change()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	keys constant text[] := tg_argv[0];
	skipped constant text[] := tg_argv[1];
	was jsonb := case when tg_op = 'INSERT' then '{}' else jsonb_strip_nulls(to_jsonb(old)) end;
	becomes jsonb := case when tg_op = 'DELETE' then '{}' else jsonb_strip_nulls(to_jsonb(new)) end;
	whole constant jsonb := case when tg_op = 'DELETE' then was else becomes end;
	key constant text := (
		select string_agg(whole ->> k.name, '/' order by k.place) from unnest(keys) with ordinality k (name, place)
	);
begin
	was := was - skipped;
	becomes := becomes - skipped;
	if tg_op = 'UPDATE' then
		select coalesce(jsonb_object_agg(names.name, old_row.value), '{}'),
			coalesce(jsonb_object_agg(names.name, new_row.value), '{}')
		into was, becomes
		from jsonb_object_keys(was || becomes) names (name)
		cross join lateral (select coalesce(was -> names.name, 'null') as value) old_row
		cross join lateral (select coalesce(becomes -> names.name, 'null') as value) new_row
		where old_row.value <> new_row.value;
		if becomes = '{}' then
			return null;
		end if;
	end if;
	insert into public.row_changes (actor_id, table_name, row_id, op, location_id, from_values, to_values)
	values (auth.uid(), tg_table_name, key, lower(tg_op),
		-- a location is its own place
		case when tg_table_name = 'locations' then key else whole ->> 'location_id' end::bigint, was, becomes);
	if tg_op = 'DELETE' then
		perform private.audit('row.deleted', tg_table_name || '/' || key);
	end if;
	return null;
end
$$;
comment on function private.record_row_change is
	'Trigger: one row of row_changes per change that changed something. Arguments: key columns, columns left out. Deletions are audited, too.';

create function private.record_changes_of(recorded regclass, permissions text[], secrets text[] default '{}')
returns void
language plpgsql
set search_path = ''
as $$
declare
	name constant text := (select c.relname from pg_catalog.pg_class c where c.oid = recorded);
	keys constant text[] := (
		select array_agg(a.attname::text order by k.place)
		from pg_catalog.pg_index i
		cross join lateral unnest(i.indkey::int2[]) with ordinality k (number, place)
		join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
		where i.indrelid = recorded and i.indisprimary
	);
	-- generated columns repeat what the others say
	skipped constant text[] := '{version,created_at,updated_at}' || secrets || array(
		select a.attname::text from pg_catalog.pg_attribute a
		where a.attrelid = recorded and a.attgenerated <> '' and not a.attisdropped
	);
begin
	insert into private.recorded_tables (table_name, permissions) values (name, record_changes_of.permissions);
	execute format(
		'create trigger %I after insert or update or delete on %s for each row execute function private.record_row_change(%L, %L)',
		name || '_record_changes', recorded, keys, skipped
	);
end
$$;
comment on function private.record_changes_of is
	'Records all changes of a table from now on; any of the permissions opens its history. secrets: columns that never go there. Called once per table, in a migration.';

revoke execute on function private.my_histories, private.record_row_change, private.record_changes_of
	from public, anon, authenticated;
grant execute on function private.my_histories to authenticated;

do $$
declare
	recorded record;
begin
	for recorded in
		select t.name, t.permissions::text[], t.secrets::text[] from (values
			('locations', '{locations.manage}', '{}'),
			('employees', '{employees.manage}', '{}'),
			('employee_skills', '{employees.manage}', '{}'),
			('role_permissions', '{roles.read,audit.read}', '{}'),
			('settings', '{settings.manage,audit.read}', '{}'),
			('stages', '{stages.manage,roles.read,audit.read}', '{}'),
			('stage_transitions', '{roles.read,audit.read}', '{}'),
			('clients', '{clients.read}', '{}'),
			('client_phones', '{clients.read}', '{}'),
			('client_blacklist', '{clients.read}', '{}'),
			('assets', '{clients.read}', '{}'),
			('services', '{services.manage}', '{}'),
			('promotions', '{services.manage}', '{}'),
			('campaigns', '{campaigns.read}', '{}'),
			('campaign_spend', '{campaigns.read}', '{}'),
			('leads', '{leads.read}', '{}'),
			('contracts', '{contracts.read}', '{}'),
			('api_tokens', '{tokens.manage,audit.read}', '{hash,last_used_at}'),
			('shifts', '{shifts.read}', '{}'),
			('shift_breaks', '{shifts.read}', '{}')
		) t (name, permissions, secrets)
	loop
		perform private.record_changes_of(to_regclass('public.' || recorded.name), recorded.permissions, recorded.secrets)
		where to_regclass('public.' || recorded.name) is not null;
	end loop;
end
$$;
