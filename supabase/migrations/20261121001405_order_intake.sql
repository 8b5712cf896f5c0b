-- The steps of taking an order: whose it is, what it is about, its lines. Each reads its part of the
-- payload of create_order and answers VK422 invalid_argument {field} for what is wrong in it.

create function private.intake_place(actor private.actor, payload jsonb)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
declare
	place bigint := coalesce(private.typed_field(payload, 'location_id', 'bigint')::bigint, actor.location_id);
begin
	-- a company of one location need not say which
	if place is null and (select count(*) from public.locations) = 1 then
		select l.id into place from public.locations l;
	end if;
	if place is null then
		perform private.invalid('location_id');
	end if;
	if place <> actor.location_id or not exists (select from public.locations l where l.id = place) then
		perform private.fail('VK404', 'location_not_found', jsonb_build_object('location_id', place));
	end if;
	return place;
end
$$;
comment on function private.intake_place is
	'The location of a new order: named, or the caller''s, or the only one. VK404 location_not_found.';

create function private.client_of_phone(phone text)
returns bigint
language plpgsql volatile security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(c.merged_into, c.id) from public.client_phones p
		join public.clients c on c.id = p.client_id
		where p.phone = client_of_phone.phone
	);
end
$$;
comment on function private.client_of_phone is 'The client any of whose phones this is; null if nobody''s.';

create function private.new_client(actor private.actor, payload jsonb, phone text)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made bigint;
begin
	if not 'clients.create' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.create"}');
	end if;
	insert into public.clients (first_name, middle_name, last_name, email, address, source)
	values (
		private.text_field(payload, 'first_name', 80, true), private.text_field(payload, 'middle_name', 80),
		private.text_field(payload, 'last_name', 80), private.text_field(payload, 'email', 254),
		private.text_field(payload, 'address', 300), private.text_field(payload, 'source', 80)
	) returning id into made;
	insert into public.client_phones (client_id, phone) values (made, phone);
	return made;
exception
	when unique_violation then
		-- somebody made a client with this phone at the same instant
		return null;
	when check_violation then
		perform private.invalid('email');
end
$$;
comment on function private.new_client is
	'Makes the client a payload describes, with the phone; null if the phone was taken meanwhile.';

create function private.intake_client(actor private.actor, payload jsonb, out id bigint, out created boolean)
language plpgsql security definer
set search_path = ''
as $$
declare
	named bigint := private.typed_field(payload, 'client_id', 'bigint')::bigint;
	phone text := private.typed_field(payload, 'phone', 'public.e164');
	owner bigint;
begin
	created := false;
	if named is null and phone is null then
		perform private.invalid('phone');
	end if;
	if phone is not null then
		owner := private.client_of_phone(phone);
	end if;
	if named is not null then
		select coalesce(c.merged_into, c.id) into id from public.clients c where c.id = named;
		if id is null then
			perform private.fail('VK404', 'client_not_found', jsonb_build_object('client_id', named));
		elsif owner <> id then
			perform private.fail('VK409', 'phone_of_other_client', jsonb_build_object('client_id', owner));
		elsif phone is not null and owner is null then
			insert into public.client_phones (client_id, phone) values (id, phone);
		end if;
		return;
	end if;
	id := owner;
	if id is null then
		id := private.new_client(actor, payload, phone);
		created := id is not null;
		id := coalesce(id, private.client_of_phone(phone));
	end if;
end
$$;
comment on function private.intake_client is
	'The client of a new order: named, or found by any of his phones, or made. VK404 client_not_found, VK409 phone_of_other_client {client_id}, VK422 invalid_argument.';

create function private.intake_asset(payload jsonb, client_id bigint)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	chosen bigint := private.typed_field(payload, 'asset_id', 'bigint')::bigint;
	asset constant jsonb := payload -> 'asset';
	wanted public.assets;
begin
	if chosen is not null then
		if not exists (select from public.assets a where a.id = chosen and a.client_id = intake_asset.client_id) then
			perform private.fail('VK404', 'asset_not_found', jsonb_build_object('asset_id', chosen));
		end if;
		return chosen;
	end if;
	if coalesce(jsonb_typeof(asset), 'null') = 'null' then
		return null;
	end if;
	perform private.only_fields(asset, '{kind,brand,model,serial,description}', 'asset');
	wanted.kind := private.text_field(asset, 'kind', 80, true);
	wanted.brand := private.text_field(asset, 'brand', 80);
	wanted.model := private.text_field(asset, 'model', 80);
	wanted.serial := private.text_field(asset, 'serial', 80);
	-- the same instrument brought again
	select a.id into chosen from public.assets a
	where a.client_id = intake_asset.client_id and a.archived_at is null and lower(a.kind) = lower(wanted.kind)
		and ((lower(a.brand), lower(a.model), lower(a.serial))
			is not distinct from (lower(wanted.brand), lower(wanted.model), lower(wanted.serial)))
	order by a.id limit 1;
	if chosen is null then
		insert into public.assets (client_id, kind, brand, model, serial, description)
		values (intake_asset.client_id, wanted.kind, wanted.brand, wanted.model, wanted.serial,
			private.text_field(asset, 'description', 1000))
		returning id into chosen;
	end if;
	return chosen;
exception when check_violation then
	perform private.invalid('asset');
end
$$;
comment on function private.intake_asset is
	'The asset of a new order: chosen, or described (one of the client''s equal to it, else a new one), or none. VK404 asset_not_found.';

create function private.intake_lines(payload jsonb, target bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	line jsonb;
	lines public.order_lines[] := '{}';
	one public.order_lines;
begin
	if coalesce(jsonb_typeof(payload -> 'lines'), 'null') = 'null' then
		return;
	end if;
	if jsonb_typeof(payload -> 'lines') <> 'array' or jsonb_array_length(payload -> 'lines') > 100 then
		perform private.invalid('lines');
	end if;
	for line in select l from jsonb_array_elements(payload -> 'lines') l loop
		perform private.only_fields(line, '{kind,title,quantity,unit_price,service_id}', 'lines');
		one.kind := coalesce(private.typed_field(line, 'kind', 'public.line_kind'), 'work');
		one.title := private.text_field(line, 'title', 200, true);
		one.quantity := coalesce(private.typed_field(line, 'quantity', 'numeric')::numeric, 1);
		one.unit_price := private.typed_field(line, 'unit_price', 'numeric')::numeric;
		one.service_id := private.typed_field(line, 'service_id', 'bigint')::bigint;
		one.position := cardinality(lines) + 1;
		lines := lines || one;
	end loop;
	-- one statement, one sum
	insert into public.order_lines (order_id, kind, title, quantity, unit_price, service_id, position)
	select target, l.kind, l.title, l.quantity, l.unit_price, l.service_id, l.position from unnest(lines) l;
exception
	when check_violation or not_null_violation or numeric_value_out_of_range then
		perform private.invalid('lines');
	when foreign_key_violation then
		perform private.fail('VK404', 'service_not_found');
end
$$;
comment on function private.intake_lines is 'Writes the lines of a new order. VK404 service_not_found, VK422 invalid_argument.';

revoke execute on function private.intake_place, private.client_of_phone, private.new_client,
	private.intake_client, private.intake_asset, private.intake_lines from public, anon, authenticated;
