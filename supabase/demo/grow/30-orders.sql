-- The orders, oldest first over three years: the newest three thousand (of a small company three tenths)
-- open or done, one in fourteen of the others refused, the rest closed and nearly all paid.

create temporary table big_orders as
with drawn as (
	select z.order_base + i as id, i, z.orders - i as recency, least(3000, z.orders * 3 / 10) as open,
		1 + pg_temp.pick(i, 31, z.clients) as client, z.client_base, z.asset_base,
		now() - interval '1095 days' * (z.orders - i + 1) / z.orders as created_at,
		z.campaigns[1 + pg_temp.pick(i, 33, cardinality(z.campaigns))] as campaign_id,
		z.services[1 + pg_temp.pick(i, 34, cardinality(z.services))] as service_id,
		(200 + pg_temp.pick(i, 35, 300) * 10)::numeric(12,2) as work,
		case when pg_temp.pick(i, 36, 2) = 0 then (50 + pg_temp.pick(i, 37, 150) * 10)::numeric(12,2) end as part,
		case when i % 10 = 0 then z.lead_base + i / 10 end as lead_id
	from sizes z cross join lateral generate_series(1, z.orders) i
), placed as (
	select d.*, p.id as location_id, p.masters[1 + pg_temp.pick(d.i, 39, cardinality(p.masters))] as somebody,
		case
			when d.recency < d.open * 4 / 15 then 'unassigned'
			when d.recency < d.open * 10 / 15 then 'waiting'
			when d.recency < d.open then 'done'
			when pg_temp.pick(d.i, 40, 14) = 0 then 'refused'
			else 'closed'
		end::public.stage_kind as stage
	from drawn d join places p on p.number = pg_temp.pick(d.i, 38, 8)
), timed as (
	select p.*, case when p.stage <> 'unassigned' then p.somebody end as master_id,
		-- what is open now has been so for half its time
		case when p.recency < p.open then p.created_at + (now() - p.created_at) / 4
			else p.created_at + interval '10 minutes' * (1 + pg_temp.pick(p.i, 41, 12)) end as assigned_at,
		case when p.recency < p.open then p.created_at + (now() - p.created_at) / 2
			else p.created_at + interval '1 hour' * (3 + pg_temp.pick(p.i, 42, 27)) end as worked_at
	from placed p
)
select t.id, t.i, t.client_base + t.client as client_id, t.location_id, t.stage, s.id as stage_id, t.master_id,
	case when pg_temp.pick(t.i, 43, 10) < 8 then t.asset_base + t.client end as asset_id, t.service_id,
	case when pg_temp.pick(t.i, 44, 10) < 4 then t.campaign_id end as campaign_id, t.lead_id,
	(enum_range(null::public.order_type))[1 + pg_temp.pick(t.i, 45, 4)] as type,
	t.created_at, t.assigned_at, t.worked_at,
	case when t.stage in ('done', 'closed') then t.worked_at end as done_at,
	case when t.stage in ('closed', 'refused') then t.worked_at + interval '1 hour' * (1 + pg_temp.pick(t.i, 46, 40)) end
		as closed_at,
	case when pg_temp.pick(t.i, 47, 20) < 17 then t.worked_at + interval '1 hour' * (pg_temp.pick(t.i, 48, 60) - 12) end
		as promised_at,
	t.work, t.part, case when t.stage in ('done', 'closed') then t.work + coalesce(t.part, 0) else 0 end as total,
	t.stage = 'closed' and pg_temp.pick(t.i, 49, 50) > 0 as is_paid,
	case when pg_temp.pick(t.i, 50, 10) < 3 then t.client end as visited
from timed t
join public.stages s on s.kind = t.stage and s.location_id is null;
create index on big_orders (id);
analyze big_orders;

