-- Shifts and breaks: when people are at work. Rows are written by the calls of 1625 and by the rule
-- that closes forgotten shifts; the constraints here hold for every writer.

create extension if not exists btree_gist with schema extensions;

create table public.shifts (
	id bigint generated always as identity primary key,
	version int not null default 1,
	employee_id uuid not null references public.employees (id),
	location_id bigint references public.locations (id),
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	closed_by_rule boolean not null default false,
	corrected_by uuid,
	note text check (char_length(note) <= 500),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint shifts_order check (ended_at > started_at),
	constraint shifts_closed_by_rule check (not closed_by_rule or ended_at is not null),
	constraint shifts_no_overlap exclude using gist (
		employee_id with operator(pg_catalog.=),
		tstzrange(started_at, ended_at) with operator(pg_catalog.&&)
	)
);
comment on table public.shifts is 'When people were at work. No two shifts of one person overlap; an open one has no end.';
comment on column public.shifts.location_id is 'The person''s location when the shift began; null for those who work everywhere.';
comment on column public.shifts.closed_by_rule is 'Nobody clocked out: the shift was ended after settings.shift_max_hours.';
comment on column public.shifts.corrected_by is 'Who last corrected it (auth.users). No foreign key: history outlives accounts.';

create table public.shift_breaks (
	id bigint generated always as identity primary key,
	shift_id bigint not null references public.shifts (id),
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint shift_breaks_order check (ended_at > started_at),
	constraint shift_breaks_no_overlap exclude using gist (
		shift_id with operator(pg_catalog.=),
		tstzrange(started_at, ended_at) with operator(pg_catalog.&&)
	)
);
comment on table public.shift_breaks is 'Breaks within a shift; an open one has no end.';

create index shifts_employee_id_idx on public.shifts (employee_id, started_at desc);
create index shifts_location_id_idx on public.shifts (location_id, started_at desc);
create unique index shifts_one_open_idx on public.shifts (employee_id) where ended_at is null;
create index shift_breaks_shift_id_idx on public.shift_breaks (shift_id, started_at);
create unique index shift_breaks_one_open_idx on public.shift_breaks (shift_id) where ended_at is null;

revoke all on public.shifts, public.shift_breaks from public, anon, authenticated, service_role;
grant select on public.shifts, public.shift_breaks to authenticated;

alter table public.shifts enable row level security;
alter table public.shift_breaks enable row level security;
create policy "Employees read their own shifts and, if permitted, those of their locations"
	on public.shifts for select to authenticated
	using (
		employee_id = (select private.my_id())
		or ((select private.can('shifts.read'))
			and (location_id = any (array(select private.my_locations())) or (select private.sees_location(null))))
	);
create policy "Those who see a shift see its breaks" on public.shift_breaks for select to authenticated
	using (exists (select from public.shifts s where s.id = shift_breaks.shift_id));

create trigger shifts_touch before update on public.shifts
	for each row execute function private.touch_version();
create trigger shift_breaks_touch before update on public.shift_breaks
	for each row execute function private.touch();

create function private.fit_breaks()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	-- a shift that became shorter keeps what of its breaks lies inside
	delete from public.shift_breaks b
	where b.shift_id = new.id and (b.started_at >= new.ended_at or b.ended_at <= new.started_at);
	update public.shift_breaks b set
		started_at = greatest(b.started_at, new.started_at),
		ended_at = least(b.ended_at, new.ended_at)
	where b.shift_id = new.id and (
		b.started_at < new.started_at or b.ended_at > new.ended_at
		or (b.ended_at is null and new.ended_at is not null)
	);
	return null;
end
$$;
comment on function private.fit_breaks is 'Trigger: breaks end with their shift and never reach out of it.';
create trigger shifts_fit_breaks after update of started_at, ended_at on public.shifts
	for each row execute function private.fit_breaks();

create function private.check_break()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	-- under the shift's lock: it must not end while a break begins
	if not exists (
		select from public.shifts s
		where s.id = new.shift_id and new.started_at >= s.started_at
			and (s.ended_at is null or new.ended_at <= s.ended_at)
		for no key update
	) then
		perform private.fail('VK422', 'break_outside_shift', jsonb_build_object('shift_id', new.shift_id));
	end if;
	return new;
end
$$;
comment on function private.check_break is 'Trigger: a break lies inside its shift (VK422 break_outside_shift).';
create trigger shift_breaks_check before insert or update on public.shift_breaks
	for each row execute function private.check_break();

-- the rule for forgotten shifts ------------------------------------------------------------------

create function private.close_forgotten_shifts(employee uuid default null)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	closed bigint;
begin
	with longest as (select make_interval(hours => s.shift_max_hours) as time from public.settings s)
	update public.shifts s
	set ended_at = s.started_at + longest.time, closed_by_rule = true
	from longest
	where s.ended_at is null and s.started_at + longest.time <= clock_timestamp()
		and (employee is null or s.employee_id = employee);
	get diagnostics closed = row_count;
	return closed;
end
$$;
comment on function private.close_forgotten_shifts is
	'For the scheduler, and before somebody clocks in: ends shifts longer than settings.shift_max_hours at that length and marks them; returns how many. No limit set: none.';

insert into private.scheduled_jobs (name, schedule, command, catch_up)
values ('close_forgotten_shifts', '*/5 * * * *', 'select private.close_forgotten_shifts()', true);

revoke execute on function private.fit_breaks, private.check_break,
	private.close_forgotten_shifts from public, anon, authenticated;
