-- Notes about contracts in the client's history, the calls that sign, close and cancel, and how many
-- contracts a service has.

create function private.contract_changes(was public.contracts, becomes public.contracts)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
	return (
		-- a note of the history is short: of long texts it keeps the beginning
		select jsonb_object_agg(b.key, case
			when b.key = 'notes' then jsonb_build_array(left(was.notes, 200), left(becomes.notes, 200))
			else jsonb_build_array(w.value, b.value)
		end)
		from jsonb_each(to_jsonb(was)) w join jsonb_each(to_jsonb(becomes)) b using (key)
		where w.value <> b.value
			and b.key in ('service_id', 'campaign_id', 'location_id', 'amount', 'starts_on', 'ends_on', 'notes')
	);
end
$$;
comment on function private.contract_changes is 'What people see change: {column: [from, to]}; null if nothing.';

create function private.note_contract()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	contract public.contracts := coalesce(new, old);
	changes jsonb := case when tg_op = 'UPDATE' then private.contract_changes(old, new) end;
	template text := case
		when tg_op = 'INSERT' then 'contract_created'
		when tg_op = 'DELETE' then 'contract_deleted'
		when new.state <> old.state then 'contract_' || new.state
		when changes is not null then 'contract_changed'
	end;
begin
	if template is null then
		return null;
	end if;
	insert into public.interactions (client_id, contract_id, kind, template_key, params, author_id)
	values (contract.client_id, case when tg_op <> 'DELETE' then contract.id end, 'automatic', template,
		jsonb_strip_nulls(jsonb_build_object(
			'contract_id', contract.id, 'number', contract.number, 'amount', contract.amount,
			'service', (select s.name from public.services s where s.id = contract.service_id),
			'starts_on', contract.starts_on, 'ends_on', contract.ends_on,
			'reason', left(contract.cancelled_reason, 300), 'changes', changes
		)), auth.uid());
	return null;
end
$$;
comment on function private.note_contract is
	'Trigger: an automatic note of the client: contract_created, _changed, _signed, _closed, _cancelled, _deleted {number, amount, service, starts_on, ends_on, reason, changes}.';

create trigger contracts_note after insert or update or delete on public.contracts
	for each row execute function private.note_contract();

create function private.create_contract(actor private.actor, terms jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	given record;
	invalid text;
	made bigint;
begin
	if not 'contracts.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "contracts.manage"}');
	end if;
	begin
		select * into given from jsonb_populate_record(null::public.contracts, terms);
	exception when data_exception then
		perform private.fail('VK422', 'invalid_argument', '{"field": "contract"}');
	end;
	given.starts_on := coalesce(given.starts_on, current_date);
	invalid := case
		when not exists (select from public.services s where s.id = given.service_id) then 'service_id'
		when given.campaign_id is not null and not exists (select from public.campaigns c where c.id = given.campaign_id) then 'campaign_id'
		when given.location_id is not null and not exists (
			select from public.locations l where l.id = given.location_id and l.id = coalesce(actor.location_id, l.id)) then 'location_id'
		when coalesce(given.amount, 0) <= 0 then 'amount'
		when given.ends_on is null or given.ends_on < given.starts_on then 'ends_on'
		when char_length(given.notes) > 4000 then 'notes'
	end;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	insert into public.contracts (service_id, client_id, campaign_id, location_id, amount, starts_on, ends_on, notes)
	values (given.service_id, given.client_id, given.campaign_id, given.location_id, given.amount, given.starts_on,
		given.ends_on, given.notes)
	returning id into made;
	return jsonb_build_object('contract_id', made);
end
$$;
comment on function private.create_contract is
	'A draft contract for a lead''s client: VK403 not_allowed, VK422 invalid_argument, client_blacklisted.';

