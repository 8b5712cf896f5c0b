-- plan_order: an order dropped on a master's hour. Whose it is and when work starts change together,
-- both or neither; the rules are those of assign_order.

create function private.plan_order(
	target bigint, master uuid, start timestamptz, minutes int, seen_version int, mutation uuid
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('orders.assign', case
		when target is null then 'order_id' when seen_version is null then 'seen_version'
		when mutation is null then 'mutation_id'
		when start not between '2000-01-01T00:00:00Z' and '2200-01-01T00:00:00Z' then 'planned_at'
		when minutes not between 1 and 100000 or (minutes is not null and start is null) then 'planned_minutes'
	end);
	planning public.orders;
	answer constant jsonb := private.repeated_answer(mutation, actor.id, 'plan_order', target);
begin
	if answer is not null then
		return answer;
	end if;
	for attempt in 1 .. 6 loop
		begin
			planning := private.lock_order(actor, target, 'orders.assign');
			perform private.refuse_stale(actor, planning, seen_version, '{moved,assigned,declined,undone,planned}');
			perform private.announce('plan_order', mutation, null);
			update public.orders o set
				master_id = master, planned_at = start, planned_minutes = minutes,
				stage_id = case when o.master_id is distinct from master
					then private.stage_after_assignment(planning, master) else o.stage_id end
			where o.id = target
				and (o.master_id, o.planned_at, o.planned_minutes) is distinct from (master, start, minutes);
			exit;
		exception when unique_violation then
			-- somebody else took the same place on top of the column: look again
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, 'plan_order', target);
end
$$;
comment on function private.plan_order is 'See public.plan_order().';

create function public.plan_order(
	order_id bigint, master_id uuid, planned_at timestamptz, planned_minutes int, seen_version int, mutation_id uuid
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.plan_order(order_id, master_id, planned_at, planned_minutes, seen_version, mutation_id);
end
$$;
comment on function public.plan_order is
	'Gives an order to a master (null: to nobody) and plans when he starts (null: no hour) and for how many minutes (null: as long as the service takes) in one transaction: both or neither. An unassigned order moves as with assign_order. seen_version and mutation_id as in move_order; undo_move takes it back. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, master_not_found, stage_not_found, VK409 order_changed, mutation_reused, VK422 master_at_capacity, master_inactive, wip_limit_reached, invalid_argument.';

revoke execute on function private.plan_order, public.plan_order from public, anon, authenticated;
grant execute on function private.plan_order, public.plan_order to authenticated;
