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

create table private.live_scopes (
	scope text primary key check (scope ~ '^[a-z_]{1,20}$'),
	per text not null check (per in ('location', 'company', 'person')),
	permissions text[] not null check (cardinality(permissions) > 0),
	sends_presence boolean not null default false,
	sends_broadcast boolean not null default false
);
comment on table private.live_scopes is
	'The audiences of live messages: who may listen (all of permissions) and whether its topics are one per location, one for the company or one per master.';
comment on column private.live_scopes.sends_broadcast is
	'Those who move orders may broadcast here. Only on topics where nothing is said by the database: a client''s message could not be told from its.';
revoke all on private.live_scopes from public, anon, authenticated, service_role;

insert into private.live_scopes (scope, per, permissions, sends_presence, sends_broadcast) values
	('board', 'location', '{board.read,orders.read}', true, false),
	('hands', 'location', '{board.read,orders.read}', false, true),
	('masters', 'location', '{masters.read}', false, false),
	('money', 'location', '{orders.money,orders.read}', false, false),
	('leads', 'location', '{leads.read}', false, false),
	('campaigns', 'company', '{statistics.read}', false, false),
	('campaign_money', 'company', '{campaigns.money}', false, false),
	('master', 'person', '{orders.work}', false, false);

create function private.may_join(topic text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
declare
	parts text[] := regexp_match(topic, '^([a-z_]{1,20}):([0-9a-f-]{1,36}|all):([0-9]{1,18})$');
	audience private.live_scopes;
	actor private.actor;
begin
	if split_part(topic, ':', 1) in ('track', 'client') then
		return private.may_hear_as_client(topic);
	end if;
	if parts is null or parts[3]::bigint <> private.current_epoch() then
		return false;
	end if;
	select * into audience from private.live_scopes s where s.scope = parts[1];
	actor := private.me();
	if actor.id is null or audience.scope is null or not audience.permissions <@ actor.permissions then
		return false;
	end if;
	return case audience.per
		when 'person' then parts[2] = actor.id::text and actor.role = 'master'
		when 'company' then parts[2] = 'all'
		else parts[2] ~ '^[0-9]{1,18}$' and private.sees_location(parts[2]::bigint)
	end;
exception when others then
	-- a policy that raises would refuse all topics with an error nobody can read
	return false;
end
$$;
comment on function private.may_join is 'Whether the caller may listen to a live topic: the staff''s by rights and epoch, clients'' by 1645. Never raises.';

create function private.may_send(topic text, extension text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from private.live_scopes s
		where s.scope = split_part(topic, ':', 1)
			and case extension when 'presence' then s.sends_presence when 'broadcast' then s.sends_broadcast end
	) and private.may_join(topic) and (extension = 'presence' or private.can('orders.move'));
end
$$;
comment on function private.may_send is
	'Whether the caller may send to a live topic: presence on boards by all who see them, drag ghosts on hands by those who move orders.';

create policy "Employees join the live topics they were given" on realtime.messages for select to authenticated
	using (
		extension in ('broadcast', 'presence')
		and topic = (select realtime.topic())
		and (select private.may_join((select realtime.topic())))
	);
-- no broadcast to boards: it would look to every board like an event of the database
create policy "Who sees a board says that he is there, who moves orders what he holds" on realtime.messages
	for insert to authenticated
	with check (
		extension in ('broadcast', 'presence')
		and topic = (select realtime.topic())
		and (select private.may_send((select realtime.topic()), extension))
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
		select s.scope, format('%s:%s:%s', s.scope, coalesce(l.id::text, 'all'), epoch), l.id
		from private.live_scopes s
		left join public.locations l
			on s.per = 'location' and (actor.location_id is null or l.id = actor.location_id)
		where s.permissions <@ actor.permissions
			and case s.per when 'location' then l.id is not null when 'company' then true else false end
		order by l.id nulls last, s.scope;
	if actor.role = 'master' then
		return query
			select s.scope, format('%s:%s:%s', s.scope, actor.id, epoch), actor.location_id
			from private.live_scopes s where s.per = 'person' and s.permissions <@ actor.permissions;
	end if;
	if private.my_client() is not null then
		return query select 'client', 'client:' || auth.uid(), null::bigint;
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
	'The private channels the caller may join now: scopes of private.live_scopes he has the rights for; one topic per location, one for the company (location_id null) or his own; a registered client''s own topic (scope client). Empty for anybody else. Ask again after the event access_changed.';

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
		from private.live_scopes s cross join public.locations l where s.per = 'location'
		union all
		select format('%s:all:%s', s.scope, left_behind) from private.live_scopes s where s.per = 'company'
		union all
		-- also who was a master until this very transaction
		select format('%s:%s:%s', s.scope, e.id, left_behind)
		from private.live_scopes s
		join public.employees e on e.role = 'master' or e.updated_at = now()
		where s.per = 'person'
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
