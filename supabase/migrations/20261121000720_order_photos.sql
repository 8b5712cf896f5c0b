-- Photos of an order, before and after. The bytes are in Storage, private, under
-- <order_id>/<uuid>.<ext>; a row here says what a photo shows.

create type public.photo_kind as enum ('before', 'after', 'other');

create table public.order_photos (
	id bigint generated always as identity primary key,
	order_id bigint not null references public.orders (id),
	path text not null unique check (
		path ~ '^[1-9][0-9]{0,17}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(jpg|jpeg|png|webp|avif)$'
	),
	kind public.photo_kind not null default 'other',
	caption text check (char_length(caption) <= 300),
	taken_by uuid default auth.uid(),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint order_photos_path_of_order_check check (split_part(path, '/', 1) = order_id::text)
);
comment on table public.order_photos is 'Photos of orders; the bytes are in the Storage bucket order-photos under path.';
comment on column public.order_photos.taken_by is 'Who added it; null for programs. No foreign key: photos outlive accounts.';

create index order_photos_order_id_idx on public.order_photos (order_id);

revoke all on public.order_photos from public, anon, authenticated, service_role;
grant select, delete, insert (order_id, path, kind, caption), update (kind, caption)
	on public.order_photos to authenticated;

alter table public.order_photos enable row level security;

create policy "Those who see an order see its photos" on public.order_photos for select to authenticated
	using (exists (select from public.orders o where o.id = order_id));
create policy "Those who update an order and its master add photos" on public.order_photos
	for insert to authenticated with check (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));
create policy "Those who update an order and its master caption photos" on public.order_photos
	for update to authenticated using (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));
create policy "Those who update an order and its master remove photos" on public.order_photos
	for delete to authenticated using (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));

create trigger order_photos_touch before update on public.order_photos
	for each row execute function private.touch();

create function private.count_photos()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	photo constant public.order_photos := case when tg_op = 'DELETE' then old else new end;
	face constant jsonb := jsonb_build_object('photo', jsonb_build_object('path', photo.path, 'kind', photo.kind));
	made int;
begin
	update public.orders o set photo_count = o.photo_count + case tg_op when 'DELETE' then -1 else 1 end
	where o.id = photo.order_id returning o.version into made;
	insert into public.order_events (order_id, version, kind, actor_id, from_values, to_values)
	values (photo.order_id, made, 'photo', auth.uid(),
		case tg_op when 'DELETE' then face else '{"photo": null}' end,
		case tg_op when 'DELETE' then '{"photo": null}' else face end);
	return null;
end
$$;
comment on function private.count_photos is 'Trigger: keeps orders.photo_count and tells history.';
create trigger order_photos_count after insert or delete on public.order_photos
	for each row execute function private.count_photos();

-- the files --------------------------------------------------------------------------------------

insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('order-photos', 'order-photos', false, 10485760, '{image/jpeg,image/png,image/webp,image/avif}')
on conflict (id) do nothing;

create function private.order_of_file(name text)
returns bigint
language sql immutable
set search_path = ''
as $$
	select substring(
		name from '^([1-9][0-9]{0,17})/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(?:jpg|jpeg|png|webp|avif)$'
	)::bigint
$$;
comment on function private.order_of_file is 'The order a file of the bucket order-photos belongs to; null for names that are none of ours.';

create policy "Those who see an order read its files" on storage.objects for select to authenticated
	using (bucket_id = 'order-photos' and exists (
		select from public.orders o where o.id = private.order_of_file(objects.name)
	));
create policy "Those who update an order and its master store its files" on storage.objects
	for insert to authenticated with check (bucket_id = 'order-photos' and exists (
		select from public.orders o where o.id = private.order_of_file(objects.name) and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));
create policy "Those who update an order and its master remove its files" on storage.objects
	for delete to authenticated using (bucket_id = 'order-photos' and exists (
		select from public.orders o where o.id = private.order_of_file(objects.name) and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));

revoke execute on function private.count_photos, private.order_of_file from public, anon, authenticated;
grant execute on function private.order_of_file to authenticated;
