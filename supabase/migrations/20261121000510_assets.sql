-- What clients bring or own: instruments, windows, anything an order is about.

create table public.assets (
	id bigint generated always as identity primary key,
	version int not null default 1,
	client_id bigint not null references public.clients (id),
	kind text not null check (kind ~ '\S' and char_length(kind) <= 80),
	brand text check (brand ~ '\S' and char_length(brand) <= 80),
	model text check (model ~ '\S' and char_length(model) <= 120),
	serial text check (serial ~ '\S' and char_length(serial) <= 80),
	description text check (char_length(description) <= 1000),
	label text not null generated always as (
		btrim(kind) || coalesce(' ' || btrim(brand), '') || coalesce(' ' || btrim(model), '')
	) stored,
	archived_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.assets is 'Instruments and other things of clients that orders are about.';
comment on column public.assets.kind is 'Guitar, violin, window: free text, in the company''s language.';
comment on column public.assets.label is 'Kind, brand and model, as cards show it.';
comment on column public.assets.archived_at is 'When it was sold or lost; not offered for new orders any more.';

create index assets_client_id_idx on public.assets (client_id);

revoke all on public.assets from public, anon, authenticated, service_role;
grant select on public.assets to authenticated;
grant insert (client_id, kind, brand, model, serial, description),
	update (kind, brand, model, serial, description, archived_at)
	on public.assets to authenticated;

alter table public.assets enable row level security;

create policy "Those who read clients read their assets, registered clients their own"
	on public.assets for select to authenticated
	using ((select private.can('clients.read')) or client_id = (select private.my_client()));
create policy "Those who may create clients add assets" on public.assets for insert to authenticated
	with check ((select private.can('clients.create')));
create policy "Those who may update clients edit assets" on public.assets for update to authenticated
	using ((select private.can('clients.update')));

create trigger assets_touch before update on public.assets
	for each row execute function private.touch_version();
