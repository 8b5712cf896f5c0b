-- The sums: how deltas are folded into them, and how any days are added up from whole months and the
-- days around them. A year by master is read from a few thousand rows instead of a hundred thousand.

create view private.stat_levels as
	select c.of_cut::private.stat_cut, c.cut::private.stat_cut, t.by_type, m.monthly
	from (values ('campaign', 'campaign'), ('master', 'master'), ('service', 'service'), ('campaign', 'place')) c (of_cut, cut)
	cross join (values (false), (true)) t (by_type)
	cross join (values (false), (true)) m (monthly);
comment on view private.stat_levels is
	'Into which sums a delta of a cut goes. Those by place are those by campaign without the campaign.';
revoke all on private.stat_levels from public, anon, authenticated, service_role;

create function private.first_day(day date, monthly boolean)
returns date
language plpgsql immutable
set search_path = ''
as $$
begin
	return case when monthly then date_trunc('month', day::timestamp)::date else day end;
end
$$;
comment on function private.first_day is 'The day itself, or the first of its month.';

create function private.fold_counts()
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	folded bigint;
begin
	with gone as (delete from private.stat_deltas returning *)
	insert into private.stat_sums as d (cut, by_type, monthly, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts)
	select l.cut, l.by_type, l.monthly, private.first_day(g.day, l.monthly), g.location_id,
		case when l.by_type then g.type end, case when l.cut = 'campaign' then g.campaign_id end, g.master_id,
		g.service_id,
		sum(g.created), sum(g.done), sum(g.closed), sum(g.refused), sum(g.promised), sum(g.on_time),
		sum(g.lead_seconds), sum(g.leads), sum(g.contacted), sum(g.converted), sum(g.rejected), sum(g.first_calls),
		sum(g.first_call_seconds), sum(g.contracts)
	from gone g join private.stat_levels l on l.of_cut = g.cut
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9
	-- reports read by day: rows of a day lie together
	order by 1, 2, 3, 4
	on conflict on constraint stat_sums_dimensions_key do update set
		created = d.created + excluded.created, done = d.done + excluded.done, closed = d.closed + excluded.closed,
		refused = d.refused + excluded.refused, promised = d.promised + excluded.promised,
		on_time = d.on_time + excluded.on_time, lead_seconds = d.lead_seconds + excluded.lead_seconds,
		leads = d.leads + excluded.leads, contacted = d.contacted + excluded.contacted,
		converted = d.converted + excluded.converted, rejected = d.rejected + excluded.rejected,
		first_calls = d.first_calls + excluded.first_calls,
		first_call_seconds = d.first_call_seconds + excluded.first_call_seconds,
		contracts = d.contracts + excluded.contracts;
	get diagnostics folded = row_count;
	return folded;
end
$$;
comment on function private.fold_counts is 'Moves private.stat_deltas into private.stat_sums; returns how many sums changed.';

create function private.fold_money()
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	folded bigint;
begin
	with gone as (delete from private.money_deltas returning *)
	insert into private.money_sums as d (cut, by_type, monthly, day, location_id, type, campaign_id, master_id, service_id,
		payments, revenue, refunded)
	select l.cut, l.by_type, l.monthly, private.first_day(g.day, l.monthly), g.location_id,
		case when l.by_type then g.type end, case when l.cut = 'campaign' then g.campaign_id end, g.master_id,
		g.service_id, sum(g.payments), sum(g.revenue), sum(g.refunded)
	from gone g join private.stat_levels l on l.of_cut = g.cut
	group by 1, 2, 3, 4, 5, 6, 7, 8, 9
	order by 1, 2, 3, 4
	on conflict on constraint money_sums_dimensions_key do update set
		payments = d.payments + excluded.payments, revenue = d.revenue + excluded.revenue,
		refunded = d.refunded + excluded.refunded;
	get diagnostics folded = row_count;
	return folded;
