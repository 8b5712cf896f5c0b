-- Schema `realtime`, second part: `postgres_changes`. Who listens to which table, and what each of
-- them may see of a change. Names, signatures and answers as on hosted; "ours" marks the helpers of
-- our own server. Missing on purpose: list_changes() and its helpers, which need wal2json.
-- Run as supabase_admin (superuser) at every start; repeatable. Source: supabase-facts §1.10, §2.1.

do $$
begin
	if pg_catalog.to_regtype('realtime.action') is null then
		create type realtime.action as enum ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ERROR');
		create type realtime.equality_op as enum (
			'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'like', 'ilike', 'is', 'match', 'imatch', 'isdistinct'
		);
		create type realtime.user_defined_filter as (
			column_name text, op realtime.equality_op, value text, negate boolean
		);
		create type realtime.wal_column as (
			name text, type_name text, type_oid oid, value jsonb, is_pkey boolean, is_selectable boolean
		);
		create type realtime.wal_rls as (
			wal jsonb, is_rls_enabled boolean, subscription_ids uuid[], errors text[]
		);
	end if;
end
$$;

create or replace function realtime.to_regrole(role_name text) returns regrole
language sql immutable set search_path = '' as $$ select role_name::regrole $$;

-- A text as a value of a type, as JSON.
create or replace function realtime.cast(val text, type_ regtype) returns jsonb
language plpgsql immutable set search_path = pg_catalog, extensions as $$
declare
	result jsonb;
begin
	execute format('select to_jsonb(%L::%s)', val, type_) into result;
	return result;
end
$$;

-- Filters -------------------------------------------------------------------------------------

-- Ours. One filter as an SQL condition. `operand` is SQL, `value` is data; the value of `is` is one
-- of four words, which subscription_check_filters() has seen to.
create or replace function realtime.filter_condition(
	op realtime.equality_op, type_ regtype, operand text, value text, negate boolean
) returns text
language sql stable set search_path = pg_catalog, extensions as $$
	select case when negate then 'not ' else '' end || '(' || operand || case op
		when 'in' then format(' = any (%L::%s[])', value, type_)
		when 'is' then case when value in ('null', 'true', 'false', 'unknown') then ' is ' || value end
		when 'isdistinct' then format(' is distinct from %L::%s', value, type_)
		when 'like' then format(' ~~ %L', value)
		when 'ilike' then format(' ~~* %L', value)
		when 'match' then format(' ~ %L', value)
		when 'imatch' then format(' ~* %L', value)
		else format(
			' %s %L::%s',
			case op
				when 'eq' then '=' when 'neq' then '<>' when 'lt' then '<'
				when 'lte' then '<=' when 'gt' then '>' when 'gte' then '>='
			end,
			value, type_
		)
	end || ')'
$$;

-- Whether `val_1 op val_2` holds for two texts taken as values of a type.
create or replace function realtime.check_equality_op(
	op realtime.equality_op, type_ regtype, val_1 text, val_2 text, negate boolean
) returns boolean
language plpgsql immutable set search_path = pg_catalog, extensions as $$
declare
	result boolean;
begin
	execute 'select ' || realtime.filter_condition(
		op, type_, format('%L::%s', val_1, type_), val_2, coalesce(negate, false)
	) into result;
	return result;
end
$$;

create or replace function realtime.check_equality_op(
	op realtime.equality_op, type_ regtype, val_1 text, val_2 text
) returns boolean
language sql immutable set search_path = '' as $$
	select realtime.check_equality_op(op, type_, val_1, val_2, false)
$$;

-- Whether all filters hold for a row. A filter about a column the row does not carry does not.
create or replace function realtime.is_visible_through_filters(
	columns realtime.wal_column[], filters realtime.user_defined_filter[]
) returns boolean
language sql stable set search_path = pg_catalog, extensions as $$
	select coalesce(bool_and(col.name is not null and coalesce(realtime.check_equality_op(
		f.op, coalesce(col.type_oid::regtype, col.type_name::regtype),
		col.value #>> '{}', f.value, f.negate
	), false)), true)
	from unnest(filters) f left join unnest(columns) col on col.name = f.column_name
