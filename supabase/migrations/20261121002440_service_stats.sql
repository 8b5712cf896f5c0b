-- How a service does: contracts signed for it, orders taken, masters who can.

create function private.orders_by_service()
returns table (id text, orders int)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	-- asked only of those whom the report does not refuse: a condition beside it would come too late
	if private.can('statistics.read') then
		return query select r.key, r.created::int from private.order_report('{"by": "service"}') r;
	end if;
end
$$;
comment on function private.orders_by_service is
	'Orders ever taken by service in the caller''s locations; nothing without statistics.read.';

create function private.service_stats()
returns table (service_id bigint, contracts int, orders int, masters int)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	counts constant boolean := private.can('statistics.read');
begin
	if private.my_id() is null then
		return;
	end if;
	return query
		with signed as (
			select c.service_id as id, count(*)::int as contracts
			from public.contracts c where c.state in ('signed', 'closed') group by c.service_id
		), able as (
			select k.service_id as id, count(*)::int as masters
			from public.employee_skills k join public.employees e on e.id = k.employee_id
			where e.active group by k.service_id
		)
		select s.id, coalesce(c.contracts, 0),
			case when counts then coalesce(t.orders, 0) end, coalesce(a.masters, 0)
		from public.services s
		left join signed c on c.id = s.id
		left join able a on a.id = s.id
		left join private.orders_by_service() t on t.id = s.id::text
		where s.location_id is null or s.location_id = any (array(select private.my_locations()));
end
$$;
comment on function private.service_stats is 'See public.service_stats().';

create function public.service_stats()
returns table (service_id bigint, contracts int, orders int, masters int)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.service_stats();
end
$$;
comment on function public.service_stats is
	'For every service an employee sees: contracts signed for it (closed ones too), orders ever taken for it in his locations (null without statistics.read), active masters who can do it. Empty for anybody who is not an active employee.';

revoke execute on function private.orders_by_service, private.service_stats, public.service_stats from public, anon, authenticated;
grant execute on function private.service_stats, public.service_stats to authenticated;