end
$$;
comment on function private.fold_money is 'Moves private.money_deltas into private.money_sums; returns how many sums changed.';

create function private.fold_statistics()
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	folded bigint;
	more bigint;
begin
	-- two at once would wait for each other's rows
	if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('private.fold_statistics')) then
		return 0;
	end if;
	folded := private.fold_counts() + private.fold_money() + private.fold_columns();
	with gone as (delete from private.stage_deltas returning *)
	insert into private.stage_days as d (day, location_id, stage_id, exits, seconds)
	select day, location_id, stage_id, sum(exits), sum(seconds) from gone group by day, location_id, stage_id
	on conflict on constraint stage_days_dimensions_key do update set
		exits = d.exits + excluded.exits, seconds = d.seconds + excluded.seconds;
	get diagnostics more = row_count;
	return folded + more;
end
$$;
comment on function private.fold_statistics is
	'For the scheduler: moves deltas into the sums; returns how many sums changed. Readers see each delta exactly once.';

insert into private.scheduled_jobs (name, schedule, command, catch_up)
values ('fold_statistics', '30 seconds', 'select private.fold_statistics()', false);

create function private.spans(from_day date, to_day date, by_ text)
returns table (monthly boolean, since date, until date)
language plpgsql immutable rows 3
set search_path = ''
as $$
declare
	first_month constant date := (date_trunc('month', from_day::timestamp - interval '1 day') + interval '1 month')::date;
	after_months constant date := date_trunc('month', to_day::timestamp + interval '1 day')::date;
begin
	if by_ in ('day', 'week') or first_month >= after_months then
		return query values (false, from_day, to_day + 1);
	else
		return query values (true, first_month, after_months), (false, from_day, first_month),
			(false, after_months, to_day + 1);
	end if;
end
$$;
comment on function private.spans is
	'The days from_day to to_day as whole months and the days around them, each from since until before until. By day and week only days will do.';

create function private.sum_counts(
	cut private.stat_cut, by_ text, from_day date, to_day date, place bigint, filters jsonb
)
returns setof private.stat_fact
language plpgsql stable security definer
set search_path = ''
-- a plan for the filters asked for: those that are not cost nothing
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
	of_type constant public.order_type := filters ->> 'type';
	of_campaign constant bigint := filters ->> 'campaign';
	of_master constant uuid := filters ->> 'master';
	of_service constant bigint := filters ->> 'service';
	typed constant boolean := by_ = 'type' or of_type is not null;
begin
	return query
	with facts as (
		select d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id,
			d.created, d.done, d.closed, d.refused, d.promised, d.on_time, d.lead_seconds, d.leads, d.contacted,
			d.converted, d.rejected, d.first_calls, d.first_call_seconds, d.contracts
		from private.spans(from_day, to_day, by_) s
		join private.stat_sums d on d.cut = sum_counts.cut and d.by_type = typed and d.monthly = s.monthly
			and d.day >= s.since and d.day < s.until
		union all
		select d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id,
			d.created, d.done, d.closed, d.refused, d.promised, d.on_time, d.lead_seconds, d.leads, d.contacted,
			d.converted, d.rejected, d.first_calls, d.first_call_seconds, d.contracts
		from private.stat_deltas d
		where d.cut = case sum_counts.cut when 'place' then 'campaign' else sum_counts.cut end
			and d.day between from_day and to_day
		union all
		-- two cuts at once: the orders themselves
		select f.* from private.exact_counts(by_, from_day, to_day, place, filters) f where sum_counts.cut is null
	)
	select case when by_ = 'day' then f.day when by_ in ('week', 'month') then date_trunc(by_, f.day::timestamp)::date end,
		case when by_ = 'location' then f.location_id end, case when by_ = 'type' then f.type end,
		case when by_ = 'campaign' then f.campaign_id end, case when by_ = 'master' then f.master_id end,
		case when by_ = 'service' then f.service_id end,
		sum(f.created)::int, sum(f.done)::int, sum(f.closed)::int, sum(f.refused)::int, sum(f.promised)::int,
			sum(f.on_time)::int, sum(f.lead_seconds)::bigint, sum(f.leads)::int, sum(f.contacted)::int,
			sum(f.converted)::int, sum(f.rejected)::int, sum(f.first_calls)::int, sum(f.first_call_seconds)::bigint,
			sum(f.contracts)::int
	from facts f
	where (place is null or f.location_id = place) and (of_type is null or f.type = of_type)
		and (of_campaign is null or f.campaign_id = of_campaign) and (of_master is null or f.master_id = of_master)
		and (of_service is null or f.service_id = of_service)
	group by 1, 2, 3, 4, 5, 6;
