-- The parts of search: what a question means, and who or what answers it. Nothing here asks for rights;
-- that is done once, in 1485_search.

create type private.found as (id bigint, rank real);
-- the same words, asked for loosely, exactly, and as beginnings of names; all: with the codes beside them
create type private.questions as (loose tsquery, exact tsquery, names tsquery, every tsquery);

create function private.similar_words(term text, near boolean)
returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if term !~ '[a-z]' or char_length(term) < 3 then
		return '{}';
	end if;
	if not near then
		-- words that begin with it are asked for by their beginning
		return array(
			select k.word from private.known_words k
			where k.word like '%' || term || '%' and k.word not like term || '%' limit 20
		);
	end if;
	return array(
		select k.word from private.known_words k
		where k.word operator(extensions.%) term and abs(char_length(k.word) - char_length(term)) <= 3
		order by extensions.similarity(k.word, term) desc, k.word limit 8
	);
end
$$;
comment on function private.similar_words is
	'Known words that contain the term, or (near) are spelled almost like it.';

create function private.question(terms text[], manner text)
returns tsquery
language plpgsql stable security definer
set search_path = ''
as $$
declare
	term text;
	spellings text[];
	parts text[] := '{}';
begin
	-- terms are folded words, [a-z0-9] only, so nothing in them needs quoting
	foreach term in array terms loop
		spellings := case manner
			when 'exact' then array[term]
			when 'names' then array[term || ':*A']
			when 'parts' then array[term || ':*'] || private.similar_words(term, false)
			when 'near' then array[term || ':*'] || private.similar_words(term, true)
		end;
		parts := parts || ('(' || array_to_string(spellings, ' | ') || ')');
	end loop;
	return array_to_string(parts, ' & ')::tsquery;
end
$$;
comment on function private.question is
	'A tsquery for folded words, all of them needed: exact, names (beginnings of names), parts (any part of a word), near (with typing errors).';

create function private.questions(terms text[], codes text[], manner text)
returns private.questions
language plpgsql stable security definer
set search_path = ''
as $$
declare
	asked private.questions;
begin
	asked.loose := private.question(terms, manner);
	asked.exact := private.question(terms, 'exact');
	asked.names := private.question(terms, 'names');
	asked.every := asked.loose && private.question(codes, 'parts');
	return asked;
end
$$;
comment on function private.questions is 'Folded words and codes in all the ways the tables are asked.';

