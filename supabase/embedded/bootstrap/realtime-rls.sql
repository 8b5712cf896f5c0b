-- Schema `realtime`, third part: what each subscriber of a table may see of its changes.
-- Everything works on many changes of one table at once, in commit order, numbered from 1 ("ord").
-- Run as supabase_admin (superuser) at every start; repeatable. Source: supabase-facts §1.10.

-- Ours. Whether transactions (xid without its epoch, as the WAL names them) are over for a snapshot
-- taken now. A commit is in the WAL a moment before that.
create or replace function realtime.commits_visible(xids bigint[]) returns boolean
language sql volatile set search_path = pg_catalog as $$
	select coalesce(bool_and(pg_visible_in_snapshot((
		-- the full number nearest to the newest one
		greatest(xid + ((newest - xid + 2147483648) >> 32 << 32), 1)
	)::text::xid8, snapshot)), true)
	from (select pg_current_snapshot()) s (snapshot), unnest(xids) xid,
		lateral (select pg_snapshot_xmax(snapshot)::text::bigint) m (newest)
$$;

-- Ours. Texts, as the WAL holds them, become JSON values of the columns' types.
--   changes: [{"type", "commit_timestamp", "new": {column: text}, "old": {column: text}}]; columns of
--   type json and jsonb are JSON already. `old` holds the columns of the replica identity, `new` lacks
--   what an update left alone in TOAST, which is taken from `old` if that has it.
-- Returns [{"ord", "type", "at", "large", "new", "old"}] with the columns that were given, no others.
create or replace function realtime.typed_changes(
	entity regclass, changes jsonb, max_record_bytes integer
) returns jsonb
language plpgsql stable set search_path = pg_catalog, extensions as $$
declare
	result jsonb;
begin
	execute format($sql$
		select jsonb_agg(jsonb_build_object(
			'ord', ord, 'type', c ->> 'type', 'at', c ->> 'commit_timestamp',
			'large', octet_length(c::text) > $2,
			'new', case when c ->> 'type' <> 'DELETE' then (
				select jsonb_object_agg(key, value)
				from jsonb_each(to_jsonb(jsonb_populate_record(null::%1$s, given))) where given ? key
			) end,
			'old', (
				select jsonb_object_agg(key, value)
				from jsonb_each(to_jsonb(jsonb_populate_record(null::%1$s, given.old))) where given.old ? key
			)
		) order by ord)
		from jsonb_array_elements($1) with ordinality as e (c, ord),
			coalesce(nullif(c -> 'old', 'null'), '{}') old,
			lateral (select old || coalesce(nullif(c -> 'new', 'null'), '{}'), old) given (given, old)
	$sql$, entity) into result using changes, max_record_bytes;
	return result;
end
$$;

