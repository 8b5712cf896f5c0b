-- Clients and their phones. The network shares them: a client is known in every location. Masters see
-- of them only what a visit needs, registered clients only themselves.

create table public.clients (
	id bigint generated always as identity primary key,
	version int not null default 1,
	first_name text not null check (first_name ~ '\S' and char_length(first_name) <= 80),
	middle_name text check (char_length(middle_name) <= 80),
	last_name text check (char_length(last_name) <= 80),
	full_name text not null
		generated always as (btrim(coalesce(btrim(last_name), '') || ' ' || btrim(first_name))) stored,
	email text check (email ~ '^[^@\s]+@[^@\s]+$' and char_length(email) <= 254),
	address text check (char_length(address) <= 300),
	source text check (char_length(source) <= 80),
	telegram_id bigint,
	blacklisted boolean not null default false,
	user_id uuid unique references auth.users (id) on delete set null,
	merged_into bigint references public.clients (id),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint clients_not_merged_into_itself check (merged_into <> id)
);
comment on table public.clients is 'People and companies who order work.';
comment on column public.clients.full_name is 'Last and first name, as cards show it.';
comment on column public.clients.user_id is 'The client''s own sign-in, if registered.';
comment on column public.clients.merged_into is
	'The client this duplicate became part of; such rows are hidden. Set by merge_clients only, never a chain.';
comment on column public.clients.blacklisted is 'Follows client_blacklist, which says why.';

