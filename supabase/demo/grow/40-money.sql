-- Lines, invoices, payments, leads and notes of the orders.

insert into public.order_lines (order_id, kind, service_id, title, quantity, unit_price, position, performed_by, created_at)
select o.id, l.kind::public.line_kind, case when l.kind = 'work' then o.service_id end, l.title, 1, l.price, l.position,
	o.master_id, o.worked_at
from big_orders o
cross join lateral (values ('work', 'Работа', o.work, 1), ('part', 'Деталь', o.part, 2)) l (kind, title, price, position)
where o.total > 0 and l.price is not null;

create temporary table big_invoices as
select nextval(pg_get_serial_sequence('public.invoices', 'id')) as id, o.id as order_id, o.total, o.worked_at, o.closed_at
from big_orders o where o.is_paid;
insert into public.invoices (id, order_id, number, amount, currency, state, issued_at, paid_at, created_at)
	overriding system value
select i.id, i.order_id, i.order_id || '-1', i.total, 'UAH', 'paid', i.worked_at, i.closed_at, i.worked_at
from big_invoices i;

insert into public.payments (invoice_id, order_id, client_id, amount, method, campaign_id, location_id, master_id,
	service_id, order_type, received_at, created_at)
select i.id, o.id, o.client_id, o.total, case when o.i % 3 = 0 then 'cash' else 'card' end::public.payment_method,
	o.campaign_id, o.location_id, o.master_id, o.service_id, o.type, o.closed_at, o.closed_at
from big_invoices i join big_orders o on o.id = i.order_id;

insert into public.leads (id, first_name, last_name, phone, campaign_id, location_id, service_id, source, status,
	first_call_at, contacted_at, client_id, order_id, last_submitted_at, created_at, updated_at) overriding system value
select o.lead_id, c.first_name, c.last_name, '+38055' || lpad((1000000 + (c.i * 7919) % 8999999)::text, 7, '0'),
	o.campaign_id, o.location_id, o.service_id, 'сайт', 'converted', o.created_at - interval '20 minutes',
	o.created_at - interval '20 minutes', o.client_id, o.id, o.created_at - interval '1 hour',
	o.created_at - interval '1 hour', o.created_at
from big_orders o join big_clients c on c.id = o.client_id
where o.lead_id is not null;
insert into private.lead_words (lead_id, folded)
select l.id, private.lead_text(l) from public.leads l
where not exists (select from private.lead_words w where w.lead_id = l.id);

insert into public.interactions (client_id, kind, direction, body, author_id, at)
select o.client_id, 'call', 'in', 'Спрашивал, когда будет готово', null, o.assigned_at from big_orders o where o.i % 5 = 0;

select setval(pg_get_serial_sequence('public.clients', 'id'), (select max(id) from public.clients)),
	setval(pg_get_serial_sequence('public.assets', 'id'), (select max(id) from public.assets)),
	setval(pg_get_serial_sequence('public.orders', 'id'), (select max(id) from public.orders)),
	setval(pg_get_serial_sequence('public.leads', 'id'), greatest((select max(id) from public.leads), 1));
