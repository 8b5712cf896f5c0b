-- What payment providers report. Every report is kept once, whatever it says; it changes the ledger
-- only if it is new, names an invoice of ours, and its amount and currency are what we asked for.

create table public.payment_events (
	id bigint generated always as identity primary key,
	provider text not null check (char_length(provider) between 1 and 40),
	event_key text not null check (char_length(event_key) between 1 and 500),
	order_ref text not null check (char_length(order_ref) <= 255),
	status text not null check (char_length(status) <= 100),
	amount numeric,
	currency text check (char_length(currency) <= 10),
	payload jsonb not null default '{}',
	raw text not null default '' check (char_length(raw) <= 65536),
	payment_id bigint references public.payments (id),
	received_at timestamptz not null default now(),
	processed_at timestamptz,
	error text,
	constraint payment_events_provider_event_key_key unique (provider, event_key)
);
comment on table public.payment_events is
	'Raw callbacks of payment providers, once per provider''s event. Written by apply_provider_payment alone.';
comment on column public.payment_events.order_ref is 'inv_<invoice number>_<attempt>; an attempt is a word of letters and digits.';
comment on column public.payment_events.payment_id is 'The payment or refund it made, if any.';
comment on column public.payment_events.error is 'Why it changed nothing though it should have; a person has to look.';

create index payment_events_payment_id_idx on public.payment_events (payment_id);
create index payment_events_provider_order_ref_idx on public.payment_events (provider, order_ref);
create index payment_events_error_idx on public.payment_events (received_at desc) where error is not null;

revoke all on public.payment_events from public, anon, authenticated, service_role;
grant select on public.payment_events to authenticated;

alter table public.payment_events enable row level security;
create policy "Those who read the audit read what providers reported" on public.payment_events
	for select to authenticated using ((select private.can('audit.read')));
create trigger payment_events_no_delete before delete on public.payment_events
	for each row execute function private.refuse_rewriting();
create trigger payment_events_no_truncate before truncate on public.payment_events
	for each statement execute function private.refuse_rewriting();

create function private.apply_paid(report public.payment_events, out made bigint, out error text)
language plpgsql security definer
set search_path = ''
as $$
declare
	bill public.invoices;
	billed_order bigint;
begin
	select * into bill from public.invoices i
	where i.number = substring(report.order_ref from '^inv_([0-9A-Za-z-]+)_[0-9A-Za-z]+$');
	-- the order before its invoice, as everywhere; a second callback of the attempt waits here
	perform from public.orders o where o.id = bill.order_id for no key update;
	select * into bill from public.invoices i where i.id = bill.id for no key update;
	select p.id into made from public.payments p
	where p.provider = report.provider and p.provider_ref = report.order_ref and p.kind = 'payment';
	if made is not null then
		return;
	end if;
	error := case
		when bill.id is null then 'invoice_not_found'
		when bill.state <> 'open' then 'invoice_' || bill.state
		when report.currency is distinct from bill.currency then 'currency_mismatch'
		when report.amount is distinct from bill.amount - private.received_on(bill.id) then 'amount_mismatch'
	end;
	if error is null then
		insert into public.payments (invoice_id, amount, method, provider, provider_ref)
		values (bill.id, report.amount, 'online', report.provider, report.order_ref)
		returning id into made;
	end if;
end
$$;
comment on function private.apply_paid is
	'Records the payment a provider reports, once per attempt; error says why not: invoice_not_found, invoice_paid, invoice_void, currency_mismatch, amount_mismatch.';

create function private.apply_refunded(report public.payment_events, out made bigint, out error text)
language plpgsql security definer
set search_path = ''
as $$
declare
	source public.payments;
	bill public.invoices;
	missing numeric;
