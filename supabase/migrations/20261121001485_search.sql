-- One search over clients, orders and assets for everybody who works here. A definer, because row-level
-- security would keep the trigram and word indexes from being used; so it applies the rights itself.

create type private.search_terms as (
	digits text, code text, words text[], codes text[]
);

create function private.understand(query text)
returns private.search_terms
language plpgsql stable security definer
set search_path = ''
as $$
declare
	terms private.search_terms;
	words text[] := private.search_words(left(query, 200));
begin
	terms.code := private.only_code(left(query, 200));
	terms.words := '{}';
	terms.codes := '{}';
	if query ~* '^\s*(№|#|n[o°º]?\.?)?[\s+().\-/0-9]+$' and query ~ '[0-9]' then
		terms.digits := regexp_replace(query, '\D', '', 'g');
		terms.code := terms.digits;
		return terms;
	end if;
	-- a single letter asks for too much, unless it is all there is
	terms.words := (array(
		select w from unnest(words) w where w !~ '^[0-9]{4,}$' and (char_length(w) > 1 or w ~ '[0-9]')
	))[1:8];
	terms.codes := (array(select w from unnest(words) w where w ~ '^[0-9]{4,}$'))[1:3];
	if terms.words = '{}' and terms.codes = '{}' then
		terms.words := words[1:1];
	end if;
	if terms.code !~ '[0-9]' then
		terms.code := '';
	end if;
	return terms;
end
$$;
comment on function private.understand is
	'What a question asks: digits alone (number, phone, serial), or folded words and codes beside them.';

