-- A lead becomes a client, and perhaps an order or a contract, with everything it brought: campaign,
-- service, location, source, its words and the notes made about it.

create function private.known_client(lead public.leads)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if lead.phone is not null then
		return (select p.client_id from public.client_phones p where p.phone = lead.phone);
	end if;
	-- an e-mail alone is weak evidence: it counts when exactly one client has it
	return (select min(c.id) from public.clients c
		where lower(c.email) = lower(lead.email) and c.merged_into is null having count(*) = 1);
end
$$;
comment on function private.known_client is 'The client with the lead''s phone or, when it has none, the only one with its e-mail; null if nobody.';

create function private.new_client_of_lead(lead public.leads)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made bigint;
begin
	insert into public.clients (first_name, middle_name, last_name, email, source)
	values (lead.first_name, lead.middle_name, lead.last_name, lead.email, lead.source)
	returning id into made;
	insert into public.client_phones (client_id, phone) select made, lead.phone where lead.phone is not null;
	return made;
exception when unique_violation then
	-- somebody else made a client with this phone at the same moment: that one it is
	return private.known_client(lead);
end
$$;
comment on function private.new_client_of_lead is 'A client of what a lead says about himself.';

create function private.client_of_lead(lead public.leads, wanted bigint)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	known bigint := private.known_client(lead);
begin
	if wanted is not null then
		known := (select coalesce(c.merged_into, c.id) from public.clients c where c.id = wanted);
		if known is null then
			perform private.fail('VK422', 'invalid_argument', '{"field": "client_id"}');
		end if;
		insert into public.client_phones (client_id, phone) select known, lead.phone
		where lead.phone is not null on conflict (phone) do nothing;
	end if;
	if known is null then
		return private.new_client_of_lead(lead);
	end if;
	-- what the client already has stays
	update public.clients c set email = coalesce(c.email, lead.email), source = coalesce(c.source, lead.source)
	where c.id = known and (c.email is null and lead.email is not null or c.source is null and lead.source is not null);
	return known;
end
$$;
comment on function private.client_of_lead is
	'The client a lead becomes: the one wanted (who gets its phone, if nobody has it), the known one, or a new one. VK422 invalid_argument client_id.';

create function private.carry_lead_over(lead public.leads, client bigint, made jsonb, actor_id uuid)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into public.interactions (client_id, order_id, lead_id, kind, direction, body, author_id, at)
	select client, (made ->> 'order_id')::bigint, lead.id, n.kind, n.direction, n.body, n.author_id, n.at
	from (
		select 'message'::public.interaction_kind as kind, 'in' as direction, lead.message as body, null::uuid as author_id, lead.created_at as at
		where lead.message is not null
		union all
		select n.kind, n.direction, n.body, n.author_id, n.at from public.lead_notes n where n.lead_id = lead.id
	) n order by n.at;
	insert into public.interactions (client_id, order_id, lead_id, contract_id, kind, template_key, params, author_id)
	values (client, (made ->> 'order_id')::bigint, lead.id, (made ->> 'contract_id')::bigint, 'automatic', 'lead_converted',
		jsonb_strip_nulls(jsonb_build_object('lead_id', lead.id, 'source', lead.source,
			'campaign', (select c.name from public.campaigns c where c.id = lead.campaign_id),
			'order_id', made -> 'order_id', 'contract_id', made -> 'contract_id')), actor_id);
end
$$;
comment on function private.carry_lead_over is 'A lead''s message and notes become the client''s interactions, and an automatic note says where he came from.';

create function private.convert_lead(target bigint, payload jsonb, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.convert');
	wish constant jsonb := coalesce(payload, '{}');
	client bigint;
	carried jsonb;
	made jsonb := '{}';
	invalid text;
begin
	if lead.status = 'converted' and lead.conversion_id = mutation then
		return jsonb_build_object('client_id', lead.client_id, 'order_id', lead.order_id, 'contract_id', lead.contract_id,
			'warnings', coalesce(
				(select m.answer -> 'warnings' from private.mutations m where m.id = mutation and m.call = 'create_order'), '[]'));
	end if;
	perform private.refuse_closed_lead(lead);
	perform private.refuse_claimed_lead(actor, lead);
	invalid := case
		when jsonb_typeof(wish) <> 'object' then 'payload'
		when wish ->> 'client_id' !~ '^[0-9]{1,18}$' then 'client_id'
		when coalesce(jsonb_typeof(wish -> 'order'), 'object') <> 'object' then 'order'
		when coalesce(jsonb_typeof(wish -> 'contract'), 'object') <> 'object' then 'contract'
		when wish ? 'order' and wish ? 'contract' then 'contract'
	end;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	client := private.client_of_lead(lead, (wish ->> 'client_id')::bigint);
	carried := jsonb_strip_nulls(jsonb_build_object('service_id', lead.service_id, 'location_id', coalesce(lead.location_id, actor.location_id),
		'campaign_id', lead.campaign_id));
	if wish ? 'order' then
		made := private.create_order(
			carried || jsonb_strip_nulls(jsonb_build_object('problem', lead.message, 'source', lead.source)) || (wish -> 'order')
				|| jsonb_build_object('client_id', client, 'lead_id', lead.id),
			coalesce(mutation, gen_random_uuid())
		);
	elsif wish ? 'contract' then
		made := private.create_contract(actor, carried || (wish -> 'contract') || jsonb_build_object('client_id', client));
	end if;
	update public.leads l set status = 'converted', client_id = client, order_id = (made ->> 'order_id')::bigint,
		contract_id = (made ->> 'contract_id')::bigint, conversion_id = mutation,
		claimed_by = coalesce(l.claimed_by, actor.id), claimed_at = coalesce(l.claimed_at, now()),
		first_call_at = coalesce(l.first_call_at, now()), contacted_at = coalesce(l.contacted_at, now())
	where l.id = target;
	perform private.carry_lead_over(lead, client, made, actor.id);
	return jsonb_build_object('client_id', client, 'order_id', made -> 'order_id', 'contract_id', made -> 'contract_id',
		'warnings', coalesce(made -> 'warnings', '[]'));
end
$$;
comment on function private.convert_lead is 'See public.convert_lead().';

create function public.convert_lead(lead_id bigint, payload jsonb default '{}', mutation_id uuid default null)
returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.convert_lead(lead_id, payload, mutation_id);
end
$$;
comment on function public.convert_lead is
	'Makes a lead a client (found by phone, or payload.client_id) and, if payload.order or payload.contract is given, an order (create_order''s payload) or a draft contract {service_id, amount, starts_on, ends_on, notes}; what they leave out comes from the lead. Returns {client_id, order_id, contract_id, warnings}. The same mutation_id again: same answer, no second effect. Errors: VK401, VK403 not_allowed, VK404 lead_not_found, VK409 lead_claimed, VK422 lead_closed, client_blacklisted, invalid_argument, and create_order''s.';

revoke execute on function private.known_client, private.client_of_lead, private.new_client_of_lead, private.carry_lead_over, private.convert_lead, public.convert_lead
	from public, anon, authenticated;
grant execute on function private.convert_lead, public.convert_lead to authenticated;
