-- The calls by which people record money: a payment on an invoice and a refund.

create function private.record_payment(target bigint, amount numeric, method public.payment_method, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('payments.record', case
		when target is null then 'invoice_id' when mutation is null then 'mutation_id'
		when method is null then 'method' when not coalesce(private.is_money(amount), false) then 'amount' end);
	answer jsonb := private.repeated_answer(mutation, actor.id, 'record_payment', target);
	made bigint;
begin
	if answer is not null then
		return answer;
	end if;
	perform private.lock_invoice(actor, target);
	-- the lock may have been waited for
	answer := private.repeated_answer(mutation, actor.id, 'record_payment', target);
	if answer is not null then
		return answer;
	end if;
	perform private.announce('record_payment', mutation, null);
	insert into public.payments (invoice_id, amount, method, recorded_by)
	values (target, record_payment.amount, record_payment.method, actor.id)
	returning id into made;
	perform private.announce(null, null, null);
	return private.keep_money_answer(mutation, actor.id, 'record_payment', target, private.payment_answer(made));
end
$$;
comment on function private.record_payment is 'See public.record_payment().';

create function private.refund_payment(target bigint, amount numeric, reason text, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('payments.refund', case
		when target is null then 'payment_id' when mutation is null then 'mutation_id'
		when not coalesce(private.is_money(amount), false) then 'amount'
		when private.is_blank(reason) or char_length(btrim(reason)) > 300 then 'reason' end);
	answer jsonb := private.repeated_answer(mutation, actor.id, 'refund_payment', target);
	source public.payments;
	made bigint;
begin
	if answer is not null then
		return answer;
	end if;
	select * into source from public.payments p where p.id = target and p.kind = 'payment';
	if source.id is null or not private.sees_location(source.location_id) or not (
		case when source.order_id is null then 'contracts.read' else 'orders.money' end = any (actor.permissions)
	) then
		perform private.fail('VK404', 'payment_not_found', jsonb_build_object('payment_id', target));
	end if;
	-- in the order every writer of money uses: the order, then the payment
	perform from public.orders o where o.id = source.order_id for no key update;
	perform from public.payments p where p.id = target for no key update;
	answer := private.repeated_answer(mutation, actor.id, 'refund_payment', target);
	if answer is not null then
		return answer;
	end if;
	perform private.announce('refund_payment', mutation, reason);
	insert into public.payments (kind, refunds_payment_id, amount, reason, recorded_by, method)
	values ('refund', target, refund_payment.amount, btrim(reason), actor.id, source.method)
	returning id into made;
	perform private.announce(null, null, null);
	return private.keep_money_answer(mutation, actor.id, 'refund_payment', target, private.payment_answer(made));
end
$$;
comment on function private.refund_payment is 'See public.refund_payment().';

create function private.is_money(amount numeric)
returns boolean
language sql immutable
set search_path = ''
as $$
	select amount > 0 and amount < 10000000000 and amount = round(amount, 2)
$$;
comment on function private.is_money is 'Whether a number is an amount one can pay: above zero, whole hundredths, fitting numeric(12,2).';

create function private.payment_answer(payment_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select jsonb_build_object('payment', to_jsonb(p), 'invoice', private.invoice_face(p.invoice_id),
			'order', (
				select jsonb_build_object('id', o.id, 'version', o.version, 'stage_id', o.stage_id,
					'total', o.total, 'paid', o.paid, 'payment_state', o.payment_state)
				from public.orders o where o.id = p.order_id
			))
		from public.payments p where p.id = payment_answer.payment_id
	);
end
$$;
comment on function private.payment_answer is 'What the calls about money answer: {payment, invoice, order: {id, version, stage_id, total, paid, payment_state}}.';

create function public.record_payment(
	invoice_id bigint, amount numeric, method public.payment_method, mutation_id uuid
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.record_payment(invoice_id, amount, method, mutation_id);
end
$$;
comment on function public.record_payment is
	'Records money received on an open invoice, at most what is due. Full payment closes the invoice and, by settings.payment_closes_order, a done order. Returns {payment, invoice, order}. The same mutation_id again: same answer, no second payment. Errors: VK401, VK403 not_allowed, VK404 invoice_not_found, VK409 mutation_reused, VK422 invoice_paid, invoice_void, payment_exceeds_due {due}, invalid_argument.';

create function public.refund_payment(payment_id bigint, amount numeric, reason text, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.refund_payment(payment_id, amount, reason, mutation_id);
end
$$;
comment on function public.refund_payment is
	'Gives back all or part of a payment, with a reason. The invoice stays paid; the order''s paid and payment_state follow. Returns {payment, invoice, order}. Errors: VK401, VK403 not_allowed, VK404 payment_not_found, VK409 mutation_reused, VK422 refund_exceeds_payment {left}, invalid_argument.';

revoke execute on function private.record_payment, private.refund_payment, private.is_money,
	private.payment_answer, public.record_payment, public.refund_payment from public, anon, authenticated;
grant execute on function private.record_payment, private.refund_payment, public.record_payment,
	public.refund_payment to authenticated;
