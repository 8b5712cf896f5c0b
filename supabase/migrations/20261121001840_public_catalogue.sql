-- What anybody may see without signing in: the company, its workshops, services and promotions. The
-- tables behind stay closed to strangers; these views show the columns and rows meant for them.

create function private.public_locations()
returns table (id bigint, name text, address text, phone public.e164)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select l.id, l.name, l.address, l.phone from public.locations l
		where l.archived_at is null order by l.name, l.id;
end
$$;
comment on function private.public_locations is 'Workshops the public site names: those not archived.';

create function private.public_services()
returns table (
	id bigint, name public.translation, description public.translation, price numeric(12,2),
	norm_minutes int, location_id bigint, "position" int
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select s.id, s.name, s.description, s.price, s.norm_minutes, s.location_id, s.position
		from public.services s
		where s.public and s.archived_at is null and (
			s.location_id is null or exists (
				select from public.locations l where l.id = s.location_id and l.archived_at is null
			)
		)
		order by s.position, s.id;
end
$$;
comment on function private.public_services is 'Services the public site offers. price is what it starts from, in the company''s currency; location_id the only workshop that offers it.';

create function private.public_promotions()
returns table (
	id bigint, title public.translation, body public.translation, service_id bigint, starts_on date, ends_on date
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	today constant date := (select (now() at time zone c.time_zone)::date from public.settings c);
begin
	return query
		select p.id, p.title, p.body,
			-- the service may be hidden
			(select s.id from private.public_services() s where s.id = p.service_id),
			p.starts_on, p.ends_on
		from public.promotions p
		where p.public and p.archived_at is null
			and coalesce(p.starts_on <= today, true) and coalesce(p.ends_on >= today, true)
		order by p.starts_on desc, p.id desc;
end
$$;
comment on function private.public_promotions is 'Promotions that run today, where the company is.';

create view public.public_company with (security_invoker = true) as
	select s.company_name, s.language, s.currency, s.public_phone, s.public_email, s.public_address,
		s.opening_hours, s.logo_path
	from public.settings s;
comment on view public.public_company is 'For anybody: the company as the public site shows it. One row.';

create view public.public_locations with (security_invoker = true) as
	select * from private.public_locations();
comment on view public.public_locations is 'For anybody: workshops with address and phone.';

create view public.public_services with (security_invoker = true) as
	select * from private.public_services();
comment on view public.public_services is 'For anybody: what is offered, and the price it starts from.';

create view public.public_promotions with (security_invoker = true) as
	select * from private.public_promotions();
comment on view public.public_promotions is 'For anybody: promotions that run today.';

revoke all on public.public_company, public.public_locations, public.public_services, public.public_promotions
	from public, anon, authenticated, service_role;
grant select on public.public_company, public.public_locations, public.public_services, public.public_promotions
	to anon, authenticated;

revoke execute on function private.public_locations, private.public_services, private.public_promotions
	from public, anon, authenticated;
grant execute on function private.public_locations, private.public_services, private.public_promotions
	to anon, authenticated;
