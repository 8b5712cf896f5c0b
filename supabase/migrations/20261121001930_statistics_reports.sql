-- Reports: the sums by what somebody wants to see, filtered by what he asks for.

create function private.report_dimension(
	dimension text, day date, location_id bigint, type public.order_type, campaign_id bigint, master_id uuid, service_id bigint
)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
	return case coalesce(dimension, 'day')
		when 'day' then day::text
		when 'week' then date_trunc('week', day::timestamp)::date::text
		when 'month' then date_trunc('month', day::timestamp)::date::text
		when 'location' then location_id::text
		when 'type' then type::text
		when 'campaign' then campaign_id::text
		when 'master' then master_id::text
		when 'service' then service_id::text
	end;
end
$$;
comment on function private.report_dimension is 'The group a sum belongs to, as text; null for those without one.';

create function private.report_cut(filters jsonb)
returns private.stat_cut
language plpgsql immutable
set search_path = ''
as $$
declare
	known constant text[] := '{from,to,by,location,type,campaign,master,service}';
	wanted text[];
	field text;
begin
	if jsonb_typeof(filters) is distinct from 'object' then
		perform private.fail('VK422', 'invalid_argument', '{"field": "filters"}');
	end if;
	select k into field from jsonb_object_keys(filters) k where k <> all (known) limit 1;
	if field is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', field));
	end if;
	if filters ->> 'by' <> all ('{day,week,month,location,type,campaign,master,service}'::text[]) then
		perform private.fail('VK422', 'invalid_argument', '{"field": "by"}');
	end if;
	wanted := array(
		select d from unnest('{campaign,master,service}'::text[]) d
		where filters ->> 'by' = d or filters ->> d is not null
	);
	if cardinality(wanted) > 1 then
		return null;
	end if;
	return coalesce(wanted[1], 'place')::private.stat_cut;
end
$$;
comment on function private.report_cut is
	'Which sums answer the filters; null when two cuts are asked for at once and only the orders themselves can. VK422 invalid_argument.';

create function private.exact_counts(by_ text, from_day date, to_day date, place bigint, filters jsonb)
returns setof private.stat_fact
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
	zone constant text := coalesce((select s.time_zone from public.settings s), 'UTC');
	since constant timestamptz := from_day::timestamp at time zone zone;
	until constant timestamptz := (to_day + 1)::timestamp at time zone zone;
	of_type constant public.order_type := filters ->> 'type';
	of_campaign constant bigint := filters ->> 'campaign';
	of_master constant uuid := filters ->> 'master';
	of_service constant bigint := filters ->> 'service';
	by_time constant boolean := by_ in ('day', 'week', 'month');
