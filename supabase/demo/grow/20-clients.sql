-- One client for five orders, each with a phone, an address and an instrument or two; and what search
-- reads of them. Words are folded once each, not once a client.

create temporary table surnames as
select n - 1 as number, w.word, private.fold(w.word) as folded
from (
	select row_number() over (order by pg_temp.pick(s.n * 1000 + e.n, 5, 1000000)) as n, s.stem || e.ending as word
	from unnest(string_to_array('Бондар,Коваль,Мельни,Крав,Ткач,Шев,Руд,Лисе,Мороз,Петр,Клим,Павл,Савч,Полищ,Гайд,Мазур,'
		'Кузьм,Литв,Яц,Дяч,Роман,Карп,Панч,Демч,Гаврил,Стельм,Нестер,Сидор,Тимош,Онищ,Ярош,Пилип,Ващ,Захарч,Дорош,'
		'Вороб,Голуб,Журавл,Зинч,Іщ,Кириль,Левч,Макар,Назар,Оленич,Прокоп,Радч,Степан,Тарас,Устим,Федор,Хом,Черн,'
		'Шульж,Щерб,Юр,Якуб,Антон,Богдан,Василь', ',')) with ordinality s (stem, n)
	cross join unnest(string_to_array('енко,ук,ський,чук,ов,ин,овець,ик,аренко,юк,янко,ець,ович,уха,айло,яга,иленко,'
		'овський,инський,уненко,ера,аш,ко,ченко,ейко', ',')) with ordinality e (ending, n)
) w;
create temporary table first_names as
select n - 1 as number, w.word, private.fold(w.word) as folded
from unnest(string_to_array('Анна,Оксана,Наталья,Елена,Соломія,Катерина,Людмила,Марта,Светлана,Дарина,Сергей,Дмитрий,'
	'Андрій,Михайло,Алексей,Юрій,Максим,Роман,Владимир,Ярослав,Emily,John,Oliver,Sophie', ',')) with ordinality w (word, n);
create temporary table streets as
select n - 1 as number, w.word, array_to_string(private.search_words(w.word), ' ') as folded
from unnest(string_to_array('вул. Саксаганського;ул. Белорусская;вул. Ярославів Вал;ул. Борщаговская;'
	'просп. Перемоги;вул. Городоцька;вул. Зелена;ул. Драгоманова;просп. Соборности;вул. Дорошенка;'
	'ул. Константиновская;вул. Антоновича;Русанівська наб.;вул. Стрийська;ул. Бажана', ';')) with ordinality w (word, n);
create temporary table things as
select n - 1 as number, t.value[1] as kind, t.value[2] as brand, t.value[3] as model,
	private.search_document(array_to_string(t.value, ' '), null) as words
from (
	select row_number() over () as n, array[k.kind, b.brand, m.model] as value
	from unnest('{Гитара,Скрипка,Виолончель,Усилитель,Баян,Окно,Сумка,Велосипед}'::text[]) k (kind)
	cross join unnest('{Yamaha,Fender,Gibson,Ibanez,Roland,Martin,Cort,Rehau,Veka}'::text[]) b (brand)
	cross join unnest('{F310,SR500,"Blues Junior",D-28,"Euro 60",E11,"LX 200"}'::text[]) m (model)
) t;

create temporary table sizes as
select current_setting('verstak.orders')::bigint as orders,
	greatest(current_setting('verstak.orders')::bigint / 5, 1) as clients,
	(select coalesce(max(c.id), 0) from public.clients c) as client_base,
	(select coalesce(max(a.id), 0) from public.assets a) as asset_base,
	(select coalesce(max(o.id), 0) from public.orders o) as order_base,
	(select coalesce(max(l.id), 0) from public.leads l) as lead_base,
	(select coalesce(max(l.id), 0) from public.order_lines l) as line_base,
	(select count(*) from surnames) as surnames, (select count(*) from things) as things,
	(select array_agg(c.id order by c.id) from public.campaigns c) as campaigns,
	(select array_agg(s.id order by s.id) from public.services s where s.location_id is null) as services;

create temporary table big_clients as
select z.client_base + i as id, i, s.word as last_name, f.word as first_name,
	t.word || ', ' || house.number || ', кв. ' || flat.number as address,
	s.folded || ' ' || f.folded as names, t.folded || ' ' || house.number || ' kv ' || flat.number as rest,
	now() - interval '1100 days' * (z.clients - i + 1) / z.clients as created_at
from sizes z
cross join lateral generate_series(1, z.clients) i
cross join lateral (select 1 + pg_temp.pick(i, 13, 120) as number) house
cross join lateral (select 1 + pg_temp.pick(i, 14, 240) as number) flat
join surnames s on s.number = pg_temp.pick(i, 11, z.surnames)
join first_names f on f.number = pg_temp.pick(i, 12, 24)
join streets t on t.number = pg_temp.pick(i, 15, 15);

insert into public.clients (id, first_name, last_name, address, source, created_at, updated_at) overriding system value
select b.id, b.first_name, b.last_name, b.address, 'звонок', b.created_at, b.created_at from big_clients b;

-- +380 5… is no prefix of the demo company's phones
insert into public.client_phones (client_id, phone, is_primary, created_at)
select b.id, '+38055' || lpad((1000000 + (b.i * 7919) % 8999999)::text, 7, '0'), true, b.created_at from big_clients b;

create temporary table big_assets as
select z.asset_base + a.i as id, z.client_base + 1 + (a.i - 1) % z.clients as client_id, t.kind, t.brand, t.model,
	case when pg_temp.pick(a.i, 22, 10) < 6 then 'A' || (1000000 + (a.i * 7877) % 8999999) end as serial, t.words
from sizes z
cross join lateral generate_series(1, z.clients + z.clients / 5) a (i)
join things t on t.number = pg_temp.pick(a.i, 21, z.things);

insert into public.assets (id, client_id, kind, brand, model, serial) overriding system value
select a.id, a.client_id, a.kind, a.brand, a.model, a.serial from big_assets a;

insert into private.client_documents (client_id, words)
select b.id, setweight(to_tsvector('pg_catalog.simple', b.names), 'A')
	|| setweight(to_tsvector('pg_catalog.simple', b.rest), 'D')
from big_clients b;
insert into private.asset_documents (asset_id, words, serial)
select a.id, a.words || setweight(to_tsvector('pg_catalog.simple', coalesce(lower(a.serial), '')), 'D'), lower(a.serial)
from big_assets a;
insert into private.known_words (word)
select w from (
	select distinct unnest(string_to_array(concat_ws(' ', b.names, b.rest), ' ')) from big_clients b
	union
	select lower(a.serial) from big_assets a where a.serial is not null
) words (w)
where w ~ '[a-z]' and char_length(w) >= 3
on conflict do nothing;