create function private.clients_by_phone(digits text, max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	spoken text;
	hits private.found[] := '{}';
begin
	-- as typed; without an international 00, a long-distance 8, a national 0
	foreach spoken in array array[digits, regexp_replace(digits, '^(00|8|0)', '')] loop
		continue when char_length(spoken) < 4;
		hits := array(
			(select row(p.client_id, 1.0)::private.found from public.client_phones p where p.phone = '+' || spoken)
			union all
			(select row(p.client_id, 0.9)::private.found from public.client_phones p
				where reverse(p.phone::text) like reverse(spoken) || '%' limit max_rows)
			union all
			(select row(p.client_id, 0.8)::private.found from public.client_phones p
				where p.phone::text like '+' || spoken || '%' limit max_rows)
		);
		-- only digits that are not the ends of many phones are worth the trigrams
		if cardinality(hits) < max_rows then
			hits := hits || array(
				select row(p.client_id, 0.7)::private.found from public.client_phones p
				where p.phone::text like '%' || spoken || '%' limit max_rows
			);
		end if;
		exit when cardinality(hits) > 0;
	end loop;
	return query select h.id, max(h.rank) from unnest(hits) h group by h.id order by 2 desc limit max_rows;
end
$$;
comment on function private.clients_by_phone is
	'Clients by at least four consecutive digits of a phone, however it is written.';

create function private.clients_by_words(asked private.questions, codes text[], max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	hits bigint[];
	exact_ones int;
begin
	if codes <> '{}' then
		-- "ivanov 1234": the digits are a part of a phone, or a house
		hits := array(
			select p.client_id from public.client_phones p
			join private.client_documents d on d.client_id = p.client_id and d.words @@ asked.loose
			where p.phone::text like '%' || codes[1] || '%' limit 1000
		) || array(
			select d.client_id from private.client_documents d
			where d.words @@ asked.every limit 1000
		);
	else
		select coalesce(array_agg(d.client_id), '{}'), count(*) filter (where d.words @@ asked.exact)
		into hits, exact_ones
		from (select * from private.client_documents n order by n.client_id desc limit 2000) d
		where d.words @@ asked.loose;
		if exact_ones < 20 then
			hits := hits || array(
				select d.client_id from private.client_documents d where d.words @@ asked.exact limit 1000
			);
		end if;
		if cardinality(hits) < max_rows then
			hits := hits || array(
				select d.client_id from private.client_documents d where d.words @@ asked.loose limit 1000
			);
		end if;
	end if;
	return query
		select d.client_id, (0.4 + case when d.words @@ asked.exact then 0.3 else 0 end
			+ case when d.words @@ asked.names then 0.2 else 0 end)::real
		from private.client_documents d where d.client_id = any (hits)
		order by 2 desc, 1 desc limit max_rows;
end
$$;
comment on function private.clients_by_words is
	'Clients by words of name, e-mail and address, and digits of house or phone; names first, then the newest. Words that many have are settled among the newest, rare ones by the index.';

create function private.assets_by_words(asked private.questions, max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	hits bigint[];
begin
	hits := array(
		select d.asset_id
		from (select * from private.asset_documents n order by n.asset_id desc limit 2000) d
		where d.words @@ asked.every
	);
	if cardinality(hits) < max_rows then
		hits := hits || array(
			select d.asset_id from private.asset_documents d where d.words @@ asked.every limit 1000
		);
	end if;
	return query
		select d.asset_id, (0.4 + case when d.words @@ asked.exact then 0.2 else 0 end)::real
		from private.asset_documents d where d.asset_id = any (hits)
		order by 2 desc, 1 desc limit max_rows;
end
$$;
comment on function private.assets_by_words is
	'Assets by words of kind, brand, model, serial and description; as clients_by_words.';

create function private.assets_by_serial(code text, max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select a.asset_id, case when a.serial = code then 0.95 else 0.6 end::real
		from private.asset_documents a
		where char_length(code) >= 4 and a.serial like '%' || code || '%' limit max_rows;
end
$$;
comment on function private.assets_by_serial is 'Assets by at least four consecutive characters of the serial.';

create function private.orders_by_number(digits text, max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	lowest bigint;
	wide bigint := 1;
begin
	if char_length(digits) > 15 or digits ~ '^0' then
		return;
	end if;
	lowest := digits::bigint;
	return query select o.id, 1.0::real from public.orders o where o.id = lowest;
	-- the beginning of a number, while it is being typed
	for missing in 1 .. case when char_length(digits) >= 3 then 4 else 0 end loop
		wide := wide * 10;
		return query
			select o.id, 0.5::real from public.orders o
			where o.id >= lowest * wide and o.id < (lowest + 1) * wide order by o.id desc limit max_rows;
	end loop;
end
$$;
comment on function private.orders_by_number is 'Orders by their number or, from three digits, by its beginning.';

create function private.orders_by_words(asked private.questions, locations bigint[], max_rows int)
returns setof private.found
language plpgsql stable security definer
set search_path = ''
as $$
declare
	hits bigint[];
begin
	-- the newest first: words that many orders have (a city) are settled here, rare ones are left to the index
	hits := array(
		select d.order_id from (
			select * from private.order_documents n order by n.order_id desc limit 3000
		) d
		where d.location_id = any (locations) and d.words @@ asked.every
		order by d.order_id desc limit max_rows
	);
	if cardinality(hits) < max_rows then
		hits := hits || array(
			select d.order_id from private.order_documents d
			where d.words @@ asked.every and d.location_id = any (locations) limit 2000
		);
	end if;
	return query select h, 0.45::real from (select distinct h from unnest(hits) h) u order by 1 desc limit max_rows;
end
$$;
comment on function private.orders_by_words is 'Orders of some locations by words of their own address, the newest first.';

revoke execute on function private.similar_words, private.question,
	private.questions,
	private.clients_by_phone, private.clients_by_words, private.assets_by_words, private.assets_by_serial,
	private.orders_by_number, private.orders_by_words from public, anon, authenticated;
