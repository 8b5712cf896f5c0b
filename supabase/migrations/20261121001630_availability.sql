-- Whether a master can take work now: derived here and nowhere else. Boards hear of it whatever the
-- cause: orders (1000), capacity and activity (1000), shifts and breaks (below).

create function private.availability(employee_id uuid, active_orders int default null)
returns public.availability
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select case
			when s.id is null or not e.active then 'off'
			when exists (
				select from public.shift_breaks b where b.shift_id = s.id and b.ended_at is null
			) then 'break'
			when coalesce(active_orders, private.active_count(e.id)) >= e.capacity then 'busy'
			else 'free'
		end::public.availability
		from public.employees e
		left join public.shifts s on s.employee_id = e.id and s.ended_at is null
		where e.id = availability.employee_id
	);
end
$$;
comment on function private.availability is
	'off (inactive or no running shift), else break, else busy (active orders ≥ capacity), else free. active_orders saves counting them again.';

create function private.tell_about_shift()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op = 'DELETE' then
		perform private.tell_about_master(old.employee_id) where old.ended_at is null;
	elsif tg_op = 'INSERT' then
		perform private.tell_about_master(new.employee_id) where new.ended_at is null;
	elsif (new.ended_at is null) <> (old.ended_at is null) then
		perform private.tell_about_master(new.employee_id);
	end if;
	return null;
end
$$;
comment on function private.tell_about_shift is 'Trigger: sends master_changed when a shift begins, ends or is opened again.';
create trigger shifts_tell after insert or update or delete on public.shifts
	for each row execute function private.tell_about_shift();

create function private.tell_about_break()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	shift_of constant bigint := coalesce(new.shift_id, old.shift_id);
	began constant boolean := tg_op <> 'DELETE' and new.ended_at is null;
	ran constant boolean := tg_op <> 'INSERT' and old.ended_at is null;
begin
	-- a break that ends with its shift was told as the end of the shift
	if began <> ran then
		perform private.tell_about_master(s.employee_id)
		from public.shifts s where s.id = shift_of and s.ended_at is null;
	end if;
	return null;
end
$$;
comment on function private.tell_about_break is 'Trigger: sends master_changed when a break begins or ends.';
create trigger shift_breaks_tell after insert or update or delete on public.shift_breaks
	for each row execute function private.tell_about_break();

revoke execute on function private.availability, private.tell_about_shift, private.tell_about_break
	from public, anon, authenticated;
