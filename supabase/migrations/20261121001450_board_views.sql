-- Saved views of the board: a name and the query of the address bar. One's own, or shared with a location.

create table public.board_views (
	id bigint generated always as identity primary key,
	version int not null default 1,
	owner_id uuid not null default auth.uid() references public.employees (id),
	name text not null check (name ~ '\S' and char_length(name) <= 80),
	query text not null check (char_length(query) <= 2000),
	shared boolean not null default false,
	location_id bigint references public.locations (id),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.board_views is 'Saved filters and groupings of the board.';
comment on column public.board_views.query is 'The query of the board''s address, without the question mark.';
comment on column public.board_views.location_id is 'Where a shared view is offered; null is everywhere.';

create index board_views_owner_id_idx on public.board_views (owner_id);
create index board_views_location_id_idx on public.board_views (location_id);

revoke all on public.board_views from public, anon, authenticated, service_role;
grant select, delete, insert (name, query, shared, location_id), update (name, query, shared, location_id)
	on public.board_views to authenticated;

alter table public.board_views enable row level security;

create policy "Those who see the board read their views and those shared where they work"
	on public.board_views for select to authenticated
	using ((select private.can('board.read')) and (
		owner_id = (select auth.uid())
		or (shared and (location_id is null or location_id = any (array(select private.my_locations()))))
	));
create policy "Those who see the board save views, those who may share them do"
	on public.board_views for insert to authenticated
	with check (
		owner_id = (select auth.uid()) and (select private.can('board.read'))
		and (not shared or (select private.can('views.share')))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Owners change their views, sharing needs its right" on public.board_views for update to authenticated
	using (owner_id = (select auth.uid()) and (select private.can('board.read')))
	with check (
		owner_id = (select auth.uid()) and (not shared or (select private.can('views.share')))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Owners remove their views, those who share views remove shared ones"
	on public.board_views for delete to authenticated
	using ((select private.can('board.read')) and (
		owner_id = (select auth.uid())
		or (shared and (select private.can('views.share'))
			and (location_id is null or location_id = any (array(select private.my_locations()))))
	));

create trigger board_views_touch before update on public.board_views
	for each row execute function private.touch_version();
