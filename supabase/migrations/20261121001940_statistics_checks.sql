-- The same figures from the rows themselves: to rebuild the sums, and for tests and administrators
-- to compare. They read everything and take as long as that takes.

create function private.recomputed_stat_days()
returns setof private.stat_days
language sql stable security definer
set search_path = ''
as $$
	with facts as (
		select f.* from public.orders o cross join lateral private.order_facts(o) f
		union all
		select f.* from public.leads l cross join lateral private.lead_facts(l) f
		union all
		select f.* from public.contracts c cross join lateral private.contract_facts(c) f
	)
	select null::bigint, c.cut, f.day, f.location_id, f.type,
		case when c.cut = 'campaign' then f.campaign_id end, case when c.cut = 'master' then f.master_id end,
		case when c.cut = 'service' then f.service_id end,
		case when c.cut = 'master' then 0 else sum(f.created) end::int, sum(f.done)::int, sum(f.closed)::int,
		sum(f.refused)::int, sum(f.promised)::int, sum(f.on_time)::int, sum(f.lead_seconds)::bigint,
		sum(f.leads)::int, sum(f.contacted)::int, sum(f.converted)::int, sum(f.rejected)::int,
		sum(f.first_calls)::int, sum(f.first_call_seconds)::bigint, sum(f.contracts)::int
	from facts f
	join (values ('campaign'::private.stat_cut), ('master'), ('service')) c (cut)
		on c.cut <> 'master' or f.done + f.closed + f.refused > 0
	group by 1, 2, 3, 4, 5, 6, 7, 8
$$;
comment on function private.recomputed_stat_days is 'private.stat_days as it must be, from orders, leads and contracts.';

create function private.recomputed_money_days()
returns setof private.money_days
language sql stable security definer
set search_path = ''
as $$
	select null::bigint, m.cut, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id,
		sum(m.payments)::int, sum(m.revenue)::numeric(14,2), sum(m.refunded)::numeric(14,2)
	from public.payments p cross join lateral private.payment_money(p) m
	group by 1, 2, 3, 4, 5, 6, 7, 8
$$;
comment on function private.recomputed_money_days is 'private.money_days as it must be, from payments.';

create function private.recomputed_stage_days()
returns setof private.stage_days
language sql stable security definer
set search_path = ''
as $$
	with steps as (
		select e.order_id, e.id, (e.from_values ->> 'stage_id')::bigint as from_stage,
			(e.to_values ->> 'stage_id')::bigint as to_stage,
			coalesce((e.to_values ->> 'stage_entered_at')::timestamptz, e.at) as entered_at,
			-- where the order was when it left: the last place its history names before this step
			(array_remove(array_agg((e.to_values ->> 'location_id')::bigint)
				over (partition by e.order_id order by e.id rows between unbounded preceding and 1 preceding), null)) as places
		from public.order_events e
	), moves as (
		select s.*, lag(s.entered_at) over (partition by s.order_id order by s.id) as before
		from steps s
		where s.from_stage is distinct from s.to_stage and s.to_stage is not null
	), exits as (
		select m.places[cardinality(m.places)] as location_id, m.entered_at, m.before,
			-- an undone move takes back what leaving had counted
			m.entered_at < m.before as undone, m.from_stage, m.to_stage
		from moves m where m.from_stage is not null
	)
	select null::bigint, private.day_of(greatest(e.entered_at, e.before)), e.location_id,
		case when e.undone then e.to_stage else e.from_stage end,
		sum(case when e.undone then -1 else 1 end)::int,
		sum(extract(epoch from e.entered_at - e.before)::bigint)::bigint
	from exits e
	group by 1, 2, 3, 4
$$;
comment on function private.recomputed_stage_days is 'private.stage_days as it must be, from the history of orders.';

