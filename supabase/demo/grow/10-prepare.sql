-- Makes the demo company big: settings for this session, and the tables stripped of what slows loading
-- (secondary indexes, foreign keys, triggers). 90-finish.sql puts everything back and checks it.
--
-- verstak.orders says how many orders to add. Nothing is random: grow_pick() draws from hashes, so that the
-- same number makes the same company, relative to now.

set synchronous_commit = off;
set work_mem = '256MB';
set maintenance_work_mem = '512MB';

create function pg_temp.pick(row_number bigint, salt bigint, size bigint)
returns bigint
language sql immutable parallel safe
as $$ select (hashint8extended(row_number, salt) & 9223372036854775807) % size $$;

create temporary table grown_tables as
select t::regclass as id from unnest('{
	public.clients, public.client_phones, public.assets, public.leads, public.orders, public.order_events,
	public.order_lines, public.invoices, public.payments, public.interactions, public.campaign_spend,
	private.client_documents, private.asset_documents, private.order_documents, private.known_words,
	private.lead_words
}'::text[]) t;

create temporary table put_back (place serial, statement text not null);

do $$
declare
	found record;
begin
	for found in
		select t.id::text as name from grown_tables t
	loop
		execute format('alter table %s disable trigger user', found.name);
	end loop;
	for found in
		select c.conname as name, c.conrelid::regclass::text as of_table, pg_get_constraintdef(c.oid) as definition
		from pg_constraint c join grown_tables t on t.id = c.conrelid where c.contype = 'f'
	loop
		insert into put_back (statement)
		values (format('alter table %s add constraint %I %s', found.of_table, found.name, found.definition));
		execute format('alter table %s drop constraint %I', found.of_table, found.name);
	end loop;
	-- others' foreign keys to these tables stay: they need the primary keys only
	for found in
		select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
		from pg_index i join grown_tables t on t.id = i.indrelid
		where not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype <> 'f')
	loop
		insert into put_back (statement) values (found.definition);
		execute format('drop index %s', found.name);
	end loop;
end
$$;

-- more places, masters and campaigns: a network of eight locations
insert into public.locations (name, address)
select 'Location ' || n, 'Kyiv, Street ' || n from generate_series(4, 8) n;

create temporary table new_masters as
select ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid as id, n,
	(select l.id from public.locations l order by l.id offset 3 + n % 5 limit 1) as location_id
from generate_series(1, 40) n;
insert into auth.users (id, aud, role, email)
select m.id, 'authenticated', 'authenticated', 'master' || m.n || '@large.verstak.test' from new_masters m;
insert into public.employees (id, full_name, role, location_id, capacity)
select m.id, 'Master ' || m.n, 'master', m.location_id, 5 from new_masters m;

insert into public.campaigns (name, channel, starts_on)
select 'Campaign ' || n, (array['search', 'social', 'maps', 'print', 'email'])[1 + n % 5],
	current_date - 1095
from generate_series(6, 20) n;
insert into public.campaign_spend (campaign_id, day, amount)
select c.id, current_date - d, 200 + pg_temp.pick(d, c.id, 1800)
from public.campaigns c cross join generate_series(0, 1094) d
where c.name like 'Campaign %';

create temporary table places as
select l.id, row_number() over (order by l.id) - 1 as number,
	array(select e.id from public.employees e where e.role = 'master' and e.location_id = l.id order by e.id) as masters
from public.locations l;
