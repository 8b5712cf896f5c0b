-- Statistics as views: what PostgREST, spreadsheets and programs read. Rows obey the policies of the
-- sums below them; money needs its own permission and is null without it.

create view public.order_stats with (security_invoker = true) as
	select s.day, s.location_id, s.type, s.campaign_id,
		sum(s.created)::int as created, sum(s.done)::int as done, sum(s.closed)::int as closed,
		sum(s.refused)::int as refused, sum(s.promised)::int as promised, sum(s.on_time)::int as on_time,
		sum(s.lead_seconds)::bigint as lead_seconds
	from (
		select d.day, d.location_id, d.type, d.campaign_id, d.created, d.done, d.closed, d.refused, d.promised,
			d.on_time, d.lead_seconds
		from private.stat_days d where d.cut = 'campaign' and d.type is not null
		union all
		select d.day, d.location_id, d.type, d.campaign_id, d.created, d.done, d.closed, d.refused, d.promised,
			d.on_time, d.lead_seconds
		from private.stat_deltas d where d.cut = 'campaign' and d.type is not null
	) s
	group by s.day, s.location_id, s.type, s.campaign_id;
comment on view public.order_stats is
	'Orders taken, done, closed and refused per day, location, type and campaign. lead_seconds: sum of the time from taken to done; on_time of promised were done by the promised time.';

create view public.master_stats with (security_invoker = true) as
	select s.day, s.location_id, s.type, s.master_id, e.full_name as master_name,
		sum(s.done)::int as done, sum(s.closed)::int as closed, sum(s.refused)::int as refused,
		sum(s.promised)::int as promised, sum(s.on_time)::int as on_time,
		sum(s.lead_seconds)::bigint as lead_seconds, sum(s.revenue) as revenue
	from (
		select d.day, d.location_id, d.type, d.master_id, d.done, d.closed, d.refused, d.promised, d.on_time,
			d.lead_seconds, null::numeric as revenue
		from private.stat_days d where d.cut = 'master'
		union all
		select d.day, d.location_id, d.type, d.master_id, d.done, d.closed, d.refused, d.promised, d.on_time,
			d.lead_seconds, null
		from private.stat_deltas d where d.cut = 'master'
		union all
		select m.day, m.location_id, m.type, m.master_id, 0, 0, 0, 0, 0, 0, m.revenue
		from private.money_days m where m.cut = 'master'
		union all
		select m.day, m.location_id, m.type, m.master_id, 0, 0, 0, 0, 0, 0, m.revenue
		from private.money_deltas m where m.cut = 'master'
	) s
	left join public.employees e on e.id = s.master_id
	group by s.day, s.location_id, s.type, s.master_id, e.full_name;
comment on view public.master_stats is
	'Work finished per day, location, type and master, with the money it brought (null without reports.money; the name only for those who read employees).';

create view public.revenue_by_day with (security_invoker = true) as
	select m.day, m.location_id, m.campaign_id, sum(m.payments)::int as payments,
		sum(m.revenue) as revenue, sum(m.refunded) as refunded
	from (
		select d.day, d.location_id, d.campaign_id, d.payments, d.revenue, d.refunded
		from private.money_days d where d.cut = 'campaign'
		union all
		select d.day, d.location_id, d.campaign_id, d.payments, d.revenue, d.refunded
		from private.money_deltas d where d.cut = 'campaign'
	) m
	group by m.day, m.location_id, m.campaign_id;
comment on view public.revenue_by_day is
	'Money received less refunds per day, location and campaign. Needs reports.money; with campaigns.money only what campaigns brought.';

