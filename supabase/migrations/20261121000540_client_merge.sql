-- Duplicates become one client. What belongs to the duplicate moves, table by table as the catalogue of
-- foreign keys says, so that no later table is forgotten; what moved is kept for 30 days of undo.

create table private.client_merges (
	id bigint generated always as identity primary key,
	mutation_id uuid not null unique,
	keep_id bigint not null,
	drop_id bigint not null,
	moved jsonb not null,
	filled jsonb not null,
	primary_phone_id bigint,
	merged_by uuid not null,
	at timestamptz not null default now(),
	undone_at timestamptz,
	undone_by uuid
);
comment on table private.client_merges is
	'Merges of clients, with what moved, for undo and for the record. No foreign keys: they would move, too.';
comment on column private.client_merges.moved is 'Ids of the rows that moved: {"schema.table.column": [id, …]}.';
comment on column private.client_merges.filled is 'Fields of the kept client: {field: [before, after]}.';
comment on column private.client_merges.primary_phone_id is 'The duplicate''s primary phone.';
create index client_merges_drop_id_idx on private.client_merges (drop_id);
create index client_merges_keep_id_idx on private.client_merges (keep_id);
revoke all on private.client_merges from public, anon, authenticated, service_role;

create function private.client_references()
returns table (name text, relation regclass, column_name text, key_column text, asset_column text)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	-- in the order the tables were made: assets move before the orders that name them
	return query
		select format('%s.%s.%s', n.nspname, c.relname, a.attname), k.conrelid::regclass,
			a.attname::text, p.attname::text, (
				select aa.attname::text from pg_catalog.pg_constraint ak
				join pg_catalog.pg_attribute aa on aa.attrelid = ak.conrelid and aa.attnum = ak.conkey[1]
				where ak.conrelid = k.conrelid and ak.contype = 'f' and ak.confrelid = 'public.assets'::regclass
				limit 1
			)
		from pg_catalog.pg_constraint k
		join pg_catalog.pg_class c on c.oid = k.conrelid
		join pg_catalog.pg_namespace n on n.oid = c.relnamespace
		join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
		join pg_catalog.pg_constraint pk on pk.conrelid = k.conrelid and pk.contype = 'p'
		join pg_catalog.pg_attribute p on p.attrelid = pk.conrelid and p.attnum = pk.conkey[1]
		where k.contype = 'f' and k.confrelid = 'public.clients'::regclass
			and n.nspname in ('public', 'private')
			-- made anew by the trigger on clients; and each client's own, taken over with his empty fields
			and k.conrelid not in ('private.client_documents'::regclass, 'public.client_blacklist'::regclass)
		order by k.conrelid::oid, a.attnum;
end
$$;
comment on function private.client_references is
	'Every column that names a client by a foreign key, with its table''s key and the column of the same table that names an asset, if any.';

create function private.watch_for_merges()
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	place record;
begin
	for place in
		select * from private.client_references() r
		where r.relation <> 'public.clients'::regclass and not exists (
			select from pg_catalog.pg_trigger t
			where t.tgrelid = r.relation and t.tgfoid = 'private.follow_merge()'::regprocedure
		)
	loop
		-- "a_": before the triggers that check whether the row fits its client
		execute format('create trigger a_follow_merge before insert or update of %I on %s
			for each row execute function private.follow_merge(%L)',
			place.column_name, place.relation, place.column_name);
	end loop;
end
$$;
comment on function private.watch_for_merges is
	'For migrations: puts private.follow_merge() on every table that names a client and has it not yet.';

create function private.client_fields(client public.clients)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return to_jsonb(client) || jsonb_build_object('blacklist_reason',
		(select b.reason from public.client_blacklist b where b.client_id = client.id));
end
$$;
comment on function private.client_fields is 'A client''s columns as JSON, as given, with the blacklist''s reason among them.';

create function private.fill_from_duplicate(keep public.clients, duplicate public.clients)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	before constant jsonb := private.client_fields(keep);
	other constant jsonb := private.client_fields(duplicate);
	filled jsonb;
begin
	select coalesce(jsonb_object_agg(f, jsonb_build_array(before -> f, other -> f)), '{}') into filled
	from unnest('{middle_name,last_name,email,address,source,telegram_id,user_id,blacklist_reason}'::text[]) f
	where coalesce(btrim(before ->> f), '') = '' and coalesce(btrim(other ->> f), '') <> '';
	if filled <> '{}' then
		perform private.put_fields(keep.id, (select jsonb_object_agg(e.key, e.value -> 1) from jsonb_each(filled) e));
	end if;
	return filled;
end
$$;
comment on function private.fill_from_duplicate is
	'Fills the kept client''s empty fields from the duplicate and takes over the blacklist; returns {field: [before, after]}.';

create function private.put_fields(client bigint, fields jsonb)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.clients c set
		middle_name = f.middle_name, last_name = f.last_name, email = f.email, address = f.address,
		source = f.source, telegram_id = f.telegram_id, user_id = f.user_id
	from public.clients b, jsonb_populate_record(b, fields) f
	where c.id = client and b.id = client;
	if fields ? 'blacklist_reason' then
		perform private.put_on_blacklist(client, fields ->> 'blacklist_reason');
	end if;
