-- Clocking in and out, breaks, one's own month, and corrections by coordinators. The four buttons
-- say what should be true, so a second press, or one replayed from a phone's queue, changes nothing.

create function private.shift_answer(employee uuid, shift_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return jsonb_build_object(
		'shift', private.shift_face(shift_id),
		'availability', private.availability(employee)
	);
end
$$;
comment on function private.shift_answer is 'What the calls about shifts answer: {shift, availability}.';

create function private.shift_face(shift_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select to_jsonb(s) || jsonb_build_object('breaks', b.list, 'worked_minutes',
			floor(extract(epoch from coalesce(s.ended_at, clock_timestamp()) - s.started_at - b.length) / 60)::int)
		from public.shifts s
		cross join lateral (
			select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'started_at', b.started_at, 'ended_at', b.ended_at)
					order by b.started_at), '[]') as list,
				coalesce(sum(coalesce(b.ended_at, clock_timestamp()) - b.started_at), '0') as length
			from public.shift_breaks b where b.shift_id = s.id
		) b
		where s.id = shift_face.shift_id
	);
end
$$;
comment on function private.shift_face is 'A shift with its breaks and the whole minutes worked so far, breaks not counted.';

create function private.open_shift_of(actor private.actor)
returns public.shifts
language plpgsql security definer
set search_path = ''
as $$
declare
	running public.shifts;
begin
	if not 'orders.work' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.work"}');
	end if;
	-- one button at a time, however many phones
	perform from public.employees e where e.id = actor.id for no key update;
	perform private.close_forgotten_shifts(actor.id);
	select * into running from public.shifts s where s.employee_id = actor.id and s.ended_at is null;
	return running;
end
$$;
comment on function private.open_shift_of is
	'The actor''s running shift, under the lock of his employee row; VK403 not_allowed for those who do not work on orders.';

create function private.clock_in()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	running public.shifts := private.open_shift_of(actor);
begin
	if running.id is null then
		insert into public.shifts (employee_id, location_id, started_at)
		values (actor.id, actor.location_id, clock_timestamp()) returning * into running;
	end if;
	return private.shift_answer(actor.id, running.id);
end
$$;
comment on function private.clock_in is 'See public.clock_in().';

create function private.clock_out()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	running public.shifts := private.open_shift_of(actor);
begin
	update public.shifts s set ended_at = clock_timestamp() where s.id = running.id;
	return private.shift_answer(actor.id, coalesce(running.id, (
		select s.id from public.shifts s where s.employee_id = actor.id order by s.started_at desc limit 1
	)));
end
$$;
comment on function private.clock_out is 'See public.clock_out().';

create function private.start_break()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	running public.shifts := private.open_shift_of(actor);
begin
	if running.id is null then
		perform private.fail('VK422', 'no_open_shift');
	end if;
	insert into public.shift_breaks (shift_id, started_at)
	select running.id, clock_timestamp()
	where not exists (
		select from public.shift_breaks b where b.shift_id = running.id and b.ended_at is null
	);
	return private.shift_answer(actor.id, running.id);
end
$$;
comment on function private.start_break is 'See public.start_break().';

create function private.end_break()
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	running public.shifts := private.open_shift_of(actor);
begin
	if running.id is null then
		perform private.fail('VK422', 'no_open_shift');
	end if;
	update public.shift_breaks b set ended_at = clock_timestamp()
	where b.shift_id = running.id and b.ended_at is null;
	return private.shift_answer(actor.id, running.id);
end
$$;
comment on function private.end_break is 'See public.end_break().';

