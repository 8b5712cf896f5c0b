-- The rules of the board, for every writer: which columns an order may go between, work-in-progress
-- limits, masters' capacity. Locks are taken in one order (order, column, master) and only where a
-- limit has to be counted, so that moves into one unlimited column never wait for each other.

create function private.active_stages()
returns bigint[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return array(select s.id from public.stages s where s.kind in ('assigned', 'in_progress'));
end
$$;
comment on function private.active_stages is 'Ids of the columns whose orders count against a master''s capacity.';

create function private.active_count(master_id uuid, except_order bigint default null)
returns int
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select count(*) from public.orders o
		where o.master_id = active_count.master_id
			and o.stage_id = any (private.active_stages())
			and o.id is distinct from except_order
	);
end
$$;
comment on function private.active_count is 'How many active orders (assigned or in progress) a master has, one perhaps left out.';

create function private.top_rank(stage_id bigint)
returns text
language plpgsql volatile security definer
set search_path = ''
as $$
begin
	return private.rank_between(null, (
		select o.rank from public.orders o where o.stage_id = top_rank.stage_id order by o.rank limit 1
	));
end
$$;
comment on function private.top_rank is 'A new rank above every card of a column.';

create function private.first_stage(kind public.stage_kind, location_id bigint)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select s.id from public.stages s
		where s.kind = first_stage.kind and (s.location_id is null or s.location_id = first_stage.location_id)
		order by s.position, s.id limit 1
	);
end
$$;
comment on function private.first_stage is 'The leftmost column of a kind that a location has; null if none.';