$$;

-- Subscriptions -------------------------------------------------------------------------------

-- One row for each table that one requested change of one joined channel is about. Kept by the
-- Realtime server: written at join, removed at leave, emptied at start.
create table if not exists realtime.subscription (
	id bigint generated always as identity primary key,
	subscription_id uuid not null,
	entity regclass not null,
	filters realtime.user_defined_filter[] not null default '{}',
	claims jsonb not null,
	claims_role regrole not null generated always as (realtime.to_regrole(claims ->> 'role')) stored,
	created_at timestamp without time zone not null default timezone('utc', now()),
	action_filter text default '*' check (action_filter in ('*', 'INSERT', 'UPDATE', 'DELETE')),
	selected_columns text[],
	constraint subscription_subscription_id_entity_key unique (subscription_id, entity)
);
create index if not exists subscription_entity_index on realtime.subscription (entity);
alter table realtime.subscription owner to supabase_realtime_admin;
revoke all on realtime.subscription from public, anon, authenticated, service_role;
comment on table realtime.subscription is
	'Who listens to which table for postgres_changes. Kept by the Realtime server.';

-- Refuses what could never match or would fail on every change: columns the role may not read,
-- values that are none of the column's type, operators the type has not.
create or replace function realtime.subscription_check_filters() returns trigger
language plpgsql set search_path = pg_catalog, extensions as $$
declare
	role_name text := new.claims ->> 'role';
	filter realtime.user_defined_filter;
	column_type regtype;
	selected text;
begin
	-- a token for any other role (postgres, supabase_admin) is nobody's business here
	if not exists (
		select from pg_roles
		where rolname = role_name and pg_has_role('authenticator', oid, 'member') and not rolsuper
	) then
		raise exception 'role % may not subscribe', role_name;
	end if;
	foreach filter in array new.filters loop
		select atttypid::regtype into column_type
		from pg_attribute
		where attrelid = new.entity and attname = filter.column_name and attnum > 0
			and has_column_privilege(role_name, attrelid, attnum, 'SELECT');
		if not found then
			raise exception 'invalid column for filter %', filter.column_name;
		end if;
		if filter.op = 'is' and filter.value not in ('null', 'true', 'false', 'unknown') then
			raise exception 'invalid value for is filter: must be null, true, false, or unknown';
		end if;
		begin
			execute 'select ' || realtime.filter_condition(
				filter.op, column_type, format('null::%s', column_type), filter.value, false
			);
			-- with nothing to match, the pattern itself was not looked at
			if filter.op in ('match', 'imatch') then
				perform '' ~ filter.value;
			end if;
		exception
			when undefined_function then
				raise exception 'operator % requires a text-compatible column type, got %',
					filter.op, column_type;
			when datatype_mismatch then
				raise exception 'is % filter requires a boolean column, got %', filter.value, column_type;
			when invalid_regular_expression then
				raise exception 'invalid regular expression for % filter: %', filter.op, sqlerrm;
		end;
		if filter.op = 'in'
			and jsonb_array_length(realtime.cast(filter.value, (column_type || '[]')::regtype)) > 100
		then
			raise exception 'too many values for `in` filter. Maximum 100';
		end if;
	end loop;
	foreach selected in array coalesce(new.selected_columns, '{}') loop
		if not exists (
			select from pg_attribute
			where attrelid = new.entity and attname = selected and attnum > 0 and not attisdropped
				and has_column_privilege(role_name, attrelid, attnum, 'SELECT')
		) then
			raise exception 'invalid column for select %', selected;
		end if;
	end loop;
	return new;
end
$$;

drop trigger if exists tr_check_filters on realtime.subscription;
create trigger tr_check_filters before insert or update on realtime.subscription
	for each row execute function realtime.subscription_check_filters();