create function private.correct_shift(target bigint, start_at timestamptz, end_at timestamptz, note text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('shifts.correct', case
		when target is null then 'shift_id'
		when start_at is null or not isfinite(start_at) or start_at > clock_timestamp() then 'started_at'
		when end_at <= start_at or end_at > clock_timestamp() then 'ended_at'
		when char_length(note) > 500 then 'note' end);
	correcting public.shifts;
begin
	select * into correcting from public.shifts s where s.id = target for no key update;
	if correcting.id is null or not private.sees_location(correcting.location_id) then
		perform private.fail('VK404', 'shift_not_found', jsonb_build_object('shift_id', target));
	end if;
	update public.shifts s
	set started_at = start_at, ended_at = end_at, note = coalesce(nullif(btrim(correct_shift.note), ''), s.note),
		corrected_by = actor.id, closed_by_rule = s.closed_by_rule and s.ended_at is not distinct from end_at
	where s.id = target;
	return private.shift_answer(correcting.employee_id, target);
exception when exclusion_violation or unique_violation then
	perform private.fail('VK409', 'shift_overlaps', jsonb_build_object('shift_id', target));
end
$$;
comment on function private.correct_shift is 'See public.correct_shift().';

create function private.my_shifts(month date)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	zone text := (select s.time_zone from public.settings s);
	first_day timestamp := date_trunc('month', coalesce(month, (now() at time zone zone)::date));
begin
	return (
		select coalesce(jsonb_agg(private.shift_face(s.id) order by s.started_at), '[]')
		from public.shifts s
		where s.employee_id = actor.id
			and s.started_at >= first_day at time zone zone
			and s.started_at < (first_day + interval '1 month') at time zone zone
	);
end
$$;
comment on function private.my_shifts is 'See public.my_shifts().';

create function public.clock_in() returns jsonb language plpgsql set search_path = '' as $$
begin return private.clock_in(); end
$$;
comment on function public.clock_in is
	'Begins the caller''s shift, or answers the running one. Returns {shift, availability}. Errors: VK401, VK403 not_allowed.';

create function public.clock_out() returns jsonb language plpgsql set search_path = '' as $$
begin return private.clock_out(); end
$$;
comment on function public.clock_out is
	'Ends the caller''s shift and its break, or answers the last one. Returns {shift, availability}. Errors: VK401, VK403 not_allowed.';

create function public.start_break() returns jsonb language plpgsql set search_path = '' as $$
begin return private.start_break(); end
$$;
comment on function public.start_break is
	'Begins a break, if there is none. Returns {shift, availability}. Errors: VK401, VK403 not_allowed, VK422 no_open_shift.';

create function public.end_break() returns jsonb language plpgsql set search_path = '' as $$
begin return private.end_break(); end
$$;
comment on function public.end_break is
	'Ends the break, if there is one. Returns {shift, availability}. Errors: VK401, VK403 not_allowed, VK422 no_open_shift.';

create function public.correct_shift(
	shift_id bigint, started_at timestamptz, ended_at timestamptz, note text default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.correct_shift(shift_id, started_at, ended_at, note);
end
$$;
comment on function public.correct_shift is
	'Corrects when a shift began and ended (null: still runs); breaks are cut to it. Returns {shift, availability}. Errors: VK401, VK403 not_allowed, VK404 shift_not_found, VK409 shift_overlaps, VK422 invalid_argument.';

create function public.my_shifts(month date default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return private.my_shifts(month);
end
$$;
comment on function public.my_shifts is
	'The caller''s shifts that began in the month of a day (default: this month, in the company''s time zone), oldest first, each with breaks and worked_minutes. Errors: VK401, VK403.';

revoke execute on function private.shift_answer, private.shift_face, private.open_shift_of,
	private.clock_in, private.clock_out, private.start_break, private.end_break, private.correct_shift,
	private.my_shifts, public.clock_in, public.clock_out, public.start_break, public.end_break,
	public.correct_shift, public.my_shifts from public, anon, authenticated;
grant execute on function private.clock_in, private.clock_out, private.start_break, private.end_break,
	private.correct_shift, private.my_shifts, public.clock_in, public.clock_out, public.start_break,
	public.end_break, public.correct_shift, public.my_shifts to authenticated;
