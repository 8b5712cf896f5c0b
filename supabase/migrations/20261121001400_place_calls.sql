-- The calls that change a card's place: move_order (a drop), assign_order (a master), place_order (a drop
-- on a master's lane: both or neither). Their one body is private.place().

create function public.move_order(
	order_id bigint, to_stage bigint, prev_id bigint, next_id bigint, seen_version int,
	mutation_id uuid, reason text default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.place(
		'move_order', order_id, seen_version, mutation_id, moves => true, to_stage => to_stage,
		prev_id => prev_id, next_id => next_id, reason => reason
	);
end
$$;
comment on function public.move_order is
	'Moves an order to a column, between the cards above (prev_id) and below (next_id) the drop; a neighbour that has gone is healed. seen_version is the version the caller''s screen shows. The same mutation_id again: same answer, no second effect. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, stage_not_found, master_not_found, VK409 order_changed, mutation_reused, VK422 transition_not_allowed, reason_required, master_at_capacity, master_inactive, wip_limit_reached, stage_of_other_location, invalid_argument.';

create function public.assign_order(order_id bigint, master_id uuid, seen_version int, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.place(
		'assign_order', order_id, seen_version, mutation_id, assigns => true, master => master_id
	);
end
$$;
comment on function public.assign_order is
	'Gives an order to a master (null takes it back). An unassigned order moves to the top of the first assigned column, and back. seen_version and mutation_id as in move_order. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, master_not_found, stage_not_found, VK409 order_changed, mutation_reused, VK422 master_at_capacity, master_inactive, wip_limit_reached, invalid_argument.';

create function public.place_order(
	order_id bigint, to_stage bigint, prev_id bigint, next_id bigint, master_id uuid, seen_version int,
	mutation_id uuid, reason text default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.place(
		'place_order', order_id, seen_version, mutation_id, moves => true, to_stage => to_stage,
		prev_id => prev_id, next_id => next_id, reason => reason, assigns => true, master => master_id
	);
end
$$;
comment on function public.place_order is
	'Moves an order to a column and gives it to a master (null: to nobody) in one transaction: both or neither. Arguments as in move_order and assign_order. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, stage_not_found, master_not_found, VK409 order_changed, mutation_reused, VK422 transition_not_allowed, reason_required, master_at_capacity, master_inactive, wip_limit_reached, stage_of_other_location, invalid_argument.';

revoke execute on function public.move_order, public.assign_order, public.place_order
	from public, anon, authenticated;
grant execute on function public.move_order, public.assign_order, public.place_order to authenticated;
