-- The board as it was: any moment is the present with the history after it taken back, so nothing
-- has to be recorded twice. The cost grows with what happened since, never with what there is.
--
-- An order is taken back from its first event after the moment on, in the order its events were
-- written. What no event tells (a client's new name, how many photos there were, when a master
-- answered) is as it is now.

create index order_events_at_idx on public.order_events (at);

create function private.card_fields()
returns text[]
language sql stable security definer
set search_path = ''
as $$
	select array_agg(a.attname::text) from pg_catalog.pg_attribute a
	where a.attrelid = 'private.cards'::regclass and a.attnum > 0 and not a.attisdropped
$$;
comment on function private.card_fields is 'Names of what a card shows: all that may be told of an order''s past on a board.';

create function private.pick(fields jsonb, names text[])
returns jsonb
language sql immutable
set search_path = ''
as $$
	select coalesce(jsonb_object_agg(f.key, f.value), '{}') from jsonb_each(fields) f where f.key = any (names)
$$;
comment on function private.pick is 'Only these fields of an object.';

create function private.taken_back(target bigint, first_event bigint)
returns jsonb
language sql stable security definer
set search_path = ''
as $$
	-- of a field that changed several times the earliest value wins: it is aggregated last
	select coalesce(jsonb_object_agg(v.key, v.value order by e.id desc), '{}')
	from public.order_events e cross join lateral jsonb_each(e.from_values) v
	where e.order_id = target and e.id >= first_event
$$;
comment on function private.taken_back is 'The values fields of an order had before its event first_event, for those that changed since.';

create function private.stage_entered(target bigint, before_event bigint)
returns timestamptz
language sql stable security definer
set search_path = ''
as $$
	select e.at from public.order_events e
	where e.order_id = target and e.id < before_event
		and (e.kind = 'created' or (e.from_values ->> 'stage_id') <> (e.to_values ->> 'stage_id'))
	order by e.id desc limit 1
$$;
comment on function private.stage_entered is 'When an order had entered the column it was in before its event before_event.';

create function private.orders_taken_back(moment timestamptz)
returns table (id bigint, past public.orders, changed jsonb, stage_now bigint, location_now bigint)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		with touched as materialized (
			select e.order_id, min(e.id) as first_event, bool_or(e.kind = 'created') as born
			from public.order_events e where e.at > moment group by e.order_id
		)
		select o.id,
			case when not t.born then jsonb_populate_record(o, back.changed) end,
			back.changed, o.stage_id, o.location_id
		from touched t
		join public.orders o on o.id = t.order_id
		cross join lateral (
			select private.taken_back(t.order_id, t.first_event) || jsonb_build_object(
				'stage_entered_at', coalesce(private.stage_entered(t.order_id, t.first_event), o.created_at)
			) as changed
		) back;
end
$$;
comment on function private.orders_taken_back is
	'The orders with events after a moment, as they were then (past null: not yet there), and what differs from now.';

create function private.open_replay(location bigint, out actor private.actor, out place bigint)
language plpgsql stable
set search_path = ''
as $$
declare
	board record := private.open_board(location);
begin
	actor := board.actor;
	place := board.place;
	if not 'orders.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.read"}');
	end if;
end
$$;
comment on function private.open_replay is
	'As private.open_board(), for those who read all orders of a board: a master''s past is nobody''s board.';

create function private.replay_columns(place bigint)
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
		from public.stages s where place is null or s.location_id is null or s.location_id = place
	);
end
$$;
comment on function private.replay_columns is 'The board''s columns as they are now; cards may stand in columns removed since.';

create function private.replay_people()
returns json
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (select coalesce(json_object_agg(e.id, e.full_name), '{}') from public.employees e);
end
$$;
comment on function private.replay_people is 'Names of all who are or were employees, {"<id>": name}: whoever moved orders in the past.';