begin
	-- as private.order_facts() and private.lead_facts() count, but in one go: called for each row they take ten times as long
	return query
	with mine as materialized (
		select o.created_at, o.done_at, o.closed_at, o.promised_at, o.refusal_reason is not null as refused,
			case when by_ = 'location' or place is not null then o.location_id end as location_id,
			case when by_ = 'type' or of_type is not null then o.type end as type,
			case when by_ = 'campaign' or of_campaign is not null then o.campaign_id end as campaign_id,
			case when by_ = 'master' or of_master is not null then o.master_id end as master_id,
			case when by_ = 'service' or of_service is not null then o.service_id end as service_id
		from public.orders o
		where (of_campaign is null or o.campaign_id = of_campaign) and (of_master is null or o.master_id = of_master)
			and (of_service is null or o.service_id = of_service) and (of_type is null or o.type = of_type)
			and (place is null or o.location_id = place)
			and least(o.created_at, o.done_at, o.closed_at) < until
			and greatest(o.created_at, o.done_at, o.closed_at) >= since
	)
	select case when by_time then (t.created_at at time zone zone)::date end, t.location_id, t.type, t.campaign_id,
		t.master_id, t.service_id, count(*)::int, 0, 0, 0, 0, 0, 0::bigint, 0, 0, 0, 0, 0, 0::bigint, 0
	from mine t where t.created_at >= since and t.created_at < until
	group by 1, 2, 3, 4, 5, 6
	union all
	select case when by_time then (d.done_at at time zone zone)::date end, d.location_id, d.type, d.campaign_id,
		d.master_id, d.service_id, 0, count(*)::int, 0, 0, count(d.promised_at)::int,
		count(*) filter (where d.done_at <= d.promised_at)::int,
		sum(extract(epoch from d.done_at - d.created_at)::bigint)::bigint, 0, 0, 0, 0, 0, 0::bigint, 0
	from mine d where d.done_at >= since and d.done_at < until
	group by 1, 2, 3, 4, 5, 6
	union all
	select case when by_time then (c.closed_at at time zone zone)::date end, c.location_id, c.type, c.campaign_id,
		c.master_id, c.service_id, 0, 0, count(*) filter (where not c.refused)::int, count(*) filter (where c.refused)::int,
		0, 0, 0::bigint, 0, 0, 0, 0, 0, 0::bigint, 0
	from mine c where c.closed_at >= since and c.closed_at < until
	group by 1, 2, 3, 4, 5, 6;
	return query
	select null::date, place, null::public.order_type, of_campaign, null::uuid, of_service,
		0, 0, 0, 0, 0, 0, 0::bigint, count(*)::int, count(l.contacted_at)::int,
		count(*) filter (where l.status = 'converted')::int, count(*) filter (where l.status = 'rejected')::int,
		count(l.first_call_at)::int, coalesce(sum(extract(epoch from l.first_call_at - l.created_at)::bigint), 0)::bigint, 0
	from public.leads l
	where by_ = 'total' and of_type is null and of_master is null and (of_campaign is null or l.campaign_id = of_campaign)
		and (of_service is null or l.service_id = of_service) and (place is null or l.location_id = place)
		and l.created_at >= since and l.created_at < until;
end
$$;
comment on function private.exact_counts is
	'Counts of the orders themselves (by total of the leads, too) for what no sum answers: a row or three a group of by_, without the dimensions that nobody asked for.';

create function private.order_report(filters jsonb)
returns table (
	key text, created bigint, done bigint, closed bigint, refused bigint, promised bigint, on_time bigint,
	lead_seconds numeric, revenue numeric
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	wanted constant private.stat_cut := private.report_cut(filters);
	by_ constant text := coalesce(filters ->> 'by', 'day');
	from_day constant date := coalesce((filters ->> 'from')::date, '-infinity');
	to_day constant date := coalesce((filters ->> 'to')::date, 'infinity');
	actor constant private.actor := private.require_employee();
	place constant bigint := coalesce(actor.location_id, (filters ->> 'location')::bigint);
	money constant boolean := 'reports.money' = any (actor.permissions);
begin
	if not 'statistics.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "statistics.read"}');
	end if;
	return query
	with counted as (
		select private.report_dimension(by_, g.day, g.location_id, g.type, g.campaign_id, g.master_id, g.service_id) as key,
			g.created, g.done, g.closed, g.refused, g.promised, g.on_time, g.lead_seconds, 0::numeric as revenue
		from private.sum_counts(wanted, by_, from_day, to_day, place, filters) g
		-- leads and contracts alone are no orders
		where g.created <> 0 or g.done <> 0 or g.closed <> 0 or g.refused <> 0
		union all
		select r.key, 0, 0, 0, 0, 0, 0, 0, r.revenue
		from private.revenue_facts(filters, wanted, from_day, to_day, place) r where money
	)
	select c.key, sum(c.created)::bigint, sum(c.done)::bigint, sum(c.closed)::bigint, sum(c.refused)::bigint,
		sum(c.promised)::bigint, sum(c.on_time)::bigint, round(sum(c.lead_seconds)::numeric / nullif(sum(c.done), 0)),
		case when money then sum(c.revenue) end
	from counted c group by c.key
	order by 1;
end
$$;
comment on function private.order_report is 'See public.order_report().';

