-- What a registered client reads about his orders and money: views over definer functions that begin
-- at private.my_client(), so that no table of the staff has to be opened to clients.

create function private.my_client_orders()
returns table (
	number bigint, type public.order_type, problem text, result text, asset_id bigint, asset_label text,
	stage_kind public.stage_kind, stage_name jsonb, stage_entered_at timestamptz, promised_at timestamptz,
	created_at timestamptz, closed_at timestamptz, total numeric, paid numeric,
	payment_state public.payment_state, invoice jsonb, tracking_token text, topic text
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	client constant bigint := private.my_client();
begin
	return query
		select o.id, o.type, o.problem, o.result, o.asset_id, a.label, s.kind, s.name::jsonb,
			o.stage_entered_at, o.promised_at, o.created_at, o.closed_at, o.total, o.paid, o.payment_state,
			private.client_invoice(o.id), o.tracking_token, 'track:' || o.tracking_token
		from public.orders o
		join public.stages s on s.id = o.stage_id
		left join public.assets a on a.id = o.asset_id
		where o.client_id = client
		order by o.created_at desc, o.id desc;
end
$$;
comment on function private.my_client_orders is 'See public.my_client_orders.';

create function private.my_client_payments()
returns table (
	id bigint, order_number bigint, invoice_number text, kind public.payment_kind,
	method public.payment_method, amount numeric, received_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	client constant bigint := private.my_client();
begin
	return query
		select p.id, p.order_id, i.number, p.kind, p.method, p.amount, p.received_at
		from public.payments p
		left join public.invoices i on i.id = p.invoice_id
		where p.client_id = client
		order by p.received_at desc, p.id desc;
end
$$;
comment on function private.my_client_payments is 'See public.my_client_payments.';

create view public.my_client_orders with (security_invoker = true) as
	select * from private.my_client_orders();
comment on view public.my_client_orders is
	'A registered client''s own orders with money and the invoice to pay, newest first; nothing about staff, reasons or costs. History by track_order(tracking_token).';
create view public.my_client_payments with (security_invoker = true) as
	select * from private.my_client_payments();
comment on view public.my_client_payments is 'What a registered client paid and got back, newest first.';

revoke all on public.my_client_orders, public.my_client_payments
	from public, anon, authenticated, service_role;
grant select on public.my_client_orders, public.my_client_payments to authenticated;

revoke execute on function private.my_client_orders, private.my_client_payments
	from public, anon, authenticated;
grant execute on function private.my_client_orders, private.my_client_payments to authenticated;
