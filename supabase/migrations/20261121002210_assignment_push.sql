-- A master whose page is closed hears of his assignment by web push: one message for each time an
-- order became his, taken back when it was taken from him before it was sent.

create function private.push_assignment()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op = 'UPDATE' and old.master_id is not null then
		update public.notifications n set status = 'cancelled'
		where n.status = 'pending' and n.channel = 'push' and n.template = 'order_assigned'
			and n.recipient ->> 'user_id' = old.master_id::text and n.payload ->> 'order_id' = old.id::text;
	end if;
	-- who took it himself, or has no browser that listens, needs no message
	if new.master_id is not null and new.master_id is distinct from auth.uid()
		and exists (select from public.push_subscriptions s where s.user_id = new.master_id)
		and exists (select from public.stages s where s.id = new.stage_id and s.kind in ('assigned', 'in_progress', 'waiting'))
	then
		perform private.notify('push', jsonb_build_object('user_id', new.master_id), 'order_assigned',
			jsonb_build_object('order_id', new.id, 'problem', left(new.problem, 200), 'address', new.address));
	end if;
	return null;
end
$$;
comment on function private.push_assignment is
	'Trigger: puts a push message into the outbox when an order becomes somebody''s, and takes an unsent one back.';
create trigger orders_push_new after insert on public.orders
	for each row when (new.master_id is not null) execute function private.push_assignment();
create trigger orders_push_assigned after update of master_id on public.orders
	for each row when (old.master_id is distinct from new.master_id) execute function private.push_assignment();

create function private.push_targets(person uuid)
returns table (id bigint, endpoint text, p256dh text, auth text, badge int)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select s.id, s.endpoint, s.p256dh, s.auth, (
			select count(*)::int from public.orders o join public.stages g on g.id = o.stage_id
			where o.master_id = person and o.accepted_at is null and g.kind = 'assigned'
		)
		from public.push_subscriptions s
		join public.employees e on e.id = s.user_id and e.active
		where s.user_id = person;
end
$$;
comment on function private.push_targets is 'See public.push_targets().';

create function public.push_targets(person uuid)
returns table (id bigint, endpoint text, p256dh text, auth text, badge int)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.push_targets(person);
end
$$;
comment on function public.push_targets is
	'For the worker only (service_role): the browsers of an active employee, and how many assignments wait for his answer.';

insert into private.scheduled_jobs (name, schedule, kind, command, timeout, catch_up)
values ('notify', '10 seconds', 'function', 'notify', '1 minute', false);

revoke execute on function private.push_assignment, private.push_targets, public.push_targets
	from public, anon, authenticated;
grant execute on function private.push_targets, public.push_targets to service_role;
