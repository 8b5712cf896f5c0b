-- The board in one trip, and the difference between it and what a client already has. Both answer
-- `json`, not `jsonb`: the text is sent as it is built, which halves the time for a big board.

create function private.board_orders(actor private.actor, location bigint)
returns table (id bigint, version int, total numeric, paid numeric)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	-- one index scan a column; limit null is no limit
	if 'orders.read' = any (actor.permissions) then
		return query
			select mine.id, mine.version, mine.total, mine.paid from public.stages s
			cross join lateral (
				select o.id, o.version, o.total, o.paid from public.orders o
				where o.stage_id = s.id and (board_orders.location is null or o.location_id = board_orders.location)
				order by o.stage_entered_at desc, o.id desc
				limit case when s.kind in ('done', 'closed', 'refused') then 50 end
			) mine;
	elsif 'orders.work' = any (actor.permissions) then
		return query
			select mine.id, mine.version, mine.total, mine.paid from public.stages s
			cross join lateral (
				select o.id, o.version, o.total, o.paid from public.orders o
				where o.stage_id = s.id and o.master_id = actor.id
				order by o.stage_entered_at desc, o.id desc
				limit case when s.kind in ('done', 'closed', 'refused') then 50 end
			) mine;
	end if;
end
$$;
comment on function private.board_orders is
	'Which orders are on the actor''s board: open ones all, the newest 50 of each done, closed or refused column.';

create function private.board_totals(
	actor private.actor, location bigint, out counts jsonb, out sums jsonb
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	select coalesce(jsonb_object_agg(s.id, coalesce(c.orders, 0)), '{}'),
		coalesce(jsonb_object_agg(s.id, coalesce(c.total, 0)), '{}')
	into counts, sums
	from public.stages s
	left join private.columns_now(
		case when 'orders.read' = any (actor.permissions) then board_totals.location end,
		case when 'orders.read' = any (actor.permissions) then null else actor.id end
	) c on c.stage_id = s.id
	where board_totals.location is null or s.location_id is null or s.location_id = board_totals.location;
	if not 'orders.money' = any (actor.permissions) then
		sums := null;
	end if;
end
$$;
comment on function private.board_totals is
	'True number and sum of the actor''s orders in each column: {"<stage id>": n}. sums is null without orders.money.';

create function private.board_masters(actor private.actor, location bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(private.master_face(e.id) order by e.full_name, e.id), '[]')
		from public.employees e
		where e.role = 'master' and e.active
			and (
				e.id = actor.id
				or ('masters.read' = any (actor.permissions)
					and (board_masters.location is null or e.location_id is null or e.location_id = board_masters.location))
			)
	);
end
$$;
comment on function private.board_masters is 'The masters the actor may see, as private.master_face() shows them.';

create function private.open_board(location bigint, out actor private.actor, out place bigint)
language plpgsql stable
set search_path = ''
as $$
begin
	actor := private.require_employee();
	if not 'board.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "board.read"}');
	end if;
	place := coalesce(actor.location_id, location);
end
$$;
comment on function private.open_board is
	'The caller and the location to show: an employee of one location gets that one whatever is asked.';

create function private.board_stages(location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(json_agg(json_build_object(
			'id', s.id, 'name', s.name, 'kind', s.kind, 'colour', s.colour, 'position', s.position,
			'wip_limit', s.wip_limit, 'norm_minutes', s.norm_minutes,
			'requires_reason', s.requires_reason, 'location_id', s.location_id
		) order by s.position, s.id), '[]')
		from public.stages s
		where board_stages.location is null or s.location_id is null or s.location_id = board_stages.location
	);
end
$$;
comment on function private.board_stages is 'The columns of a location, or all of them.';

