-- What the calls that change an order share: answers kept by mutation id, the order's lock, the check
-- that nobody else was faster, and the word they leave for the history trigger.

create table private.mutations (
	id uuid primary key,
	actor_id uuid not null,
	call text not null,
	order_id bigint not null,
	answer jsonb not null,
	at timestamptz not null default now()
);
comment on table private.mutations is
	'Answers given, by the caller''s mutation id, so that a repeated call has no second effect. Old rows may go.';
create index mutations_at_idx on private.mutations (at);
revoke all on private.mutations from public, anon, authenticated, service_role;

create function private.forget_mutations(older_than interval default '3 days')
returns bigint
language sql security definer
set search_path = ''
as $$
	with gone as (delete from private.mutations where at < now() - older_than returning 1)
	select count(*) from gone
$$;
comment on function private.forget_mutations is 'For the scheduler: drops answers nobody will ask for again; returns how many.';

create function private.repeated_answer(mutation uuid, actor_id uuid, call text, order_id bigint)
returns jsonb
language plpgsql volatile security definer
set search_path = ''
-- a plan made while the table was empty would scan it from end to end when it has grown
set enable_seqscan = off
as $$
declare
	earlier private.mutations;
begin
	-- a repetition waits here for the first, which may still be under way: afterwards the order may no
	-- longer be the caller's, who would be told that he was refused what he did
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(mutation::text, 0));
	select * into earlier from private.mutations m where m.id = mutation;
	if earlier.id is not null and (earlier.actor_id, earlier.call, earlier.order_id) is distinct from
		(repeated_answer.actor_id, repeated_answer.call, coalesce(repeated_answer.order_id, earlier.order_id)) then
		perform private.fail('VK409', 'mutation_reused', jsonb_build_object('mutation_id', mutation));
	end if;
	return earlier.answer;
end
$$;
comment on function private.repeated_answer is
	'The answer already given to this call (order_id null: the call that makes the order); null if it is new; VK409 mutation_reused if the id was used for another. To be asked before any lock and before all rules that the first call may have changed: waits for a first call that is under way.';

create function private.keep_answer(
	mutation uuid, actor_id uuid, call text, order_id bigint, more jsonb default null
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	kept jsonb;
begin
	insert into private.mutations (id, actor_id, call, order_id, answer)
	select mutation, keep_answer.actor_id, keep_answer.call, c.id,
		case when more is null then to_jsonb(c) else more || jsonb_build_object('card', to_jsonb(c)) end
	from private.cards c where c.id = keep_answer.order_id
	on conflict (id) do nothing
	returning answer into kept;
	if kept is null then
		perform private.fail('VK409', 'mutation_reused', jsonb_build_object('mutation_id', mutation));
	end if;
	return kept;
end
$$;
comment on function private.keep_answer is 'Stores and returns the answer to a call: the order''s card as it is now, or more with it as {…, card}.';

create function private.lock_order(actor private.actor, target bigint, permission text)
returns public.orders
language plpgsql security definer
set search_path = ''
as $$
declare
	locked public.orders;
begin
	select * into locked from public.orders o where o.id = target for no key update;
	if locked.id is null or not coalesce(
		(permission = any (actor.permissions) and coalesce(actor.location_id = locked.location_id, true))
		or ('orders.work' = any (actor.permissions) and locked.master_id = actor.id), false
	) then
		perform private.fail('VK404', 'order_not_found', jsonb_build_object('order_id', target));
	end if;
	return locked;
end
$$;
comment on function private.lock_order is
	'Locks an order the actor may act on by the permission or as its master; VK404 order_not_found alike for missing and foreign.';

create function private.refuse_stale(
	actor private.actor, current_order public.orders, seen_version int, kinds public.order_event_kind[]
)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
	theirs record;
begin
	if seen_version > current_order.version then
		-- nobody has seen what is not there yet; taken as it is, it would switch the check off
		perform private.fail('VK422', 'invalid_argument', '{"field": "seen_version"}');
	end if;
	if seen_version = current_order.version then
		return;
	end if;
	select e.actor_id, e.at, m.full_name,
		case when e.kind in ('assigned', 'declined') then 'assigned'
			when e.kind in ('moved', 'undone') or (e.from_values ->> 'stage_id') <> (e.to_values ->> 'stage_id') then 'moved'
			when e.kind = 'planned' then 'planned'
			else 'changed' end as change
	into theirs
	from public.order_events e left join public.employees m on m.id = e.actor_id
	where e.order_id = current_order.id and e.version > seen_version
		and e.actor_id is distinct from actor.id
		and (e.kind = any (kinds) or (e.from_values ->> 'stage_id') <> (e.to_values ->> 'stage_id'))
	order by e.version desc limit 1;
	if theirs.at is not null then
		perform private.fail('VK409', 'order_changed', jsonb_build_object(
			'order_id', current_order.id, 'version', current_order.version, 'stage_id', current_order.stage_id,
			'stage_kind', (select s.kind from public.stages s where s.id = current_order.stage_id),
			'changed_by', theirs.actor_id, 'changed_by_name', theirs.full_name,
			'changed_at', theirs.at, 'change', theirs.change,
			'card', (select to_jsonb(c) from private.cards c where c.id = current_order.id)
		));
	end if;
end
$$;
comment on function private.refuse_stale is
	'VK422 invalid_argument for a version from the future; VK409 order_changed (who, when, the card now) when somebody else made an event of these kinds after seen_version.';

create function private.announce(call text, mutation uuid, reason text)
returns void
language plpgsql
set search_path = ''
as $$
declare
	ignored text;
begin
	ignored := set_config('verstak.call', coalesce(call, ''), true);
	ignored := set_config('verstak.mutation_id', coalesce(mutation::text, ''), true);
	ignored := set_config('verstak.reason', coalesce(btrim(reason), ''), true);
end
$$;
comment on function private.announce is
	'Tells the history trigger which call, mutation and reason the coming update belongs to; nulls take it back.';

revoke execute on function private.forget_mutations, private.repeated_answer, private.keep_answer,
	private.lock_order, private.refuse_stale, private.announce from public, anon, authenticated;
