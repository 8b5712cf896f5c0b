-- Contracts, invoices of orders and contracts, payments and refunds.

alter table public.contracts disable trigger user;
alter table public.invoices disable trigger user;
alter table public.payments disable trigger user;

create temporary table demo_contracts on commit drop as
select k.*, nextval(pg_get_serial_sequence('public.contracts', 'id')) as id,
	extract(year from k.created_at at time zone 'Europe/Kyiv')::int as year, c.id as client_id,
	l.id as location_id, s.id as service_id, g.id as campaign_id
from demo
cross join lateral jsonb_to_recordset(demo.rows) k (number int, client int, service int, location int, campaign int,
	amount numeric, starts_on date, ends_on date, state public.contract_state, signed_at timestamptz,
	cancelled_reason text, notes text, created_by uuid, created_at timestamptz, issued_at timestamptz,
	received numeric, received_at timestamptz)
join demo_clients c on c.number = k.client
join demo_locations l on l.number = k.location
join demo_services s on s.number = k.service
left join demo_campaigns g on g.number = k.campaign
where demo.name = 'contracts' order by k.number;

insert into public.contracts (id, number, service_id, client_id, campaign_id, location_id, amount, starts_on, ends_on,
	state, signed_at, cancelled_reason, notes, pdf_stale, created_by, created_at, updated_at) overriding system value
select k.id, format('%s-%s', k.year, lpad((row_number() over (partition by k.year order by k.number))::text, 5, '0')),
	k.service_id, k.client_id, k.campaign_id, k.location_id, k.amount, k.starts_on, k.ends_on, k.state, k.signed_at,
	k.cancelled_reason, k.notes, k.signed_at is not null, k.created_by, k.created_at, coalesce(k.signed_at, k.created_at)
from demo_contracts k;

insert into private.contract_numbers (year, last) select k.year, count(*) from demo_contracts k group by k.year;

insert into public.invoices (order_id, number, amount, currency, state, issued_at, issued_by, paid_at,
	created_at, updated_at)
select o.id, o.id || '-1', o.total, 'UAH',
	case when f.paid_at is null then 'open' else 'paid' end::public.invoice_state, o.invoiced_at, i.actor, f.paid_at,
	o.invoiced_at, coalesce(f.paid_at, o.invoiced_at)
from demo_orders o
cross join lateral (
	select e.actor_id as actor from public.order_events e where e.order_id = o.id and e.kind = 'invoiced'
) i
-- an invoice that was paid in full stays paid, even if money was given back
cross join lateral (
	select min(e.at) as paid_at from public.order_events e
	where e.order_id = o.id and e.kind = 'paid' and e.to_values ->> 'payment_state' = 'paid'
) f
where o.invoiced_at is not null
order by o.invoiced_at, o.number;

insert into public.invoices (contract_id, number, amount, currency, state, issued_at, issued_by, paid_at,
	created_at, updated_at)
select k.id, 'C' || k.id || '-1', k.amount, 'UAH',
	case when k.received = k.amount then 'paid' else 'open' end::public.invoice_state, k.issued_at, k.created_by,
	case when k.received = k.amount then k.received_at end, k.issued_at, k.received_at
from demo_contracts k where k.issued_at is not null
order by k.issued_at;

create temporary table demo_payments on commit drop as
select p.*, nextval(pg_get_serial_sequence('public.payments', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows) p ("order" int, position int, kind public.payment_kind,
	amount numeric, method public.payment_method, reason text, recorded_by uuid, refunds int,
	received_at timestamptz)
where demo.name = 'payments' order by p.received_at, p."order", p.position;

insert into public.payments (id, invoice_id, order_id, client_id, kind, refunds_payment_id, amount, method, provider,
	provider_ref, reason, campaign_id, location_id, master_id, service_id, order_type, recorded_by, received_at,
	created_at) overriding system value
select p.id, i.id, o.id, o.client_id, p.kind, r.id, p.amount, p.method,
	case when p.method = 'online' then 'liqpay' end,
	case when p.method = 'online' then format('%s-%s', i.number, coalesce(p.refunds, p.position)) end,
	p.reason, o.campaign_id, o.location_id, o.master_id, o.service_id, o.type, p.recorded_by, p.received_at, p.received_at
from demo_payments p
join demo_orders o on o.number = p."order"
join public.invoices i on i.order_id = o.id
left join demo_payments r on r."order" = p."order" and r.position = p.refunds;

insert into public.payments (invoice_id, contract_id, client_id, amount, method, campaign_id, location_id, service_id,
	recorded_by, received_at, created_at)
select i.id, k.id, k.client_id, k.received, 'transfer', k.campaign_id, k.location_id, k.service_id, k.created_by,
	k.received_at, k.received_at
from demo_contracts k join public.invoices i on i.contract_id = k.id
where k.received > 0
order by k.received_at;

alter table public.contracts enable trigger user;
alter table public.invoices enable trigger user;
alter table public.payments enable trigger user;