begin
	select * into source from public.payments p
	where p.provider = report.provider and p.provider_ref = report.order_ref and p.kind = 'payment';
	select * into bill from public.invoices i where i.id = source.invoice_id;
	perform from public.orders o where o.id = source.order_id for no key update;
	perform from public.payments p where p.id = source.id for no key update;
	-- the provider tells the total given back so far; what is here already is not given back twice
	missing := report.amount - (source.amount - private.left_of_payment(source.id));
	error := case
		when source.id is null then 'payment_not_found'
		when report.currency is distinct from bill.currency then 'currency_mismatch'
		when report.amount is null or report.amount <= 0 or report.amount > source.amount
			or report.amount <> round(report.amount, 2) then 'amount_mismatch'
	end;
	if error is null and missing > 0 then
		insert into public.payments (kind, refunds_payment_id, amount, reason, method)
		values ('refund', source.id, missing, report.provider || ': ' || report.status, 'online')
		returning id into made;
	end if;
end
$$;
comment on function private.apply_refunded is
	'Records what a provider gave back beyond the refunds known; error: payment_not_found, currency_mismatch, amount_mismatch.';

create function private.apply_provider_payment(
	provider text, event_key text, order_ref text, status text, amount numeric, currency text,
	payload jsonb, raw text
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	report public.payment_events;
	early public.payment_events;
	effect record;
begin
	insert into public.payment_events as e
		(provider, event_key, order_ref, status, amount, currency, payload, raw)
	values ($1, $2, $3, $4, $5, $6, coalesce($7, '{}'), coalesce($8, ''))
	on conflict on constraint payment_events_provider_event_key_key do nothing
	returning * into report;
	if report.id is null then
		select * into report from public.payment_events e where e.provider = $1 and e.event_key = $2;
		return jsonb_build_object('result', 'duplicate', 'event_id', report.id,
			'payment_id', report.payment_id, 'error', report.error);
	end if;
	-- any other word (pending, hold, failed, expired, or one nobody knows) moves no money, so that a
	-- late one cannot take a payment back
	if status = 'paid' then
		effect := private.apply_paid(report);
	elsif status = 'refunded' then
		effect := private.apply_refunded(report);
	else
		return private.close_report(report.id, null, null, 'ignored');
	end if;
	perform private.close_report(report.id, effect.made, effect.error, 'applied');
	if status = 'paid' and effect.error is null then
		-- a refund that overtook its payment
		for early in
			select * from public.payment_events e where e.provider = $1 and e.order_ref = $3
				and e.status = 'refunded' and e.error = 'payment_not_found' order by e.amount
		loop
			effect := private.apply_refunded(early);
			perform private.close_report(early.id, effect.made, effect.error, 'applied');
		end loop;
	end if;
	select * into report from public.payment_events e where e.id = report.id;
	return jsonb_build_object('result', case when report.error is null then 'applied' else 'rejected' end,
		'event_id', report.id, 'payment_id', report.payment_id, 'error', report.error);
end
$$;
comment on function private.apply_provider_payment is 'See public.apply_provider_payment().';

create function private.close_report(event_id bigint, made bigint, error text, result text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.payment_events e
	set payment_id = made, error = close_report.error,
		processed_at = case when close_report.error is null then now() end
	where e.id = event_id;
	return jsonb_build_object('result', result, 'event_id', event_id, 'payment_id', made, 'error', error);
end
$$;
comment on function private.close_report is 'Writes on a provider''s report what became of it.';

create function public.apply_provider_payment(
	provider text, event_key text, order_ref text, status text, amount numeric, currency text,
	payload jsonb default '{}', raw text default ''
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.apply_provider_payment(provider, event_key, order_ref, status, amount, currency, payload, raw);
end
$$;
comment on function public.apply_provider_payment is
	'For the payment webhook, after it checked the signature. status: paid (amount paid), refunded (amount: total given back so far); any other is kept without effect. Returns {result: applied|ignored|rejected|duplicate, event_id, payment_id, error}; commit, then answer success to the provider. service_role only.';

revoke execute on function private.apply_paid, private.apply_refunded, private.apply_provider_payment,
	private.close_report, public.apply_provider_payment from public, anon, authenticated, service_role;
grant execute on function private.apply_provider_payment, public.apply_provider_payment to service_role;
