-- assign_order: gives an order to a master, or takes it back. The capacity rule itself lives in the
-- trigger of 0800, under the master's lock.

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

create function private.assign_order(target bigint, master uuid, seen_version int, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	assigning public.orders;
	answer jsonb;
	attempt int := 0;
	invalid text := case
		when target is null then 'order_id' when seen_version is null then 'seen_version'
		when mutation is null then 'mutation_id'
	end;
begin
	if not 'orders.assign' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.assign"}');
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'assign_order', target);
	if answer is not null then
		return answer;
	end if;
	loop
		begin
			assigning := private.lock_order(actor, target, 'orders.assign');
			perform private.refuse_stale(actor, assigning, seen_version, '{moved,assigned,declined,undone}');
			perform private.announce('assign_order', mutation, null);
			update public.orders o set
				master_id = master, stage_id = private.stage_after_assignment(assigning, master)
			where o.id = target and o.master_id is distinct from master;
			exit;
		exception when unique_violation then
			-- somebody else took the same place on top of the column: look again
			attempt := attempt + 1;
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, 'assign_order', target);
end
$$;
comment on function private.assign_order is 'See public.assign_order().';

create function public.assign_order(order_id bigint, master_id uuid, seen_version int, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.assign_order(order_id, master_id, seen_version, mutation_id);
end
$$;
comment on function public.assign_order is
	'Gives an order to a master (null takes it back). An unassigned order moves to the top of the first assigned column, and back. seen_version and mutation_id as in move_order. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, master_not_found, stage_not_found, VK409 order_changed, mutation_reused, VK422 master_at_capacity, master_inactive, wip_limit_reached, invalid_argument.';

revoke execute on function private.stage_after_assignment, private.assign_order, public.assign_order
	from public, anon, authenticated;
grant execute on function private.assign_order, public.assign_order to authenticated;
