-- A merge taken back: what moved and is still where it was put returns to the duplicate, for 30 days.

create function private.return_rows(merge private.client_merges, from_client bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	place record;
	listed text[];
begin
	for place in select * from private.client_references() loop
		listed := array(select jsonb_array_elements_text(merge.moved -> place.name));
		if place.asset_column is null then
			execute format('update %1$s set %2$I = $1 where %2$I = $2 and %3$I::text = any ($3)',
				place.relation, place.column_name, place.key_column)
			using merge.drop_id, from_client, listed;
		else
			-- an order stays with its instrument: also one taken for it since, also one given another since
			execute format('update %1$s t set %2$I = $1 where t.%2$I = $2 and case
					when t.%4$I is null then t.%3$I::text = any ($3)
					else exists (select from public.assets a where a.id = t.%4$I and a.client_id = $1)
				end and (t.%3$I::text = any ($3) or t.%4$I = any ($4))',
				place.relation, place.column_name, place.key_column, place.asset_column)
			using merge.drop_id, from_client, listed,
				array(select jsonb_array_elements_text(merge.moved -> 'public.assets.client_id')::bigint);
		end if;
	end loop;
	update public.client_phones p set is_primary = true
	where p.id = merge.primary_phone_id and p.client_id = merge.drop_id and not p.is_primary;
end
$$;
comment on function private.return_rows is
	'Gives the duplicate back those of its rows that still belong to the kept client.';

create function private.unmerge_now(merge private.client_merges, actor_id uuid)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	-- the kept client may have been merged himself since: then the rows are with whom he became part of
	holder bigint := (select c.merged_into from public.clients c where c.id = merge.drop_id);
	duplicate text;
	returning_fields jsonb;
begin
	perform from public.clients c where c.id in (holder, merge.drop_id) order by c.id for update;
	-- looked at again, now that nobody can merge it away
	if holder is distinct from (select c.merged_into from public.clients c where c.id = merge.drop_id) then
		raise exception using errcode = 'lock_not_available';
	end if;
	select jsonb_object_agg(f.key, f.value -> 0) into returning_fields
	from public.clients c cross join lateral jsonb_each(merge.filled) f
	where c.id = holder and private.client_fields(c) -> f.key = f.value -> 1;
	if returning_fields <> '{}' then
		perform private.put_fields(holder, returning_fields);
	end if;
	update public.clients c set merged_into = null,
		user_id = case when returning_fields ? 'user_id'
			then (merge.filled #>> '{user_id,1}')::uuid else c.user_id end
	where c.id = merge.drop_id returning c.full_name into duplicate;
	perform private.return_rows(merge, holder);
	update private.client_merges m set undone_at = now(), undone_by = unmerge_now.actor_id where m.id = merge.id;
	perform private.note_on_client(holder, 'client_unmerged',
		jsonb_build_object('merge_id', merge.id, 'client_id', merge.drop_id, 'client_name', duplicate));
	perform private.note_on_client(merge.drop_id, 'client_unmerged', jsonb_build_object(
		'merge_id', merge.id, 'client_id', holder,
		'client_name', (select c.full_name from public.clients c where c.id = holder)));
end
$$;
comment on function private.unmerge_now is 'One attempt of undo_merge, under the locks of both clients.';

create function private.undo_merge(target bigint)
returns bigint
language plpgsql security definer
set search_path = ''
set lock_timeout = '600ms'
as $$
declare
	actor private.actor := private.require_employee();
	merge private.client_merges;
begin
	if not 'clients.merge' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.merge"}');
	end if;
	for attempt in 1 .. 5 loop
		begin
			select * into merge from private.client_merges m where m.id = target for update;
			if merge.id is null then
				perform private.fail('VK404', 'merge_not_found', jsonb_build_object('merge_id', target));
			end if;
			if merge.undone_at is not null then
				return merge.drop_id;
			end if;
			if merge.at < now() - interval '30 days' then
				perform private.fail('VK422', 'merge_too_old', jsonb_build_object('merge_id', target, 'at', merge.at));
			end if;
			perform private.unmerge_now(merge, actor.id);
			return merge.drop_id;
		exception when lock_not_available or deadlock_detected then
			perform pg_catalog.pg_sleep(0.05 * attempt);
		end;
	end loop;
	perform private.fail('VK409', 'client_busy', jsonb_build_object('client_id', merge.drop_id));
end
$$;
comment on function private.undo_merge is 'See public.undo_merge().';

create function public.undo_merge(merge_id bigint)
returns bigint
language plpgsql
set search_path = ''
as $$
begin
	return private.undo_merge(merge_id);
end
$$;
comment on function public.undo_merge is
	'Takes a merge back within 30 days: the duplicate returns with those of its rows that still belong to the kept client, and orders go with their instruments. Fields filled by the merge are emptied unless edited since. Returns the duplicate''s id; again: the same, without effect. Errors: VK401, VK403 not_allowed, VK404 merge_not_found, VK409 client_busy, VK422 merge_too_old.';

revoke execute on function private.return_rows, private.unmerge_now, private.undo_merge, public.undo_merge
	from public, anon, authenticated;
grant execute on function private.undo_merge, public.undo_merge to authenticated;
