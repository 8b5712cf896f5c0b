-- Orders beyond the board: the rest of a long column, and lists by filters, page after page by key.

create function private.is_overdue(checked public.orders)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from public.stages s
		where s.id = checked.stage_id and s.kind not in ('closed', 'refused') and (
			(s.kind <> 'done' and checked.promised_at < now())
			or checked.stage_entered_at + make_interval(mins => s.norm_minutes) < now()
		)
	);
end
$$;
comment on function private.is_overdue is
	'Whether an open order is late: not done by the promised time, or longer in its column than the column''s norm.';

create function private.order_page(actor private.actor, orders bigint[], page_size int, next jsonb)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	shown constant bigint[] := orders[1:page_size];
	cards json := (
		select coalesce(json_agg(c order by i.place), '[]')
		from unnest(shown) with ordinality i (id, place) join private.cards c on c.id = i.id
	);
	following constant jsonb := case when cardinality(orders) > page_size then next end;
begin
	if 'orders.money' = any (actor.permissions) then
		return json_build_object('cards', cards, 'next', following, 'money', (
			select coalesce(json_object_agg(o.id, json_build_array(o.total, o.paid)), '{}')
			from public.orders o where o.id = any (shown)
		));
	end if;
	return json_build_object('cards', cards, 'next', following);
end
$$;
comment on function private.order_page is
	'{cards, next, money?} of orders in their order; one more than page_size means that there is a next page.';

