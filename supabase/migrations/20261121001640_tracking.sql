-- What somebody without an account may learn: the state of one order by its link, and what is to pay
-- by the order's number and the last digits of a phone. Counted, so that nobody can try them all.

create table private.rate_limits (
	bucket text not null,
	subject text not null,
	window_ends_at timestamptz not null,
	hits int not null,
	primary key (bucket, subject)
);
comment on table private.rate_limits is
	'How often something was tried in the running window. The subject is hashed: no address is kept.';
create index rate_limits_window_ends_at_idx on private.rate_limits (window_ends_at);
revoke all on private.rate_limits from public, anon, authenticated, service_role;

create function private.take(bucket text, subject text, allowed int, per interval)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	counted int;
	ends timestamptz;
begin
	-- the row stays locked until the caller commits: tries at one instant are counted one by one
	insert into private.rate_limits as r (bucket, subject, window_ends_at, hits)
	values (take.bucket, encode(sha256(convert_to(take.subject, 'UTF8')), 'hex'), clock_timestamp() + per, 1)
	on conflict on constraint rate_limits_pkey do update set
		hits = case when r.window_ends_at <= clock_timestamp() then 1 else r.hits + 1 end,
		window_ends_at = case when r.window_ends_at <= clock_timestamp()
			then clock_timestamp() + per else r.window_ends_at end
	returning r.hits, r.window_ends_at into counted, ends;
	if counted > allowed then
		perform private.fail('VK429', 'too_many_requests', jsonb_build_object(
			'retry_after', ceil(extract(epoch from ends - clock_timestamp()))::int));
	end if;
end
$$;
comment on function private.take is
	'Counts one try; VK429 too_many_requests {retry_after: seconds} beyond so many in a window. A caller that fails later uncounts it.';

create function private.give_back(bucket text, subject text)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	update private.rate_limits r set hits = greatest(r.hits - 1, 0)
	where r.bucket = give_back.bucket
		and r.subject = encode(sha256(convert_to(give_back.subject, 'UTF8')), 'hex');
end
$$;
comment on function private.give_back is 'Uncounts a try that was right: only wrong ones use up the allowance.';

create function private.forget_rate_limits()
returns bigint
language sql security definer
set search_path = ''
as $$
	with gone as (delete from private.rate_limits where window_ends_at < now() returning 1)
	select count(*) from gone
$$;
comment on function private.forget_rate_limits is 'For the scheduler: drops windows that are over; returns how many.';
insert into private.scheduled_jobs (name, schedule, command, catch_up)
values ('forget_rate_limits', '*/15 * * * *', 'select private.forget_rate_limits()', true);

create function private.caller_address()
returns text
language plpgsql stable
set search_path = ''
as $$
declare
	headers jsonb := nullif(current_setting('request.headers', true), '');
	address text := coalesce(headers ->> 'cf-connecting-ip',
		btrim(split_part(headers ->> 'x-forwarded-for', ',', -1)));
begin
	-- the app's own server asks for many people and counts them itself
	return case when address ~ '^(127\.|::1$|::ffff:127\.)' then null else nullif(address, '') end;
end
$$;
comment on function private.caller_address is
	'The address a Data API request came from, as the nearest proxy saw it; null for SQL and for this very machine.';

-- by link ----------------------------------------------------------------------------------------

create function private.client_view(order_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select jsonb_build_object('number', o.id, 'stage', jsonb_build_object('kind', s.kind, 'name', s.name),
			'promised_at', o.promised_at, 'payment_state', o.payment_state)
		from public.orders o join public.stages s on s.id = o.stage_id
		where o.id = client_view.order_id
	);
end
$$;
comment on function private.client_view is
	'What a client is told live of an order: {number, stage: {kind, name}, promised_at, payment_state}; nothing about people, reasons or amounts.';

create function private.client_history(order_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('stage', jsonb_build_object('kind', s.kind, 'name', s.name),
			'at', e.at) order by e.version, e.id), '[]')
		from public.order_events e
		join public.stages s on s.id = (e.to_values ->> 'stage_id')::bigint
		where e.order_id = client_history.order_id
			and e.from_values ->> 'stage_id' is distinct from e.to_values ->> 'stage_id'
	);
