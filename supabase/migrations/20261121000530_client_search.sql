-- What search reads: every name, address and instrument as folded words, so that Cyrillic and Latin
-- spellings of one name meet, kept beside the tables so that their own updates stay cheap. Codes
-- (phones, serials) are found by any part of them. The question itself is in 1480_search.

create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

create function private.fold(words text)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
	t text := lower(extensions.unaccent(normalize(coalesce(words, ''), nfkc)));
begin
	-- not lower(): a database with the C locale knows no capital letters but Latin ones
	t := translate(t,
		'АБВГҐДЕЄЁЗИІЇЙКЛМНОПРСТУФХЦЫЭабвгґдеєёзиіїйклмнопрстуфхцыэyjwqЪЬъь''’`ʼ',
		'abvggdeeeziiiiklmnoprstufgcieabvggdeeeziiiiklmnoprstufgcieiivk');
	t := replace(replace(replace(replace(replace(replace(
		translate(t, 'ЖЧШЩ', 'жчшщ'), 'Ю', 'iu'), 'ю', 'iu'), 'Я', 'ia'), 'я', 'ia'), 'x', 'ks'), 'ph', 'f');
	-- one letter for one sound, however the language spells it
	t := replace(replace(replace(replace(replace(replace(replace(
		t, 'щ', 'w'), 'ш', 'w'), 'ч', 'q'), 'ж', 'j'), 'shch', 'w'), 'sch', 'w'), 'kh', 'g');
	t := replace(replace(replace(replace(replace(replace(replace(
		t, 'sh', 'w'), 'ch', 'q'), 'zh', 'j'), 'ts', 'c'), 'tz', 'c'), 'ck', 'k'), 'h', 'g');
	return regexp_replace(t, '([a-z])\1+', '\1', 'g');
end
$$;
comment on function private.fold is
	'A text as search compares it: lower-case Latin by sound, so that Щербакова, Shcherbakova and щербакова are one.';

create function private.search_words(words text)
returns text[]
language plpgsql stable
set search_path = ''
as $$
begin
	return array(
		select w.word
		from regexp_split_to_table(private.fold(words), '[^a-z0-9]+') with ordinality w (word, place)
		where w.word <> '' and char_length(w.word) <= 40
		group by w.word order by min(w.place) limit 60
	);
end
$$;
comment on function private.search_words is 'The folded words of a text in their order, at most 60.';

create table private.known_words (
	word text collate "C" primary key check (char_length(word) between 3 and 40)
);
comment on table private.known_words is
	'Every word with letters that search documents hold or held: where misspelled words and middles of words are looked up.';
create index known_words_word_trgm_idx on private.known_words using gin (word extensions.gin_trgm_ops);

create function private.search_document(names text, rest text)
returns tsvector
language plpgsql volatile security definer
set search_path = ''
as $$
declare
	strong text[] := private.search_words(names);
	weak text[] := private.search_words(rest);
begin
	-- sorted, so that two who write at once never wait for each other crosswise
	insert into private.known_words (word)
	select distinct w from unnest(strong || weak) w
	where w ~ '[a-z]' and char_length(w) >= 3
		and not exists (select from private.known_words k where k.word = w)
	order by w
	on conflict do nothing;
	return setweight(to_tsvector('pg_catalog.simple', array_to_string(strong, ' ')), 'A')
		|| setweight(to_tsvector('pg_catalog.simple', array_to_string(weak, ' ')), 'D');
end
$$;
comment on function private.search_document is
	'The search document of a thing: its names weigh A, the rest D. Remembers its words.';

create function private.only_code(code text)
returns text
language sql immutable
set search_path = ''
as $$
	select lower(regexp_replace(code, '[^[:alnum:]]', '', 'g'))
$$;
comment on function private.only_code is 'A phone, serial or number without spaces and punctuation, in lower case.';

create table private.client_documents (
	client_id bigint primary key references public.clients (id) on delete cascade,
	words tsvector not null
);
comment on table private.client_documents is 'What search finds clients by: names; e-mail and address. No row for merged ones.';

create table private.asset_documents (
	asset_id bigint primary key references public.assets (id) on delete cascade,
	words tsvector not null,
	serial text
);
comment on table private.asset_documents is 'What search finds assets by: kind, brand, model; description; serial.';

create index client_documents_words_idx on private.client_documents using gin (words)
	with (gin_pending_list_limit = 256);
create index asset_documents_words_idx on private.asset_documents using gin (words)
	with (gin_pending_list_limit = 256);
create index asset_documents_serial_trgm_idx on private.asset_documents using gin (serial extensions.gin_trgm_ops);
create index client_phones_phone_trgm_idx on public.client_phones
	using gin ((phone::text) extensions.gin_trgm_ops);
-- "ends with" and "begins with" stop at the first hits, also for digits every phone has
create index client_phones_reverse_idx on public.client_phones (reverse(phone::text) text_pattern_ops);
create index client_phones_phone_pattern_idx on public.client_phones ((phone::text) text_pattern_ops);

revoke all on private.known_words, private.client_documents, private.asset_documents
	from public, anon, authenticated, service_role;

create function private.document_client()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if new.merged_into is not null then
		delete from private.client_documents d where d.client_id = new.id;
	else
		insert into private.client_documents (client_id, words)
		values (new.id, private.search_document(
			concat_ws(' ', new.last_name, new.first_name, new.middle_name),
			concat_ws(' ', new.email, new.address)))
		on conflict (client_id) do update set words = excluded.words;
	end if;
	return null;
end
$$;
comment on function private.document_client is 'Trigger: keeps the search document of a client.';

create function private.document_asset()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.asset_documents (asset_id, words, serial)
	values (new.id,
		private.search_document(concat_ws(' ', new.kind, new.brand, new.model),
			concat_ws(' ', new.serial, new.description)),
		private.only_code(new.serial))
	on conflict (asset_id) do update set words = excluded.words, serial = excluded.serial;
	return null;
end
$$;
comment on function private.document_asset is 'Trigger: keeps the search document of an asset.';

create trigger clients_document_created after insert on public.clients
	for each row execute function private.document_client();
create trigger clients_document_changed
	after update of first_name, middle_name, last_name, email, address, merged_into on public.clients
	for each row when (
		(old.first_name, old.middle_name, old.last_name, old.email, old.address, old.merged_into)
		is distinct from (new.first_name, new.middle_name, new.last_name, new.email, new.address, new.merged_into)
	)
	execute function private.document_client();
create trigger assets_document_created after insert on public.assets
	for each row execute function private.document_asset();
create trigger assets_document_changed
	after update of kind, brand, model, serial, description on public.assets
	for each row execute function private.document_asset();

revoke execute on function private.fold, private.search_words, private.search_document, private.only_code,
	private.document_client, private.document_asset from public, anon, authenticated;