create function private.board_more(stage bigint, before_entered timestamptz, before_id bigint, location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	board record := private.open_board(location);
	orders bigint[];
	key jsonb;
begin
	orders := array(
		select o.id from public.orders o
		where o.stage_id = stage
			and (before_entered is null or (o.stage_entered_at, o.id) < (before_entered, coalesce(before_id, 0)))
			and (
				('orders.read' = any ((board.actor).permissions) and (board.place is null or o.location_id = board.place))
				or ('orders.work' = any ((board.actor).permissions) and o.master_id = (board.actor).id)
			)
		order by o.stage_entered_at desc, o.id desc limit 51
	);
	select jsonb_build_object('before_entered', o.stage_entered_at, 'before_id', o.id) into key
	from public.orders o where o.id = orders[50];
	return private.order_page(board.actor, orders, 50, key);
end
$$;
comment on function private.board_more is 'See public.board_more().';

create function public.board_more(
	stage_id bigint, before_entered timestamptz default null, before_id bigint default null,
	location bigint default null
)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.board_more(stage_id, before_entered, before_id, location);
end
$$;
comment on function public.board_more is
	'The next 50 cards of a column, latest first, after the card that came at before_entered: {cards, next {before_entered, before_id} or null}, with orders.money also money. Errors: VK401, VK403 not_allowed.';

create function private.matching_clients(words text)
returns bigint[]
language plpgsql stable security definer
set search_path = ''
as $$
declare
	-- whoever sees all orders but no client's phone must not find it out digit by digit
	blind constant boolean := private.can('orders.read') and not private.can('clients.read');
	asked constant text := case when blind then btrim(regexp_replace(words, '\d+', '', 'g')) else words end;
	terms text[];
	codes text[];
begin
	if private.is_blank(asked) then
		return '{}';
	end if;
	-- not [[:alpha:]]: to a database of the C locale Cyrillic letters are none
	if asked ~ '^[-+() ./\d]*\d[-+() ./\d]*$' and char_length(regexp_replace(asked, '\D', '', 'g')) >= 4 then
		return array(select f.id from private.clients_by_phone(regexp_replace(asked, '\D', '', 'g'), 500) f);
	end if;
	terms := private.search_words(asked);
	codes := array(select t from unnest(terms) t where t ~ '^[0-9]{4,}$');
	terms := array(select t from unnest(terms) t where t <> all (codes));
	return array(select f.id from private.clients_by_words(private.questions(terms, codes, 'parts'), codes, 500) f);
end
$$;
comment on function private.matching_clients is
	'At most 500 clients by words of the name or digits of a phone; without clients.read by words alone.';

create function private.matching_assets(words text)
returns bigint[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return array(
		select f.id from private.assets_by_words(private.questions(private.search_words(words), '{}', 'parts'), 500) f
		union
		select f.id from private.assets_by_serial(private.only_code(words), 500) f
	);
end
$$;
comment on function private.matching_assets is 'Assets, about 500 at most, by kind, brand, model or serial.';

-- every filter is one condition of its own, so that the planner sees only those that were asked for
create function private.order_conditions(actor private.actor, filters jsonb)
returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
	field text;
	conditions text[] := '{}';
	condition text;
begin
	for field in select k from jsonb_object_keys(filters) k where filters -> k <> 'null' loop
		condition := case field
			when 'stage_ids' then format('o.stage_id = any (%L::bigint[])', private.list_field(filters, field, 'bigint'))
			when 'kinds' then format('o.stage_id in (select s.id from public.stages s where s.kind = any (%L::public.stage_kind[]))',
				private.list_field(filters, field, 'public.stage_kind'))
			when 'types' then format('o.type = any (%L::public.order_type[])', private.list_field(filters, field, 'public.order_type'))
			when 'master_ids' then format('o.master_id = any (%L::uuid[])', private.list_field(filters, field, 'uuid'))
			when 'payment_states' then format('o.payment_state = any (%L::public.payment_state[])',
				private.list_field(filters, field, 'public.payment_state'))
			when 'priorities' then format('o.priority = any (%L::int[])', private.list_field(filters, field, 'int'))
			when 'service_ids' then format('o.service_id = any (%L::bigint[])', private.list_field(filters, field, 'bigint'))
			when 'campaign_ids' then format('o.campaign_id = any (%L::bigint[])', private.list_field(filters, field, 'bigint'))
			when 'client_id' then format('o.client_id = %L::bigint', private.typed_field(filters, field, 'bigint'))
			when 'location_id' then format('o.location_id = %L::bigint', private.typed_field(filters, field, 'bigint'))
			when 'client' then format('o.client_id = any (%L::bigint[])',
				private.matching_clients(private.text_field(filters, field, 120, true)))
			when 'instrument' then format('o.asset_id = any (%L::bigint[])',
				private.matching_assets(private.text_field(filters, field, 120, true)))
			when 'created_from' then format('o.created_at >= %L', private.typed_field(filters, field, 'timestamptz'))
			when 'created_to' then format('o.created_at < %L', private.typed_field(filters, field, 'timestamptz'))
			when 'promised_from' then format('o.promised_at >= %L', private.typed_field(filters, field, 'timestamptz'))
			when 'promised_to' then format('o.promised_at < %L', private.typed_field(filters, field, 'timestamptz'))
			when 'unassigned' then case when private.typed_field(filters, field, 'boolean')::boolean then 'o.master_id is null' else 'true' end
			when 'mine' then case when private.typed_field(filters, field, 'boolean')::boolean
				then format('(o.master_id = %1$L or o.created_by = %1$L)', actor.id) else 'true' end
			when 'overdue' then case when private.typed_field(filters, field, 'boolean')::boolean then
				'o.stage_id in (select s.id from public.stages s where s.kind not in (''closed'', ''refused'')) and private.is_overdue(o)'
				else 'true' end
		end;
		if condition is null then
			perform private.invalid(field);
		end if;
		conditions := conditions || condition;
	end loop;
	if not 'orders.read' = any (actor.permissions) then
		conditions := conditions || format('o.master_id = %L', actor.id);
	elsif actor.location_id is not null then
		conditions := conditions || format('o.location_id = %s', actor.location_id);
	end if;
	return coalesce(nullif(array_to_string(conditions, ' and '), ''), 'true');
end
$$;
comment on function private.order_conditions is
	'The filters of find_orders, and what the actor may see, as SQL conditions on o. VK422 invalid_argument {field}.';

create function private.find_orders(filters jsonb, after_ jsonb, max_rows int)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	by_promise boolean;
	page_size constant int := least(greatest(coalesce(max_rows, 50), 1), 200);
	conditions text;
	last_id bigint;
	last_promise timestamptz;
	orders bigint[];
	key jsonb;
begin
	if not actor.permissions && '{orders.read,orders.work}' then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.read"}');
	end if;
	filters := coalesce(filters, '{}');
	after_ := coalesce(after_, '{}');
	if jsonb_typeof(filters) <> 'object' or jsonb_typeof(after_) <> 'object'
		or coalesce(filters ->> 'sort', 'newest') not in ('newest', 'promised') then
		perform private.invalid(case when jsonb_typeof(filters) <> 'object' then 'filters'
			when jsonb_typeof(after_) <> 'object' then 'after' else 'sort' end);
	end if;
	by_promise := coalesce(filters ->> 'sort' = 'promised', false);
	conditions := private.order_conditions(actor, filters - 'sort');
	last_id := private.typed_field(after_, 'id', 'bigint')::bigint;
	last_promise := private.typed_field(after_, 'promised_at', 'timestamptz')::timestamptz;
	if by_promise then
		-- those without a promise belong to no list of promises
		execute format('select array(select o.id from public.orders o where %s and o.promised_at is not null
			and ($1 is null or (o.promised_at, o.id) > ($1, $2)) order by o.promised_at, o.id limit $3)', conditions)
		into orders using last_promise, last_id, page_size + 1;
	else
		execute format('select array(select o.id from public.orders o where %s
			and ($1 is null or o.id < $1) order by o.id desc limit $2)', conditions)
		into orders using last_id, page_size + 1;
	end if;
	select case when by_promise then jsonb_build_object('promised_at', o.promised_at, 'id', o.id)
		else jsonb_build_object('id', o.id) end into key
	from public.orders o where o.id = orders[page_size];
	return private.order_page(actor, orders, page_size, key);
end
$$;
comment on function private.find_orders is 'See public.find_orders().';

create function public.find_orders(filters jsonb default '{}', after jsonb default null, max_rows int default 50)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.find_orders(filters, after, max_rows);
end
$$;
comment on function public.find_orders is
	'Orders the caller may see, at most 200 a page: {cards, next (what to pass as after) or null}, with orders.money also money. filters, all optional and all needed: stage_ids, kinds, types, master_ids, payment_states, priorities, service_ids, campaign_ids (arrays), client_id, location_id, client (name or phone digits), instrument (kind, brand, model, serial), created_from, created_to, promised_from, promised_to (to: exclusive), unassigned, mine (own work, or taken in by the caller), overdue (booleans), sort newest or promised (only orders with a promise). Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.is_overdue, private.order_page, private.board_more, public.board_more,
	private.matching_clients, private.matching_assets, private.order_conditions, private.find_orders,
	public.find_orders from public, anon, authenticated;
grant execute on function private.board_more, public.board_more, private.find_orders, public.find_orders
	to authenticated;