create function private.change_contract_state(
	target bigint, becomes public.contract_state, seen_version int default null, reason text default null
)
returns public.contracts
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	contract public.contracts;
begin
	if not '{contracts.manage,contracts.read}'::text[] <@ actor.permissions then
		perform private.fail('VK403', 'not_allowed', '{"permission": "contracts.manage"}');
	end if;
	select * into contract from public.contracts c where c.id = target for no key update;
	if contract.id is null or actor.location_id <> contract.location_id then
		perform private.fail('VK404', 'contract_not_found', jsonb_build_object('contract_id', target));
	end if;
	if contract.state = becomes then
		return contract;
	end if;
	if seen_version <> contract.version then
		perform private.fail('VK409', 'contract_changed', jsonb_build_object(
			'contract_id', target, 'number', contract.number, 'version', contract.version));
	end if;
	update public.contracts c set state = becomes, cancelled_reason = reason where c.id = target returning * into contract;
	return contract;
end
$$;
comment on function private.change_contract_state is
	'Signs, closes or cancels: VK401, VK403, VK404 contract_not_found, VK409 contract_changed, VK422 contract_state. In that state already: nothing happens.';

create function private.sign_contract(target bigint, seen_version int)
returns public.contracts
language plpgsql security definer
set search_path = ''
as $$
begin
	return private.change_contract_state(target, 'signed', seen_version);
end
$$;
comment on function private.sign_contract is 'See public.sign_contract().';

create function private.close_contract(target bigint)
returns public.contracts
language plpgsql security definer
set search_path = ''
as $$
begin
	return private.change_contract_state(target, 'closed');
end
$$;
comment on function private.close_contract is 'See public.close_contract().';

create function private.cancel_contract(target bigint, reason text)
returns public.contracts
language plpgsql security definer
set search_path = ''
as $$
declare
	why constant text := private.check_words(reason, 'reason', 500);
begin
	if why is null then
		perform private.require_employee();
		perform private.fail('VK422', 'invalid_argument', '{"field": "reason"}');
	end if;
	return private.change_contract_state(target, 'cancelled', null, why);
end
$$;
comment on function private.cancel_contract is 'See public.cancel_contract().';

create function public.sign_contract(contract_id bigint, seen_version int default null) returns public.contracts
language plpgsql set search_path = ''
as $$
begin
	return private.sign_contract(contract_id, seen_version);
end
$$;
comment on function public.sign_contract is
	'Signs a draft and asks for its PDF. Returns the contract. Errors: VK401, VK403 not_allowed, VK404 contract_not_found, VK409 contract_changed when seen_version is not the current one, VK422 contract_state.';

create function public.close_contract(contract_id bigint) returns public.contracts
language plpgsql set search_path = ''
as $$
begin
	return private.close_contract(contract_id);
end
$$;
comment on function public.close_contract is 'Ends a signed contract that was fulfilled. Returns it. Errors as sign_contract.';

create function public.cancel_contract(contract_id bigint, reason text) returns public.contracts
language plpgsql set search_path = ''
as $$
begin
	return private.cancel_contract(contract_id, reason);
end
$$;
comment on function public.cancel_contract is
	'Ends a draft or a signed contract before it was fulfilled. Returns it. Errors as sign_contract, VK422 invalid_argument reason.';

-- how many contracts a service has -------------------------------------------------------------------

create function private.signed_contract_counts()
returns table (service_id bigint, signed bigint)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if not private.can('statistics.read') then
		return;
	end if;
	return query
		select c.service_id, count(*) from public.contracts c
		where c.state in ('signed', 'closed') group by c.service_id;
end
$$;
comment on function private.signed_contract_counts is 'See view public.service_contract_counts.';

create view public.service_contract_counts with (security_invoker = true) as
	select n.service_id, n.signed from private.signed_contract_counts() n;
comment on view public.service_contract_counts is
	'How many contracts of each service were signed (those closed since, too), for those who read statistics.';
revoke all on public.service_contract_counts from public, anon, authenticated, service_role;
grant select on public.service_contract_counts to authenticated;

revoke execute on function private.contract_changes, private.note_contract, private.create_contract,
	private.change_contract_state, private.sign_contract, private.close_contract, private.cancel_contract,
	private.signed_contract_counts, public.sign_contract, public.close_contract, public.cancel_contract
	from public, anon, authenticated;
grant execute on function private.sign_contract, private.close_contract, private.cancel_contract,
	private.signed_contract_counts, public.sign_contract, public.close_contract, public.cancel_contract to authenticated;
