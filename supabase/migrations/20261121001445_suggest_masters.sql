-- Who should do it: masters ranked with reasons, for one key on the board, for dispatch and for the rule
-- that offers an unanswered order to the next.

create function private.ranked_masters(target public.orders)
returns table (master_id uuid, suitable boolean, score int, reasons jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select f.id, f.free and (f.skilled or not f.wanted),
			(case when f.free then 40 else 0 end + case when f.wanted and f.skilled then 30 else 0 end
				+ case when f.here then 10 else 0 end + case when f.known > 0 then 15 else 0 end
				- 5 * least(f.active_orders, 8))::int,
			(
				select coalesce(jsonb_agg(r.reason), '[]') from (values
					(f.free, '{"key": "free", "params": {}}'::jsonb),
					(not f.free, jsonb_build_object('key', f.availability, 'params', '{}'::jsonb)),
					(f.wanted and f.skilled, '{"key": "skilled", "params": {}}'),
					(f.wanted and not f.skilled, '{"key": "not_skilled", "params": {}}'),
					(f.here, '{"key": "same_location", "params": {}}'),
					(f.known > 0, jsonb_build_object('key', 'knows_client', 'params', jsonb_build_object('orders', f.known))),
					(true, jsonb_build_object('key', 'load',
						'params', jsonb_build_object('active', f.active_orders, 'capacity', f.capacity)))
				) r (applies, reason) where r.applies
			)
		from (
			select e.id, e.capacity, face.value ->> 'availability' as availability,
				(face.value ->> 'active_count')::int as active_orders,
				face.value ->> 'availability' = 'free' as free,
				e.location_id is not distinct from target.location_id as here,
				-- a company that names no skills for a service asks for none
				exists (select from public.employee_skills k where k.service_id = target.service_id) as wanted,
				exists (
					select from public.employee_skills k where k.service_id = target.service_id and k.employee_id = e.id
				) as skilled,
				(
					select count(*) from public.orders o join public.stages s on s.id = o.stage_id
					where o.client_id = target.client_id and o.master_id = e.id and o.id <> target.id
						and s.kind in ('done', 'closed')
				) as known
			from public.employees e
			cross join lateral (select private.master_face(e.id) as value) face
			where e.role = 'master' and e.active and coalesce(e.location_id = target.location_id, true)
				and e.id is distinct from target.master_id
		) f
		order by 3 desc, f.active_orders, f.id;
end
$$;
comment on function private.ranked_masters is
	'Masters who may take an order, best first, with reasons [{key, params}]: free, busy, break or off; skilled, not_skilled; same_location; knows_client {orders}; load {active, capacity}. suitable: free and, where the service asks for it, skilled.';

create function private.suggest_masters(target bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	asked public.orders;
begin
	if not 'orders.assign' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.assign"}');
	end if;
	select * into asked from public.orders o
	where o.id = target and coalesce(actor.location_id = o.location_id, true);
	if asked.id is null then
		perform private.fail('VK404', 'order_not_found', jsonb_build_object('order_id', target));
	end if;
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'master_id', m.master_id, 'score', m.score, 'suitable', m.suitable, 'reasons', m.reasons
		)), '[]')
		from private.ranked_masters(asked) m
	);
end
$$;
comment on function private.suggest_masters is 'See public.suggest_masters().';

create function public.suggest_masters(order_id bigint)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return private.suggest_masters(order_id);
end
$$;
comment on function public.suggest_masters is
	'Who could take the order, best first: [{master_id, score, suitable, reasons: [{key, params}]}], keys free, busy, break, off, skilled, not_skilled, same_location, knows_client {orders}, load {active, capacity}. Its present master is left out. Errors: VK401, VK403 not_allowed, VK404 order_not_found.';

-- nobody answers ---------------------------------------------------------------------------------

create function private.offer_to_next_master(unanswered public.orders)
returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
	next_master uuid;
begin
	for next_master in
		select m.master_id from private.ranked_masters(unanswered) m
		-- whoever has had it before did not want it
		where m.suitable and not exists (
			select from public.order_events e
			where e.order_id = unanswered.id and e.to_values ->> 'master_id' = m.master_id::text
		)
	loop
		begin
			perform private.announce('warn_unanswered_assignments', null, 'assignment_unanswered');
			update public.orders o set master_id = next_master where o.id = unanswered.id;
			perform private.announce(null, null, null);
			return next_master;
		exception when sqlstate 'VK422' or sqlstate 'VK404' then
			-- his last place was taken at this instant: the one after him
			continue;
		end;
	end loop;
	return null;
end
$$;
comment on function private.offer_to_next_master is
	'Gives an unanswered order to the best suitable master who never had it; history says the reason assignment_unanswered. Null if there is none: then it stays.';

create function private.warn_unanswered_assignments()
returns int
language plpgsql security definer
set search_path = ''
as $$
declare
	rules public.settings := (select s from public.settings s);
	unanswered public.orders;
	warned int := 0;
begin
	if rules.assignment_answer_minutes is null then
		return 0;
	end if;
	for unanswered in
		select o.* from public.orders o
		where o.stage_id in (select s.id from public.stages s where s.kind = 'assigned')
			and o.master_id is not null and o.accepted_at is null and o.unanswered_at is null
			and o.assigned_at <= now() - make_interval(mins => rules.assignment_answer_minutes)
		-- one that somebody is changing right now waits for the next run
		order by o.id for no key update skip locked
	loop
		warned := warned + 1;
		if rules.offer_to_next_master and private.offer_to_next_master(unanswered) is not null then
			continue;
		end if;
		update public.orders o set unanswered_at = now() where o.id = unanswered.id;
	end loop;
	return warned;
end
$$;
comment on function private.warn_unanswered_assignments is
	'For the scheduler: assignments not accepted within settings.assignment_answer_minutes are marked (orders.unanswered_at, on the card) or, if settings.offer_to_next_master, given to the next suitable master; returns how many.';

revoke execute on function private.ranked_masters, private.suggest_masters, public.suggest_masters,
	private.offer_to_next_master, private.warn_unanswered_assignments from public, anon, authenticated;
grant execute on function private.suggest_masters, public.suggest_masters to authenticated;
