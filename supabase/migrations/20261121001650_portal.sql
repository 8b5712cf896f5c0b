-- What a registered client reads about himself: views over definer functions that begin at
-- auth.uid(), so that no table of the staff has to be opened to clients. No column about staff.

create function private.my_client_ids()
returns bigint[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return array(select c.id from public.clients c where c.user_id = (select auth.uid()));
end
$$;
comment on function private.my_client_ids is 'The client records of the signed-in user: one or none.';

create function private.my_client()
returns table (
	first_name text, middle_name text, last_name text, email text, address text, phones text[]
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select c.first_name, c.middle_name, c.last_name, c.email, c.address, array(
			select p.phone::text from public.client_phones p where p.client_id = c.id
			order by p.is_primary desc, p.id
		)
		from public.clients c where c.id = any (private.my_client_ids());
end
$$;
comment on function private.my_client is 'See public.my_client.';

create function private.my_client_assets()
returns table (
	id bigint, kind text, brand text, model text, serial text, label text, created_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select a.id, a.kind, a.brand, a.model, a.serial, a.label, a.created_at
		from public.assets a
		where a.client_id = any (private.my_client_ids()) and a.archived_at is null
		order by a.id;
end
$$;
comment on function private.my_client_assets is 'See public.my_client_assets.';

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
begin
	return query
		select o.id, o.type, o.problem, o.result, o.asset_id, a.label, s.kind, s.name::jsonb,
			o.stage_entered_at, o.promised_at, o.created_at, o.closed_at, o.total, o.paid, o.payment_state,
			private.client_invoice(o.id), o.tracking_token, 'track:' || o.tracking_token
		from public.orders o
		join public.stages s on s.id = o.stage_id
		left join public.assets a on a.id = o.asset_id
		where o.client_id = any (private.my_client_ids())
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
begin
	return query
		select p.id, p.order_id, i.number, p.kind, p.method, p.amount, p.received_at
		from public.payments p
		left join public.invoices i on i.id = p.invoice_id
		where p.client_id = any (private.my_client_ids())
		order by p.received_at desc, p.id desc;
end
$$;
comment on function private.my_client_payments is 'See public.my_client_payments.';

create view public.my_client with (security_invoker = true) as
	select * from private.my_client();
comment on view public.my_client is 'A registered client''s own name, address, e-mail and phones.';
create view public.my_client_assets with (security_invoker = true) as
	select * from private.my_client_assets();
comment on view public.my_client_assets is 'A registered client''s own instruments and other things.';
create view public.my_client_orders with (security_invoker = true) as
	select * from private.my_client_orders();
comment on view public.my_client_orders is
	'A registered client''s own orders with money and the invoice to pay, newest first; nothing about staff, reasons or costs. History by track_order(tracking_token).';
create view public.my_client_payments with (security_invoker = true) as
	select * from private.my_client_payments();
comment on view public.my_client_payments is 'What a registered client paid and got back, newest first.';

revoke all on public.my_client, public.my_client_assets, public.my_client_orders, public.my_client_payments
	from public, anon, authenticated, service_role;
grant select on public.my_client, public.my_client_assets, public.my_client_orders,
	public.my_client_payments to authenticated;

revoke execute on function private.my_client_ids, private.my_client, private.my_client_assets,
	private.my_client_orders, private.my_client_payments from public, anon, authenticated;
grant execute on function private.my_client, private.my_client_assets, private.my_client_orders,
	private.my_client_payments to authenticated;