end
$$;
comment on function private.sum_counts is
	'Counts of the days from_day to to_day, one row a group of by_ (weeks and months by their first day; total: one row at most), in a location, filtered as order_report; cut as private.report_cut() says. No check of rights.';

create function private.sum_money(
	cut private.stat_cut, by_ text, from_day date, to_day date, place bigint, filters jsonb
)
returns setof private.money_fact
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
	of_type constant public.order_type := filters ->> 'type';
	of_campaign constant bigint := filters ->> 'campaign';
	of_master constant uuid := filters ->> 'master';
	of_service constant bigint := filters ->> 'service';
	typed constant boolean := by_ = 'type' or of_type is not null;
	zone constant text := coalesce((select s.time_zone from public.settings s), 'UTC');
	since constant timestamptz := from_day::timestamp at time zone zone;
	until constant timestamptz := (to_day + 1)::timestamp at time zone zone;
begin
	return query
	with facts as (
		select d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id, d.payments, d.revenue, d.refunded
		from private.spans(from_day, to_day, by_) s
		join private.money_sums d on d.cut = sum_money.cut and d.by_type = typed and d.monthly = s.monthly
			and d.day >= s.since and d.day < s.until
		union all
		select d.day, d.location_id, d.type, d.campaign_id, d.master_id, d.service_id, d.payments, d.revenue, d.refunded
		from private.money_deltas d
		where d.cut = case sum_money.cut when 'place' then 'campaign' else sum_money.cut end
			and d.day between from_day and to_day
		union all
		-- two cuts at once: the payments themselves
		select (p.received_at at time zone zone)::date, p.location_id, p.order_type, p.campaign_id, p.master_id, p.service_id,
			case p.kind when 'payment' then 1 else 0 end, case p.kind when 'payment' then p.amount else -p.amount end,
			case p.kind when 'refund' then p.amount else 0 end
		from public.payments p
		where sum_money.cut is null and p.received_at >= since and p.received_at < until
	)
	select sum_money.cut, case when by_ = 'day' then f.day when by_ in ('week', 'month') then date_trunc(by_, f.day::timestamp)::date end,
		case when by_ = 'location' then f.location_id end, case when by_ = 'type' then f.type end,
		case when by_ = 'campaign' then f.campaign_id end, case when by_ = 'master' then f.master_id end,
		case when by_ = 'service' then f.service_id end,
		sum(f.payments)::int, sum(f.revenue)::numeric(14,2), sum(f.refunded)::numeric(14,2)
	from facts f
	where (place is null or f.location_id = place) and (of_type is null or f.type = of_type)
		and (of_campaign is null or f.campaign_id = of_campaign) and (of_master is null or f.master_id = of_master)
		and (of_service is null or f.service_id = of_service)
		and (not coalesce((filters ->> 'attributed')::boolean, false) or f.campaign_id is not null)
	group by 2, 3, 4, 5, 6, 7;
end
$$;
comment on function private.sum_money is
	'Money as private.sum_counts() counts; filter attributed: only what campaigns brought. No check of rights.';

revoke execute on function private.first_day, private.fold_counts, private.fold_money, private.fold_statistics,
	private.spans, private.sum_counts, private.sum_money from public, anon, authenticated;