create function private.board_snapshot(location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	board record := private.open_board(location);
	stages constant json := private.board_stages(board.place);
	masters constant jsonb := private.board_masters(board.actor, board.place);
	totals record;
	cards json;
	money json;
begin
	select * into totals from private.board_totals(board.actor, board.place);
	select coalesce(json_agg(c order by s.position, s.id, c.rank, c.id), '[]') into cards
	from private.board_orders(board.actor, board.place) o
	join private.cards c on c.id = o.id
	join public.stages s on s.id = c.stage_id;
	-- an absent key says more clearly than an empty one that there is nothing to be seen
	if totals.sums is null then
		return json_build_object('stages', stages, 'cards', cards, 'masters', masters,
			'counts', totals.counts, 'at', clock_timestamp());
	end if;
	-- apart from the cards: beside their sorting it costs five times as much
	select coalesce(json_object_agg(o.id, json_build_array(o.total, o.paid)), '{}') into money
	from private.board_orders(board.actor, board.place) o;
	return json_build_object('stages', stages, 'cards', cards, 'masters', masters,
		'counts', totals.counts, 'sums', totals.sums, 'money', money, 'at', clock_timestamp());
end
$$;
comment on function private.board_snapshot is 'See public.board_snapshot().';

create function private.board_changes(known jsonb, location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	board record := private.open_board(location);
	masters constant jsonb := private.board_masters(board.actor, board.place);
	totals record;
	changes record;
begin
	if jsonb_typeof(known) is distinct from 'object' or exists (
		select from jsonb_each_text(known) k
		where k.key !~ '^[0-9]{1,18}$' or k.value is null or k.value !~ '^[0-9]{1,9}$'
	) then
		perform private.fail('VK422', 'invalid_argument', '{"field": "known"}');
	end if;
	select * into totals from private.board_totals(board.actor, board.place);
	with mine as materialized (
		select o.* from private.board_orders(board.actor, board.place) o
	), theirs as materialized (
		select k.key::bigint as id, k.value::int as version from jsonb_each_text(known) k
	), differing as materialized (
		select m.* from mine m left join theirs t on t.id = m.id where t.version is distinct from m.version
	)
	select
		(select coalesce(json_agg(c order by s.position, s.id, c.rank, c.id), '[]')
			from differing d join private.cards c on c.id = d.id join public.stages s on s.id = c.stage_id) as cards,
		(select coalesce(json_object_agg(d.id, json_build_array(d.total, d.paid)), '{}')
			from differing d where totals.sums is not null) as money,
		(select coalesce(json_agg(t.id order by t.id), '[]')
			from theirs t where not exists (select from mine m where m.id = t.id)) as removed,
		(select coalesce(json_agg(json_build_object('id', o.id, 'version', o.version, 'stage_id', o.stage_id)), '[]')
			from theirs t
			join public.orders o on o.id = t.id
			join public.stages s on s.id = o.stage_id and s.kind in ('done', 'closed', 'refused')
			where not exists (select from mine m where m.id = t.id)
				and case when 'orders.read' = any ((board.actor).permissions)
					then board.place is null or o.location_id = board.place
					else o.master_id = (board.actor).id end) as aged
	into changes;
	if totals.sums is null then
		return json_build_object('cards', changes.cards, 'removed', changes.removed, 'aged', changes.aged,
			'masters', masters, 'counts', totals.counts, 'at', clock_timestamp());
	end if;
	return json_build_object('cards', changes.cards, 'removed', changes.removed, 'aged', changes.aged,
		'masters', masters, 'counts', totals.counts, 'sums', totals.sums, 'money', changes.money, 'at', clock_timestamp());
end
$$;
comment on function private.board_changes is 'See public.board_changes().';

create function public.board_snapshot(location bigint default null)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.board_snapshot(location);
end
$$;
comment on function public.board_snapshot is
	'Everything the board needs: {stages, cards, masters, counts, at}. location narrows it; employees of one location see only theirs, masters only their own orders. With orders.money also money {"<order id>": [total, paid]} of these cards and sums {"<stage id>": total} of whole columns. Errors: VK401, VK403 not_allowed.';

create function public.board_changes(known jsonb, location bigint default null)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.board_changes(known, location);
end
$$;
comment on function public.board_changes is
	'What differs from the cards a client knows ({"<order id>": version}): {cards, removed, aged, masters, counts, at}, with orders.money also money (of these cards) and sums. aged: of the removed those that are still counted in their column, only no longer among its newest, as {id, version, stage_id}. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.board_orders, private.board_totals, private.board_masters, private.open_board,
	private.board_stages, private.board_snapshot, private.board_changes, public.board_snapshot, public.board_changes
	from public, anon, authenticated;
grant execute on function private.board_snapshot, private.board_changes, public.board_snapshot,
	public.board_changes to authenticated;
