-- place_order: a card dropped on a master's lane, where column and master change together. One drop,
-- one call, one transaction, one event; the rules are those of move_order and assign_order.

create function private.place_order(
	target bigint, to_stage bigint, prev_id bigint, next_id bigint, master uuid, seen_version int,
	mutation uuid, reason text
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	dropped public.orders;
	answer jsonb;
	attempt int := 0;
	invalid text := case
		when target is null then 'order_id' when to_stage is null then 'to_stage'
		when seen_version is null then 'seen_version' when mutation is null then 'mutation_id'
		when char_length(reason) > 500 then 'reason'
	end;
begin
	if not 'orders.assign' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.assign"}');
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'place_order', target);
	if answer is not null then
		return answer;
	end if;
	loop
		-- the lock and the update share one subtransaction: two would need a multixact
		begin
			dropped := private.lock_order(actor, target, 'orders.assign');
			perform private.refuse_stale(actor, dropped, seen_version, '{moved,assigned}');
			perform private.check_move(actor, dropped, to_stage, reason);
			perform private.announce('place_order', mutation, reason);
			update public.orders o set
				stage_id = to_stage,
				rank = private.rank_at_drop(target, to_stage, prev_id, next_id),
				master_id = master,
				refusal_reason = case when o.stage_id = to_stage then o.refusal_reason else nullif(btrim(reason), '') end
			where o.id = target;
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
	return private.keep_answer(mutation, actor.id, 'place_order', target);
end
$$;
comment on function private.place_order is 'See public.place_order().';

create function public.place_order(
	order_id bigint, to_stage bigint, prev_id bigint, next_id bigint, master_id uuid, seen_version int,
	mutation_id uuid, reason text default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.place_order(
		order_id, to_stage, prev_id, next_id, master_id, seen_version, mutation_id, reason
	);
end
$$;
comment on function public.place_order is
	'Moves an order to a column and gives it to a master (null: to nobody) in one transaction: both or neither. Arguments as in move_order and assign_order. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, stage_not_found, master_not_found, VK409 order_changed, mutation_reused, VK422 transition_not_allowed, reason_required, master_at_capacity, master_inactive, wip_limit_reached, stage_of_other_location, invalid_argument.';

revoke execute on function private.place_order, public.place_order from public, anon, authenticated;
grant execute on function private.place_order, public.place_order to authenticated;
