-- One order with all that its panel shows, in one trip. Runs with the caller's own rights: what a
-- policy hides is missing from the answer, and nothing here has to know who may see what.

create function private.names_of(people uuid[])
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if (private.me()).id is null then
		return '{}';
	end if;
	return (
		select coalesce(jsonb_object_agg(e.id, e.full_name), '{}')
		from public.employees e where e.id = any (people)
	);
end
$$;
comment on function private.names_of is
	'Names of employees, {"<id>": name}, for employees: history says who, also to those who may not list colleagues.';

create function public.order_details(order_id bigint)
returns json
language plpgsql stable
set search_path = ''
as $$
declare
	target alias for order_id;
	found public.orders;
	seen record;
begin
	select * into found from public.orders o where o.id = target;
	if found.id is null then
		-- as private.fail(), which callers may not use themselves
		raise exception 'order_not_found' using errcode = 'VK404',
			detail = jsonb_build_object('order_id', target)::text;
	end if;
	select
		(select coalesce(jsonb_agg(e order by e.id desc), '[]') from (
			select h.id, h.version, h.kind, h.actor_id, h.from_values as "from", h.to_values as "to", h.reason, h.at
			from public.order_events h where h.order_id = target order by h.id desc limit 200
		) e) as events,
		(select coalesce(jsonb_agg(to_jsonb(l) order by l.position, l.id), '[]')
			from public.order_lines l where l.order_id = target) as lines,
		(select coalesce(jsonb_agg(c order by c.at, c.id), '[]') from (
			select i.id, i.kind, i.direction, i.body, i.author_id, i.at, i.edited_at
			from public.interactions i
			where i.order_id = target and i.kind <> 'automatic' order by i.at desc, i.id desc limit 200
		) c) as comments,
		(select coalesce(jsonb_agg(to_jsonb(p) order by p.id), '[]')
			from public.order_photos p where p.order_id = target) as photos
	into seen;
	return json_build_object(
		'order', to_jsonb(found) - '{tracking_token,rank,total,paid}'::text[],
		'stages', (
			select json_agg(json_build_object('id', s.id, 'name', s.name, 'kind', s.kind, 'colour', s.colour,
				'requires_reason', s.requires_reason, 'here', s.location_id is null or s.location_id = found.location_id
			) order by s.position, s.id) from public.stages s
		),
		'locations', (select json_object_agg(l.id, l.name) from public.locations l),
		'masters', (
			select coalesce(json_agg(json_build_object(
				'id', e.id, 'name', e.full_name,
				-- a company that names no skills for a service asks for none
				'skilled', not exists (select from public.employee_skills k where k.service_id = found.service_id)
					or exists (select from public.employee_skills k
						where k.service_id = found.service_id and k.employee_id = e.id)
			) order by e.full_name, e.id), '[]')
			from public.employees e
			where e.role = 'master' and e.active and (e.location_id is null or e.location_id = found.location_id)
		),
		'client', (
			select to_jsonb(c) || jsonb_build_object('phones', (
				select coalesce(jsonb_agg(p.phone order by p.is_primary desc, p.id), '[]')
				from public.client_phones p where p.client_id = c.id
			), 'blacklist_reason', (select b.reason from public.client_blacklist b where b.client_id = c.id))
			from public.clients c where c.id = found.client_id
		),
		'client_orders', (
			select coalesce(json_agg(o order by o.id desc), '[]') from (
				select o.id, o.stage_id, o.problem, o.created_at from public.orders o
				where o.client_id = found.client_id and o.id <> target order by o.id desc limit 20
			) o
		),
		'assets', (
			select coalesce(json_agg(a order by a.id), '[]') from (
				select a.id, a.label, a.serial, a.archived_at from public.assets a where a.client_id = found.client_id
			) a where a.archived_at is null or a.id = found.asset_id
		),
		'services', (
			select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name) order by s.position, s.id), '[]')
			from public.services s
			where s.id = found.service_id
				or s.archived_at is null and (s.location_id is null or s.location_id = found.location_id)
		),
		'campaigns', (
			select coalesce(json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name, n.id), '[]')
			from public.campaign_names n where n.archived_at is null or n.id = found.campaign_id
		),
		'lines', case when (select private.can('orders.money')) or found.master_id = auth.uid() then seen.lines end,
		'total', case when (select private.can('orders.money')) or found.master_id = auth.uid() then found.total end,
		'paid', case when (select private.can('orders.money')) then found.paid end,
		'events', seen.events,
		'comments', seen.comments,
		'photos', seen.photos,
		'people', private.names_of(array(
			select (v #>> '{}')::uuid from (
				select to_jsonb(found.master_id) as v
				union select e -> 'actor_id' from jsonb_array_elements(seen.events) e
				union select e -> 'to' -> 'master_id' from jsonb_array_elements(seen.events) e
				union select e -> 'from' -> 'master_id' from jsonb_array_elements(seen.events) e
				union select c -> 'author_id' from jsonb_array_elements(seen.comments) c
			) ids where jsonb_typeof(v) = 'string'
		)),
		'at', clock_timestamp()
	);
end
$$;
comment on function public.order_details is
	'All that an order''s panel shows: {order, stages, locations, masters, client, client_orders, assets, services, campaigns, lines, total, paid, events (newest 200), comments, photos, people, at}. lines, total and paid are null for those who may not see them; client is null for those who may not read clients; masters say whether they are skilled for its service. Errors: VK404 order_not_found, alike for missing and foreign.';

revoke execute on function private.names_of, public.order_details from public, anon, authenticated;
grant execute on function private.names_of, public.order_details to authenticated;