create function private.revenue_facts(filters jsonb, cut private.stat_cut, from_day date, to_day date, place bigint)
returns table (key text, revenue numeric)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	by_ constant text := coalesce(filters ->> 'by', 'day');
begin
	return query
	select private.report_dimension(by_, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id), m.revenue
	from private.sum_money(revenue_facts.cut, by_, from_day, to_day, place, filters) m;
end
$$;
comment on function private.revenue_facts is 'Money received by the group a report asks for.';

create function public.order_report(filters jsonb default '{}')
returns table (
	key text, created bigint, done bigint, closed bigint, refused bigint, promised bigint, on_time bigint,
	lead_seconds numeric, revenue numeric
)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.order_report(filters);
end
$$;
comment on function public.order_report is
	'Counts and revenue of orders. filters: {from, to (days), by: day|week|month|location|type|campaign|master|service, location, type, campaign, master, service}. lead_seconds is the average from taken to done; revenue is null without reports.money. Employees of one location get theirs. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

create function private.stage_report(from_day date, to_day date, location bigint)
returns table (stage_id bigint, exits bigint, seconds numeric, now_there bigint)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor constant private.actor := private.require_employee();
	place constant bigint := coalesce(actor.location_id, location);
begin
	if not 'statistics.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "statistics.read"}');
	end if;
	return query
	select s.id, coalesce(sum(t.exits), 0)::bigint, round(sum(t.seconds)::numeric / nullif(sum(t.exits), 0)),
		case when s.kind in ('closed', 'refused') then null else (
			select count(*) from public.orders o
			where o.stage_id = s.id and (place is null or o.location_id = place)
		) end
	from public.stages s
	left join (
		select d.stage_id, d.day, d.location_id, d.exits, d.seconds from private.stage_days d
		union all
		select d.stage_id, d.day, d.location_id, d.exits, d.seconds from private.stage_deltas d
	) t on t.stage_id = s.id and t.day between coalesce(from_day, '-infinity') and coalesce(to_day, 'infinity')
		and (place is null or t.location_id = place)
	group by s.id, s.kind, s.position
	order by s.position, s.id;
end
$$;
comment on function private.stage_report is 'See public.stage_report().';

create function public.stage_report(from_day date default null, to_day date default null, location bigint default null)
returns table (stage_id bigint, exits bigint, seconds numeric, now_there bigint)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.stage_report(from_day, to_day, location);
end
$$;
comment on function public.stage_report is
	'Time in each column: how many orders left it in those days, how long they had been there on average, how many are there now (null for closed and refused). Errors: VK401, VK403 not_allowed.';

create function private.refusal_report(from_day date, to_day date, location bigint)
returns table (reason text, orders bigint)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor constant private.actor := private.require_employee();
	place constant bigint := coalesce(actor.location_id, location);
	zone constant text := (select s.time_zone from public.settings s);
begin
	if not 'reports.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "reports.read"}');
	end if;
	return query
	select o.refusal_reason, count(*) from public.orders o
	where o.refusal_reason is not null
		and o.closed_at >= coalesce(from_day::timestamp at time zone zone, '-infinity')
		and o.closed_at < coalesce((to_day + 1)::timestamp at time zone zone, 'infinity')
		and (place is null or o.location_id = place)
	group by o.refusal_reason
	order by count(*) desc, o.refusal_reason
	limit 100;
end
$$;
comment on function private.refusal_report is 'See public.refusal_report().';

create function public.refusal_report(from_day date default null, to_day date default null, location bigint default null)
returns table (reason text, orders bigint)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.refusal_report(from_day, to_day, location);
end
$$;
comment on function public.refusal_report is
	'Why orders were refused in those days, the most frequent hundred reasons. Errors: VK401, VK403 not_allowed.';

create index orders_refused_idx on public.orders (closed_at) where refusal_reason is not null;

revoke execute on function private.report_dimension, private.report_cut, private.exact_counts, private.order_report,
	private.revenue_facts, public.order_report, private.stage_report, public.stage_report, private.refusal_report,
	public.refusal_report from public, anon, authenticated;
grant execute on function private.order_report, public.order_report, private.stage_report, public.stage_report,
	private.refusal_report, public.refusal_report to authenticated;