create function private.search_everything(
	terms private.search_terms, manner text, locations bigint[], see_clients boolean, max_rows int,
	out clients private.found[], out orders private.found[], out assets private.found[]
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	asked private.questions;
begin
	clients := '{}';
	orders := '{}';
	assets := '{}';
	if terms.digits is not null then
		orders := array(select f from private.orders_by_number(terms.digits, max_rows) f);
		if see_clients then
			clients := array(select f from private.clients_by_phone(terms.digits, max_rows) f);
		end if;
	elsif terms.words <> '{}' then
		asked := private.questions(terms.words, terms.codes, manner);
		if locations <> '{}' then
			orders := array(select f from private.orders_by_words(asked, locations, max_rows) f);
		end if;
		if see_clients then
			clients := array(select f from private.clients_by_words(asked, terms.codes, max_rows) f);
			assets := array(select f from private.assets_by_words(asked, max_rows) f);
		end if;
	end if;
	if see_clients and manner = 'parts' then
		assets := assets || array(select f from private.assets_by_serial(terms.code, max_rows) f);
	end if;
end
$$;
comment on function private.search_everything is
	'Who and what answers the terms: ids with ranks, orders by their own number and address only.';

create function private.orders_of_found(
	clients private.found[], assets private.found[], locations bigint[]
)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select o.id, (f.rank * 0.6)::real from (select * from unnest(clients) c order by c.rank desc limit 10) f
		cross join lateral (
			select n.id from public.orders n
			where n.client_id = f.id and n.location_id = any (locations) order by n.id desc limit 3
		) o
		union all
		select o.id, (f.rank * 0.7)::real from (select * from unnest(assets) a order by a.rank desc limit 10) f
		cross join lateral (
			select n.id from public.orders n
			where n.asset_id = f.id and n.location_id = any (locations) order by n.id desc limit 3
		) o;
end
$$;
comment on function private.orders_of_found is 'The newest orders of the best clients and assets found.';

create function private.own_orders_matching(
	actor private.actor, terms private.search_terms, manner text, candidates bigint[]
)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	asked tsquery := private.question(terms.words || terms.codes, manner);
begin
	return query
		select o.id, case when o.id::text = terms.digits then 1.0 else 0.5 end::real
		from public.orders o
		left join private.client_documents c on c.client_id = o.client_id
		left join private.asset_documents a on a.asset_id = o.asset_id
		left join private.order_documents d on d.order_id = o.id
		where o.id = any (candidates) and o.master_id = actor.id and case
			when terms.digits is null then
				(terms.words || terms.codes <> '{}' and (
					ts_filter(coalesce(c.words, ''), '{a}') || coalesce(d.words, '') || coalesce(a.words, '')
				) @@ asked)
				or (char_length(terms.code) >= 4 and a.serial like '%' || terms.code || '%')
			else o.id::text like terms.digits || '%'
				or (char_length(terms.digits) >= 4 and (
					a.serial like '%' || terms.digits || '%'
					-- phones are open to him while the order is
					or (o.client_id in (select private.clients_at_hand()) and o.client_id in (
						select p.id from private.clients_by_phone(terms.digits, 50) p))
				))
		end;
end
$$;
comment on function private.own_orders_matching is
	'Which of these orders are the master''s own and answer the terms: number, client''s name, address, instrument, serial and, while open, phone.';

create function private.own_orders_with(actor private.actor, terms private.search_terms, manner text)
returns bigint[]
language plpgsql stable security definer
set search_path = ''
as $$
declare
	any_word tsquery := '';
	term text;
begin
	foreach term in array terms.words || terms.codes loop
		any_word := any_word || private.question(array[term], manner);
	end loop;
	return array(
		select o.id from (
			select d.client_id from private.client_documents d where d.words @@ any_word limit 500
		) c join public.orders o on o.client_id = c.client_id and o.master_id = actor.id
		union
		select o.id from (
			select d.asset_id from private.asset_documents d where d.words @@ any_word limit 500
		) a join public.orders o on o.asset_id = a.asset_id and o.master_id = actor.id
		union
		select o.id from (
			select d.asset_id from private.asset_documents d
			where char_length(terms.code) >= 4 and d.serial like '%' || terms.code || '%' limit 500
		) a join public.orders o on o.asset_id = a.asset_id and o.master_id = actor.id
	);
end
$$;
comment on function private.own_orders_with is
	'A master''s own orders whose client or thing has any of the words, or the serial; of words that very many have only some.';

create function private.own_orders_found(actor private.actor, terms private.search_terms, max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	newest constant bigint[] := array(
		select o.id from public.orders o where o.master_id = actor.id order by o.id desc limit 500
	);
	hits private.found[];
	manner text;
begin
	-- the newest are looked through; of the older those that a rare word leads to
	foreach manner in array array['parts', 'near'] loop
		hits := array(select f from private.own_orders_matching(actor, terms, manner, newest) f);
		if cardinality(hits) < max_rows then
			hits := hits || array(
				select f from private.own_orders_matching(actor, terms, manner,
					private.own_orders_with(actor, terms, manner)) f
			);
		end if;
		-- nothing reads like it: perhaps a slip of the finger
		exit when hits <> '{}' or terms.words = '{}';
	end loop;
	return query select h.id, max(h.rank) from unnest(hits) h group by h.id;
end
$$;
comment on function private.own_orders_found is
	'A master''s own orders that answer the terms: the newest 500, and older ones by words that few clients and things have.';

create function private.search(query text, kinds text[], max_rows int)
returns table (kind text, id bigint, title text, subtitle text, client_id bigint, rank real)
language plpgsql stable security definer
set search_path = ''
-- plans for the words asked, and never a walk through a big table
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
	actor private.actor := private.require_employee();
	see_clients constant boolean := 'clients.read' = any (actor.permissions);
	see_orders constant boolean := 'orders.read' = any (actor.permissions);
	places constant bigint[] := case when 'orders.read' = any (actor.permissions)
		then array(select private.my_locations()) else '{}' end;
	terms private.search_terms;
	hits record;
	near record;
	found_orders private.found[];
begin
	if not (see_clients or see_orders or 'orders.work' = any (actor.permissions)) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.read"}');
	end if;
	if max_rows is null or max_rows not between 1 and 50 or not kinds <@ '{client,order,asset}' then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field',
			case when max_rows between 1 and 50 then 'kinds' else 'max_rows' end));
	end if;
	terms := private.understand(coalesce(query, ''));
	hits := private.search_everything(terms, 'parts', places, see_clients, max_rows);
	-- nothing reads like it: perhaps a slip of the finger
	if terms.words <> '{}' and hits.clients = '{}' and hits.orders = '{}' and hits.assets = '{}' then
		hits := private.search_everything(terms, 'near', places, see_clients, max_rows);
	end if;
	found_orders := hits.orders || case
		when see_orders then array(select f from private.orders_of_found(hits.clients, hits.assets, places) f)
		when 'orders.work' = any (actor.permissions)
			then array(select f from private.own_orders_found(actor, terms, max_rows) f)
		else '{}' end;
	return query
		select * from (
			select 'client', c.id, concat_ws(' ', c.full_name, c.middle_name), concat_ws(' · ',
				(select p.phone from public.client_phones p where p.client_id = c.id and p.is_primary), c.address),
				c.id, f.rank
			from unnest(hits.clients) f join public.clients c on c.id = f.id and c.merged_into is null
			where kinds is null or 'client' = any (kinds)
			union all
			select 'order', o.id, '№' || o.id, concat_ws(' · ', c.full_name, a.label, left(o.problem, 80)),
				o.client_id, f.rank
			from (select u.id, max(u.rank) as rank from unnest(found_orders) u group by u.id) f
			join public.orders o on o.id = f.id
			join public.clients c on c.id = o.client_id
			left join public.assets a on a.id = o.asset_id
			where (kinds is null or 'order' = any (kinds)) and (
				o.location_id = any (places)
				or (o.master_id = actor.id and 'orders.work' = any (actor.permissions))
			)
			union all
			select 'asset', a.id, concat_ws(' · ', a.label, a.serial), c.full_name, a.client_id, f.rank
			from (select u.id, max(u.rank) as rank from unnest(hits.assets) u group by u.id) f
			join public.assets a on a.id = f.id
			join public.clients c on c.id = a.client_id
			where kinds is null or 'asset' = any (kinds)
		) r (kind, id, title, subtitle, client_id, rank)
		order by r.rank desc, r.id desc limit max_rows;
end
$$;
comment on function private.search is 'See public.search().';

create function public.search(query text, kinds text[] default null, max_rows int default 20)
returns table (kind text, id bigint, title text, subtitle text, client_id bigint, rank real)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.search(query, kinds, max_rows);
end
$$;
comment on function public.search is
	'Finds clients, orders and assets (kinds; null for all) by order number, any part of a name in any spelling, four or more digits of a phone, instrument, serial or address, typing errors forgiven. Obeys the caller''s rights and locations; masters find their own orders. At most max_rows (1–50), the best first. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.understand, private.search_everything, private.orders_of_found,
	private.own_orders_matching, private.own_orders_with, private.own_orders_found, private.search, public.search
	from public, anon, authenticated;
grant execute on function private.search, public.search to authenticated;