insert into public.orders (id, version, type, stage_id, rank, location_id, client_id, asset_id, service_id, campaign_id,
	lead_id, master_id, assigned_at, seen_at, accepted_at, address, problem, result, promised_at, refusal_reason, total,
	paid, payment_state, tracking_token, created_by, stage_entered_at, done_at, closed_at, created_at, updated_at)
	overriding system value
select o.id, case o.stage when 'unassigned' then 1 when 'waiting' then 3 when 'refused' then 3 when 'done' then 4
		else 5 end, o.type, o.stage_id,
	-- below whatever the demo company has there
	'X' || lpad((row_number() over (partition by o.stage_id order by o.i desc))::text, 7, '0') || 'V',
	o.location_id, o.client_id, o.asset_id, o.service_id, o.campaign_id, o.lead_id, o.master_id,
	case when o.master_id is not null then o.assigned_at end, case when o.master_id is not null then o.assigned_at end,
	case when o.master_id is not null then o.assigned_at end, c.address, 'Problem ' || o.i,
	case when o.done_at is not null then 'Done' end, o.promised_at,
	case when o.stage = 'refused' then (array['Дорого', 'Передумал', 'Не дозвонились'])[1 + o.i % 3] end, o.total,
	case when o.is_paid then o.total else 0 end,
	case when o.is_paid then 'paid' else 'none' end::public.payment_state,
	left(md5(o.id::text) || md5('t' || o.id), 24), null,
	coalesce(o.closed_at, o.done_at, case when o.stage = 'waiting' then o.worked_at end, o.created_at),
	o.done_at, o.closed_at, o.created_at, coalesce(o.closed_at, o.worked_at)
from big_orders o cross join sizes z
left join big_clients c on c.i = o.visited;

insert into private.order_documents (order_id, location_id, words)
select o.id, o.location_id, setweight(to_tsvector('pg_catalog.simple', c.rest), 'D')
from big_orders o join big_clients c on c.i = o.visited;

insert into public.order_events (order_id, version, kind, actor_id, from_values, to_values, reason, at)
select o.id, e.version, e.kind::public.order_event_kind, o.master_id, e.was, e.becomes, e.reason, e.at
from big_orders o
cross join (
	select min(s.id) filter (where s.kind = 'unassigned') as unassigned, min(s.id) filter (where s.kind = 'assigned') as assigned,
		min(s.id) filter (where s.kind = 'in_progress') as in_progress
	from public.stages s
) k
cross join lateral (values
	(1, 'created', '{}'::jsonb, jsonb_build_object('stage_id', k.unassigned, 'location_id', o.location_id, 'master_id', null),
		null, o.created_at, true),
	(2, 'assigned', jsonb_build_object('stage_id', k.unassigned, 'master_id', null),
		jsonb_build_object('stage_id', k.assigned, 'master_id', o.master_id), null, o.assigned_at, o.stage <> 'unassigned'),
	(3, 'moved', jsonb_build_object('stage_id', k.assigned), jsonb_build_object('stage_id', o.stage_id),
		case when o.stage = 'refused' then 'Дорого' end, case when o.stage = 'refused' then o.closed_at else o.worked_at end,
		o.stage in ('waiting', 'refused')),
	(3, 'moved', jsonb_build_object('stage_id', k.assigned), jsonb_build_object('stage_id', k.in_progress), null,
		o.assigned_at + (o.worked_at - o.assigned_at) / 3, o.stage in ('done', 'closed')),
	(4, 'moved', jsonb_build_object('stage_id', k.in_progress),
		jsonb_build_object('stage_id', (select min(s.id) from public.stages s where s.kind = 'done')), null, o.worked_at,
		o.stage in ('done', 'closed')),
	(5, 'paid', jsonb_build_object('stage_id', (select min(s.id) from public.stages s where s.kind = 'done'), 'paid', 0),
		jsonb_build_object('stage_id', o.stage_id, 'paid', o.total), null, o.closed_at, o.stage = 'closed')
) e (version, kind, was, becomes, reason, at, happened)
where e.happened;
