-- Money received and given back: an append-only ledger whose triggers close invoices, keep
-- orders.paid and, if the company wants it, close a done order that is paid. Only numeric arithmetic.

create type public.payment_kind as enum ('payment', 'refund');
create type public.payment_method as enum ('cash', 'card', 'transfer', 'online');

create table public.payments (
	id bigint generated always as identity primary key,
	invoice_id bigint references public.invoices (id),
	order_id bigint references public.orders (id),
	contract_id bigint,
	client_id bigint not null references public.clients (id),
	kind public.payment_kind not null default 'payment',
	refunds_payment_id bigint references public.payments (id),
	amount numeric(12,2) not null check (amount > 0),
	method public.payment_method not null,
	provider text check (char_length(provider) between 1 and 40),
	provider_ref text check (char_length(provider_ref) between 1 and 255),
	reason text check (reason ~ '\S' and char_length(reason) <= 300),
	campaign_id bigint references public.campaigns (id),
	location_id bigint references public.locations (id),
	master_id uuid references public.employees (id),
	service_id bigint references public.services (id),
	order_type public.order_type,
	recorded_by uuid,
	received_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	constraint payments_one_subject check (num_nonnulls(order_id, contract_id) = 1),
	constraint payments_refund check ((kind = 'refund') = (refunds_payment_id is not null)),
	constraint payments_refund_reason check (kind = 'payment' or reason is not null),
	constraint payments_provider check ((provider is null) = (provider_ref is null))
);
comment on table public.payments is
	'Money in (payment) and back (refund). Append-only; what is wrong is refunded. Subject, client, campaign and location are filled in from the invoice.';
comment on column public.payments.amount is 'Above zero in both directions, in the company''s currency.';
comment on column public.payments.campaign_id is 'The campaign credited, as it was when the money came.';
comment on column public.payments.master_id is 'Who worked on the order when the money came; with service_id and order_type what reports credit.';
comment on column public.payments.provider_ref is 'The order reference of the payment attempt at the provider; one payment each.';
comment on column public.payments.recorded_by is 'The user (auth.users); null for providers. No foreign key: history outlives accounts.';
comment on column public.payments.contract_id is 'public.contracts (the foreign key is made there).';

create index payments_invoice_id_idx on public.payments (invoice_id);
create index payments_order_id_idx on public.payments (order_id);
create index payments_contract_id_idx on public.payments (contract_id);
create index payments_client_id_idx on public.payments (client_id);
create index payments_refunds_payment_id_idx on public.payments (refunds_payment_id);
create index payments_campaign_id_idx on public.payments (campaign_id, received_at);
create index payments_location_id_idx on public.payments (location_id, received_at desc);
create index payments_master_id_idx on public.payments (master_id);
create index payments_service_id_idx on public.payments (service_id);
create unique index payments_provider_idx on public.payments (provider, provider_ref) where kind = 'payment';

revoke all on public.payments from public, anon, authenticated, service_role;
grant select on public.payments to authenticated;

alter table public.payments enable row level security;
create policy "Those who see money of orders or contracts see payments of their locations"
	on public.payments for select to authenticated
	using (
		((order_id is not null and (select private.can('orders.money')))
			or (contract_id is not null and (select private.can('contracts.read'))))
		and (location_id = any (array(select private.my_locations())) or (select private.sees_location(null)))
	);

create function private.keep_payment()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	-- a merge of two clients gives the money to the one who stays
	if to_jsonb(new) - 'client_id' <> to_jsonb(old) - 'client_id' then
		raise exception 'payments is append-only' using errcode = '42501';
	end if;
	return new;
end
$$;
comment on function private.keep_payment is 'Trigger: makes payments append-only but for the client, whom a merge may change (42501).';
create trigger payments_append_only before update on public.payments
	for each row execute function private.keep_payment();
create trigger payments_no_delete before delete on public.payments
	for each row execute function private.refuse_rewriting();
create trigger payments_no_truncate before truncate on public.payments
	for each statement execute function private.refuse_rewriting();

create function private.received_on(invoice_id bigint)
returns numeric
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(sum(case p.kind when 'payment' then p.amount else -p.amount end), 0)
		from public.payments p where p.invoice_id = received_on.invoice_id
	);
end
$$;
comment on function private.received_on is 'Money received on an invoice, less refunds.';

create function private.received_for_order(order_id bigint)
returns numeric
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(sum(case p.kind when 'payment' then p.amount else -p.amount end), 0)
		from public.payments p where p.order_id = received_for_order.order_id
	);
end
$$;
comment on function private.received_for_order is 'Money received for an order, less refunds.';

create function private.received_for_contract(contract_id bigint)
returns numeric
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(sum(case p.kind when 'payment' then p.amount else -p.amount end), 0)
		from public.payments p where p.contract_id = received_for_contract.contract_id
	);
end
$$;
comment on function private.received_for_contract is 'Money received for a contract, less refunds.';

create function private.left_of_payment(payment_id bigint)
returns numeric
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select p.amount - coalesce(
			(select sum(r.amount) from public.payments r where r.refunds_payment_id = p.id), 0)
		from public.payments p where p.id = left_of_payment.payment_id and p.kind = 'payment'
	);
end
$$;
comment on function private.left_of_payment is 'What of a payment was not given back yet; null if it is no payment.';

