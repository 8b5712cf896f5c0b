-- undo_move: takes back one's own move, assignment or plan, as long as nobody else has touched the order.

create function private.undone_order(event public.order_events, current_order public.orders)
returns public.orders
language plpgsql stable security definer
set search_path = ''
as $$
declare
	back public.orders := jsonb_populate_record(current_order, event.from_values - 'rank');
	rank_then constant text := event.from_values ->> 'rank';
	came timestamptz;
begin
	if back.stage_id <> current_order.stage_id then
		select e.at into came from public.order_events e
		where e.order_id = event.order_id and e.id < event.id
			and (e.to_values ->> 'stage_id')::bigint = back.stage_id
			and e.from_values ->> 'stage_id' is distinct from e.to_values ->> 'stage_id'
		order by e.id desc limit 1;
		back.stage_entered_at := coalesce(came, current_order.created_at);
	end if;
	if rank_then is not null then
		back.rank := rank_then;
		if exists (
			select from public.orders o
			where o.stage_id = back.stage_id and o.rank = rank_then and o.id <> current_order.id
		) then
			back.rank := private.rank_between(rank_then, (
				select o.rank from public.orders o
				where o.stage_id = back.stage_id and o.rank > rank_then and o.id <> current_order.id
				order by o.rank limit 1
			));
		end if;
	end if;
	return back;
end
$$;
comment on function private.undone_order is
	'The order as it was before an event: column, place in it, master, time of entry and texts the event changed.';

create function private.check_undo(actor private.actor, event public.order_events, current_order public.orders)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
	needed text;
begin
	if event.id is null then
		perform private.fail('VK404', 'move_not_found');
	end if;
	perform private.refuse_stale(actor, current_order, event.version, array(
		select k from unnest(enum_range(null::public.order_event_kind)) k where k not in ('seen', 'photo')
	));
	-- his own later move is to be undone first
	if (current_order.stage_id, current_order.master_id) is distinct from (
		coalesce((event.to_values ->> 'stage_id')::bigint, current_order.stage_id),
		case when event.to_values ? 'master_id' then (event.to_values ->> 'master_id')::uuid else current_order.master_id end
	) or (event.to_values ? 'planned_at'
		and (event.to_values ->> 'planned_at')::timestamptz is distinct from current_order.planned_at)
	or (event.to_values ? 'planned_minutes'
		and (event.to_values ->> 'planned_minutes')::int is distinct from current_order.planned_minutes) then
		perform private.fail('VK422', 'not_the_last_move', jsonb_build_object('order_id', current_order.id));
	end if;
	select t.permission into needed
	from public.stages f
	join public.stages s on s.id = current_order.stage_id
	join public.stage_transitions t on t.from_kind = f.kind and t.to_kind = s.kind
	where f.id = (event.from_values ->> 'stage_id')::bigint and event.kind = 'moved' and f.id <> s.id;
	needed := case
		when needed is not null then needed
		when event.kind = 'planned'
			or event.from_values ->> 'master_id' is distinct from event.to_values ->> 'master_id' then 'orders.assign'
		else 'orders.move'
	end;
	if not needed = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', needed));
	end if;
end
$$;
comment on function private.check_undo is
	'Whether the actor may take an event of his back: VK404 move_not_found, VK409 order_changed (who, when), VK422 not_the_last_move, VK403 not_allowed.';

create function private.undo_move(target bigint, mutation uuid, undo_of uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	undoing public.orders;
	event public.order_events;
	back public.orders;
	answer jsonb;
begin
	if not actor.permissions && '{orders.move,orders.work}' then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.move"}');
	end if;
	if target is null or mutation is null or undo_of is null then
		perform private.invalid(case when target is null then 'order_id' when mutation is null then 'mutation_id' else 'undo_of' end);
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'undo_move', target);
	if answer is not null then
		return answer;
	end if;
	for attempt in 1 .. 6 loop
		begin
			undoing := private.lock_order(actor, target, 'orders.move');
			select * into event from public.order_events e
			where e.order_id = target and e.mutation_id = undo_of and e.actor_id = actor.id
				and e.kind in ('moved', 'assigned', 'planned', 'undone');
			perform private.check_undo(actor, event, undoing);
			back := private.undone_order(event, undoing);
			perform private.announce('undo_move', mutation, null);
			update public.orders o set
				stage_id = back.stage_id, rank = back.rank, master_id = back.master_id,
				stage_entered_at = back.stage_entered_at, refusal_reason = back.refusal_reason, result = back.result,
				planned_at = back.planned_at, planned_minutes = back.planned_minutes
			where o.id = target;
			exit;
		exception when unique_violation then
			-- somebody dropped into the same place at the same instant: look again
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, 'undo_move', target);
end
$$;
comment on function private.undo_move is 'See public.undo_move().';

create function public.undo_move(order_id bigint, mutation_id uuid, undo_of uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.undo_move(order_id, mutation_id, undo_of);
end
$$;
comment on function public.undo_move is
	'Takes back the caller''s own move_order, assign_order, plan_order or finish_order whose mutation id was undo_of: column, place, master, plan, time in the column. Several are undone from the last back. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, move_not_found, VK409 order_changed (somebody else changed the order since: who, when), mutation_reused, VK422 not_the_last_move, master_at_capacity, wip_limit_reached, invalid_argument.';

revoke execute on function private.undone_order, private.check_undo, private.undo_move, public.undo_move
	from public, anon, authenticated;
grant execute on function private.undo_move, public.undo_move to authenticated;