create function private.rebuild_statistics()
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	-- nobody may change what is being counted
	lock table public.orders, public.order_events, public.leads, public.contracts, public.payments
		in share row exclusive mode;
	delete from private.stat_deltas;
	delete from private.stat_days;
	delete from private.money_deltas;
	delete from private.money_days;
	delete from private.stage_deltas;
	delete from private.stage_days;
	insert into private.stat_days (cut, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts)
	select cut, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts
	from private.recomputed_stat_days();
	insert into private.money_days
		(cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded)
	select cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded
	from private.recomputed_money_days();
	insert into private.stage_days (day, location_id, stage_id, exits, seconds)
	select day, location_id, stage_id, exits, seconds from private.recomputed_stage_days();
end
$$;
comment on function private.rebuild_statistics is
	'Counts everything anew, for imports that went around the triggers and for a new time zone. Writers of orders, leads, contracts and payments wait.';

create function private.rebuild_for_time_zone()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.rebuild_statistics();
	return null;
end
$$;
comment on function private.rebuild_for_time_zone is 'Trigger: another time zone means other days.';
create trigger settings_rebuild_statistics after update of time_zone on public.settings
	for each row when (old.time_zone <> new.time_zone) execute function private.rebuild_for_time_zone();

create view private.statistics_errors as
	with kept as (
		select cut, day, location_id, type, campaign_id, master_id, service_id,
			created, done, closed, refused, promised, on_time, lead_seconds,
			leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts
		from private.stat_days
		union all
		select cut, day, location_id, type, campaign_id, master_id, service_id,
			created, done, closed, refused, promised, on_time, lead_seconds,
			leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts
		from private.stat_deltas
		union all
		select cut, day, location_id, type, campaign_id, master_id, service_id,
			-created, -done, -closed, -refused, -promised, -on_time, -lead_seconds,
			-leads, -contacted, -converted, -rejected, -first_calls, -first_call_seconds, -contracts
		from private.recomputed_stat_days()
	), money as (
		select cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded
		from private.money_days
		union all
		select cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded
		from private.money_deltas
		union all
		select cut, day, location_id, type, campaign_id, master_id, service_id, -payments, -revenue, -refunded
		from private.recomputed_money_days()
	), times as (
		select day, location_id, stage_id, exits, seconds from private.stage_days
		union all
		select day, location_id, stage_id, exits, seconds from private.stage_deltas
		union all
		select day, location_id, stage_id, -exits, -seconds from private.recomputed_stage_days()
	)
	select 'counts' as figures, k.cut::text as cut, k.day, k.location_id, to_jsonb(array_agg(k)) as parts
	from kept k group by k.cut, k.day, k.location_id, k.type, k.campaign_id, k.master_id, k.service_id
	having sum(k.created) <> 0 or sum(k.done) <> 0 or sum(k.closed) <> 0 or sum(k.refused) <> 0
		or sum(k.promised) <> 0 or sum(k.on_time) <> 0 or sum(k.lead_seconds) <> 0 or sum(k.leads) <> 0
		or sum(k.contacted) <> 0 or sum(k.converted) <> 0 or sum(k.rejected) <> 0 or sum(k.first_calls) <> 0
		or sum(k.first_call_seconds) <> 0 or sum(k.contracts) <> 0
	union all
	select 'money', m.cut::text, m.day, m.location_id, to_jsonb(array_agg(m))
	from money m group by m.cut, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id
	having sum(m.payments) <> 0 or sum(m.revenue) <> 0 or sum(m.refunded) <> 0
	union all
	select 'times', null, t.day, t.location_id, to_jsonb(array_agg(t))
	from times t group by t.day, t.location_id, t.stage_id
	having sum(t.exits) <> 0 or sum(t.seconds) <> 0;
comment on view private.statistics_errors is
	'Sums that differ from an exact recomputation. Must be empty, always.';

revoke all on private.statistics_errors from public, anon, authenticated, service_role;
revoke execute on function private.recomputed_stat_days, private.recomputed_money_days, private.recomputed_stage_days,
	private.rebuild_statistics, private.rebuild_for_time_zone from public, anon, authenticated;
