-- How changes reach the sums: triggers write deltas, 1915 folds them.

create function private.write_stat_delta(before private.stat_fact[], after private.stat_fact[], cause jsonb)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	with signed as (
		select -1 as sign, f.* from unnest(before) f
		union all
		select 1, f.* from unnest(after) f
	), cuts as (
		select 'campaign'::private.stat_cut as cut, s.sign, s.day, s.location_id, s.type, s.campaign_id,
			null::uuid as master_id, null::bigint as service_id,
			s.created, s.done, s.closed, s.refused, s.promised, s.on_time, s.lead_seconds,
			s.leads, s.contacted, s.converted, s.rejected, s.first_calls, s.first_call_seconds, s.contracts
		from signed s
		union all
		select 'service', s.sign, s.day, s.location_id, s.type, null, null, s.service_id,
			s.created, s.done, s.closed, s.refused, s.promised, s.on_time, s.lead_seconds,
			s.leads, s.contacted, s.converted, s.rejected, s.first_calls, s.first_call_seconds, s.contracts
		from signed s
		union all
		-- taking an order is nobody's work yet, so that an assignment changes no count
		select 'master', s.sign, s.day, s.location_id, s.type, null, s.master_id, null,
			0, s.done, s.closed, s.refused, s.promised, s.on_time, s.lead_seconds, 0, 0, 0, 0, 0, 0, 0
		from signed s where s.done + s.closed + s.refused > 0
	)
	insert into private.stat_deltas (cut, day, location_id, type, campaign_id, master_id, service_id,
		created, done, closed, refused, promised, on_time, lead_seconds,
		leads, contacted, converted, rejected, first_calls, first_call_seconds, contracts, cause)
	select c.cut, c.day, c.location_id, c.type, c.campaign_id, c.master_id, c.service_id,
		sum(c.sign * c.created), sum(c.sign * c.done), sum(c.sign * c.closed), sum(c.sign * c.refused),
		sum(c.sign * c.promised), sum(c.sign * c.on_time), sum(c.sign * c.lead_seconds),
		sum(c.sign * c.leads), sum(c.sign * c.contacted), sum(c.sign * c.converted), sum(c.sign * c.rejected),
		sum(c.sign * c.first_calls), sum(c.sign * c.first_call_seconds), sum(c.sign * c.contracts), write_stat_delta.cause
	from cuts c
	group by c.cut, c.day, c.location_id, c.type, c.campaign_id, c.master_id, c.service_id
	having sum(c.sign * c.created) <> 0 or sum(c.sign * c.done) <> 0 or sum(c.sign * c.closed) <> 0
		or sum(c.sign * c.refused) <> 0 or sum(c.sign * c.promised) <> 0 or sum(c.sign * c.on_time) <> 0
		or sum(c.sign * c.lead_seconds) <> 0 or sum(c.sign * c.leads) <> 0 or sum(c.sign * c.contacted) <> 0
		or sum(c.sign * c.converted) <> 0 or sum(c.sign * c.rejected) <> 0 or sum(c.sign * c.first_calls) <> 0
		or sum(c.sign * c.first_call_seconds) <> 0 or sum(c.sign * c.contracts) <> 0;
end
$$;
comment on function private.write_stat_delta is
	'Writes the difference between the facts a row had and has, one delta per cut and day that changed.';

create function private.count_order()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	was public.orders := case when tg_op <> 'INSERT' then old end;
	becomes public.orders := case when tg_op <> 'DELETE' then new end;
begin
	perform private.write_stat_delta(
		array(select f from private.order_facts(was) f), array(select f from private.order_facts(becomes) f),
		jsonb_build_object('kind', 'order', 'id', coalesce(becomes.id, was.id))
	);
	return null;
end
$$;
comment on function private.count_order is 'Trigger: keeps the counts when what an order adds to them changes.';

create trigger orders_count_created after insert or delete on public.orders
	for each row execute function private.count_order();
create trigger orders_count after update on public.orders
	for each row when (
		(old.created_at, old.done_at, old.closed_at, old.promised_at, old.location_id, old.type, old.campaign_id,
			old.service_id, old.refusal_reason is null)
		is distinct from
		(new.created_at, new.done_at, new.closed_at, new.promised_at, new.location_id, new.type, new.campaign_id,
			new.service_id, new.refusal_reason is null)
		or (new.done_at is not null or new.closed_at is not null) and old.master_id is distinct from new.master_id
	) execute function private.count_order();

