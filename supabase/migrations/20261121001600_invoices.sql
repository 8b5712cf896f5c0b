-- Invoices: what a client was asked to pay for an order or a contract, and how that shows on the
-- order (payment_state). The amount is fixed when the invoice is issued; see 1610 for the money.

create type public.invoice_state as enum ('open', 'paid', 'void');

create table public.invoices (
	id bigint generated always as identity primary key,
	version int not null default 1,
	order_id bigint references public.orders (id),
	contract_id bigint,
	number text not null unique check (number ~ '^[0-9A-Za-z-]{1,40}$'),
	amount numeric(12,2) not null check (amount > 0),
	currency text not null check (currency ~ '^[A-Z]{3}$'),
	state public.invoice_state not null default 'open',
	issued_at timestamptz not null default now(),
	issued_by uuid,
	paid_at timestamptz,
	void_reason text check (void_reason ~ '\S' and char_length(void_reason) <= 300),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint invoices_one_subject check (num_nonnulls(order_id, contract_id) = 1),
	constraint invoices_paid_at check ((paid_at is not null) = (state = 'paid')),
	constraint invoices_void_reason check ((void_reason is not null) = (state = 'void'))
);
comment on table public.invoices is
	'What a client was asked to pay for an order or a contract. Issued and voided by the calls; closed by its payments.';
comment on column public.invoices.number is 'The order''s number and a serial: 155026-1; contracts begin with C.';
comment on column public.invoices.amount is 'What was left to pay when it was issued; does not follow the lines.';
comment on column public.invoices.issued_by is 'The user (auth.users); null for programs. No foreign key: history outlives accounts.';
comment on column public.invoices.contract_id is 'public.contracts (the foreign key is made there).';

create index invoices_order_id_idx on public.invoices (order_id);
create index invoices_contract_id_idx on public.invoices (contract_id);
create index invoices_state_issued_at_idx on public.invoices (state, issued_at desc);
create unique index invoices_one_open_per_order_idx on public.invoices (order_id) where state = 'open';
create unique index invoices_one_open_per_contract_idx on public.invoices (contract_id) where state = 'open';

revoke all on public.invoices from public, anon, authenticated, service_role;
grant select on public.invoices to authenticated;

create function private.sees_contract(contract_id bigint)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from public.contracts c
		where c.id = sees_contract.contract_id and private.sees_location(c.location_id)
	);
end
$$;
comment on function private.sees_contract is 'Whether the signed-in employee sees the location of a contract; not whether he may read contracts.';

alter table public.invoices enable row level security;
create policy "Those who see an order's money or a contract see its invoices"
	on public.invoices for select to authenticated
	using (
		((select private.can('orders.money'))
			and exists (select from public.orders o where o.id = invoices.order_id))
		or (contract_id is not null and (select private.can('contracts.read'))
			and private.sees_contract(contract_id))
	);

create trigger invoices_touch before update on public.invoices
	for each row execute function private.touch_version();

create function private.keep_invoice()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	if (new.order_id, new.contract_id, new.number, new.amount, new.currency, new.issued_at)
			is distinct from (old.order_id, old.contract_id, old.number, old.amount, old.currency, old.issued_at)
		or (old.state <> 'open' and new.state <> old.state) then
		perform private.fail('VK422', 'invoice_final', jsonb_build_object('invoice_id', old.id, 'state', old.state));
	end if;
	return new;
end
$$;
comment on function private.keep_invoice is
	'Trigger: an issued invoice keeps its facts, a paid or void one its state (VK422 invoice_final).';
create trigger invoices_keep before update on public.invoices
	for each row execute function private.keep_invoice();
create trigger invoices_no_delete before delete on public.invoices
	for each row execute function private.refuse_rewriting();
create trigger invoices_no_truncate before truncate on public.invoices
	for each statement execute function private.refuse_rewriting();

-- how it shows on the order ----------------------------------------------------------------------

create function private.payment_state_of(order_id bigint, total numeric, paid numeric)
returns public.payment_state
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return case
		when total > 0 and paid >= total then 'paid'
		when paid > 0 then 'part'
		when exists (
			select from public.invoices i where i.order_id = payment_state_of.order_id and i.state <> 'void'
		) then 'unpaid'
		else 'none'
	end::public.payment_state;
end
$$;
comment on function private.payment_state_of is
	'What cards say of an order''s money: paid (all of a total above zero), part, unpaid (invoiced, nothing received), none.';

create function private.keep_payment_state()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	new.payment_state := private.payment_state_of(new.id, new.total, new.paid);
	return new;
end
$$;
comment on function private.keep_payment_state is 'Trigger: an order''s payment_state follows its total and what was paid.';
create trigger orders_keep_payment_state before update of total, paid, payment_state on public.orders
	for each row execute function private.keep_payment_state();

create function private.tell_order_of_invoice()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.orders o set paid = o.paid
	where o.id = new.order_id
		and o.payment_state <> private.payment_state_of(o.id, o.total, o.paid);
	return null;
end
$$;
comment on function private.tell_order_of_invoice is 'Trigger: an invoice issued or voided shows on its order.';
create trigger invoices_tell_order after insert or update of state on public.invoices
	for each row when (new.order_id is not null) execute function private.tell_order_of_invoice();

create function private.name_money_event()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	new.kind := case
		when (new.to_values ->> 'paid')::numeric > (new.from_values ->> 'paid')::numeric then 'paid'
		when new.kind = 'moved' then 'moved'
		when new.to_values ->> 'payment_state' = 'unpaid' and new.from_values ->> 'payment_state' = 'none'
			then 'invoiced'
		-- a refund, or an invoice that was voided
		else 'changed'
	end;
	return new;
end
$$;
comment on function private.name_money_event is
	'Trigger: a change by which money came in is kept as ''paid'', the first invoice as ''invoiced''.';
create trigger order_events_name_money before insert on public.order_events
	for each row when (new.kind in ('changed', 'moved', 'paid', 'invoiced') and new.to_values ?| '{paid,payment_state}')
	execute function private.name_money_event();

revoke execute on function private.sees_contract, private.keep_invoice, private.payment_state_of,
	private.keep_payment_state, private.tell_order_of_invoice, private.name_money_event
	from public, anon, authenticated;
grant execute on function private.sees_contract to authenticated;
