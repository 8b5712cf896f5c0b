-- People who work here, where they work, and the one matrix that says what each role may do.

create table public.locations (
	id bigint generated always as identity primary key,
	version int not null default 1,
	name text not null check (name ~ '\S' and char_length(name) <= 120),
	address text check (char_length(address) <= 300),
	phone public.e164,
	archived_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.locations is 'Workshops or service areas of the network.';
comment on column public.locations.phone is 'What clients call; shown on the public site.';
comment on column public.locations.archived_at is
	'Since when no new work is taken here; the public site no longer names it. Its orders stay.';

create table public.employees (
	id uuid primary key references auth.users (id),
	version int not null default 1,
	full_name text not null check (full_name ~ '\S' and char_length(full_name) <= 120),
	role public.employee_role not null,
	location_id bigint references public.locations (id),
	capacity int not null default 1 check (capacity between 0 and 100),
	active boolean not null default true,
	phone public.e164,
	telegram_chat_id bigint,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.employees is 'Staff. A row here, and active, is what makes a signed-in user an employee (private.caller).';
comment on column public.employees.location_id is 'The only location this person sees; null sees all.';
comment on column public.employees.capacity is 'How many active orders a master may have at once.';

create table public.role_permissions (
	role public.employee_role not null,
	permission text not null check (permission ~ '^[a-z_]+\.[a-z_]+$'),
	created_at timestamptz not null default now(),
	primary key (role, permission)
);
comment on table public.role_permissions is
	'What each role may do: the authority behind policies, calls, live topics and menus.';

create index employees_location_id_idx on public.employees (location_id);
create index employees_role_idx on public.employees (role);

revoke all on public.locations, public.employees, public.role_permissions
	from public, anon, authenticated, service_role;
grant select on public.locations, public.employees, public.role_permissions to authenticated;
grant insert (name, address, phone), update (name, address, phone, archived_at) on public.locations to authenticated;
grant insert (id, full_name, role, location_id, capacity, active, phone),
	update (full_name, role, location_id, capacity, active, phone)
	on public.employees to authenticated;
grant insert (role, permission), delete on public.role_permissions to authenticated;

alter table public.locations enable row level security;
alter table public.employees enable row level security;
alter table public.role_permissions enable row level security;

-- functions the policies stand on ----------------------------------------------------------------

create type private.actor as (
	id uuid, full_name text, role public.employee_role, location_id bigint, permissions text[]
);

create function private.second_factor_missing()
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return coalesce(auth.jwt() ->> 'aal', 'aal1') <> 'aal2' and exists (
		select from auth.mfa_factors f where f.user_id = auth.uid() and f.status = 'verified'
	);
end
$$;
comment on function private.second_factor_missing is
	'Whether the caller has set up a second factor and did not use it for this session.';

create view private.caller as
	select e.* from public.employees e
	where e.id = (select auth.uid()) and e.active
		and (e.role <> 'admin' or not (select private.second_factor_missing()));
comment on view private.caller is
	'The signed-in, active employee: one row or none. The only place that says who is one: an administrator with a second factor is nobody until it was used.';
revoke all on private.caller from public, anon, authenticated, service_role;

create function private.my_id()
returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (select c.id from private.caller c);
end
$$;
comment on function private.my_id is 'The signed-in, active employee''s id; null for anybody else.';

create function private.me()
returns private.actor
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor;
begin
	select e.id, e.full_name, e.role, e.location_id,
		array(select p.permission from public.role_permissions p where p.role = e.role)
	into actor
	from private.caller e;
	return actor;
end
$$;
comment on function private.me is 'The signed-in, active employee with all permissions; all nulls for anybody else.';

create function private.lacks_second_factor()
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return private.second_factor_missing() and exists (
		select from public.employees e where e.id = auth.uid() and e.active and e.role = 'admin'
	);
end
$$;
comment on function private.lacks_second_factor is
	'Whether the caller would be an employee, had he used his second factor.';

create function private.require_employee()
returns private.actor
language plpgsql stable
set search_path = ''
as $$
declare
	actor private.actor := private.me();
begin
	if actor.id is null then
		if auth.uid() is null then
			perform private.fail('VK401', 'not_signed_in');
		end if;
		if private.lacks_second_factor() then
			perform private.fail('VK403', 'second_factor_needed');
		end if;
		perform private.fail('VK403', 'not_allowed', '{"permission": "employee"}');
	end if;
	return actor;
end
$$;
comment on function private.require_employee is 'private.me(), or VK401 not_signed_in / VK403 second_factor_needed, not_allowed.';

create function private.can(permission text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from private.caller e
		join public.role_permissions p on p.role = e.role
		where p.permission = can.permission
	);
end
$$;
comment on function private.can is 'Whether the signed-in, active employee''s role has the permission.';

create function private.my_locations()
returns setof bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select l.id from public.locations l
		join private.caller e on e.location_id is null or e.location_id = l.id;
end
$$;
comment on function private.my_locations is
	'Ids of the locations the signed-in, active employee sees. In policies: location_id = any(array(select …)).';

create function private.sees_location(location_id bigint)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from private.caller e
		where e.location_id is null or e.location_id = sees_location.location_id
	);
end
$$;
comment on function private.sees_location is
	'Whether the signed-in, active employee sees the location; null (everywhere) only for those who see all.';

revoke execute on function private.second_factor_missing, private.lacks_second_factor, private.my_id, private.me,
	private.require_employee, private.can, private.my_locations, private.sees_location
	from public, anon, authenticated;
grant execute on function private.my_id, private.can, private.my_locations, private.sees_location
	to authenticated;

-- policies ---------------------------------------------------------------------------------------

create policy "Employees read the locations they see" on public.locations for select to authenticated
	-- the first half also covers a location that this very statement adds
	using ((select private.sees_location(null)) or id = any (array(select private.my_locations())));
create policy "Those who manage locations add them" on public.locations for insert to authenticated
	with check ((select private.can('locations.manage')) and (select private.sees_location(null)));
create policy "Those who manage locations edit them" on public.locations for update to authenticated
	using ((select private.can('locations.manage')) and id = any (array(select private.my_locations())));

create policy "Employees read themselves and, if permitted, colleagues of their locations"
	on public.employees for select to authenticated
	using (
		id = (select private.my_id())
		or (
			(select private.can('employees.read'))
			and (location_id is null or location_id = any (array(select private.my_locations())))
		)
	);
create policy "Those who manage employees add them, administrators only by administrators"
	on public.employees for insert to authenticated
	with check (
		(select private.can('employees.manage'))
		and (role <> 'admin' or (select private.can('employees.manage_admins')))
		and private.sees_location(location_id)
	);
create policy "Those who manage employees edit them, administrators only by administrators"
	on public.employees for update to authenticated
	using (
		(select private.can('employees.manage'))
		and (role <> 'admin' or (select private.can('employees.manage_admins')))
		and private.sees_location(location_id)
	);

create policy "Employees read the matrix" on public.role_permissions for select to authenticated
	using ((select private.can('roles.read')));
create policy "Those who manage roles grant permissions" on public.role_permissions for insert to authenticated
	with check ((select private.can('roles.manage')));
create policy "Those who manage roles take permissions back" on public.role_permissions for delete to authenticated
	using ((select private.can('roles.manage')));

create trigger locations_touch before update on public.locations
	for each row execute function private.touch_version();
create trigger employees_touch before update on public.employees
	for each row execute function private.touch_version();

create function public.my_permissions()
returns text[]
language plpgsql stable
set search_path = ''
as $$
begin
	return private.my_permissions();
end
$$;
comment on function public.my_permissions is 'The caller''s permissions, sorted; an empty array for anybody who is not an active employee.';

create function private.my_permissions()
returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return array(select p from unnest((private.me()).permissions) p order by p);
end
$$;
comment on function private.my_permissions is 'See public.my_permissions().';

revoke execute on function public.my_permissions, private.my_permissions from public, anon, authenticated;
grant execute on function public.my_permissions, private.my_permissions to authenticated;
