-- What search reads of orders, beside the tables of 0530; and all documents made anew.

create table private.order_documents (
	order_id bigint primary key references public.orders (id) on delete cascade,
	location_id bigint not null,
	words tsvector not null
);
comment on table private.order_documents is
	'What search finds orders by beside number, client and asset: their own address. Only orders that have one.';
create index order_documents_words_idx on private.order_documents using gin (words)
	with (gin_pending_list_limit = 256);
revoke all on private.order_documents from public, anon, authenticated, service_role;

create function private.document_order()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if private.is_blank(new.address) then
		delete from private.order_documents d where d.order_id = new.id;
	else
		insert into private.order_documents (order_id, location_id, words)
		values (new.id, new.location_id, private.search_document(null, new.address))
		on conflict (order_id) do update set location_id = excluded.location_id, words = excluded.words;
	end if;
	return null;
end
$$;
comment on function private.document_order is 'Trigger: keeps the search document of an order.';

create trigger orders_document_created after insert on public.orders
	for each row when (new.address is not null) execute function private.document_order();
create trigger orders_document_changed after update of address, location_id on public.orders
	for each row when ((old.address, old.location_id) is distinct from (new.address, new.location_id))
	execute function private.document_order();

create function private.rebuild_search_documents()
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.client_documents (client_id, words)
	select c.id, private.search_document(concat_ws(' ', c.last_name, c.first_name, c.middle_name),
		concat_ws(' ', c.email, c.address))
	from public.clients c where c.merged_into is null
	on conflict (client_id) do update set words = excluded.words;
	insert into private.asset_documents (asset_id, words, serial)
	select a.id, private.search_document(concat_ws(' ', a.kind, a.brand, a.model),
		concat_ws(' ', a.serial, a.description)), private.only_code(a.serial)
	from public.assets a
	on conflict (asset_id) do update set words = excluded.words, serial = excluded.serial;
	insert into private.order_documents (order_id, location_id, words)
	select o.id, o.location_id, private.search_document(null, o.address)
	from public.orders o where not private.is_blank(o.address)
	on conflict (order_id) do update set location_id = excluded.location_id, words = excluded.words;
end
$$;
comment on function private.rebuild_search_documents is
	'For imports that switch triggers off: makes every search document anew.';

revoke execute on function private.document_order, private.rebuild_search_documents
	from public, anon, authenticated;
