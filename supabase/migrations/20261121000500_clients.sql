-- Clients and their phones. The network shares them: a client is known in every location.

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
	blacklist_reason text check (char_length(blacklist_reason) <= 300),
	user_id uuid unique references auth.users (id) on delete set null,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.clients is 'People and companies who order work.';
comment on column public.clients.full_name is 'Last and first name, as cards show it.';
comment on column public.clients.user_id is 'The client''s own sign-in, if registered.';

create table public.client_phones (
	id bigint generated always as identity primary key,
	client_id bigint not null references public.clients (id) on delete cascade,
	phone public.e164 not null unique,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.client_phones is 'Phones of clients; one phone belongs to one client.';

create index client_phones_client_id_idx on public.client_phones (client_id);

revoke all on public.clients, public.client_phones from public, anon, authenticated, service_role;
grant select on public.clients, public.client_phones to authenticated;
grant insert (first_name, middle_name, last_name, email, address, source, blacklisted, blacklist_reason),
	update (first_name, middle_name, last_name, email, address, source, blacklisted, blacklist_reason)
	on public.clients to authenticated;
grant insert (client_id, phone), update (phone), delete on public.client_phones to authenticated;

alter table public.clients enable row level security;
alter table public.client_phones enable row level security;

create policy "Those who may read clients do" on public.clients for select to authenticated
	using ((select private.can('clients.read')));
create policy "Those who may create clients do" on public.clients for insert to authenticated
	with check ((select private.can('clients.create')));
create policy "Those who may update clients do" on public.clients for update to authenticated
	using ((select private.can('clients.update')));

create policy "Those who may read clients read their phones" on public.client_phones for select to authenticated
	using ((select private.can('clients.read')));
create policy "Those who may create clients add phones" on public.client_phones for insert to authenticated
	with check ((select private.can('clients.create')));
create policy "Those who may update clients correct phones" on public.client_phones for update to authenticated
	using ((select private.can('clients.update')));
create policy "Those who may update clients remove phones" on public.client_phones for delete to authenticated
	using ((select private.can('clients.update')));

create trigger clients_touch before update on public.clients
	for each row execute function private.touch_version();
create trigger client_phones_touch before update on public.client_phones
	for each row execute function private.touch();
