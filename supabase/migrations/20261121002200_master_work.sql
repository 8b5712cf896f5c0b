-- What masters' phones and the team page need beyond the board: lines added in one repeatable call,
-- and the team with shifts and orders in one answer.

create function private.add_order_lines(target bigint, lines jsonb, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	answer jsonb;
begin
	if not actor.permissions && '{orders.update,orders.work}' then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.work"}');
	elsif target is null or mutation is null then
		perform private.invalid(case when target is null then 'order_id' else 'mutation_id' end);
	elsif jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) = 0 then
		perform private.invalid('lines');
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'add_order_lines', target);
	if answer is not null then
		return answer;
	end if;
	perform private.lock_order(actor, target, 'orders.update');
	perform private.intake_lines(jsonb_build_object('lines', lines), target);
	return private.keep_answer(mutation, actor.id, 'add_order_lines', target);
end
$$;
comment on function private.add_order_lines is 'See public.add_order_lines().';

create function public.add_order_lines(order_id bigint, lines jsonb, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.add_order_lines(order_id, lines, mutation_id);
end
$$;
comment on function public.add_order_lines is
	'Adds lines of work and parts ([{kind, title, quantity, unit_price, service_id}], ≤ 100) to an order, all or none. The same mutation_id again: same answer, no second effect, so that a phone may repeat what it could not be sure of. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, service_not_found, VK409 mutation_reused, VK422 order_closed, invalid_argument.';

create function private.team_orders(master uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', o.id, 'problem', o.problem, 'stage_kind', s.kind, 'promised_at', o.promised_at,
			'client_name', c.full_name, 'accepted_at', o.accepted_at
		) order by o.promised_at nulls last, o.id), '[]')
		from public.stages s
		join public.orders o on o.stage_id = s.id and o.master_id = team_orders.master
		join public.clients c on c.id = o.client_id
		where s.kind in ('assigned', 'in_progress', 'waiting')
	);
end
$$;
comment on function private.team_orders is 'A master''s orders in hand as the team page lists them, the earliest promise first.';

create function private.team(location bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('masters.read', null);
	place constant bigint := coalesce(actor.location_id, location);
begin
	return (
		select coalesce(jsonb_agg(
			private.master_face(e.id)
			|| jsonb_build_object('shift', case when 'shifts.read' = any (actor.permissions) then private.shift_face(s.id) end)
			|| jsonb_build_object('orders', case when 'orders.read' = any (actor.permissions) then private.team_orders(e.id) else '[]' end)
			order by e.full_name, e.id), '[]')
		from public.employees e
		left join public.shifts s on s.employee_id = e.id and s.ended_at is null
		where e.role = 'master' and e.active
			and (place is null or e.location_id is null or e.location_id = place)
	);
end
$$;
comment on function private.team is 'See public.team().';

create function public.team(location bigint default null)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return private.team(location);
end
$$;
comment on function public.team is
	'The active masters by name: {id, full_name, location_id, capacity, active_count, availability, shift, orders}. shift is the running one with breaks and worked_minutes (null: none, or no shifts.read), orders those in hand (empty without orders.read). location narrows it; employees of one location get theirs. Errors: VK401, VK403 not_allowed.';

revoke execute on function private.add_order_lines, public.add_order_lines, private.team_orders,
	private.team, public.team from public, anon, authenticated;
grant execute on function private.add_order_lines, public.add_order_lines, private.team, public.team
	to authenticated;