create function private.board_at(moment timestamptz, location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	board record := private.open_replay(location);
	names constant text[] := private.card_fields();
	answer json;
begin
	if moment is null or not isfinite(moment) then
		perform private.fail('VK422', 'invalid_argument', '{"field": "at"}');
	end if;
	with back as materialized (
		select * from private.orders_taken_back(moment)
	), past as (
		select b.id, (b.past).stage_id, (b.past).stage_entered_at, b.changed
		from back b where board.place is null or (b.past).location_id = board.place
	), newest as (
		-- one index scan a column; limit null is no limit
		select mine.* from public.stages s cross join lateral (
			select o.id, o.stage_id, o.stage_entered_at, '{}'::jsonb as changed from public.orders o
			where o.stage_id = s.id and (board.place is null or o.location_id = board.place)
				and not exists (select from back b where b.id = o.id)
			order by o.stage_entered_at desc, o.id desc
			limit case when s.kind in ('done', 'closed', 'refused') then 50 end
		) mine
		union all
		select p.id, p.stage_id, p.stage_entered_at, p.changed from past p where p.stage_id is not null
	), placed as (
		select n.*, row_number() over (partition by n.stage_id order by n.stage_entered_at desc, n.id desc) as age
		from newest n
	), counts as (
		select s.id, coalesce(now_.orders, 0)
			- (select count(*) from back b
				where b.stage_now = s.id and (board.place is null or b.location_now = board.place))
			+ (select count(*) from past p where p.stage_id = s.id) as orders
		from public.stages s
		left join private.columns_now(board.place, null) now_ on now_.stage_id = s.id
		where board.place is null or s.location_id is null or s.location_id = board.place
	)
	select json_build_object(
		'stages', private.replay_columns(board.place),
		'cards', (
			select coalesce(json_agg(
				to_jsonb(c) || private.pick(p.changed, names)
				order by coalesce(p.changed ->> 'rank', c.rank) collate "C", c.id), '[]')
			from placed p join private.cards c on c.id = p.id
			left join public.stages s on s.id = p.stage_id
			where p.age <= 50 or s.kind not in ('done', 'closed', 'refused')
		),
		'counts', (select coalesce(json_object_agg(c.id, c.orders), '{}') from counts c),
		'people', private.replay_people(),
		'at', moment
	) into answer;
	return answer;
end
$$;
comment on function private.board_at is 'See public.board_at().';

create function private.board_day(day date, location bigint)
returns json
language plpgsql stable security definer
set search_path = ''
as $$
declare
	board record := private.open_replay(location);
	names constant text[] := private.card_fields();
	-- what a screen can step through; beyond it a shorter day has to be asked for
	most constant int := 20000;
	finished constant bigint[] := array(
		select s.id from public.stages s where s.kind in ('done', 'closed', 'refused')
	);
	zone text := (select s.time_zone from public.settings s);
	begins timestamptz;
	ends timestamptz;
	answer json;
begin
	if day is null or day not between '2000-01-01' and '2199-12-31' then
		perform private.fail('VK422', 'invalid_argument', '{"field": "day"}');
	end if;
	begins := day::timestamp at time zone zone;
	ends := (day + 1)::timestamp at time zone zone;
	with happened as materialized (
		select e.*, coalesce(
			-- where the order was right after the event: a later relocation tells, else it is there still
			(select (l.from_values ->> 'location_id')::bigint from public.order_events l
				where l.order_id = e.order_id and l.id > e.id and l.from_values ? 'location_id'
				order by l.id limit 1),
			o.location_id
		) as place
		from public.order_events e join public.orders o on o.id = e.order_id
		where e.at >= begins and e.at < ends
		order by e.at, e.id limit most
	), told as (
		-- of finished orders a board holds the newest only: one that is reopened may be new to it
		select h.*, h.kind = 'created' or h.from_values ? 'location_id' or (
			(h.from_values ->> 'stage_id')::bigint = any (finished) and h.from_values -> 'stage_id' <> h.to_values -> 'stage_id'
		) as arrives from happened h
		where board.place is null or h.place = board.place
			or (h.from_values ->> 'location_id')::bigint = board.place
	)
	select json_build_object(
		'from', begins, 'to', ends,
		'events', coalesce(json_agg(json_build_object(
			'id', t.id, 'order_id', t.order_id, 'at', t.at, 'kind', t.kind, 'actor_id', t.actor_id,
			'from', private.pick(t.from_values, names), 'to', private.pick(t.to_values, names),
			'reason', t.reason,
			'card', case when t.arrives and (board.place is null or t.place = board.place) then (
				select to_jsonb(c) || private.pick(private.taken_back(t.order_id, t.id + 1), names)
					|| jsonb_build_object('stage_entered_at',
						coalesce(private.stage_entered(t.order_id, t.id + 1), c.created_at))
				from private.cards c where c.id = t.order_id
			) end
		) order by t.at, t.id), '[]'),
		'truncated', (select count(*) = most from happened),
		'people', private.replay_people()
	) into answer from told t;
	return answer;
end
$$;
comment on function private.board_day is 'See public.board_day().';

create function public.board_at(at timestamptz, location bigint default null)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.board_at(at, location);
end
$$;
comment on function public.board_at is
	'The board as it was at a moment, for those who read all its orders: {stages, cards, counts, people, at}; cards and counts as in board_snapshot, columns and what no event tells as they are now. location as in board_snapshot. Errors: VK401, VK403 not_allowed, VK422 invalid_argument {field: at}.';

create function public.board_day(day date, location bigint default null)
returns json
language plpgsql stable
set search_path = ''
as $$
begin
	return private.board_day(day, location);
end
$$;
comment on function public.board_day is
	'What happened on a board on a day of the company''s calendar, to step through from board_at(from): {from, to, events [{id, order_id, at, kind, actor_id, from, to, reason, card}], truncated, people}. from and to hold card fields only; card is the whole card where one may be new to the board. At most 20,000 events. Errors as board_at.';

revoke execute on function private.card_fields, private.pick, private.taken_back, private.stage_entered,
	private.orders_taken_back, private.open_replay, private.replay_columns, private.replay_people, private.board_at,
	private.board_day, public.board_at, public.board_day from public, anon, authenticated;
grant execute on function private.board_at, private.board_day, public.board_at, public.board_day to authenticated;