create table public.client_blacklist (
	client_id bigint primary key references public.clients (id) on delete cascade,
	reason text not null check (reason ~ '\S' and char_length(reason) <= 300),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.client_blacklist is
	'Why a client is not served any more. Apart from clients, because registered clients read their own row there. Set by set_blacklist only.';

create table public.client_phones (
	id bigint generated always as identity primary key,
	client_id bigint not null references public.clients (id) on delete cascade,
	phone public.e164 not null unique,
	is_primary boolean not null default false,
	label text check (label ~ '\S' and char_length(label) <= 40),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.client_phones is
	'Phones of clients; one phone belongs to one client. A client with phones has exactly one primary.';
comment on column public.client_phones.label is 'Whose or which phone: "wife", "workshop". Free text.';

create index clients_email_idx on public.clients (lower(email));
create index clients_telegram_id_idx on public.clients (telegram_id);
create index clients_merged_into_idx on public.clients (merged_into);
create index clients_full_name_idx on public.clients (full_name, id);
create index clients_blacklisted_idx on public.clients (id) where blacklisted;
create index client_phones_client_id_idx on public.client_phones (client_id);
-- both columns: lite takes a unique index on the foreign key alone, though partial, for "one phone a client"
create unique index client_phones_one_primary_idx on public.client_phones (client_id, is_primary) where is_primary;

revoke all on public.clients, public.client_phones, public.client_blacklist
	from public, anon, authenticated, service_role;
grant select on public.clients, public.client_phones, public.client_blacklist to authenticated;
grant insert (first_name, middle_name, last_name, email, address, source),
	update (first_name, middle_name, last_name, email, address, source)
	on public.clients to authenticated;
grant insert (client_id, phone, is_primary, label), update (phone, is_primary, label), delete
	on public.client_phones to authenticated;

alter table public.clients enable row level security;
alter table public.client_phones enable row level security;
alter table public.client_blacklist enable row level security;

-- functions the policies stand on ----------------------------------------------------------------

create function private.my_client()
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(c.merged_into, c.id) from public.clients c where c.user_id = (select auth.uid())
	);
end
$$;
comment on function private.my_client is
	'The client who is signed in, followed through a merge; null for everybody else.';

create function private.clients_at_hand()
returns setof bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if private.can('orders.work') then
		return query
			select distinct o.client_id from public.orders o
			where o.master_id = (select auth.uid()) and o.stage_id = any (array(
				select s.id from public.stages s
				where s.kind in ('assigned', 'in_progress', 'waiting', 'done')
			));
	end if;
end
$$;
comment on function private.clients_at_hand is
	'Ids of the clients whose orders the caller, a master, has to do: assigned, in progress, waiting or done.';

create policy "Those who may read clients do, registered clients read themselves"
	on public.clients for select to authenticated
	using (
		merged_into is null
		and ((select private.can('clients.read')) or id = (select private.my_client()))
	);
create policy "Those who may create clients do" on public.clients for insert to authenticated
	with check ((select private.can('clients.create')));
create policy "Those who may update clients do" on public.clients for update to authenticated
	using (merged_into is null and (select private.can('clients.update')));

create policy "Those who read clients read their phones, masters those of their own orders' clients"
	on public.client_phones for select to authenticated
	using (
		(select private.can('clients.read'))
		or client_id = (select private.my_client())
		or client_id = any (array(select private.clients_at_hand()))
	);
create policy "Those who may create clients add phones" on public.client_phones for insert to authenticated
	with check ((select private.can('clients.create')));
create policy "Those who may update clients correct phones" on public.client_phones for update to authenticated
	using ((select private.can('clients.update')));
create policy "Those who may update clients remove phones" on public.client_phones for delete to authenticated
	using ((select private.can('clients.update')));

create policy "Those who may read clients read why they are blacklisted" on public.client_blacklist
	for select to authenticated using ((select private.can('clients.read')));

-- what a master sees of a client -----------------------------------------------------------------

create function private.my_order_clients()
returns table (
	client_id bigint, full_name text, first_name text, middle_name text, last_name text, address text,
	phones jsonb
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select c.id, c.full_name, c.first_name, c.middle_name, c.last_name, c.address, coalesce((
			select jsonb_agg(jsonb_build_object('phone', p.phone, 'is_primary', p.is_primary, 'label', p.label)
				order by p.is_primary desc, p.id)
			from public.client_phones p where p.client_id = c.id
		), '[]')
		from public.clients c where c.id in (select private.clients_at_hand());
end
$$;
comment on function private.my_order_clients is 'See view public.my_order_clients.';

create view public.my_order_clients with (security_invoker = true) as
	select client_id, full_name, first_name, middle_name, last_name, address, phones
	from private.my_order_clients();
comment on view public.my_order_clients is
	'For masters: name, address and phones ([{phone, is_primary, label}]) of the clients of their own assigned, running, waiting and done orders; nothing else of them.';
revoke all on public.my_order_clients from public, anon, authenticated, service_role;
grant select on public.my_order_clients to authenticated;

-- one primary phone ------------------------------------------------------------------------------

create function private.keep_one_primary_phone()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	arrives constant boolean := tg_op = 'INSERT' or new.client_id <> old.client_id;
begin
	-- two who add a first phone at once must not both make it the primary
	perform from public.clients c where c.id = new.client_id for no key update;
	if arrives and not (tg_op = 'INSERT' and new.is_primary) then
		new.is_primary := not exists (
			select from public.client_phones p where p.client_id = new.client_id and p.is_primary
		);
	elsif tg_op = 'UPDATE' and old.is_primary and not arrives and pg_trigger_depth() = 1 then
		-- stops being the primary only when another becomes it, which is this trigger one level deeper
		new.is_primary := true;
	end if;
	if new.is_primary then
		update public.client_phones p set is_primary = false
		where p.client_id = new.client_id and p.is_primary and p.id <> new.id
			-- an insert that "on conflict" gives up takes nothing from others
			and (tg_op = 'UPDATE' or not exists (select from public.client_phones t where t.phone = new.phone));
	end if;
	return new;
end
$$;
comment on function private.keep_one_primary_phone is
	'Trigger: the first phone of a client is the primary one; a new primary takes over from the old.';

create function private.promote_a_phone()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.client_phones p set is_primary = true
	where p.id = (select min(f.id) from public.client_phones f where f.client_id = old.client_id)
		and not exists (
			select from public.client_phones t where t.client_id = old.client_id and t.is_primary
		);
	return null;
end
$$;
comment on function private.promote_a_phone is 'Trigger: when a primary phone leaves, the oldest one left takes its place.';

create trigger client_phones_keep_one_primary before insert or update of client_id, is_primary
	on public.client_phones for each row execute function private.keep_one_primary_phone();
create trigger client_phones_promote after delete or update of client_id on public.client_phones
	for each row when (old.is_primary) execute function private.promote_a_phone();

create trigger clients_touch before update on public.clients
	for each row execute function private.touch_version();
create trigger client_phones_touch before update on public.client_phones
	for each row execute function private.touch();

create function private.flag_blacklisted()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.clients c set blacklisted = tg_op <> 'DELETE' where c.id = coalesce(new.client_id, old.client_id);
	return null;
end
$$;
comment on function private.flag_blacklisted is
	'Trigger: keeps clients.blacklisted; a new reason is a new version of the client, too.';

create trigger client_blacklist_touch before update on public.client_blacklist
	for each row execute function private.touch();
create trigger client_blacklist_flag after insert or update or delete on public.client_blacklist
	for each row execute function private.flag_blacklisted();

-- what belongs to a client stays with the client -------------------------------------------------

create function private.follow_merge()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	column_name constant text := coalesce(tg_argv[0], 'client_id');
	wanted constant bigint := (to_jsonb(new) ->> column_name)::bigint;
	kept bigint;
begin
	-- waits for a merge that is under way; a foreign key alone would let the row in behind its back
	select c.merged_into into kept from public.clients c where c.id = wanted for key share;
	if kept is not null then
		new := jsonb_populate_record(new, jsonb_build_object(column_name, kept));
	end if;
	return new;
end
$$;
comment on function private.follow_merge is
	'Trigger for every table that names a client: a row for a client who was merged goes to the one who was kept. Argument: the column, if not client_id.';

revoke execute on function private.my_client, private.clients_at_hand, private.my_order_clients,
	private.keep_one_primary_phone, private.promote_a_phone, private.flag_blacklisted, private.follow_merge
	from public, anon, authenticated;
grant execute on function private.my_client, private.clients_at_hand, private.my_order_clients
	to authenticated;
