-- move_order: one drop of a card, one transaction. Idempotent by mutation id; refused when somebody
-- else moved the card since the caller saw it; neighbours that have gone are healed, not refused.

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

create function private.move_order(
	target bigint, to_stage bigint, prev_id bigint, next_id bigint, seen_version int, mutation uuid, reason text
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	moving public.orders;
	answer jsonb;
	attempt int := 0;
	invalid text;
begin
	if not actor.permissions && '{orders.move,orders.work}' then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.move"}');
	end if;
	invalid := case
		when target is null then 'order_id' when to_stage is null then 'to_stage'
		when seen_version is null then 'seen_version' when mutation is null then 'mutation_id'
		when char_length(reason) > 500 then 'reason'
	end;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'move_order', target);
	if answer is not null then
		return answer;
	end if;
	loop
		-- the lock and the update share one subtransaction: two would need a multixact
		begin
			moving := private.lock_order(actor, target, 'orders.move');
			answer := private.repeated_answer(mutation, actor.id, 'move_order', target);
			if answer is not null then
				return answer;
			end if;
			perform private.refuse_stale(actor, moving, seen_version, '{moved,undone}');
			perform private.check_move(actor, moving, to_stage, reason);
			perform private.announce('move_order', mutation, reason);
			update public.orders o set
				stage_id = to_stage,
				rank = private.rank_at_drop(target, to_stage, prev_id, next_id),
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
	return private.keep_answer(mutation, actor.id, 'move_order', target);
end
$$;
comment on function private.move_order is 'See public.move_order().';

create function public.move_order(
	order_id bigint, to_stage bigint, prev_id bigint, next_id bigint, seen_version int,
	mutation_id uuid, reason text default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.move_order(order_id, to_stage, prev_id, next_id, seen_version, mutation_id, reason);
end
$$;
comment on function public.move_order is
	'Moves an order to a column, between the cards above (prev_id) and below (next_id) the drop; a neighbour that has gone is healed. seen_version is the version the caller''s screen shows. The same mutation_id again: same answer, no second effect. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, stage_not_found, master_not_found, VK409 order_changed, mutation_reused, VK422 transition_not_allowed, reason_required, master_at_capacity, master_inactive, wip_limit_reached, stage_of_other_location, invalid_argument.';

revoke execute on function private.check_move, private.rank_at_drop, private.move_order, public.move_order
	from public, anon, authenticated;
grant execute on function private.move_order, public.move_order to authenticated;
