-- Where a card is: column, place in it, master. place() is the one body of move_order, assign_order and
-- place_order: one drop, one transaction. Idempotent by mutation id; refused when somebody else moved the
-- card since the caller saw it; neighbours that have gone are healed, not refused. The capacity rule
-- itself lives in the trigger of 0800, under the master's lock.

create function private.check_move(actor private.actor, moving public.orders, to_stage bigint, reason text)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
	facts record;
	needed text := 'orders.move';
begin
	select t.location_id, t.requires_reason, t.kind as to_kind, f.kind as from_kind, tr.permission into facts
	from public.stages t
	join public.stages f on f.id = moving.stage_id
	left join public.stage_transitions tr on tr.from_kind = f.kind and tr.to_kind = t.kind
	where t.id = to_stage;
	if facts.to_kind is null then
		perform private.fail('VK404', 'stage_not_found', jsonb_build_object('stage_id', to_stage));
	end if;
	if facts.location_id <> moving.location_id then
		perform private.fail('VK422', 'stage_of_other_location',
			jsonb_build_object('stage_id', to_stage, 'location_id', facts.location_id));
	end if;
	if to_stage <> moving.stage_id then
		needed := facts.permission;
		if needed is null then
			perform private.fail('VK422', 'transition_not_allowed',
				jsonb_build_object('from_kind', facts.from_kind, 'to_kind', facts.to_kind));
		end if;
	end if;
	if not needed = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', needed));
	end if;
	if (facts.requires_reason or facts.to_kind = 'refused') and to_stage <> moving.stage_id
		and private.is_blank(reason) then
		perform private.fail('VK422', 'reason_required', jsonb_build_object('stage_id', to_stage));
	end if;
end
$$;
comment on function private.check_move is
	'Whether the actor may make this move: VK404 stage_not_found, VK422 stage_of_other_location, transition_not_allowed, reason_required, VK403 not_allowed.';

create function private.rank_at_drop(moving bigint, to_stage bigint, prev_id bigint, next_id bigint)
returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
	above text;
	below text;
begin
	select o.rank into above from public.orders o
	where o.id = prev_id and o.stage_id = to_stage and o.id <> moving;
	if above is not null then
		select o.rank into below from public.orders o
		where o.stage_id = to_stage and o.rank > above and o.id <> moving order by o.rank limit 1;
		return private.rank_between(above, below);
	end if;
	select o.rank into below from public.orders o
	where o.id = next_id and o.stage_id = to_stage and o.id <> moving;
	if below is not null then
		select o.rank into above from public.orders o
		where o.stage_id = to_stage and o.rank < below and o.id <> moving order by o.rank desc limit 1;
		return private.rank_between(above, below);
	end if;
	select o.rank into below from public.orders o
	where o.stage_id = to_stage and o.id <> moving order by o.rank limit 1;
	return private.rank_between(null, below);
end
$$;
comment on function private.rank_at_drop is
	'A new rank right after prev if it is still in the column, else right before next, else on top.';

create function private.stage_after_assignment(current_order public.orders, master_id uuid)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
declare
	now_kind public.stage_kind := (select s.kind from public.stages s where s.id = current_order.stage_id);
	wanted public.stage_kind := case
		when now_kind = 'unassigned' and master_id is not null then 'assigned'
		when now_kind = 'assigned' and master_id is null then 'unassigned'
	end;
	stage_id bigint := current_order.stage_id;
begin
	if wanted is not null then
		stage_id := private.first_stage(wanted, current_order.location_id);
		if stage_id is null then
			perform private.fail('VK404', 'stage_not_found', '{"stage_id": null}');
		end if;
	end if;
	return stage_id;
end
$$;
comment on function private.stage_after_assignment is
	'Where an order belongs once assigned or unassigned: unassigned ↔ assigned, elsewhere it stays.';

create function private.place(
	call text, target bigint, seen_version int, mutation uuid,
	moves boolean default false, to_stage bigint default null, prev_id bigint default null,
	next_id bigint default null, reason text default null,
	assigns boolean default false, master uuid default null
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	needed constant text := case when assigns then 'orders.assign' else 'orders.move' end;
	before public.orders;
	destination bigint;
	answer jsonb;
	attempt int := 0;
	invalid constant text := case
		when target is null then 'order_id' when moves and to_stage is null then 'to_stage'
		when seen_version is null then 'seen_version' when mutation is null then 'mutation_id'
		when char_length(reason) > 500 then 'reason'
	end;
begin
	if not (needed = any (actor.permissions) or not assigns and 'orders.work' = any (actor.permissions)) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', needed));
	end if;
	if invalid is not null then
		perform private.invalid(invalid);
	end if;
	answer := private.repeated_answer(mutation, actor.id, call, target);
	if answer is not null then
		return answer;
	end if;
	loop
		-- the lock and the update share one subtransaction: two would need a multixact
		begin
			before := private.lock_order(actor, target, needed);
			perform private.refuse_stale(actor, before, seen_version,
				(case when assigns then '{moved,assigned,declined,undone}' else '{moved,undone}' end)::public.order_event_kind[]);
			if moves then
				perform private.check_move(actor, before, to_stage, reason);
				destination := to_stage;
			else
				destination := private.stage_after_assignment(before, master);
			end if;
			perform private.announce(call, mutation, reason);
			update public.orders o set
				stage_id = destination,
				rank = case when moves then private.rank_at_drop(target, to_stage, prev_id, next_id) else o.rank end,
				master_id = case when assigns then master else o.master_id end,
				refusal_reason = case
					when o.stage_id = destination or not moves then o.refusal_reason
					else nullif(btrim(reason), '')
				end
			where o.id = target and (moves or o.master_id is distinct from master);
			exit;
		exception when unique_violation then
			-- somebody dropped into the same gap and drew the same rank: look again
			attempt := attempt + 1;
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, call, target);
end
$$;
comment on function private.place is
	'Moves an order (moves: to_stage, prev_id, next_id, reason), gives it to a master (assigns) or both, as call. See public.move_order(), public.assign_order(), public.place_order().';

revoke execute on function private.check_move, private.rank_at_drop, private.stage_after_assignment, private.place
	from public, anon, authenticated;
grant execute on function private.place to authenticated;
