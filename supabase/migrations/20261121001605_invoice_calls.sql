-- The calls about invoices: issuing for what is left to pay, voiding, and what they share with 1610.

create function private.invoice_face(invoice_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select to_jsonb(i) || jsonb_build_object('received', r.received, 'due',
			case i.state when 'open' then i.amount - r.received else 0 end)
		from public.invoices i
		cross join lateral (select private.received_on(i.id) as received) r
		where i.id = invoice_face.invoice_id
	);
end
$$;
comment on function private.invoice_face is 'An invoice as the calls answer it: its row, what was received on it, what is due.';

create function private.keep_money_answer(mutation uuid, actor_id uuid, call text, subject bigint, answer jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.mutations (id, actor_id, call, order_id, answer)
	values (mutation, keep_money_answer.actor_id, keep_money_answer.call, subject, keep_money_answer.answer)
	on conflict (id) do nothing;
	if not found then
		perform private.fail('VK409', 'mutation_reused', jsonb_build_object('mutation_id', mutation));
	end if;
	return answer;
end
$$;
comment on function private.keep_money_answer is
	'Keeps the answer of a call about money; subject is the id of what it was about (order, invoice or payment). VK409 mutation_reused.';

create function private.begin_call(permission text, invalid text)
returns private.actor
language plpgsql stable
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
begin
	if not permission = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', permission));
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	return actor;
end
$$;
comment on function private.begin_call is 'The caller of a call that needs a permission, and the name of an argument that is wrong: VK401, VK403 not_allowed, VK422 invalid_argument.';

create function private.add_invoice(order_id bigint, contract_id bigint, due numeric, issuer uuid)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	open_one record;
	serial bigint;
	made bigint;
begin
	select i.id, i.number into open_one from public.invoices i
	where i.state = 'open' and (i.order_id = add_invoice.order_id or i.contract_id = add_invoice.contract_id);
	if open_one.id is not null then
		perform private.fail('VK422', 'invoice_open',
			jsonb_build_object('invoice_id', open_one.id, 'number', open_one.number));
	end if;
	if due <= 0 then
		perform private.fail('VK422', 'nothing_to_invoice',
			jsonb_build_object('order_id', order_id, 'contract_id', contract_id));
	end if;
	-- counted under the lock of the order or contract; invoices are never deleted
	select count(*) + 1 into serial from public.invoices i
	where i.order_id = add_invoice.order_id or i.contract_id = add_invoice.contract_id;
	insert into public.invoices (order_id, contract_id, number, amount, currency, issued_by)
	values (add_invoice.order_id, add_invoice.contract_id,
		coalesce(add_invoice.order_id::text, 'C' || add_invoice.contract_id) || '-' || serial,
		due, (select s.currency from public.settings s), issuer)
	returning id into made;
	return made;
end
$$;
comment on function private.add_invoice is
	'Adds an invoice for what is due; the caller holds the lock of the order or contract. VK422 invoice_open, nothing_to_invoice.';

create function private.lock_invoice(actor private.actor, target bigint)
returns public.invoices
language plpgsql security definer
set search_path = ''
as $$
declare
	locked public.invoices;
	seen boolean;
begin
	select * into locked from public.invoices i where i.id = target;
	if locked.order_id is not null then
		-- always the order before its invoice, as every other writer does
		perform from public.orders o where o.id = locked.order_id for no key update;
		seen := exists (
			select from public.orders o
			where o.id = locked.order_id and coalesce(actor.location_id = o.location_id, true)
		) and 'orders.money' = any (actor.permissions);
	elsif locked.contract_id is not null then
		perform from public.contracts c where c.id = locked.contract_id for no key update;
		seen := 'contracts.read' = any (actor.permissions) and private.sees_contract(locked.contract_id);
	end if;
	if not coalesce(seen, false) then
		perform private.fail('VK404', 'invoice_not_found', jsonb_build_object('invoice_id', target));
	end if;
	select * into locked from public.invoices i where i.id = target for no key update;
	return locked;
end
$$;
comment on function private.lock_invoice is
	'Locks the order, then the invoice; VK404 invoice_not_found alike for missing and foreign.';

create function private.issue_invoice(target bigint, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('invoices.manage',
		case when target is null then 'order_id' when mutation is null then 'mutation_id' end);
	billed public.orders;
	answer jsonb := private.repeated_answer(mutation, actor.id, 'issue_invoice', target);
	made bigint;
begin
	if answer is not null then
		return answer;
	end if;
	billed := private.lock_order(actor, target, 'invoices.manage');
	-- the order's lock may have been waited for
	answer := private.repeated_answer(mutation, actor.id, 'issue_invoice', target);
	if answer is not null then
		return answer;
	end if;
	perform private.announce('issue_invoice', mutation, null);
	made := private.add_invoice(billed.id, null, billed.total - billed.paid, actor.id);
	perform private.announce(null, null, null);
	return private.keep_money_answer(mutation, actor.id, 'issue_invoice', target, private.invoice_face(made));
end
$$;
comment on function private.issue_invoice is 'See public.issue_invoice().';

create function private.issue_contract_invoice(target bigint, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('invoices.manage',
		case when target is null then 'contract_id' when mutation is null then 'mutation_id' end);
	billed record;
	answer jsonb := private.repeated_answer(mutation, actor.id, 'issue_contract_invoice', target);
	made bigint;
begin
	if answer is not null then
		return answer;
	end if;
	select c.id, c.amount, c.state::text as state into billed from public.contracts c where c.id = target for no key update;
	if billed.id is null or not ('contracts.read' = any (actor.permissions) and private.sees_contract(target)) then
		perform private.fail('VK404', 'contract_not_found', jsonb_build_object('contract_id', target));
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'issue_contract_invoice', target);
	if answer is not null then
		return answer;
	end if;
	if billed.state not in ('signed', 'closed') then
		perform private.fail('VK422', 'contract_not_signed', jsonb_build_object('contract_id', target));
	end if;
	made := private.add_invoice(null, target, billed.amount - private.received_for_contract(target), actor.id);
	return private.keep_money_answer(mutation, actor.id, 'issue_contract_invoice', target,
		private.invoice_face(made));
end
$$;
comment on function private.issue_contract_invoice is 'See public.issue_contract_invoice().';

create function private.void_invoice(target bigint, reason text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.begin_call('invoices.manage', case
		when target is null then 'invoice_id'
		when private.is_blank(reason) or char_length(btrim(reason)) > 300 then 'reason' end);
	voiding public.invoices := private.lock_invoice(actor, target);
begin
	if voiding.state = 'paid' or private.received_on(target) > 0 then
		perform private.fail('VK422', 'invoice_paid', jsonb_build_object('invoice_id', target, 'number', voiding.number));
	end if;
	-- a second press of the button changes nothing
	update public.invoices i set state = 'void', void_reason = btrim(reason)
	where i.id = target and i.state = 'open';
	return private.invoice_face(target);
end
$$;
comment on function private.void_invoice is 'See public.void_invoice().';

create function public.issue_invoice(order_id bigint, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.issue_invoice(order_id, mutation_id);
end
$$;
comment on function public.issue_invoice is
	'Issues the invoice for what is left to pay of an order''s lines. Returns {…invoice, received, due}. The same mutation_id again: same answer. Errors: VK401, VK403 not_allowed, VK404 order_not_found, VK409 mutation_reused, VK422 invoice_open, nothing_to_invoice, invalid_argument.';

create function public.issue_contract_invoice(contract_id bigint, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.issue_contract_invoice(contract_id, mutation_id);
end
$$;
comment on function public.issue_contract_invoice is
	'Issues the invoice for what is left to pay of a contract. As issue_invoice, with VK404 contract_not_found and VK422 contract_not_signed (draft or cancelled).';

create function public.void_invoice(invoice_id bigint, reason text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.void_invoice(invoice_id, reason);
end
$$;
comment on function public.void_invoice is
	'Takes an open invoice back, with a reason of at most 300 characters. Returns the invoice. Errors: VK401, VK403 not_allowed, VK404 invoice_not_found, VK422 invoice_paid (money was received on it), invalid_argument.';

revoke execute on function private.invoice_face, private.keep_money_answer, private.begin_call,
	private.add_invoice, private.lock_invoice, private.issue_invoice, private.issue_contract_invoice,
	private.void_invoice, public.issue_invoice, public.issue_contract_invoice, public.void_invoice
	from public, anon, authenticated;
grant execute on function private.issue_invoice, private.issue_contract_invoice, private.void_invoice,
	public.issue_invoice, public.issue_contract_invoice, public.void_invoice to authenticated;
