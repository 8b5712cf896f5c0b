-- Live topics: who may listen where. Names carry the access epoch, so that a change of rights cuts
-- the old topics at once: everybody asks my_topics() again, and those who lost a right get no name.

create table private.access_epoch (
	id boolean primary key default true check (id),
	epoch bigint not null default 1
);
comment on table private.access_epoch is 'One counter, bumped whenever somebody''s rights change.';
insert into private.access_epoch default values;
revoke all on private.access_epoch from public, anon, authenticated, service_role;

create function private.current_epoch()
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (select e.epoch from private.access_epoch e);
end
$$;
comment on function private.current_epoch is 'The epoch live topic names carry now.';

create function private.may_join(topic text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
	parts text[] := regexp_match(topic, '^(board|masters|master):([0-9a-f-]{1,36}):([0-9]{1,18})$');
begin
	if parts is null or parts[3]::bigint <> private.current_epoch() then
		return false;
	end if;
	if parts[1] = 'master' then
		return parts[2] = (select auth.uid())::text
			and exists (
				select from public.employees e
				where e.id = (select auth.uid()) and e.active and e.role = 'master'
			);
	end if;
	return parts[2] ~ '^[0-9]{1,18}$'
		and private.sees_location(parts[2]::bigint)
		and case parts[1]
			when 'board' then private.can('board.read') and private.can('orders.read')
			else private.can('masters.read')
		end;
exception when others then
	-- a policy that raises would refuse all topics with an error nobody can read
	return false;
end
$$;
comment on function private.may_join is 'Whether the caller may listen to a live topic. Never raises.';

create function private.may_send(topic text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return topic like 'board:%' and private.may_join(topic) and private.can('orders.move');
end
$$;
comment on function private.may_send is
	'Whether the caller may send presence to a live topic: boards only, by those who move orders.';

create policy "Employees join the live topics they were given" on realtime.messages for select to authenticated
	using (
		extension in ('broadcast', 'presence')
		and topic = (select realtime.topic())
		and (select private.may_join((select realtime.topic())))
	);
-- presence only: what a client broadcast here would look to every board like an event of the database
create policy "Those who move orders say on their boards that they are there" on realtime.messages
	for insert to authenticated
	with check (
		extension = 'presence'
		and topic = (select realtime.topic())
		and (select private.may_send((select realtime.topic())))
	);

create function private.my_topics()
returns table (scope text, topic text, location_id bigint)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.me();
	epoch bigint := private.current_epoch();
begin
	return query
		select s.scope, format('%s:%s:%s', s.scope, l.id, epoch), l.id
		from public.locations l
		cross join (
			select 'board' where 'board.read' = any (actor.permissions) and 'orders.read' = any (actor.permissions)
			union all
			select 'masters' where 'masters.read' = any (actor.permissions)
		) s (scope)
		where actor.location_id is null or l.id = actor.location_id
		order by l.id, s.scope;
	if actor.role = 'master' then
		return query select 'master', format('master:%s:%s', actor.id, epoch), actor.location_id;
	end if;
end
$$;
comment on function private.my_topics is 'See public.my_topics().';

create function public.my_topics()
returns table (scope text, topic text, location_id bigint)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.my_topics();
end
$$;
comment on function public.my_topics is
	'The private channels the caller should join now: scope board, masters (one per location) or master (own orders). Empty for anybody who is not an active employee. Ask again after the event access_changed.';

create function private.bump_epoch()
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	left_behind bigint;
	topic text;
begin
	update private.access_epoch e set epoch = e.epoch + 1 returning e.epoch - 1 into left_behind;
	for topic in
		select format('%s:%s:%s', s.scope, l.id, left_behind)
		from public.locations l cross join (values ('board'), ('masters')) s (scope)
		union all
		-- also who was a master until this very transaction
		select format('master:%s:%s', e.id, left_behind) from public.employees e
		where e.role = 'master' or e.updated_at = now()
	loop
		perform realtime.send('{}', 'access_changed', topic, true);
	end loop;
end
$$;
comment on function private.bump_epoch is
	'Starts a new epoch of live topics and tells everybody on the old ones (event access_changed).';

create function private.tell_columns_changed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	topic text;
begin
	for topic in
		select format('board:%s:%s', l.id, private.current_epoch()) from public.locations l
	loop
		perform realtime.send('{}', 'columns_changed', topic, true);
	end loop;
	return null;
end
$$;
comment on function private.tell_columns_changed is
	'Trigger: a column was added, edited or removed; boards fetch a new snapshot (event columns_changed).';
revoke execute on function private.tell_columns_changed from public, anon, authenticated;
create trigger stages_tell_columns_changed after insert or update or delete on public.stages
	for each statement execute function private.tell_columns_changed();

create function private.bump_epoch_on_change()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.bump_epoch();
	return null;
end
$$;
comment on function private.bump_epoch_on_change is 'Trigger: rights have changed, start a new epoch.';

create function private.bump_epoch_on_employee_change()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if exists (
		select from before b join after a using (id)
		where (a.active, a.role, a.location_id) is distinct from (b.active, b.role, b.location_id)
	) then
		perform private.bump_epoch();
	end if;
	return null;
end
$$;
comment on function private.bump_epoch_on_employee_change is
	'Trigger: starts a new epoch when an employee''s role, location or activity really changed.';

create trigger employees_bump_epoch after update on public.employees
	referencing old table as before new table as after
	for each statement execute function private.bump_epoch_on_employee_change();
create trigger role_permissions_bump_epoch after insert or update or delete on public.role_permissions
	for each statement execute function private.bump_epoch_on_change();
create trigger locations_bump_epoch after insert or delete on public.locations
	for each statement execute function private.bump_epoch_on_change();

revoke execute on function private.current_epoch, private.may_join, private.may_send, private.my_topics,
	public.my_topics, private.bump_epoch, private.bump_epoch_on_change, private.bump_epoch_on_employee_change
	from public, anon, authenticated;
grant execute on function private.may_join, private.may_send, private.my_topics, public.my_topics
	to authenticated;
