-- Clients, their phones and instruments, and their orders with lines and history. Triggers are off: they
-- would date everything today. The generator keeps their rules, and a test compares.

alter table public.clients disable trigger user;
alter table public.client_phones disable trigger user;
alter table public.assets disable trigger user;
alter table public.orders disable trigger user;
alter table public.order_events disable trigger user;
alter table public.order_lines disable trigger user;

create temporary table demo_clients on commit drop as
select c.*, nextval(pg_get_serial_sequence('public.clients', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) c (number int, first_name text, middle_name text,
	last_name text, email text, address text, source text, blacklisted boolean, blacklist_reason text,
	user_id uuid, phones jsonb, created_at timestamptz)
where demo.name = 'clients' order by c.created_at, c.number;

insert into public.clients (id, first_name, middle_name, last_name, email, address, source,
	blacklisted, user_id, created_at, updated_at) overriding system value
select c.id, c.first_name, c.middle_name, c.last_name, c.email, c.address, c.source,
	c.blacklisted, c.user_id, c.created_at, c.created_at
from demo_clients c;

alter table public.client_blacklist disable trigger user;
insert into public.client_blacklist (client_id, reason)
select c.id, c.blacklist_reason from demo_clients c where c.blacklist_reason is not null;
alter table public.client_blacklist enable trigger user;

insert into public.client_phones (client_id, phone, label, is_primary, created_at, updated_at)
select c.id, p.value ->> 'phone', p.value ->> 'label', p.place = 1, c.created_at, c.created_at
from demo_clients c cross join lateral jsonb_array_elements(c.phones) with ordinality p (value, place)
order by c.number, p.place;

create temporary table demo_assets on commit drop as
select a.*, nextval(pg_get_serial_sequence('public.assets', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) a (number int, client int, thing text[], serial text)
where demo.name = 'assets' order by a.number;

insert into public.assets (id, client_id, kind, brand, model, serial, created_at, updated_at) overriding system value
select a.id, c.id, a.thing[1], a.thing[2], a.thing[3], a.serial, c.created_at, c.created_at
from demo_assets a join demo_clients c on c.number = a.client;

create temporary table demo_stages on commit drop as
select l.id as location_id, k.kind, private.first_stage(k.kind, l.id) as id
from public.locations l cross join unnest(enum_range(null::public.stage_kind)) k (kind);

create temporary table demo_orders on commit drop as
select o.*, nextval(pg_get_serial_sequence('public.orders', 'id')) as id,
	c.id as client_id, l.id as location_id, s.id as stage_id, v.id as service_id, g.id as campaign_id,
	case when o.visit then c.address end as address
from demo
cross join lateral jsonb_to_recordset(demo.rows) o (number int, location int, client int, asset int, service int,
	campaign int, type public.order_type, problem text, result text, visit boolean, priority int,
	promised_at timestamptz, stage public.stage_kind, master_id uuid, refusal_reason text, total numeric,
	paid numeric, payment_state public.payment_state, comment_count int, created_by uuid, version int, created_at timestamptz,
	updated_at timestamptz, stage_entered_at timestamptz, assigned_at timestamptz, seen_at timestamptz,
	accepted_at timestamptz, done_at timestamptz, closed_at timestamptz, invoiced_at timestamptz)
join demo_clients c on c.number = o.client
join demo_locations l on l.number = o.location
join demo_stages s on s.location_id = l.id and s.kind = o.stage
join demo_services v on v.number = o.service
left join demo_campaigns g on g.number = o.campaign
where demo.name = 'orders' order by o.number;
alter table demo_orders add primary key (number);

insert into public.orders (id, version, type, stage_id, rank, location_id, client_id, asset_id, service_id,
	campaign_id, master_id, assigned_at, seen_at, accepted_at, address, problem, result, priority, promised_at,
	refusal_reason, total, paid, payment_state, comment_count, created_by, stage_entered_at, done_at, closed_at,
	created_at, updated_at) overriding system value
select o.id, o.version, o.type, o.stage_id,
	-- the newest of a column on top, in ranks that leave room on all sides
	'V' || lpad((row_number() over (partition by o.stage_id order by o.stage_entered_at desc, o.number))::text, 4, '0') || 'V',
	o.location_id, o.client_id, a.id, o.service_id, o.campaign_id, o.master_id, o.assigned_at, o.seen_at,
	o.accepted_at, o.address, o.problem, o.result, o.priority, date_trunc('minute', o.promised_at),
	o.refusal_reason, o.total, o.paid, o.payment_state, o.comment_count, o.created_by, o.stage_entered_at, o.done_at, o.closed_at,
	o.created_at, o.updated_at
from demo_orders o left join demo_assets a on a.number = o.asset;

insert into public.order_events (order_id, version, kind, actor_id, from_values, to_values, reason, at)
select o.id, e.version, e.kind, e.actor,
	case when f.id is null then '{}' else jsonb_build_object('stage_id', f.id) end || e.was,
	case when t.id is null then '{}' else jsonb_build_object('stage_id', t.id) end || e.becomes
	|| case when e.kind = 'created' then jsonb_build_object('location_id', o.location_id, 'master_id', null)
		else '{}' end,
	e.reason, e.at
from demo
cross join lateral jsonb_to_recordset(demo.rows) e ("order" int, version int, kind public.order_event_kind,
	actor uuid, from_stage public.stage_kind, to_stage public.stage_kind, was jsonb, becomes jsonb, reason text,
	at timestamptz)
join demo_orders o on o.number = e."order"
left join demo_stages f on f.location_id = o.location_id and f.kind = e.from_stage
left join demo_stages t on t.location_id = o.location_id and t.kind = e.to_stage
where demo.name = 'events'
order by e.at, o.id, e.version;

create temporary table demo_lines on commit drop as
select l.*, nextval(pg_get_serial_sequence('public.order_lines', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) l ("order" int, position int, kind public.line_kind, title text,
	quantity numeric, unit_price numeric, cost numeric, service int, performed_by uuid, created_at timestamptz)
where demo.name = 'lines' order by l.created_at, l."order", l.position;

insert into public.order_lines (id, order_id, kind, service_id, title, quantity, unit_price, position, performed_by,
	created_at, updated_at) overriding system value
select l.id, o.id, l.kind, s.id, l.title, l.quantity, l.unit_price, l.position, l.performed_by, l.created_at, l.created_at
from demo_lines l
join demo_orders o on o.number = l."order"
left join demo_services s on s.number = l.service;

insert into public.order_line_costs (line_id, unit_cost)
select l.id, l.cost from demo_lines l where l.cost is not null;

alter table public.clients enable trigger user;
alter table public.client_phones enable trigger user;
alter table public.assets enable trigger user;
alter table public.order_events enable trigger user;
alter table public.order_lines enable trigger user;
-- orders stay quiet until their money and leads are in
