-- bulk_move, bulk_assign: many cards, one call. Each card succeeds or is refused for itself.

create function private.bulk_items(items jsonb, mutation uuid)
returns table (place int, order_id bigint, seen_version int, mutation_id uuid)
language plpgsql security definer
set search_path = ''
as $$
begin
	if mutation is null then
		perform private.invalid('mutation_id');
	end if;
	if jsonb_typeof(items) is distinct from 'array' or jsonb_array_length(items) not between 1 and 200
		or exists (
			select from jsonb_array_elements(items) i
			where jsonb_typeof(i) <> 'object' or i ->> 'order_id' is null or i ->> 'order_id' !~ '^[0-9]{1,18}$'
				or i ->> 'seen_version' is null or i ->> 'seen_version' !~ '^[0-9]{1,9}$'
		) then
		perform private.invalid('items');
	end if;
	-- all locks first and in one order, so that two who take the same cards never wait for each other
	perform from public.orders o
	where o.id in (select (i ->> 'order_id')::bigint from jsonb_array_elements(items) i)
	order by o.id for no key update;
	return query
		select i.place::int, (i.item ->> 'order_id')::bigint, (i.item ->> 'seen_version')::int,
			-- each card has a mutation of its own, the same whenever the call is repeated
			md5(mutation::text || ':' || (i.item ->> 'order_id'))::uuid
		from jsonb_array_elements(items) with ordinality i (item, place)
		order by i.place;
end
$$;
comment on function private.bulk_items is
	'The cards of a bulk call, locked, with their own mutation ids. VK422 invalid_argument: items (1 to 200 of {order_id, seen_version}), mutation_id.';

create function private.require_bulk(permissions text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
begin
	-- before any lock is taken
	if not actor.permissions && require_bulk.permissions then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', permissions[1]));
	end if;
end
$$;
comment on function private.require_bulk is 'VK401, or VK403 not_allowed unless the caller has one of the permissions.';

create function private.bulk_error(order_id bigint, mutation uuid, code text, key text, detail text)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return jsonb_build_object('order_id', order_id, 'ok', false, 'mutation_id', mutation, 'error',
		jsonb_build_object('code', code, 'message', key, 'details', detail::jsonb));
end
$$;
comment on function private.bulk_error is 'One card''s refusal in a bulk call''s answer.';

create function private.bulk_move(items jsonb, to_stage bigint, mutation uuid, reason text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	item record;
	above bigint;
	card jsonb;
	results jsonb := '[]';
	key text;
	details text;
begin
	perform private.require_bulk('{orders.move,orders.work}');
	for item in select * from private.bulk_items(items, mutation) loop
		begin
			card := private.place(
				'move_order', item.order_id, item.seen_version, item.mutation_id,
				moves => true, to_stage => to_stage, prev_id => above, reason => reason
			);
			above := item.order_id;
			results := results || jsonb_build_object(
				'order_id', item.order_id, 'ok', true, 'mutation_id', item.mutation_id, 'card', card);
		exception when sqlstate 'VK404' or sqlstate 'VK409' or sqlstate 'VK422' or sqlstate 'VK403' then
			get stacked diagnostics key = message_text, details = pg_exception_detail;
			results := results || private.bulk_error(item.order_id, item.mutation_id, sqlstate, key, details);
		end;
	end loop;
	return results;
end
$$;
comment on function private.bulk_move is 'See public.bulk_move().';

create function private.bulk_assign(items jsonb, master uuid, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	item record;
	card jsonb;
	results jsonb := '[]';
	key text;
	details text;
begin
	perform private.require_bulk('{orders.assign}');
	for item in select * from private.bulk_items(items, mutation) loop
		begin
			card := private.place(
				'assign_order', item.order_id, item.seen_version, item.mutation_id, assigns => true, master => master
			);
			results := results || jsonb_build_object(
				'order_id', item.order_id, 'ok', true, 'mutation_id', item.mutation_id, 'card', card);
		exception when sqlstate 'VK404' or sqlstate 'VK409' or sqlstate 'VK422' or sqlstate 'VK403' then
			get stacked diagnostics key = message_text, details = pg_exception_detail;
			results := results || private.bulk_error(item.order_id, item.mutation_id, sqlstate, key, details);
		end;
	end loop;
	return results;
end
$$;
comment on function private.bulk_assign is 'See public.bulk_assign().';

create function public.bulk_move(items jsonb, to_stage bigint, mutation_id uuid, reason text default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.bulk_move(items, to_stage, mutation_id, reason);
end
$$;
comment on function public.bulk_move is
	'Moves up to 200 orders [{order_id, seen_version}] to the top of a column, in the order given. Returns [{order_id, ok, mutation_id, card | error {code, message, details}}]; mutation_id is what undo_move takes. Errors of the call: VK401, VK403, VK422 invalid_argument; of each card as in move_order.';

create function public.bulk_assign(items jsonb, master_id uuid, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.bulk_assign(items, master_id, mutation_id);
end
$$;
comment on function public.bulk_assign is
	'Gives up to 200 orders to a master (null takes them back), answers as bulk_move. Errors of the call: VK401, VK403, VK422 invalid_argument; of each card as in assign_order.';

revoke execute on function private.bulk_items, private.require_bulk, private.bulk_error, private.bulk_move, private.bulk_assign,
	public.bulk_move, public.bulk_assign from public, anon, authenticated;
grant execute on function private.bulk_move, private.bulk_assign, public.bulk_move, public.bulk_assign
	to authenticated;
