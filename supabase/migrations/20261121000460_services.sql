-- The catalogue: services with their price from and time norm, promotions, and which master can do what.

create table public.services (
	id bigint generated always as identity primary key,
	version int not null default 1,
	name public.translation not null check (char_length(name::text) <= 600),
	description public.translation check (char_length(description::text) <= 9000),
	price numeric(12, 2) check (price >= 0),
	norm_minutes int check (norm_minutes between 1 and 525600),
	order_type public.order_type not null default 'repair',
	location_id bigint references public.locations (id),
	public boolean not null default false,
	position int not null default 0,
	archived_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.services is 'What the company does, as the public site, orders, leads, campaigns and contracts name it. Archived, never deleted.';
comment on column public.services.price is 'The price it starts from, in the company''s currency; null is by agreement.';
comment on column public.services.norm_minutes is 'How long the work should take.';
comment on column public.services.order_type is 'The type of an order for it, unless somebody says otherwise.';
comment on column public.services.location_id is 'The only location that offers it; null is everywhere.';
comment on column public.services.public is 'Whether the public site shows it.';

create table public.promotions (
	id bigint generated always as identity primary key,
	version int not null default 1,
	title public.translation not null check (char_length(title::text) <= 600),
	body public.translation check (char_length(body::text) <= 9000),
	service_id bigint references public.services (id),
	starts_on date not null default current_date,
	ends_on date,
	public boolean not null default false,
	archived_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint promotions_end_after_they_start check (ends_on >= starts_on)
);
comment on table public.promotions is 'Offers for a time, shown on the public site while they run.';
comment on column public.promotions.service_id is 'The service it is about; null is no one of them.';
comment on column public.promotions.ends_on is 'The last day, inclusive; null is until archived.';

create table public.employee_skills (
	employee_id uuid not null references public.employees (id) on delete cascade,
	service_id bigint not null references public.services (id) on delete cascade,
	created_at timestamptz not null default now(),
	primary key (employee_id, service_id)
);
comment on table public.employee_skills is 'Which services a master can do; proposals of a master rest on it.';

create index services_location_id_idx on public.services (location_id);
create index promotions_service_id_idx on public.promotions (service_id);
create index employee_skills_service_id_idx on public.employee_skills (service_id);

revoke all on public.services, public.promotions, public.employee_skills
	from public, anon, authenticated, service_role;
grant select on public.services, public.promotions, public.employee_skills to authenticated;
grant insert (name, description, price, norm_minutes, order_type, location_id, public, position, archived_at),
	update (name, description, price, norm_minutes, order_type, location_id, public, position, archived_at)
	on public.services to authenticated;
grant insert (title, body, service_id, starts_on, ends_on, public, archived_at),
	update (title, body, service_id, starts_on, ends_on, public, archived_at), delete
	on public.promotions to authenticated;
grant insert (employee_id, service_id), delete on public.employee_skills to authenticated;

alter table public.services enable row level security;
alter table public.promotions enable row level security;
alter table public.employee_skills enable row level security;

create function private.manages_employee(employee_id uuid)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from public.employees e
		where e.id = manages_employee.employee_id and private.sees_location(e.location_id)
	);
end
$$;
comment on function private.manages_employee is
	'Whether the employee works where the caller, if he manages employees, may manage them.';
revoke execute on function private.manages_employee from public, anon, authenticated;
grant execute on function private.manages_employee to authenticated;

create policy "Employees read the services of their locations" on public.services for select to authenticated
	using (
		(location_id is null and (select private.my_id()) is not null)
		or location_id = any (array(select private.my_locations()))
	);
create policy "Those who manage services add them" on public.services for insert to authenticated
	with check ((select private.can('services.manage')) and private.sees_location(location_id));
create policy "Those who manage services edit them" on public.services for update to authenticated
	using ((select private.can('services.manage')) and private.sees_location(location_id));

create policy "Employees read promotions" on public.promotions for select to authenticated
	using ((select private.my_id()) is not null);
create policy "Those who manage services add promotions" on public.promotions for insert to authenticated
	with check ((select private.can('services.manage')));
create policy "Those who manage services edit promotions" on public.promotions for update to authenticated
	using ((select private.can('services.manage')));
create policy "Those who manage services remove promotions" on public.promotions for delete to authenticated
	using ((select private.can('services.manage')));

create policy "Those who read masters read their skills, masters their own"
	on public.employee_skills for select to authenticated
	using (
		(select private.can('masters.read'))
		or employee_id = (select private.my_id())
	);
create policy "Those who manage employees add skills" on public.employee_skills for insert to authenticated
	with check ((select private.can('employees.manage')) and private.manages_employee(employee_id));
create policy "Those who manage employees remove skills" on public.employee_skills for delete to authenticated
	using ((select private.can('employees.manage')) and private.manages_employee(employee_id));

create trigger services_touch before update on public.services
	for each row execute function private.touch_version();
create trigger promotions_touch before update on public.promotions
	for each row execute function private.touch_version();
