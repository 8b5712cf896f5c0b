-- Who is calling, and who is here twice.

create function private.find_client_by_phone(phone text)
returns jsonb
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
	actor private.actor := private.require_employee();
	digits text := regexp_replace(phone, '\D', '', 'g');
	places bigint[] := array(select private.my_locations());
	see_orders boolean := 'orders.read' = any (actor.permissions);
	matches bigint[];
begin
	if not 'clients.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.read"}');
	end if;
	if char_length(digits) is null or char_length(digits) not between 7 and 18 then
		perform private.fail('VK422', 'invalid_argument', '{"field": "phone"}');
	end if;
	matches := array(select p.client_id from public.client_phones p
		where p.phone = '+' || regexp_replace(digits, '^00', ''));
	if matches = '{}' and phone !~ '^\s*(\+|00)' and char_length(digits) >= 9 then
		-- said without the country: the end of the number decides, if it can be only one
		matches := array(select p.client_id from public.client_phones p
			where reverse(p.phone::text) like reverse(regexp_replace(digits, '^[80]', '')) || '%' limit 2);
	end if;
	if cardinality(matches) <> 1 then
		return null;
	end if;
	return (
		select jsonb_build_object(
			'id', c.id, 'version', c.version, 'full_name', c.full_name, 'first_name', c.first_name,
			'middle_name', c.middle_name, 'last_name', c.last_name, 'email', c.email, 'address', c.address,
			'blacklisted', c.blacklisted, 'blacklist_reason',
			(select b.reason from public.client_blacklist b where b.client_id = c.id),
			'phones', (
				select coalesce(jsonb_agg(jsonb_build_object('phone', p.phone, 'is_primary', p.is_primary,
					'label', p.label) order by p.is_primary desc, p.id), '[]')
				from public.client_phones p where p.client_id = c.id
			),
			'assets', (
				select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'label', a.label, 'serial', a.serial)
					order by a.id desc), '[]')
				from public.assets a where a.client_id = c.id and a.archived_at is null
			),
			'open_orders', (
				select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'stage_id', o.stage_id,
					'stage_kind', s.kind, 'location_id', o.location_id, 'problem', o.problem,
					'asset_id', o.asset_id, 'promised_at', o.promised_at, 'created_at', o.created_at)
					order by o.id desc), '[]')
				from public.orders o join public.stages s on s.id = o.stage_id
				where o.client_id = c.id and s.kind not in ('closed', 'refused')
					and see_orders and o.location_id = any (places)
			)
		)
		from public.clients c where c.id = matches[1]
	);
end
$$;
comment on function private.find_client_by_phone is 'See public.find_client_by_phone().';

create function public.find_client_by_phone(phone text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return private.find_client_by_phone(phone);
end
$$;
comment on function public.find_client_by_phone is
	'The client with this whole phone, for intake: {id, version, names, email, address, blacklisted, blacklist_reason, phones, assets, open_orders the caller may see}; null if nobody has it, or if without a country code several do. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

create function private.duplicate_clients(target bigint)
returns table (id bigint, full_name text, phone text, reasons text[], orders int)
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
	actor private.actor := private.require_employee();
	subject public.clients;
	name_terms text[];
	ending text;
	same_ending bigint[] := '{}';
begin
	if not 'clients.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.read"}');
	end if;
	select * into subject from public.clients c where c.id = target and c.merged_into is null;
	if subject.id is null then
		perform private.fail('VK404', 'client_not_found', jsonb_build_object('client_id', target));
	end if;
	name_terms := private.search_words(concat_ws(' ', subject.last_name, subject.first_name));
	-- one by one: the index of reversed phones serves an ending that is known, not one that is joined
	for ending in select left(reverse(p.phone::text), 9) from public.client_phones p where p.client_id = target loop
		same_ending := same_ending || array(
			select p.client_id from public.client_phones p where reverse(p.phone::text) like ending || '%' limit 20
		);
	end loop;
	return query
		with candidates (id, reason) as (
			(select c.id, 'email' from public.clients c where lower(c.email) = lower(subject.email) limit 20)
			union all
			(select c.id, 'telegram' from public.clients c where c.telegram_id = subject.telegram_id limit 20)
			union all
			(select d.client_id, 'name' from private.client_documents d
				-- a first name alone says nothing
				where cardinality(name_terms) >= 2 and d.words @@ private.question(name_terms, 'exact') limit 20)
			union all
			(select n.id, 'similar_name' from private.clients_by_words(
				private.questions(name_terms, '{}', 'near'), '{}', 10) n
				where cardinality(name_terms) >= 2)
			union all
			(select e, 'phone' from unnest(same_ending) e)
		)
		select c.id, c.full_name,
			(select p.phone::text from public.client_phones p where p.client_id = c.id and p.is_primary),
			g.reasons, (select count(*)::int from public.orders o where o.client_id = c.id)
		from (
			select x.id, case when bool_or(x.reason = 'name')
				then array_remove(array_agg(distinct x.reason), 'similar_name')
				else array_agg(distinct x.reason) end as reasons
			from candidates x
			where x.id <> target group by x.id
		) g
		join public.clients c on c.id = g.id and c.merged_into is null
		order by cardinality(g.reasons) desc, g.reasons = '{similar_name}', c.id desc limit 20;
end
$$;
comment on function private.duplicate_clients is 'See public.duplicate_clients().';

create function public.duplicate_clients(client_id bigint)
returns table (id bigint, full_name text, phone text, reasons text[], orders int)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.duplicate_clients(client_id);
end
$$;
comment on function public.duplicate_clients is
	'Who might be the same client: the best first, reasons of email, telegram, name, similar_name and phone (same nine last digits), number of orders. Errors: VK401, VK403 not_allowed, VK404 client_not_found.';

revoke execute on function private.find_client_by_phone, public.find_client_by_phone, private.duplicate_clients,
	public.duplicate_clients from public, anon, authenticated;
grant execute on function private.find_client_by_phone, public.find_client_by_phone, private.duplicate_clients,
	public.duplicate_clients to authenticated;
