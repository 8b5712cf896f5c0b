-- Leads, what was said with people, shifts; and what follows from all of it.

alter table public.leads disable trigger user;
alter table public.lead_notes disable trigger user;
alter table public.interactions disable trigger user;
alter table public.shifts disable trigger user;
alter table public.shift_breaks disable trigger user;

create temporary table demo_leads on commit drop as
select d.*, nextval(pg_get_serial_sequence('public.leads', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) d (number int, first_name text, middle_name text, last_name text,
	phone text, message text, campaign int, location int, service int, source text, utm jsonb,
	status public.lead_status, claimed_by uuid, claimed_at timestamptz, first_call_at timestamptz,
	contacted_at timestamptz, rejected_reason text, client int, "order" int, note text, created_at timestamptz,
	updated_at timestamptz)
where demo.name = 'leads' order by d.number;

insert into public.leads (id, first_name, middle_name, last_name, phone, message, campaign_id, location_id, service_id,
	source, utm, status, claimed_by, claimed_at, first_call_at, contacted_at, rejected_reason, client_id, order_id,
	last_submitted_at, created_at, updated_at) overriding system value
select d.id, d.first_name, d.middle_name, d.last_name, d.phone, d.message, g.id, l.id, s.id, d.source, d.utm, d.status,
	d.claimed_by, d.claimed_at, d.first_call_at, d.contacted_at, d.rejected_reason, c.id, o.id,
	d.created_at, d.created_at, d.updated_at
from demo_leads d
left join demo_campaigns g on g.number = d.campaign
left join demo_locations l on l.number = d.location
left join demo_services s on s.number = d.service
left join demo_clients c on c.number = d.client
left join demo_orders o on o.number = d."order";
insert into private.lead_words (lead_id, folded) select l.id, private.lead_text(l) from public.leads l;

insert into public.lead_notes (lead_id, kind, direction, body, author_id, at)
select d.id, 'call', 'out', d.note, d.claimed_by, d.contacted_at from demo_leads d where d.note is not null
order by d.contacted_at, d.id;

update public.orders o set lead_id = d.id
from demo_leads d join demo_orders m on m.number = d."order" where o.id = m.id;

insert into public.interactions (client_id, order_id, kind, direction, body, author_id, at, created_at, updated_at)
select c.id, o.id, t.kind::public.interaction_kind, t.direction, t.body, t.author, t.at, t.at, t.at
from demo
cross join lateral jsonb_to_recordset(demo.rows) t (client int, "order" int, kind text, direction text, body text,
	author uuid, at timestamptz)
join demo_clients c on c.number = t.client
left join demo_orders o on o.number = t."order"
where demo.name = 'talks'
order by t.at;

-- the notes that contracts leave with their clients
insert into public.interactions (client_id, contract_id, kind, template_key, params, author_id, at, created_at, updated_at)
select k.client_id, k.id, 'automatic', n.template, jsonb_strip_nulls(jsonb_build_object('contract_id', k.id,
		'number', c.number, 'amount', k.amount, 'service', s.name, 'starts_on', k.starts_on, 'ends_on', k.ends_on,
		'reason', k.cancelled_reason)),
	k.created_by, n.at, n.at, n.at
from demo_contracts k
join public.contracts c on c.id = k.id
join public.services s on s.id = k.service_id
cross join lateral (values ('contract_created', k.created_at), ('contract_signed', k.signed_at)) n (template, at)
where n.at is not null
order by n.at;

create temporary table demo_shifts on commit drop as
select s.*, nextval(pg_get_serial_sequence('public.shifts', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) s (number int, employee_id uuid, location int,
	started_at timestamptz, ended_at timestamptz, closed_by_rule boolean, corrected_by uuid, note text,
	break_from timestamptz, break_to timestamptz)
where demo.name = 'shifts' order by s.number;

insert into public.shifts (id, employee_id, location_id, started_at, ended_at, closed_by_rule, corrected_by, note,
	created_at, updated_at) overriding system value
select s.id, s.employee_id, l.id, s.started_at, s.ended_at, s.closed_by_rule, s.corrected_by, s.note,
	s.started_at, coalesce(s.ended_at, s.started_at)
from demo_shifts s left join demo_locations l on l.number = s.location;

insert into public.shift_breaks (shift_id, started_at, ended_at, created_at, updated_at)
select s.id, s.break_from, s.break_to, s.break_from, coalesce(s.break_to, s.break_from)
from demo_shifts s where s.break_from is not null;

alter table public.leads enable trigger user;
alter table public.lead_notes enable trigger user;
alter table public.interactions enable trigger user;
alter table public.shifts enable trigger user;
alter table public.shift_breaks enable trigger user;
alter table public.orders enable trigger user;

select private.rebuild_search_documents();
select private.rebuild_statistics();