create function private.campaign_totals(
	from_day date default null, to_day date default null, location bigint default null
)
returns table (
	campaign_id bigint, leads int, contacted int, converted int, rejected int, first_calls int, first_call_seconds bigint,
	orders int, done int, contracts int, revenue numeric, refunded numeric, spend numeric
)
language sql stable security definer
set search_path = ''
as $$
	with counts as (
		select d.campaign_id, d.day, d.location_id, d.leads, d.contacted, d.converted, d.rejected, d.first_calls,
			d.first_call_seconds, d.created, d.done, d.contracts
		from private.stat_days d where d.cut = 'campaign' and d.campaign_id is not null
		union all
		select d.campaign_id, d.day, d.location_id, d.leads, d.contacted, d.converted, d.rejected, d.first_calls,
			d.first_call_seconds, d.created, d.done, d.contracts
		from private.stat_deltas d where d.cut = 'campaign' and d.campaign_id is not null
	), counted as (
		select c.campaign_id, sum(c.leads)::int as leads, sum(c.contacted)::int as contacted,
			sum(c.converted)::int as converted, sum(c.rejected)::int as rejected,
			sum(c.first_calls)::int as first_calls, sum(c.first_call_seconds)::bigint as first_call_seconds,
			sum(c.created)::int as orders, sum(c.done)::int as done, sum(c.contracts)::int as contracts
		from counts c
		where c.day between coalesce(campaign_totals.from_day, '-infinity') and coalesce(campaign_totals.to_day, 'infinity')
			and (campaign_totals.location is null or c.location_id = campaign_totals.location)
		group by c.campaign_id
	), money as (
		select d.campaign_id, d.day, d.location_id, d.revenue, d.refunded
		from private.money_days d where d.cut = 'campaign' and d.campaign_id is not null
		union all
		select d.campaign_id, d.day, d.location_id, d.revenue, d.refunded
		from private.money_deltas d where d.cut = 'campaign' and d.campaign_id is not null
	), earned as (
		select m.campaign_id, sum(m.revenue) as revenue, sum(m.refunded) as refunded
		from money m
		where m.day between coalesce(campaign_totals.from_day, '-infinity') and coalesce(campaign_totals.to_day, 'infinity')
			and (campaign_totals.location is null or m.location_id = campaign_totals.location)
		group by m.campaign_id
	), spent as (
		select s.campaign_id, sum(s.amount) as spend from public.campaign_spend s
		where s.day between coalesce(campaign_totals.from_day, '-infinity') and coalesce(campaign_totals.to_day, 'infinity')
		group by s.campaign_id
	)
	select g.id, coalesce(c.leads, 0), coalesce(c.contacted, 0), coalesce(c.converted, 0), coalesce(c.rejected, 0),
		coalesce(c.first_calls, 0), coalesce(c.first_call_seconds, 0), coalesce(c.orders, 0), coalesce(c.done, 0),
		coalesce(c.contracts, 0), coalesce(e.revenue, 0), coalesce(e.refunded, 0), coalesce(s.spend, 0)
	from public.campaigns g
	left join counted c on c.campaign_id = g.id
	left join earned e on e.campaign_id = g.id
	left join spent s on s.campaign_id = g.id
$$;
comment on function private.campaign_totals is
	'What every campaign brought and cost in days of the company (nulls: ever) and a location (null: all; spend has no location). No check of rights.';

create function private.campaign_payback(campaign bigint)
returns date
language sql stable security definer
set search_path = ''
as $$
	with days as (
		select d.day, d.revenue as amount from private.money_days d
		where d.cut = 'campaign' and d.campaign_id = campaign_payback.campaign
		union all
		select d.day, d.revenue from private.money_deltas d
		where d.cut = 'campaign' and d.campaign_id = campaign_payback.campaign
		union all
		select s.day, -s.amount from public.campaign_spend s where s.campaign_id = campaign_payback.campaign
	), balances as (
		select d.day, sum(sum(d.amount)) over (order by d.day) as balance from days d group by d.day
	)
	select min(b.day) from balances b
	where b.balance >= 0
		and b.day > coalesce((select max(z.day) from balances z where z.balance < 0), '-infinity')
		and exists (select from public.campaign_spend s where s.campaign_id = campaign_payback.campaign and s.amount > 0)
$$;
comment on function private.campaign_payback is
	'Since which day revenue to date has covered spend to date; null while it does not, or nothing was spent.';

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
			case when money then private.campaign_payback(t.campaign_id) end
		from private.campaign_totals(campaign_report.from_day, campaign_report.to_day, campaign_report.location) t
		join public.campaigns g on g.id = t.campaign_id
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

revoke all on public.order_stats, public.master_stats, public.revenue_by_day, public.campaign_stats
	from public, anon, authenticated, service_role;
grant select on public.order_stats, public.master_stats, public.revenue_by_day, public.campaign_stats to authenticated;
revoke execute on function private.campaign_totals, private.campaign_payback, private.campaign_report,
	public.campaign_report from public, anon, authenticated;
grant execute on function private.campaign_report, public.campaign_report to authenticated;
