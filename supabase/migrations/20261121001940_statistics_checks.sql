-- The same figures from the rows themselves: to rebuild the sums, and for tests and administrators
-- to compare. They read everything and take as long as that takes.

create function private.recomputed_counts()
returns setof private.stat_deltas
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
		sum(f.first_calls)::int, sum(f.first_call_seconds)::bigint, sum(f.contracts)::int, null::jsonb
	from facts f
	join (values ('campaign'::private.stat_cut), ('master'), ('service')) c (cut)
		on c.cut <> 'master' or f.done + f.closed + f.refused > 0
	group by 1, 2, 3, 4, 5, 6, 7, 8
$$;
comment on function private.recomputed_counts is 'private.stat_deltas as they would be if every day were yet to be folded: from orders, leads and contracts.';

create function private.recomputed_money()
returns setof private.money_deltas
language sql stable security definer
set search_path = ''
as $$
	select null::bigint, m.cut, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id,
		sum(m.payments)::int, sum(m.revenue)::numeric(14,2), sum(m.refunded)::numeric(14,2), null::jsonb
	from public.payments p cross join lateral private.payment_money(p) m
	group by 1, 2, 3, 4, 5, 6, 7, 8
$$;
comment on function private.recomputed_money is 'private.money_deltas as they would be if every day were yet to be folded: from payments.';

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
	-- and a job that folds must have finished
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('private.fold_statistics'));
	-- whoever watches is told of what happens, not of how it is counted
	perform set_config('verstak.quiet_figures', 'on', true);
	delete from private.stat_deltas;
	delete from private.stat_sums;
	delete from private.money_deltas;
	delete from private.money_sums;
	delete from private.stage_deltas;
	delete from private.stage_days;
	insert into private.stat_deltas (cut, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts)
	select cut, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts
	from private.recomputed_counts();
	insert into private.money_deltas
		(cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded)
	select cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue, refunded
	from private.recomputed_money();
	insert into private.stage_days (day, location_id, stage_id, exits, seconds)
	select day, location_id, stage_id, exits, seconds from private.recomputed_stage_days();
	perform private.rebuild_columns();
	perform private.fold_statistics();
	perform set_config('verstak.quiet_figures', '', true);
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
	with counts as (
		select d.cut, d.by_type, d.monthly, d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id,
			d.created, d.done, d.closed, d.refused, d.promised, d.on_time, d.lead_seconds, d.leads, d.contacted,
			d.converted, d.rejected, d.first_calls, d.first_call_seconds, d.contracts
		from private.stat_sums d
		union all
		select l.cut, l.by_type, l.monthly, private.first_day(d.day, l.monthly), d.location_id,
			case when l.by_type then d.type end as type, case when l.cut = 'campaign' then d.campaign_id end as campaign_id,
			d.master_id, d.service_id,
			d.created, d.done, d.closed, d.refused, d.promised, d.on_time, d.lead_seconds, d.leads, d.contacted,
			d.converted, d.rejected, d.first_calls, d.first_call_seconds, d.contracts
		from private.stat_deltas d join private.stat_levels l on l.of_cut = d.cut
		union all
		select l.cut, l.by_type, l.monthly, private.first_day(r.day, l.monthly), r.location_id,
			case when l.by_type then r.type end, case when l.cut = 'campaign' then r.campaign_id end, r.master_id, r.service_id,
			-r.created, -r.done, -r.closed, -r.refused, -r.promised, -r.on_time, -r.lead_seconds, -r.leads, -r.contacted,
			-r.converted, -r.rejected, -r.first_calls, -r.first_call_seconds, -r.contracts
		from private.recomputed_counts() r join private.stat_levels l on l.of_cut = r.cut
	), money as (
		select d.cut, d.by_type, d.monthly, d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id,
			d.payments, d.revenue, d.refunded
		from private.money_sums d
		union all
		select l.cut, l.by_type, l.monthly, private.first_day(d.day, l.monthly), d.location_id,
			case when l.by_type then d.type end, case when l.cut = 'campaign' then d.campaign_id end,
			d.master_id, d.service_id,
			d.payments, d.revenue, d.refunded
		from private.money_deltas d join private.stat_levels l on l.of_cut = d.cut
		union all
		select l.cut, l.by_type, l.monthly, private.first_day(r.day, l.monthly), r.location_id,
			case when l.by_type then r.type end, case when l.cut = 'campaign' then r.campaign_id end, r.master_id, r.service_id,
			-r.payments, -r.revenue, -r.refunded
		from private.recomputed_money() r join private.stat_levels l on l.of_cut = r.cut
	), times as (
		select day, location_id, stage_id, exits, seconds from private.stage_days
		union all
		select day, location_id, stage_id, exits, seconds from private.stage_deltas
		union all
		select day, location_id, stage_id, -exits, -seconds from private.recomputed_stage_days()
	)
	select 'counts' as figures, k.cut::text as cut, k.day, k.location_id, to_jsonb(array_agg(k)) as parts
	from counts k
	group by k.cut, k.by_type, k.monthly, k.day, k.location_id, k.type, k.campaign_id, k.master_id, k.service_id
	having sum(k.created) <> 0 or sum(k.done) <> 0 or sum(k.closed) <> 0 or sum(k.refused) <> 0
		or sum(k.promised) <> 0 or sum(k.on_time) <> 0 or sum(k.lead_seconds) <> 0 or sum(k.leads) <> 0
		or sum(k.contacted) <> 0 or sum(k.converted) <> 0 or sum(k.rejected) <> 0 or sum(k.first_calls) <> 0
		or sum(k.first_call_seconds) <> 0 or sum(k.contracts) <> 0
	union all
	select 'money', m.cut::text, m.day, m.location_id, to_jsonb(array_agg(m))
	from money m
	group by m.cut, m.by_type, m.monthly, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id
	having sum(m.payments) <> 0 or sum(m.revenue) <> 0 or sum(m.refunded) <> 0
	union all
	select 'times', null, t.day, t.location_id, to_jsonb(array_agg(t))
	from times t group by t.day, t.location_id, t.stage_id
	having sum(t.exits) <> 0 or sum(t.seconds) <> 0
	union all
	select 'columns', null, null, c.location_id, to_jsonb(c) from private.column_errors c;
comment on view private.statistics_errors is
	'Sums that differ from an exact recomputation. Must be empty, always.';

revoke all on private.statistics_errors from public, anon, authenticated, service_role;
revoke execute on function private.recomputed_counts, private.recomputed_money, private.recomputed_stage_days,
	private.rebuild_statistics, private.rebuild_for_time_zone from public, anon, authenticated;