create function private.check_wip_limit(stage_id bigint, location_id bigint, order_id bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	stage_limit int;
begin
	-- counted under the column's lock: two who arrive at once must not both take the last place
	select s.wip_limit into stage_limit from public.stages s
	where s.id = check_wip_limit.stage_id for no key update;
	if stage_limit <= (
		select count(*) from public.orders o
		where o.stage_id = check_wip_limit.stage_id and o.location_id = check_wip_limit.location_id
			and o.id <> order_id
	) then
		perform private.fail('VK422', 'wip_limit_reached',
			jsonb_build_object('stage_id', stage_id, 'limit', stage_limit));
	end if;
end
$$;
comment on function private.check_wip_limit is 'VK422 wip_limit_reached when the column has no room for one more order of the location.';

create function private.check_master(master_id uuid, location_id bigint, order_id bigint, active boolean)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	master public.employees;
	active_orders int;
begin
	-- counted under the master's lock: however many assign at once, exactly `capacity` succeed
	select * into master from public.employees e where e.id = check_master.master_id for no key update;
	if master.id is null or master.role <> 'master'
		or (master.location_id is not null and master.location_id <> check_master.location_id) then
		perform private.fail('VK404', 'master_not_found', jsonb_build_object('master_id', master_id));
	end if;
	if not master.active then
		perform private.fail('VK422', 'master_inactive',
			jsonb_build_object('master_id', master_id, 'master_name', master.full_name));
	end if;
	if active then
		active_orders := private.active_count(master.id, order_id);
		if active_orders >= master.capacity then
			perform private.fail('VK422', 'master_at_capacity', jsonb_build_object(
				'master_id', master.id, 'master_name', master.full_name,
				'capacity', master.capacity, 'active', active_orders
			));
		end if;
	end if;
end
$$;
comment on function private.check_master is
	'VK404 master_not_found, VK422 master_inactive or master_at_capacity unless the master can take the order.';

create function private.apply_order_rules()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	created constant boolean := tg_op = 'INSERT';
	entered boolean;
	relocated boolean;
	was_kind public.stage_kind;
	stage record;
	undoing constant boolean := coalesce(current_setting('verstak.call', true) = 'undo_move', false);
begin
	if created then
		new.stage_id := coalesce(new.stage_id, private.first_stage('unassigned', new.location_id));
		entered := true;
		relocated := true;
	else
		new.version := old.version + 1;
		new.updated_at := now();
		entered := new.stage_id <> old.stage_id;
		relocated := new.location_id <> old.location_id;
		if not entered and not relocated and new.master_id is not distinct from old.master_id
			and new.refusal_reason is not distinct from old.refusal_reason then
			return new;
		end if;
		select s.kind into was_kind from public.stages s where s.id = old.stage_id;
	end if;

	select s.kind, s.location_id, s.wip_limit into stage from public.stages s where s.id = new.stage_id;
	if stage is null then
		perform private.fail('VK404', 'stage_not_found', jsonb_build_object('stage_id', new.stage_id));
	end if;
	if stage.location_id <> new.location_id then
		perform private.fail('VK422', 'stage_of_other_location',
			jsonb_build_object('stage_id', new.stage_id, 'location_id', new.location_id));
	end if;
	if entered then
		if not created and not undoing and not exists (
			select from public.stage_transitions t where t.from_kind = was_kind and t.to_kind = stage.kind
		) then
			perform private.fail('VK422', 'transition_not_allowed',
				jsonb_build_object('from_kind', was_kind, 'to_kind', stage.kind));
		end if;
		-- an undone move is as if it had not been: the order has been there since it first came
		if created or not undoing or new.stage_entered_at = old.stage_entered_at then
			new.stage_entered_at := now();
		end if;
		new.done_at := case when stage.kind in ('done', 'closed') then coalesce(new.done_at, new.stage_entered_at) end;
		new.closed_at := case when stage.kind in ('closed', 'refused') then new.stage_entered_at end;
		if new.rank is null or (not created and new.rank = old.rank) then
			new.rank := private.top_rank(new.stage_id);
		end if;
	end if;
	if stage.kind = 'unassigned' then
		new.master_id := null;
	end if;
	if stage.kind <> 'refused' then
		new.refusal_reason := null;
	elsif private.is_blank(new.refusal_reason) then
		perform private.fail('VK422', 'reason_required', jsonb_build_object('stage_id', new.stage_id));
	end if;
	if created or new.master_id is distinct from old.master_id then
		new.assigned_at := case when new.master_id is not null then now() end;
		new.seen_at := null;
		new.accepted_at := null;
		new.unanswered_at := null;
	end if;
	-- who started work has accepted it
	if entered and new.master_id is not null and stage.kind in ('in_progress', 'done') then
		new.seen_at := coalesce(new.seen_at, now());
		new.accepted_at := coalesce(new.accepted_at, now());
	end if;
	if stage.wip_limit is not null and (entered or relocated) then
		perform private.check_wip_limit(new.stage_id, new.location_id, new.id);
	end if;
	if new.master_id is not null and (
		relocated
		or new.master_id is distinct from old.master_id
		or (stage.kind in ('assigned', 'in_progress') and was_kind not in ('assigned', 'in_progress'))
	) then
		perform private.check_master(new.master_id, new.location_id, new.id,
			stage.kind in ('assigned', 'in_progress'));
	end if;
	return new;
end
$$;
comment on function private.apply_order_rules is
	'Trigger: version, transitions, limits and capacity of orders, whoever writes (errors VK404, VK422).';

create trigger orders_apply_rules before insert or update on public.orders
	for each row execute function private.apply_order_rules();

create function private.check_lowered_capacity()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	active_orders int;
begin
	if new.capacity < old.capacity then
		active_orders := private.active_count(new.id);
		if active_orders > new.capacity then
			perform private.fail('VK422', 'master_at_capacity', jsonb_build_object(
				'master_id', new.id, 'master_name', new.full_name,
				'capacity', new.capacity, 'active', active_orders
			));
		end if;
	end if;
	return new;
end
$$;
comment on function private.check_lowered_capacity is
	'Trigger: capacity cannot sink below the orders a master already has (VK422 master_at_capacity).';

create trigger employees_check_lowered_capacity before update of capacity on public.employees
	for each row execute function private.check_lowered_capacity();

revoke execute on function private.active_stages, private.active_count, private.top_rank, private.first_stage,
	private.check_wip_limit, private.check_master, private.apply_order_rules,
	private.check_lowered_capacity
	from public, anon, authenticated;