end
$$;
comment on function private.put_fields is 'Sets some fields of a client from JSON; fields it does not name stay.';

create function private.move_to_client(from_client bigint, to_client bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	place record;
	ids jsonb;
	moved jsonb := '{}';
begin
	for place in select * from private.client_references() loop
		execute format('with gone as (
				update %1$s set %2$I = $2 where %2$I = $1 returning %3$I as id
			) select jsonb_agg(id order by id) from gone',
			place.relation, place.column_name, place.key_column)
		into ids using from_client, to_client;
		if ids is not null then
			moved := moved || jsonb_build_object(place.name, ids);
		end if;
	end loop;
	return moved;
end
$$;
comment on function private.move_to_client is
	'Moves every row of one client to another; returns {"schema.table.column": [ids]}.';

create function private.merge_now(keep_id bigint, drop_id bigint, mutation uuid, actor_id uuid)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	keep public.clients;
	duplicate public.clients;
	merge bigint;
	phone bigint;
	filled jsonb;
	moved jsonb;
begin
	-- "for update" holds back every row that is just being written for one of the two
	perform from public.clients c where c.id in (merge_now.keep_id, merge_now.drop_id) order by c.id for update;
	select * into keep from public.clients c where c.id = merge_now.keep_id and c.merged_into is null;
	select * into duplicate from public.clients c where c.id = merge_now.drop_id and c.merged_into is null;
	if keep.id is null or duplicate.id is null then
		perform private.fail('VK404', 'client_not_found', jsonb_build_object('client_id',
			case when keep.id is null then merge_now.keep_id else merge_now.drop_id end));
	end if;
	select p.id into phone from public.client_phones p where p.client_id = duplicate.id and p.is_primary;
	update public.clients c set merged_into = keep.id,
		-- one sign-in belongs to one client
		user_id = case when keep.user_id is null then null else c.user_id end
	where c.id = duplicate.id;
	filled := private.fill_from_duplicate(keep, duplicate);
	moved := private.move_to_client(duplicate.id, keep.id);
	insert into private.client_merges (mutation_id, keep_id, drop_id, moved, filled, primary_phone_id, merged_by)
	values (mutation, keep.id, duplicate.id, moved, filled, phone, actor_id) returning id into merge;
	perform private.note_on_client(keep.id, 'client_merged', jsonb_build_object(
		'merge_id', merge, 'client_id', duplicate.id, 'client_name', duplicate.full_name,
		'orders', coalesce(jsonb_array_length(moved -> 'public.orders.client_id'), 0)));
	return merge;
end
$$;
comment on function private.merge_now is 'One attempt of merge_clients, under the locks of both clients.';

create function private.merge_clients(keep_id bigint, drop_id bigint, mutation uuid)
returns bigint
language plpgsql security definer
set search_path = ''
-- gives way before the database has to end somebody for a deadlock: then it would be a payment
set lock_timeout = '600ms'
as $$
declare
	actor private.actor := private.require_employee();
	earlier private.client_merges;
	invalid text := case
		when keep_id is null then 'keep_id' when drop_id is null or keep_id = drop_id then 'drop_id'
		when mutation is null then 'mutation_id'
	end;
begin
	if not 'clients.merge' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.merge"}');
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	for attempt in 1 .. 5 loop
		begin
			-- one and the same call, come twice, waits for the first to end
			perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('merge:' || mutation, 0));
			select * into earlier from private.client_merges m where m.mutation_id = mutation;
			if earlier.id is null then
				return private.merge_now(merge_clients.keep_id, merge_clients.drop_id, mutation, actor.id);
			end if;
			if (earlier.merged_by, earlier.keep_id, earlier.drop_id) is distinct from
				(actor.id, merge_clients.keep_id, merge_clients.drop_id) then
				perform private.fail('VK409', 'mutation_reused', jsonb_build_object('mutation_id', mutation));
			end if;
			return earlier.id;
		exception when lock_not_available or deadlock_detected then
			perform pg_catalog.pg_sleep(0.05 * attempt);
		end;
	end loop;
	perform private.fail('VK409', 'client_busy', jsonb_build_object('client_id', drop_id));
end
$$;
comment on function private.merge_clients is 'See public.merge_clients().';

create function public.merge_clients(keep_id bigint, drop_id bigint, mutation_id uuid)
returns bigint
language plpgsql
set search_path = ''
as $$
begin
	return private.merge_clients(keep_id, drop_id, mutation_id);
end
$$;
comment on function public.merge_clients is
	'Makes two clients one: everything of drop_id moves to keep_id, empty fields are filled, the blacklist and a sign-in are taken over, keep_id keeps its primary phone. drop_id is hidden. Returns the merge''s id for undo_merge. The same mutation_id again: same answer, no second effect. Errors: VK401, VK403 not_allowed, VK404 client_not_found, VK409 mutation_reused, client_busy, VK422 invalid_argument.';

revoke execute on function private.client_references, private.watch_for_merges, private.fill_from_duplicate,
	private.client_fields, private.put_fields, private.move_to_client, private.merge_now, private.merge_clients, public.merge_clients
	from public, anon, authenticated;
grant execute on function private.merge_clients, public.merge_clients to authenticated;