create function private.count_lead()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	was public.leads := case when tg_op <> 'INSERT' then old end;
	becomes public.leads := case when tg_op <> 'DELETE' then new end;
begin
	perform private.write_stat_delta(
		array(select f from private.lead_facts(was) f), array(select f from private.lead_facts(becomes) f),
		jsonb_build_object('kind', 'lead', 'id', coalesce(becomes.id, was.id))
	);
	return null;
end
$$;
comment on function private.count_lead is 'Trigger: keeps the counts of leads.';
create trigger leads_count after update or delete on public.leads
	for each row execute function private.count_lead();

create function private.count_new_leads()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.write_stat_delta(
		'{}', array(select f from added l cross join lateral private.lead_facts(row(l.*)::public.leads) f),
		jsonb_build_object('kind', 'lead', 'id', (select max(l.id) from added l))
	);
	return null;
end
$$;
comment on function private.count_new_leads is 'Trigger: counts leads as they come, an import of thousands in one go.';
create trigger leads_count_new after insert on public.leads
	referencing new table as added for each statement execute function private.count_new_leads();

create function private.count_contract()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	was public.contracts := case when tg_op <> 'INSERT' then old end;
	becomes public.contracts := case when tg_op <> 'DELETE' then new end;
begin
	perform private.write_stat_delta(
		array(select f from private.contract_facts(was) f), array(select f from private.contract_facts(becomes) f),
		jsonb_build_object('kind', 'contract', 'id', coalesce(becomes.id, was.id))
	);
	return null;
end
$$;
comment on function private.count_contract is 'Trigger: keeps the counts of signed contracts.';
create trigger contracts_count after insert or update or delete on public.contracts
	for each row execute function private.count_contract();

create function private.payment_money(p public.payments)
returns setof private.money_fact
language sql stable security definer
set search_path = ''
as $$
	select c.cut, private.day_of(p.received_at), p.location_id,
		p.order_type,
		case when c.cut = 'campaign' then p.campaign_id end,
		case when c.cut = 'master' then p.master_id end,
		case when c.cut = 'service' then p.service_id end,
		case when p.kind = 'payment' then 1 else 0 end,
		(case when p.kind = 'payment' then p.amount else -p.amount end)::numeric(14,2),
		(case when p.kind = 'refund' then p.amount else 0 end)::numeric(14,2)
	from (values ('campaign'::private.stat_cut), ('master'), ('service')) c (cut)
	where p.id is not null and (c.cut <> 'master' or p.master_id is not null)
$$;
comment on function private.payment_money is
	'What a payment or refund adds to the money of its day, in each cut. Whose it is was written into the payment when it came.';

create function private.count_payment()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.money_deltas (cut, day, location_id, type, campaign_id, master_id, service_id,
		payments, revenue, refunded, cause)
	select m.cut, m.day, m.location_id, m.type, m.campaign_id, m.master_id, m.service_id,
		m.payments, m.revenue, m.refunded,
		jsonb_build_object('kind', new.kind, 'id', new.id, 'order_id', new.order_id, 'contract_id', new.contract_id, 'amount', new.amount)
	from private.payment_money(new) m;
	return null;
end
$$;
comment on function private.count_payment is 'Trigger: money that lands is in the figures at once. Payments are append-only.';
create trigger payments_count after insert on public.payments
	for each row execute function private.count_payment();

create function private.count_stage_time()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	-- an undone move gives back the time at which the order first came: take back what leaving counted
	undone constant boolean := new.stage_entered_at < old.stage_entered_at;
begin
	insert into private.stage_deltas (day, location_id, stage_id, exits, seconds)
	values (
		private.day_of(greatest(new.stage_entered_at, old.stage_entered_at)), old.location_id,
		case when undone then new.stage_id else old.stage_id end, case when undone then -1 else 1 end,
		extract(epoch from new.stage_entered_at - old.stage_entered_at)::bigint
	);
	return null;
end
$$;
comment on function private.count_stage_time is 'Trigger: how long an order stayed in the column it leaves.';
create trigger orders_count_stage_time after update on public.orders
	for each row when (old.stage_id <> new.stage_id) execute function private.count_stage_time();

revoke execute on function private.write_stat_delta, private.count_order, private.count_lead, private.count_new_leads,
	private.count_contract, private.payment_money, private.count_payment, private.count_stage_time
	from public, anon, authenticated;
