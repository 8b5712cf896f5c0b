-- What happens to an order is written down and told to those who look at it, in one transaction.

create view private.cards as
	select o.id, o.version, o.stage_id, o.rank, o.location_id, o.client_id, c.full_name as client_name,
		o.type, o.problem, o.address, o.priority, o.master_id, o.promised_at,
		o.stage_entered_at, o.created_at, o.updated_at,
		a.label as asset_label, o.service_id, o.payment_state, o.comment_count, o.photo_count,
		o.assigned_at, o.seen_at, o.accepted_at, o.unanswered_at, o.planned_at, o.planned_minutes,
		c.blacklisted as client_blacklisted, o.created_by
	from public.orders o
	join public.clients c on c.id = o.client_id
	left join public.assets a on a.id = o.asset_id;
comment on view private.cards is
	'The card face of every order, as to_jsonb() of a row: no phone, no money, since all who see a board see it. The only place that says what is on a card.';
revoke all on private.cards from public, anon, authenticated, service_role;

create function private.master_face(master_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	active_orders int := private.active_count(master_id);
begin
	return (
		select jsonb_build_object(
			'id', e.id, 'full_name', e.full_name, 'location_id', e.location_id, 'capacity', e.capacity,
			'active_count', active_orders,
			'availability', private.availability(e.id, active_orders)
		)
		from public.employees e where e.id = master_face.master_id and e.role = 'master'
	);
end
$$;
comment on function private.master_face is
	'What boards show of a master: {id, full_name, location_id, capacity, active_count, availability}; null if not a master.';

create function private.tell_about_master(master_id uuid)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	face jsonb := private.master_face(master_id);
	epoch bigint := private.current_epoch();
	location bigint;
begin
	-- a master without a location works everywhere; who was dismissed leaves the boards, and is told of no more
	for location in
		select l.id from public.locations l
		join public.employees e on e.id = tell_about_master.master_id and (e.active or e.updated_at = now())
		where face is not null and l.id = coalesce((face ->> 'location_id')::bigint, l.id)
	loop
		perform realtime.send(face, 'master_changed', format('masters:%s:%s', location, epoch), true);
	end loop;
end
$$;
comment on function private.tell_about_master is 'Sends master_changed to the masters topic of the location of a master who works here.';

create function private.tell_about_employee()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if new.role = 'master' and (
		tg_op = 'INSERT'
		or (new.active or old.active) and (new.full_name, new.role, new.location_id, new.capacity, new.active)
			is distinct from (old.full_name, old.role, old.location_id, old.capacity, old.active)
	) then
		perform private.tell_about_master(new.id);
	end if;
	return null;
end
$$;
comment on function private.tell_about_employee is 'Trigger: sends master_changed when what boards show of a master changed.';

create trigger employees_tell after insert or update on public.employees
	for each row execute function private.tell_about_employee();

create function private.counted_columns()
returns text[]
language sql immutable
set search_path = ''
as $$
	select '{version,updated_at,stage_entered_at,done_at,closed_at,assigned_at,comment_count,photo_count}'::text[]
$$;
comment on function private.counted_columns is
	'Columns of orders that follow from others or from rows with a history of their own; history leaves them out.';

create function private.kind_of_change(was public.orders, becomes public.orders, call text)
returns public.order_event_kind
language plpgsql immutable
set search_path = ''
as $$
begin
	return case
		when call = 'undo_move' then 'undone'
		when becomes.master_id is distinct from was.master_id and call = 'respond_to_assignment' then 'declined'
		when becomes.master_id is distinct from was.master_id
			and (becomes.master_id is not null or call in ('assign_order', 'plan_order')) then 'assigned'
		when becomes.stage_id <> was.stage_id or becomes.rank <> was.rank then 'moved'
		when becomes.master_id is distinct from was.master_id then 'assigned'
		when call = 'order_lines' or becomes.total <> was.total then 'lines'
		when becomes.paid <> was.paid then 'paid'
		when becomes.payment_state <> was.payment_state then 'invoiced'
		when becomes.photo_count <> was.photo_count then 'photo'
		when becomes.accepted_at is distinct from was.accepted_at then 'accepted'
		when becomes.seen_at is distinct from was.seen_at then 'seen'
		when call = 'plan_order' then 'planned'
		else 'changed'
	end;
end
$$;
comment on function private.kind_of_change is 'What history calls a change of an order made by a call (verstak.call).';

create function private.record_order_change()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	actor constant uuid := auth.uid();
	mutation constant uuid := nullif(current_setting('verstak.mutation_id', true), '');
	call constant text := current_setting('verstak.call', true);
	event public.order_event_kind;
	-- the order as it would be if it had only been moved and assigned: usually that is all, and quick
	moved public.orders;
	was jsonb := '{}';
	becomes jsonb;
begin
	if tg_op = 'INSERT' then
		event := 'created';
		becomes := jsonb_build_object('stage_id', new.stage_id, 'location_id', new.location_id,
			'master_id', new.master_id);
	else
		event := case
			when call = 'move_order' and new.master_id is not distinct from old.master_id then 'moved'
			else private.kind_of_change(old, new, call)
		end;
		moved := old;
		moved.stage_id := new.stage_id;
		moved.rank := new.rank;
		moved.master_id := new.master_id;
		moved.version := new.version;
		moved.updated_at := new.updated_at;
		moved.stage_entered_at := new.stage_entered_at;
		moved.done_at := new.done_at;
		moved.closed_at := new.closed_at;
		moved.assigned_at := new.assigned_at;
		moved.seen_at := new.seen_at;
		moved.accepted_at := new.accepted_at;
		moved.unanswered_at := new.unanswered_at;
		if moved is not distinct from new and event in ('moved', 'assigned', 'declined', 'undone') then
			was := jsonb_build_object('stage_id', old.stage_id, 'rank', old.rank, 'master_id', old.master_id);
			becomes := jsonb_build_object('stage_id', new.stage_id, 'rank', new.rank, 'master_id', new.master_id);
		else
			select jsonb_object_agg(w.key, w.value), jsonb_object_agg(w.key, b.value) into was, becomes
			from jsonb_each(to_jsonb(old)) w join jsonb_each(to_jsonb(new)) b using (key)
			where w.value <> b.value and w.key <> all (private.counted_columns());
		end if;
	end if;
	if event = 'undone' and new.stage_id <> old.stage_id then
		-- back to when it first came; everywhere else an order enters its column at the event
		becomes := becomes || jsonb_build_object('stage_entered_at', new.stage_entered_at);
	end if;
	-- a client's new name changes the card but nothing of the order; lines tell their own history
	if was <> becomes and call is distinct from 'order_lines' then
		insert into public.order_events
			(order_id, version, kind, actor_id, from_values, to_values, reason, mutation_id)
		values (new.id, new.version, event, actor, was, becomes,
			nullif(current_setting('verstak.reason', true), ''), mutation);
	end if;
	perform private.tell_about_order(old, new, event::text, actor, mutation);
	return null;
end
$$;
comment on function private.record_order_change is
	'Trigger: one row of history per change of an order, and the live messages about it.';

create function private.tell_about_order(
	was public.orders, becomes public.orders, event text, actor_id uuid, mutation_id uuid
)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	facts record;
	message jsonb;
	gone jsonb;
	active constant bigint[] := private.active_stages();
	busy_before uuid := case when was.stage_id = any (active) then was.master_id end;
	busy_after uuid := case when becomes.stage_id = any (active) then becomes.master_id end;
begin
	select to_jsonb(c) as card, (select e.epoch from private.access_epoch e) as epoch,
		(select e.full_name from public.employees e where e.id = tell_about_order.actor_id) as actor_name
	into facts from private.cards c where c.id = becomes.id;
	message := jsonb_build_object(
		'id', becomes.id, 'version', becomes.version, 'card', facts.card, 'event', event,
		'from_stage', was.stage_id, 'to_stage', becomes.stage_id,
		'actor_id', actor_id, 'actor_name', facts.actor_name, 'mutation_id', mutation_id, 'at', now()
	);
	gone := message || '{"card": null, "event": "removed"}';

	perform realtime.send(message, 'order_changed', format('board:%s:%s', becomes.location_id, facts.epoch), true);
	if was.location_id <> becomes.location_id then
		perform realtime.send(gone, 'order_changed', format('board:%s:%s', was.location_id, facts.epoch), true);
	end if;
	if becomes.master_id is not null then
		perform realtime.send(message, 'order_changed', format('master:%s:%s', becomes.master_id, facts.epoch), true);
	end if;
	if was.master_id <> becomes.master_id or (was.master_id is not null and becomes.master_id is null) then
		perform realtime.send(gone, 'order_changed', format('master:%s:%s', was.master_id, facts.epoch), true);
	end if;
	if was.id is null and (becomes.total <> 0 or becomes.paid <> 0)
		or (was.total, was.paid, was.location_id) <> (becomes.total, becomes.paid, becomes.location_id) then
		perform realtime.send(
			jsonb_build_object('order_id', becomes.id, 'total', becomes.total, 'paid', becomes.paid),
			'order_money_changed', format('money:%s:%s', becomes.location_id, facts.epoch), true);
	end if;
	if busy_before is distinct from busy_after then
		perform private.tell_about_master(busy_before) where busy_before is not null;
		perform private.tell_about_master(busy_after) where busy_after is not null;
	end if;
end
$$;
comment on function private.tell_about_order is
	'Sends order_changed to the board of the order''s location and to its master; card null to those who lost it. Amounts go to the money topic only (order_money_changed).';

create trigger orders_record after insert or update on public.orders
	for each row execute function private.record_order_change();

create function private.refresh_cards()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	-- a card's version stands for everything on it, the client's name and the instrument's included
	if tg_table_name = 'clients' then
		update public.orders set version = version where client_id = new.id;
	else
		update public.orders set version = version where asset_id = new.id;
	end if;
	return null;
end
$$;
comment on function private.refresh_cards is
	'Trigger: what of a client or an asset stands on cards has changed; they get a new version and are sent again.';

create trigger clients_refresh_cards after update on public.clients
	for each row when (
		old.full_name is distinct from new.full_name or old.blacklisted is distinct from new.blacklisted
	)
	execute function private.refresh_cards();
create trigger assets_refresh_cards after update on public.assets
	for each row when (old.label is distinct from new.label)
	execute function private.refresh_cards();

revoke execute on function private.master_face, private.tell_about_master, private.tell_about_employee,
	private.counted_columns, private.kind_of_change, private.record_order_change, private.tell_about_order,
	private.refresh_cards
	from public, anon, authenticated;