-- rules for every writer -------------------------------------------------------------------------

create function private.prepare_payment()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	bill public.invoices;
	due numeric;
begin
	if new.kind = 'refund' then
		return private.prepared_refund(new);
	end if;
	if new.invoice_id is not null then
		select i.order_id, i.contract_id into new.order_id, new.contract_id
		from public.invoices i where i.id = new.invoice_id;
	end if;
	-- the order (or contract) is locked before its invoice, everywhere
	if new.order_id is not null then
		select o.client_id, o.campaign_id, o.location_id, o.master_id, o.service_id, o.type
		into new.client_id, new.campaign_id, new.location_id, new.master_id, new.service_id, new.order_type
		from public.orders o where o.id = new.order_id for no key update;
	elsif new.contract_id is not null then
		select c.client_id, c.campaign_id, c.location_id, c.service_id
		into new.client_id, new.campaign_id, new.location_id, new.service_id
		from public.contracts c where c.id = new.contract_id for no key update;
	end if;
	if new.invoice_id is null then
		return new;
	end if;
	select * into bill from public.invoices i where i.id = new.invoice_id for no key update;
	if bill.state <> 'open' then
		perform private.fail('VK422', 'invoice_' || bill.state,
			jsonb_build_object('invoice_id', bill.id, 'number', bill.number));
	end if;
	due := bill.amount - private.received_on(bill.id);
	if new.amount > due then
		perform private.fail('VK422', 'payment_exceeds_due',
			jsonb_build_object('invoice_id', bill.id, 'number', bill.number, 'due', due));
	end if;
	return new;
end
$$;
comment on function private.prepare_payment is
	'Trigger: fills in subject, client, campaign and location under the order''s and invoice''s lock; VK422 invoice_paid, invoice_void, payment_exceeds_due, refund_exceeds_payment.';

create function private.prepared_refund(refund public.payments)
returns public.payments
language plpgsql security definer
set search_path = ''
as $$
declare
	source public.payments;
	left_over numeric;
begin
	select * into source from public.payments p where p.id = refund.refunds_payment_id;
	perform from public.orders o where o.id = source.order_id for no key update;
	perform from public.payments p where p.id = source.id for no key update;
	left_over := private.left_of_payment(source.id);
	if left_over is null then
		perform private.fail('VK404', 'payment_not_found', jsonb_build_object('payment_id', refund.refunds_payment_id));
	end if;
	if refund.amount > left_over then
		perform private.fail('VK422', 'refund_exceeds_payment',
			jsonb_build_object('payment_id', source.id, 'left', left_over));
	end if;
	refund.invoice_id := source.invoice_id;
	refund.order_id := source.order_id;
	refund.contract_id := source.contract_id;
	refund.client_id := source.client_id;
	refund.campaign_id := source.campaign_id;
	refund.location_id := source.location_id;
	refund.master_id := source.master_id;
	refund.service_id := source.service_id;
	refund.order_type := source.order_type;
	refund.method := source.method;
	refund.provider := source.provider;
	refund.provider_ref := source.provider_ref;
	return refund;
end
$$;
comment on function private.prepared_refund is
	'A refund with everything but amount and reason taken from its payment; VK404 payment_not_found, VK422 refund_exceeds_payment.';
create trigger payments_prepare before insert on public.payments
	for each row execute function private.prepare_payment();

create function private.settle_payment()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if new.kind = 'payment' and new.invoice_id is not null then
		update public.invoices i set state = 'paid', paid_at = new.received_at
		where i.id = new.invoice_id and i.state = 'open' and private.received_on(i.id) >= i.amount;
	end if;
	if new.order_id is not null then
		perform private.settle_order(new.order_id, private.received_for_order(new.order_id));
	end if;
	return null;
end
$$;
comment on function private.settle_payment is 'Trigger: closes the invoice at full payment and counts the money on its order.';
create trigger payments_settle after insert on public.payments
	for each row execute function private.settle_payment();

create function private.settle_order(target bigint, received numeric)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	closed_stage bigint;
begin
	select private.first_stage('closed', o.location_id) into closed_stage
	from public.orders o
	join public.stages s on s.id = o.stage_id and s.kind = 'done'
	where o.id = target and received > o.paid
		and private.payment_state_of(o.id, o.total, received) = 'paid'
		and (select c.payment_closes_order from public.settings c);
	for attempt in 1..5 loop
		exit when closed_stage is null;
		begin
			update public.orders o set paid = received, stage_id = closed_stage where o.id = target;
			return;
		exception
			when unique_violation then
				-- somebody else took the same place on top of the column: look again
				null;
			when sqlstate 'VK422' or sqlstate 'VK404' then
				-- the board's rules keep the order where it is; the money has come all the same
				closed_stage := null;
		end;
	end loop;
	update public.orders o set paid = received where o.id = target;
end
$$;
comment on function private.settle_order is
	'Writes what was received on an order and, by settings.payment_closes_order, closes a done order that is paid, unless the board''s rules refuse the move.';

revoke execute on function private.keep_payment, private.received_on, private.received_for_order,
	private.received_for_contract, private.left_of_payment, private.prepare_payment, private.prepared_refund,
	private.settle_payment, private.settle_order from public, anon, authenticated;
