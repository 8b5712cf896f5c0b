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
		from private.stat_sums d
		where d.cut = 'campaign' and d.by_type and not d.monthly and d.type is not null
		union all
		select d.day, d.location_id, d.type, d.campaign_id, d.created, d.done, d.closed, d.refused, d.promised,
			d.on_time, d.lead_seconds
		from private.stat_deltas d where d.cut = 'campaign' and d.type is not null
	) s
	group by s.day, s.location_id, s.type, s.campaign_id;
comment on view public.order_stats is
	'Orders taken, done, closed and refused per day, location, type and campaign. lead_seconds: sum of the time from taken to done; on_time of promised were done by the promised time.';

create view public.master_stats with (security_invoker = true) as
	select w.day, w.location_id, w.type, w.master_id, e.full_name as master_name,
		w.done, w.closed, w.refused, w.promised, w.on_time, w.lead_seconds, w.revenue
	from (
		select s.day, s.location_id, s.type, s.master_id,
			sum(s.done)::int as done, sum(s.closed)::int as closed, sum(s.refused)::int as refused,
			sum(s.promised)::int as promised, sum(s.on_time)::int as on_time,
			sum(s.lead_seconds)::bigint as lead_seconds, sum(s.revenue) as revenue
		from (
			select d.day, d.location_id, d.type, d.master_id, d.done, d.closed, d.refused, d.promised, d.on_time,
				d.lead_seconds, null::numeric as revenue
			from private.stat_sums d where d.cut = 'master' and d.by_type and not d.monthly
			union all
			select d.day, d.location_id, d.type, d.master_id, d.done, d.closed, d.refused, d.promised, d.on_time,
				d.lead_seconds, null
			from private.stat_deltas d where d.cut = 'master'
			union all
			select m.day, m.location_id, m.type, m.master_id, 0, 0, 0, 0, 0, 0, m.revenue
			from private.money_sums m where m.cut = 'master' and m.by_type and not m.monthly
			union all
			select m.day, m.location_id, m.type, m.master_id, 0, 0, 0, 0, 0, 0, m.revenue
			from private.money_deltas m where m.cut = 'master'
		) s
		group by s.day, s.location_id, s.type, s.master_id
	) w
	left join public.employees e on e.id = w.master_id;
comment on view public.master_stats is
	'Work finished per day, location, type and master, with the money it brought (null without reports.money; the name only for those who read employees).';

create view public.revenue_by_day with (security_invoker = true) as
	select m.day, m.location_id, m.campaign_id, sum(m.payments)::int as payments,
		sum(m.revenue) as revenue, sum(m.refunded) as refunded
	from (
		select d.day, d.location_id, d.campaign_id, d.payments, d.revenue, d.refunded
		from private.money_sums d where d.cut = 'campaign' and not d.by_type and not d.monthly
		union all
		select d.day, d.location_id, d.campaign_id, d.payments, d.revenue, d.refunded
		from private.money_deltas d where d.cut = 'campaign'
	) m
	group by m.day, m.location_id, m.campaign_id;
comment on view public.revenue_by_day is
	'Money received less refunds per day, location and campaign. Needs reports.money; with campaigns.money only what campaigns brought.';

revoke all on public.order_stats, public.master_stats, public.revenue_by_day from public, anon, authenticated, service_role;
grant select on public.order_stats, public.master_stats, public.revenue_by_day to authenticated;
