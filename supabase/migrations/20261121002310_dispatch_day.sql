-- What dispatch needs beyond the board: when masters were at work within some hours, what each can
-- do, and how long services take.

create function private.shifts_between(employee uuid, since timestamptz, until timestamptz)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'started_at', s.started_at, 'ended_at', s.ended_at,
			'closes_at', s.started_at + make_interval(hours => rules.shift_max_hours),
			'breaks', (
				select coalesce(jsonb_agg(jsonb_build_object('started_at', b.started_at, 'ended_at', b.ended_at)
					order by b.started_at), '[]')
				from public.shift_breaks b where b.shift_id = s.id
			)
		) order by s.started_at), '[]')
		from public.shifts s cross join public.settings rules
		where s.employee_id = employee
			and s.started_at < until and coalesce(s.ended_at, 'infinity') > since
	);
end
$$;
comment on function private.shifts_between is
	'Somebody''s shifts that touch a span of time, with breaks; closes_at is when the rule ends one that is left open.';

create function private.dispatch_day(since timestamptz, until timestamptz, location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('masters.read', case
		when since is null or not isfinite(since) then 'since'
		when until is null or until <= since or until > since + interval '8 days' then 'until'
	end);
	place constant bigint := coalesce(actor.location_id, location);
	sees_shifts constant boolean := 'shifts.read' = any (actor.permissions);
begin
	return json_build_object(
		'masters', (
			select coalesce(json_object_agg(e.id, json_build_object(
				'shifts', case when sees_shifts then private.shifts_between(e.id, since, until) else '[]' end,
				'skills', (
					select coalesce(json_agg(k.service_id order by k.service_id), '[]')
					from public.employee_skills k where k.employee_id = e.id
				)
			)), '{}')
			from public.employees e
			where e.role = 'master' and e.active
				and (place is null or e.location_id is null or e.location_id = place)
		),
		'services', (
			select coalesce(json_object_agg(s.id, json_build_object(
				'name', s.name, 'norm_minutes', s.norm_minutes,
				-- a company that names no skills for a service asks for none
				'skilled', exists (select from public.employee_skills k where k.service_id = s.id)
			)), '{}')
			from public.services s
			where place is null or s.location_id is null or s.location_id = place
		)
	);
end
$$;
comment on function private.dispatch_day is 'See public.dispatch_day().';

create function public.dispatch_day(since timestamptz, until timestamptz, location bigint default null)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.dispatch_day(since, until, location);
end
$$;
comment on function public.dispatch_day is
	'What dispatch shows beside the board: {masters: {"<id>": {shifts: [{started_at, ended_at, closes_at, breaks: [{started_at, ended_at}]}] that touch since … until (empty without shifts.read), skills: [service ids]}}, services: {"<id>": {name, norm_minutes, skilled: whether skills are asked for}}}. At most 8 days. location narrows it; employees of one location get theirs. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.shifts_between, private.dispatch_day, public.dispatch_day
	from public, anon, authenticated;
grant execute on function private.dispatch_day, public.dispatch_day to authenticated;
