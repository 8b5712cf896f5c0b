-- The handshake: an order is assigned, seen, accepted or declined, and in the end finished by its
-- master. A new assignment starts it anew (trigger of 0800).

create function private.lock_own_order(actor private.actor, target bigint)
returns public.orders
language plpgsql security definer
set search_path = ''
as $$
declare
	locked public.orders;
begin
	select * into locked from public.orders o where o.id = target and o.master_id = actor.id for no key update;
	if locked.id is null or not 'orders.work' = any (actor.permissions) then
		perform private.fail('VK404', 'order_not_found', jsonb_build_object('order_id', target));
	end if;
	return locked;
end
$$;
comment on function private.lock_own_order is 'Locks an order of the actor''s own; VK404 order_not_found for any other.';

create function private.mark_order_seen(target bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	looking public.orders := private.lock_own_order(actor, target);
begin
	if looking.seen_at is null then
		perform private.announce('mark_order_seen', null, null);
		update public.orders o set seen_at = now() where o.id = target;
		perform private.announce(null, null, null);
	end if;
	return (select to_jsonb(c) from private.cards c where c.id = target);
end
$$;
comment on function private.mark_order_seen is 'See public.mark_order_seen().';

create function public.mark_order_seen(order_id bigint)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.mark_order_seen(order_id);
end
$$;
comment on function public.mark_order_seen is
	'The master has the order before his eyes; only the first time counts. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found.';

create function private.decline_assignment(actor private.actor, declining public.orders)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	now_kind constant public.stage_kind := (select s.kind from public.stages s where s.id = declining.stage_id);
begin
	if now_kind not in ('assigned', 'waiting') then
		perform private.fail('VK422', 'transition_not_allowed',
			jsonb_build_object('from_kind', now_kind, 'to_kind', 'unassigned'));
	end if;
	for attempt in 1 .. 6 loop
		begin
			update public.orders o
			set master_id = null, stage_id = private.stage_after_assignment(declining, null)
			where o.id = declining.id;
			exit;
		exception when unique_violation then
			-- somebody else took the same place on top of the column: draw again
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
end
$$;
comment on function private.decline_assignment is
	'Takes an order from its master before work has begun (VK422 transition_not_allowed afterwards).';

create function private.respond_to_assignment(target bigint, accept boolean, reason text, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	answering public.orders;
	answer jsonb;
begin
	answer := private.repeated_answer(mutation, actor.id, 'respond_to_assignment', target);
	if answer is not null then
		return answer;
	end if;
	if accept is null or char_length(reason) > 500 then
		perform private.invalid(case when accept is null then 'accept' else 'reason' end);
	end if;
	answering := private.lock_own_order(actor, target);
	if not accept and private.is_blank(reason) then
		perform private.fail('VK422', 'reason_required', jsonb_build_object('stage_id', answering.stage_id));
	end if;
	perform private.announce('respond_to_assignment', mutation, reason);
	if not accept then
		perform private.decline_assignment(actor, answering);
	elsif answering.accepted_at is null then
		update public.orders o set accepted_at = now(), seen_at = coalesce(o.seen_at, now()) where o.id = target;
	end if;
	perform private.announce(null, null, null);
	if mutation is not null then
		return private.keep_answer(mutation, actor.id, 'respond_to_assignment', target);
	end if;
	return (select to_jsonb(c) from private.cards c where c.id = target);
end
$$;
comment on function private.respond_to_assignment is 'See public.respond_to_assignment().';

create function public.respond_to_assignment(
	order_id bigint, accept boolean, reason text default null, mutation_id uuid default null
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.respond_to_assignment(order_id, accept, reason, mutation_id);
end
$$;
comment on function public.respond_to_assignment is
	'The master accepts his order, or declines it with a reason before work has begun: then it is nobody''s again. With a mutation_id a repeated call gets the same answer. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found (also: no longer his), VK422 reason_required, transition_not_allowed, invalid_argument.';

create function private.finish_order(target bigint, result text, seen_version int, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	finishing public.orders;
	answer jsonb;
	done_stage bigint;
	invalid text := case
		when target is null then 'order_id' when seen_version is null then 'seen_version'
		when mutation is null then 'mutation_id'
		when private.is_blank(finish_order.result) or char_length(finish_order.result) > 2000 then 'result'
	end;
begin
	if not 'orders.work' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.work"}');
	elsif invalid is not null then
		perform private.invalid(invalid);
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'finish_order', target);
	if answer is not null then
		return answer;
	end if;
	for attempt in 1 .. 6 loop
		begin
			finishing := private.lock_order(actor, target, 'orders.move');
			perform private.refuse_stale(actor, finishing, seen_version, '{moved,assigned,declined,undone}');
			done_stage := private.first_stage('done', finishing.location_id);
			if (select s.kind from public.stages s where s.id = finishing.stage_id) = 'done' then
				perform private.fail('VK422', 'transition_not_allowed', '{"from_kind": "done", "to_kind": "done"}');
			end if;
			perform private.check_move(actor, finishing, done_stage, finish_order.result);
			perform private.announce('finish_order', mutation, null);
			update public.orders o set stage_id = done_stage, result = btrim(finish_order.result) where o.id = target;
			exit;
		exception when unique_violation then
			-- somebody else took the same place on top of the column: draw again
			if attempt > 5 then
				raise;
			end if;
		end;
	end loop;
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, 'finish_order', target);
end
$$;
comment on function private.finish_order is 'See public.finish_order().';

create function public.finish_order(order_id bigint, result text, seen_version int, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.finish_order(order_id, result, seen_version, mutation_id);
end
$$;
comment on function public.finish_order is
	'Moves an order to the first done column with what was done. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found, stage_not_found, VK409 order_changed, mutation_reused, VK422 transition_not_allowed, wip_limit_reached, invalid_argument.';

revoke execute on function private.lock_own_order, private.mark_order_seen, public.mark_order_seen,
	private.decline_assignment, private.respond_to_assignment, public.respond_to_assignment,
	private.finish_order, public.finish_order from public, anon, authenticated;
grant execute on function private.mark_order_seen, public.mark_order_seen, private.respond_to_assignment,
	public.respond_to_assignment, private.finish_order, public.finish_order to authenticated;
