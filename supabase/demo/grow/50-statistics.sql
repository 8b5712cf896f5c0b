-- The sums, straight from the generated rows: private.rebuild_statistics() gives the same, a test
-- compares, but asks for the time zone once a row. Nobody is told of each.

set local verstak.quiet_figures = 'on';

create temporary table facts as
with zone as (select s.time_zone as name from public.settings s)
select o.location_id, o.type, o.campaign_id, o.master_id, o.service_id, f.*,
	case when f.done = 1 then (o.promised_at is not null)::int else 0 end as promised,
	case when f.done = 1 then coalesce(o.done_at <= o.promised_at, false)::int else 0 end as on_time,
	case when f.done = 1 then extract(epoch from o.done_at - o.created_at)::bigint else 0 end as lead_seconds
from big_orders o cross join zone
cross join lateral (values
	((o.created_at at time zone zone.name)::date, 1, 0, 0, 0),
	((o.done_at at time zone zone.name)::date, 0, 1, 0, 0),
	((o.closed_at at time zone zone.name)::date, 0, 0, (o.stage = 'closed')::int, (o.stage = 'refused')::int)
) f (day, created, done, closed, refused)
where f.day is not null;

insert into private.stat_deltas (cut, day, location_id, type, campaign_id, master_id, service_id,
	created, done, closed, refused, promised, on_time, lead_seconds)
select c.cut, f.day, f.location_id, f.type, case when c.cut = 'campaign' then f.campaign_id end,
	case when c.cut = 'master' then f.master_id end, case when c.cut = 'service' then f.service_id end,
	case when c.cut = 'master' then 0 else sum(f.created) end, sum(f.done), sum(f.closed), sum(f.refused),
	sum(f.promised), sum(f.on_time), sum(f.lead_seconds)
from facts f join (values ('campaign'::private.stat_cut), ('master'), ('service')) c (cut)
	on c.cut <> 'master' or f.created = 0
group by 1, 2, 3, 4, 5, 6, 7;

insert into private.stat_deltas (cut, day, location_id, campaign_id, service_id, leads, contacted, converted,
	first_calls, first_call_seconds)
select c.cut, private.day_of(d.at), d.location_id, case when c.cut = 'campaign' then d.campaign_id end,
	case when c.cut = 'service' then d.service_id end, count(*), count(*), count(*), count(*), count(*) * 2400
from (select o.created_at - interval '1 hour' as at, o.location_id, o.campaign_id, o.service_id
	from big_orders o where o.lead_id is not null) d
cross join (values ('campaign'::private.stat_cut), ('service')) c (cut)
group by 1, 2, 3, 4, 5;

with zone as (select s.time_zone as name from public.settings s)
insert into private.money_deltas (cut, day, location_id, type, campaign_id, master_id, service_id, payments, revenue)
select c.cut, (o.closed_at at time zone zone.name)::date, o.location_id, o.type,
	case when c.cut = 'campaign' then o.campaign_id end, case when c.cut = 'master' then o.master_id end,
	case when c.cut = 'service' then o.service_id end, count(*), sum(o.total)
from big_orders o cross join zone cross join (values ('campaign'::private.stat_cut), ('master'), ('service')) c (cut)
where o.is_paid
group by 1, 2, 3, 4, 5, 6, 7;

with zone as (select s.time_zone as name from public.settings s), stage as (
	select s.kind, min(s.id) as id from public.stages s group by s.kind
), exits as (
	select o.location_id, e.kind, e.since, e.until
	from big_orders o
	cross join lateral (values
		('unassigned'::public.stage_kind, o.created_at, o.assigned_at, o.stage <> 'unassigned'),
		('assigned', o.assigned_at, case o.stage when 'refused' then o.closed_at when 'waiting' then o.worked_at
			else o.assigned_at + (o.worked_at - o.assigned_at) / 3 end, o.stage <> 'unassigned'),
		('in_progress', o.assigned_at + (o.worked_at - o.assigned_at) / 3, o.worked_at, o.stage in ('done', 'closed')),
		('done', o.worked_at, o.closed_at, o.stage = 'closed')
	) e (kind, since, until, left_it)
	where e.left_it
)
insert into private.stage_deltas (day, location_id, stage_id, exits, seconds)
select (e.until at time zone zone.name)::date, e.location_id, s.id, count(*),
	sum(extract(epoch from e.until - e.since)::bigint)
from exits e cross join zone join stage s on s.kind = e.kind
group by 1, 2, 3;

insert into private.column_deltas (location_id, stage_id, master_id, orders, total)
select o.location_id, o.stage_id, o.master_id, count(*), sum(o.total) from big_orders o
where o.stage in ('done', 'closed', 'refused')
group by 1, 2, 3;

-- one look at the whole is done here, so that nothing measured afterwards pays for it
select private.fold_statistics();
