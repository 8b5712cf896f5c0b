-- What campaigns brought and cost, and since when they have paid for themselves.

create function private.campaign_totals(
	from_day date default null, to_day date default null, location bigint default null
)
returns table (
	campaign_id bigint, leads int, contacted int, converted int, rejected int, first_calls int, first_call_seconds bigint,
	orders int, done int, contracts int, revenue numeric, refunded numeric, spend numeric
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
	first_one constant date := coalesce(campaign_totals.from_day, '-infinity');
	last_one constant date := coalesce(campaign_totals.to_day, 'infinity');
begin
	return query
	with spent as (
		select s.campaign_id, sum(s.amount) as spend from public.campaign_spend s
		where s.day between first_one and last_one
		group by s.campaign_id
	)
	select g.id, coalesce(c.leads, 0), coalesce(c.contacted, 0), coalesce(c.converted, 0), coalesce(c.rejected, 0),
		coalesce(c.first_calls, 0), coalesce(c.first_call_seconds, 0), coalesce(c.created, 0), coalesce(c.done, 0),
		coalesce(c.contracts, 0), coalesce(m.revenue, 0), coalesce(m.refunded, 0), coalesce(s.spend, 0)
	from public.campaigns g
	left join private.sum_counts('campaign', 'campaign', first_one, last_one, campaign_totals.location, '{}') c
		on c.campaign_id = g.id
	left join private.sum_money('campaign', 'campaign', first_one, last_one, campaign_totals.location, '{}') m
		on m.campaign_id = g.id
	left join spent s on s.campaign_id = g.id;
end
$$;
comment on function private.campaign_totals is
	'What every campaign brought and cost in days of the company (nulls: ever) and a location (null: all; spend has no location). No check of rights.';

create function private.campaign_months()
returns table (campaign_id bigint, month date, before numeric, after numeric, lowest numeric)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
	with changes as (
		select d.campaign_id, d.day as month, sum(d.revenue) as gain, sum(d.revenue + d.refunded) as received
		from private.money_sums d
		where d.cut = 'campaign' and not d.by_type and d.monthly and d.campaign_id is not null
		group by d.campaign_id, d.day
		union all
		select d.campaign_id, date_trunc('month', d.day::timestamp)::date, d.revenue, d.revenue + d.refunded
		from private.money_deltas d where d.cut = 'campaign' and d.campaign_id is not null
		union all
		select s.campaign_id, date_trunc('month', s.day::timestamp)::date, -sum(s.amount), 0
		from public.campaign_spend s group by 1, 2
	), months as (
		select c.campaign_id, c.month, sum(c.gain) as gain, sum(c.received) as received
		from changes c group by c.campaign_id, c.month
	), balances as (
		select m.*, sum(m.gain) over (partition by m.campaign_id order by m.month) as after from months m
	)
	select b.campaign_id, b.month, b.after - b.gain, b.after, b.after - b.received from balances b;
end
$$;
comment on function private.campaign_months is
	'Revenue less spend to date before and after every month in which a campaign''s money moved, and the lowest it can have been in between: all paid out before anything came in.';

create function private.campaign_paybacks()
returns table (campaign_id bigint, payback_on date)
language plpgsql stable security definer
set search_path = ''
set jit = off
as $$
begin
	return query
	with months as materialized (
		select m.*, max(m.month) filter (where m.after < 0) over w as last_bad,
			last_value(m.after) over (w order by m.month rows between unbounded preceding and unbounded following) as final
		from private.campaign_months() m window w as (partition by m.campaign_id)
	), paid as (
		select distinct m.campaign_id from months m
		where m.final >= 0 and exists (
			select from public.campaign_spend s where s.campaign_id = m.campaign_id and s.amount > 0
		)
	), days as (
		-- only months in which the balance may have been below nothing for the last time
		select m.campaign_id, m.month, m.before, d.day, sum(d.amount) as gain
		from months m
		cross join lateral private.campaign_days(m.campaign_id, m.month, (m.month + interval '1 month')::date) d
		where m.final >= 0 and m.lowest < 0 and m.month >= coalesce(m.last_bad, m.month)
		group by m.campaign_id, m.month, m.before, d.day
	), balances as (
		select d.campaign_id, d.day, d.before + sum(d.gain) over (partition by d.campaign_id, d.month order by d.day) as balance
		from days d
	), bad as (
		select b.campaign_id, max(b.day) as day from balances b where b.balance < 0 group by b.campaign_id
	)
	select p.campaign_id, private.next_campaign_day(p.campaign_id, coalesce(b.day, '-infinity'))
	from paid p left join bad b on b.campaign_id = p.campaign_id;
end
$$;
comment on function private.campaign_paybacks is
	'Since which day the revenue of campaigns to date has covered their spend to date; no row while it does not, or nothing was spent.';

create function private.campaign_days(campaign bigint, since date, until date)
returns table (day date, amount numeric)
language plpgsql stable security definer rows 60
set search_path = ''
as $$
begin
	return query
	select d.day, d.revenue from private.money_sums d
	where d.cut = 'campaign' and not d.by_type and not d.monthly and d.campaign_id = campaign
		and d.day >= since and d.day < until
	union all
	select d.day, d.revenue from private.money_deltas d
	where d.cut = 'campaign' and d.campaign_id = campaign and d.day >= since and d.day < until
	union all
	select s.day, -s.amount from public.campaign_spend s
	where s.campaign_id = campaign and s.day >= since and s.day < until;
end
$$;
comment on function private.campaign_days is 'Money a campaign brought and cost from a day until before another, several rows a day.';

create function private.next_campaign_day(campaign bigint, after_day date)
returns date
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return least(
		(select min(d.day) from private.money_sums d where d.cut = 'campaign' and not d.by_type and not d.monthly
			and d.campaign_id = campaign and d.day > after_day),
		(select min(d.day) from private.money_deltas d
			where d.cut = 'campaign' and d.campaign_id = campaign and d.day > after_day),
		(select min(s.day) from public.campaign_spend s where s.campaign_id = campaign and s.day > after_day)
	);
end
$$;
comment on function private.next_campaign_day is 'The first day after another on which a campaign''s money moved.';

create function private.campaign_report(from_day date, to_day date, location bigint)
returns table (
	campaign_id bigint, name text, channel text, service_id bigint, location_id bigint, archived_at timestamptz,
	leads int, contacted int, converted int, rejected int, first_call_seconds numeric, orders int, done int, contracts int,
	budget numeric, spend numeric, revenue numeric, refunded numeric, profit numeric, roi numeric,
	cost_per_lead numeric, cost_per_client numeric, payback_on date
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	money constant boolean := private.can('campaigns.money');
begin
	if not private.can('statistics.read') then
		return;
	end if;
	return query
		select t.campaign_id, g.name, g.channel, g.service_id, g.location_id, g.archived_at,
			t.leads, t.contacted, t.converted, t.rejected,
			round(t.first_call_seconds::numeric / nullif(t.first_calls, 0)), t.orders, t.done, t.contracts,
			case when money then g.budget end, case when money then t.spend end,
			case when money then t.revenue end, case when money then t.refunded end,
			case when money then t.revenue - t.spend end,
			case when money then round((t.revenue - t.spend) / nullif(t.spend, 0), 4) end,
			case when money then round(t.spend / nullif(t.leads, 0), 2) end,
			case when money then round(t.spend / nullif(t.converted, 0), 2) end,
			case when money then p.payback_on end
		from private.campaign_totals(campaign_report.from_day, campaign_report.to_day, campaign_report.location) t
		join public.campaigns g on g.id = t.campaign_id
		left join private.campaign_paybacks() p on p.campaign_id = t.campaign_id and money
		order by g.name, g.id;
end
$$;
comment on function private.campaign_report is 'See public.campaign_report().';

create function public.campaign_report(from_day date default null, to_day date default null, location bigint default null)
returns table (
	campaign_id bigint, name text, channel text, service_id bigint, location_id bigint, archived_at timestamptz,
	leads int, contacted int, converted int, rejected int, first_call_seconds numeric, orders int, done int, contracts int,
	budget numeric, spend numeric, revenue numeric, refunded numeric, profit numeric, roi numeric,
	cost_per_lead numeric, cost_per_client numeric, payback_on date
)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.campaign_report(from_day, to_day, location);
end
$$;
comment on function public.campaign_report is
	'Every campaign in days of the company (nulls: ever) and a location: counts for employees, money with campaigns.money. ROI = (revenue - spend) / spend, as a fraction; null when nothing was spent. first_call_seconds is the average. Empty for anybody who is not an active employee.';

create view public.campaign_stats with (security_invoker = true) as
	select * from private.campaign_report(null, null, null);
comment on view public.campaign_stats is
	'Every campaign over its whole life, see campaign_report(). Every employee reads counts; money needs campaigns.money and is null without it.';

revoke all on public.campaign_stats from public, anon, authenticated, service_role;
grant select on public.campaign_stats to authenticated;
revoke execute on function private.campaign_totals, private.campaign_months, private.campaign_paybacks,
	private.campaign_days, private.next_campaign_day,
	private.campaign_report, public.campaign_report from public, anon, authenticated;
grant execute on function private.campaign_report, public.campaign_report to authenticated;