end
$$;
comment on function private.client_history is 'The columns an order went through and when: [{stage: {kind, name}, at}], oldest first.';

create function private.track_order(token text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	address constant text := private.caller_address();
	tracked record;
begin
	select o.id, o.total, o.paid into tracked from public.orders o where o.tracking_token = token;
	if tracked.id is null then
		perform private.take('track_order', address, 60, '15 minutes') where address is not null;
		return jsonb_build_object('found', false);
	end if;
	return private.client_view(tracked.id) || jsonb_build_object('found', true,
		'history', private.client_history(tracked.id), 'total', tracked.total, 'paid', tracked.paid,
		'currency', (select s.currency from public.settings s),
		'invoice', private.client_invoice(tracked.id), 'topic', 'track:' || token);
end
$$;
comment on function private.track_order is 'See public.track_order().';

create function private.client_invoice(order_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select jsonb_build_object('number', i.number, 'state', i.state, 'amount', i.amount,
			'due', case i.state when 'open' then i.amount - private.received_on(i.id) else 0 end,
			'currency', i.currency)
		from public.invoices i
		where i.order_id = client_invoice.order_id and i.state <> 'void'
		order by i.state = 'open' desc, i.id desc limit 1
	);
end
$$;
comment on function private.client_invoice is
	'The invoice a client should see of an order, the open one or else the last paid: {number, state, amount, due, currency}; null if none.';

create function public.track_order(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.track_order(token);
end
$$;
comment on function public.track_order is
	'For anybody with an order''s link: {found, number, stage, promised_at, payment_state, history, total, paid, currency, invoice, topic}; {found: false} for any other token. The topic is private and may be joined without an account; it brings order_changed. Errors: VK429 too_many_requests (60 wrong ones in 15 minutes from an address).';

-- by number and phone ----------------------------------------------------------------------------

create function private.find_payable_order(number text, phone_last4 text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	address constant text := private.caller_address();
	wanted constant text := ltrim(regexp_replace(coalesce(number, ''), '[^0-9]', '', 'g'), '0');
	payable bigint;
	invoice jsonb;
begin
	-- counted before looking, so that many tries at once cannot slip through; always in this order
	perform private.take('payable_order', wanted, 5, '15 minutes');
	perform private.take('payable_order_day', wanted, 20, '1 day');
	perform private.take('payable_address', address, 30, '15 minutes') where address is not null;
	select o.id into payable
	from public.orders o
	join public.client_phones p on p.client_id = o.client_id and right(p.phone, 4) = phone_last4
	where o.id = case when wanted ~ '^[0-9]{1,18}$' then wanted::bigint end
		and phone_last4 ~ '^[0-9]{4}$'
	limit 1;
	invoice := private.client_invoice(payable);
	if invoice is null or invoice ->> 'state' <> 'open' then
		return jsonb_build_object('found', false);
	end if;
	perform private.give_back('payable_order', wanted), private.give_back('payable_order_day', wanted),
		private.give_back('payable_address', address);
	return jsonb_build_object('found', true, 'number', payable, 'invoice', invoice);
end
$$;
comment on function private.find_payable_order is 'See public.find_payable_order().';

create function public.find_payable_order(number text, phone_last4 text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.find_payable_order(number, phone_last4);
end
$$;
comment on function public.find_payable_order is
	'For anybody who knows an order''s number and the last four digits of its client''s phone: {found: true, number, invoice: {number, state, amount, due, currency}} if an invoice is open; {found: false} alike for a wrong number, wrong digits and nothing to pay. Errors: VK429 too_many_requests (5 wrong tries an order in 15 minutes, 20 a day; 30 an address in 15 minutes).';

revoke execute on function private.take, private.give_back, private.forget_rate_limits,
	private.caller_address, private.client_view, private.client_history, private.track_order,
	private.client_invoice, private.find_payable_order, public.track_order, public.find_payable_order
	from public, anon, authenticated;
grant execute on function private.track_order, private.find_payable_order, public.track_order,
	public.find_payable_order to anon, authenticated;