-- Ours. For each different list of filters among the table's subscriptions, as text, the numbers of
-- the changes it lets through. A row that lacks a filter's column does not pass, so that filters on
-- a DELETE work for columns of the replica identity only.
create or replace function realtime.filtered_changes(entity regclass, typed jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, extensions as $$
declare
	tests text[];
	test text;
	result jsonb := '{}';
	statement constant text := format($sql$
		select coalesce(jsonb_object_agg(filters, numbers), '{}') from (
			select filters, jsonb_agg(c.ord) as numbers
			from (
				select e -> 'ord' as ord, coalesce(nullif(e -> 'new', 'null'), nullif(e -> 'old', 'null'), '{}') as row
				from jsonb_array_elements($1) e
			) c, jsonb_populate_record(null::%s, c.row) r, lateral (values #tests#) list (filters, passes)
			where passes group by filters
		) m
	$sql$, entity);
begin
	select array_agg(format('(%L, %s)', lists.filters, coalesce(condition, 'true'))) into tests
	from (select distinct filters from realtime.subscription s where s.entity = $1) lists,
		lateral (
			select string_agg(
				case when attname is null then 'false' -- dropped since
				else format('c.row ? %L and ', attname) || realtime.filter_condition(
					f.op, atttypid::regtype, format('r.%I', attname), f.value, coalesce(f.negate, false)
				) end, ' and ')
			from unnest(lists.filters) f left join pg_attribute
				on attrelid = $1 and attname = f.column_name and not attisdropped
		) each (condition);
	if tests is null then
		return result; -- nobody listens any more
	end if;
	begin
		execute replace(statement, '#tests#', array_to_string(tests, ', ')) into result using typed;
		return result;
	exception when others then
		-- the type of a column has changed: one filter that fails must not stop the others
		foreach test in array tests loop
			begin
				execute 'select $2 || (' || replace(statement, '#tests#', test) || ')'
					into result using typed, result;
			exception when others then
				raise warning 'WarnApplyingFilter %: %', test, sqlerrm;
			end;
		end loop;
		return result;
	end;
end
$$;

-- Ours. Asks row-level security, in a subscriber's name, for all changed rows at once. The table as
-- it is now answers: a row that is gone meanwhile is nobody's to see. DELETEs cannot be asked about.
-- Returns the numbers of the visible rows, or null when a policy raised.
create or replace function realtime.visible_changes(
	entity regclass, key_columns text[], typed jsonb, asked jsonb, role_ text, claims jsonb
) returns jsonb
language plpgsql set search_path = pg_catalog, extensions as $$
declare
	statement text;
	keys jsonb;
	seen jsonb;
begin
	select format(
		'select jsonb_agg(k.ord) from jsonb_to_recordset($1) as k (ord int, %s) join %s t on %s',
		string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', '),
		entity,
		string_agg(format('t.%1$I = k.%1$I', attname), ' and ')
	) into statement
	from pg_attribute where attrelid = entity and attname = any (key_columns);
	select jsonb_agg((c -> 'new') || jsonb_build_object('ord', c -> 'ord')) into keys
	from jsonb_array_elements(typed) c
	where c ->> 'type' <> 'DELETE' and asked @> (c -> 'ord');
	if keys is null then
		return '[]';
	end if;
	begin
		perform
			-- policies see hosted's search path, not this function's
			set_config('search_path', '"$user", public, extensions', true),
			set_config('request.jwt.claims', claims::text, true),
			set_config('role', role_, true);
		execute statement into seen using keys;
		-- takes the settings back
		raise exception using errcode = 'RT000';
	exception
		when sqlstate 'RT000' then return coalesce(seen, '[]');
		when query_canceled then raise;
		when others then
			raise warning 'WarnApplyingRlsToSubscription: %', sqlerrm;
			return null;
	end;
end
$$;

-- Ours. What is to be sent to whom of the changes of one table (see typed_changes): for each change,
-- role and selection of columns the message, and the subscriptions it is for. Row-level security is
-- asked once for each different set of claims.
create or replace function realtime.apply_rls_batch(
	entity regclass, changes jsonb, max_record_bytes integer default 1048576
) returns table (ord integer, wal jsonb, is_rls_enabled boolean, subscription_ids uuid[], errors text[])
language plpgsql set search_path = pg_catalog, extensions as $$
#variable_conflict use_column
declare
	table_ jsonb;
	with_rls boolean;
	key_columns text[];
	typed constant jsonb := realtime.typed_changes(entity, changes, max_record_bytes);
	filtered constant jsonb := realtime.filtered_changes(entity, typed);
	verdicts jsonb;
begin
	select c.relrowsecurity, jsonb_build_object('schema', nspname, 'table', relname), array(
		select attname::text
		from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
		where indrelid = c.oid and indisprimary order by attnum
	) into with_rls, table_, key_columns
	from pg_class c join pg_namespace n on n.oid = relnamespace where c.oid = entity;

	if with_rls and key_columns <> '{}' then
		select jsonb_agg(jsonb_build_object(
			'role', who.claims_role, 'claims', who.claims,
			'seen', realtime.visible_changes(
				$1, key_columns, typed, asked, trim(both '"' from who.claims_role::text), who.claims
			)
		)) into verdicts
		from (
			select s.claims_role, s.claims, jsonb_agg(distinct number) as asked
			from realtime.subscription s, jsonb_array_elements(filtered -> s.filters::text) number
			where s.entity = $1 and s.action_filter in ('*', typed -> (number::int - 1) ->> 'type')
			group by s.claims_role, s.claims
		) who;
	end if;

	return query
	with subs as (
		select * from realtime.subscription s where s.entity = $1
	), shapes as ( -- what a role may read of what it selected
		select claims_role, selected_columns, jsonb_agg(attname) as readable,
			jsonb_agg(jsonb_build_object('name', attname, 'type', typname) order by attnum) as columns,
			count(*) filter (where attname = any (key_columns)) as keys
		from (select distinct claims_role, selected_columns from subs) s
			left join (pg_attribute join pg_type on pg_type.oid = atttypid)
				on attrelid = $1 and attnum > 0 and not attisdropped
				and has_column_privilege(claims_role, attrelid, attnum, 'SELECT')
				and (selected_columns is null or attname = any (selected_columns || key_columns))
		group by claims_role, selected_columns
	), verdict as (
		select * from jsonb_to_recordset(verdicts) as v (role regrole, claims jsonb, seen jsonb)
	), answers as (
		select (c ->> 'ord')::int as ord, c, shape, array_agg(s.subscription_id) as ids,
			case
				when c ->> 'type' <> 'DELETE' and key_columns = '{}' then 'Error 400: Bad Request, no primary key'
				when c ->> 'type' <> 'DELETE' and shape.keys < cardinality(key_columns) then 'Error 401: Unauthorized'
				when asked and v.role is not null and v.seen is null then
					'Error 500: Internal Server Error, RLS policy evaluation failed'
			end as refusal
		from jsonb_array_elements(typed) c
			join subs s on s.action_filter in ('*', c ->> 'type')
			join shapes shape on shape.claims_role = s.claims_role
				and shape.selected_columns is not distinct from s.selected_columns
			cross join lateral (select with_rls and c ->> 'type' <> 'DELETE') q (asked)
			left join verdict v on asked and v.role = s.claims_role and v.claims = s.claims
		where case
			when c ->> 'type' <> 'DELETE' and shape.keys < greatest(cardinality(key_columns), 1) then true
			else filtered -> s.filters::text @> (c -> 'ord')
				-- a policy that raised has seen nothing
				and (not asked or (v.role is not null and v.seen is null) or v.seen @> (c -> 'ord'))
		end
		group by c, shape, refusal
	)
	select a.ord,
		table_ || jsonb_build_object('type', c -> 'type') || case when refusal is null then
			jsonb_build_object('commit_timestamp', c -> 'at', 'columns', (shape).columns)
			|| case when c ->> 'type' = 'DELETE' then '{}' else
				jsonb_build_object('record', realtime.readable_part(c -> 'new', (shape).readable, large)) end
			|| case when c ->> 'type' = 'INSERT' then '{}' else
				jsonb_build_object('old_record', realtime.readable_part(
					-- who may see a deleted row cannot be known, so only its key is told
					c -> 'old', case when with_rls and c ->> 'type' = 'DELETE' then (
						select coalesce(jsonb_agg(k), '[]') from unnest(key_columns) k where (shape).readable ? k
					) else (shape).readable end, large)) end
		else '{}' end,
		with_rls, ids,
		case when refusal is not null then array[refusal]
			when large then array['Error 413: Payload Too Large'] else '{}' end
	from answers a cross join lateral (select (c -> 'large')::boolean) l (large)
	order by a.ord;
end
$$;

-- Ours. The columns of a row that a subscriber may read; of a row above the limit its small values.
create or replace function realtime.readable_part(full_row jsonb, readable jsonb, large boolean)
returns jsonb language sql immutable set search_path = pg_catalog as $$
	select coalesce(jsonb_object_agg(key, value), '{}')
	from jsonb_each(case when jsonb_typeof(full_row) = 'object' then full_row else '{}' end)
	where readable ? key and (not large or octet_length(value::text) <= 64)
$$;

-- One change as wal2json describes it → what is to be sent to whom.
create or replace function realtime.apply_rls(wal jsonb, max_record_bytes integer default 1048576)
returns setof realtime.wal_rls
language sql set search_path = pg_catalog, extensions as $$
	select b.wal, b.is_rls_enabled, b.subscription_ids, b.errors
	from realtime.apply_rls_batch(
		format('%I.%I', wal ->> 'schema', wal ->> 'table')::regclass,
		jsonb_build_array(jsonb_build_object(
			'type', case wal ->> 'action' when 'I' then 'INSERT' when 'U' then 'UPDATE' else 'DELETE' end,
			'commit_timestamp', to_char(
				(wal ->> 'timestamp')::timestamptz at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
			),
			'new', (select jsonb_object_agg(c ->> 'name', c -> 'value') from jsonb_array_elements(wal -> 'columns') c),
			'old', (select jsonb_object_agg(c ->> 'name', c -> 'value') from jsonb_array_elements(wal -> 'identity') c)
		)),
		max_record_bytes
	) b
$$;

do $$
declare
	routine regprocedure;
begin
	for routine in
		select oid::regprocedure from pg_catalog.pg_proc
		where pronamespace = 'realtime'::regnamespace and proname in (
			'to_regrole', 'cast', 'filter_condition', 'check_equality_op', 'is_visible_through_filters',
			'subscription_check_filters', 'commits_visible', 'typed_changes', 'filtered_changes', 'visible_changes',
			'apply_rls_batch', 'readable_part', 'apply_rls'
		)
	loop
		execute format('revoke all on function %s from public', routine);
		execute format('alter function %s owner to supabase_realtime_admin', routine);
	end loop;
end
$$;
