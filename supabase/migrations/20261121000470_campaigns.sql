-- Advertising campaigns and what was spent on them, a row a day. Whole rows are for those who read
-- campaigns; the rest of the staff needs names and dates only, and gets them from campaign_names.

create table public.campaigns (
	id bigint generated always as identity primary key,
	version int not null default 1,
	name text not null check (name ~ '\S' and char_length(name) <= 120),
	channel text not null default 'other' check (
		channel in ('search', 'social', 'maps', 'referral', 'print', 'radio', 'outdoor', 'email', 'other')
	),
	service_id bigint references public.services (id),
	location_id bigint references public.locations (id),
	budget numeric(12, 2) check (budget >= 0),
	starts_on date not null default current_date,
	ends_on date,
	archived_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint campaigns_end_after_they_start check (ends_on >= starts_on)
);
comment on table public.campaigns is 'Advertising campaigns: leads, orders, contracts and payments are credited to them.';
comment on column public.campaigns.location_id is 'The only location it advertises; null is all.';
comment on column public.campaigns.budget is 'What may be spent in all, in the company''s currency.';
comment on column public.campaigns.ends_on is 'The last day, inclusive; afterwards no lead is taken for it.';

create table public.campaign_spend (
	id bigint generated always as identity primary key,
	campaign_id bigint not null references public.campaigns (id) on delete cascade,
	day date not null check (day between '2000-01-01' and '2200-01-01'),
	amount numeric(12, 2) not null check (amount >= 0),
	note text check (char_length(note) <= 300),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint campaign_spend_campaign_id_day_key unique (campaign_id, day)
);
comment on table public.campaign_spend is 'Money spent on a campaign, one row a day; an upsert on (campaign_id, day) corrects it.';

create index campaigns_service_id_idx on public.campaigns (service_id);
create index campaigns_location_id_idx on public.campaigns (location_id);
create index campaign_spend_day_idx on public.campaign_spend (day);

revoke all on public.campaigns, public.campaign_spend from public, anon, authenticated, service_role;
grant select on public.campaigns, public.campaign_spend to authenticated;
grant insert (name, channel, service_id, location_id, budget, starts_on, ends_on, archived_at),
	update (name, channel, service_id, location_id, budget, starts_on, ends_on, archived_at)
	on public.campaigns to authenticated;
grant insert (campaign_id, day, amount, note), update (campaign_id, day, amount, note), delete
	on public.campaign_spend to authenticated;

alter table public.campaigns enable row level security;
alter table public.campaign_spend enable row level security;

create policy "Those who read campaigns see their locations' and the company's" on public.campaigns
	for select to authenticated
	using (
		(select private.can('campaigns.read'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who manage campaigns add them" on public.campaigns for insert to authenticated
	with check ((select private.can('campaigns.manage')) and private.sees_location(location_id));
create policy "Those who manage campaigns edit them" on public.campaigns for update to authenticated
	using ((select private.can('campaigns.manage')) and private.sees_location(location_id));

create function private.manages_campaign(campaign_id bigint)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return exists (
		select from public.campaigns c
		where c.id = manages_campaign.campaign_id and private.sees_location(c.location_id)
	);
end
$$;
comment on function private.manages_campaign is
	'Whether the campaign is of a location whose campaigns the caller, if he manages any, may manage.';
revoke execute on function private.manages_campaign from public, anon, authenticated;
grant execute on function private.manages_campaign to authenticated;

create policy "Those who see a campaign see what was spent on it" on public.campaign_spend
	for select to authenticated
	using (exists (select from public.campaigns c where c.id = campaign_spend.campaign_id));
create policy "Those who manage campaigns enter spend" on public.campaign_spend for insert to authenticated
	with check ((select private.can('campaigns.manage')) and private.manages_campaign(campaign_id));
create policy "Those who manage campaigns correct spend" on public.campaign_spend for update to authenticated
	using ((select private.can('campaigns.manage')) and private.manages_campaign(campaign_id));
create policy "Those who manage campaigns remove spend" on public.campaign_spend for delete to authenticated
	using ((select private.can('campaigns.manage')) and private.manages_campaign(campaign_id));

create trigger campaigns_touch before update on public.campaigns
	for each row execute function private.touch_version();
create trigger campaign_spend_touch before update on public.campaign_spend
	for each row execute function private.touch();

-- what everybody of the staff may know ---------------------------------------------------------------

create function private.campaign_names()
returns table (
	id bigint, name text, channel text, location_id bigint, starts_on date, ends_on date, archived_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select c.id, c.name, c.channel, c.location_id, c.starts_on, c.ends_on, c.archived_at
		from public.campaigns c
		where exists (select from private.my_locations() m where c.location_id is null or m = c.location_id);
end
$$;
comment on function private.campaign_names is 'See view public.campaign_names.';
revoke execute on function private.campaign_names from public, anon, authenticated;
grant execute on function private.campaign_names to authenticated;

create view public.campaign_names with (security_invoker = true) as
	select n.id, n.name, n.channel, n.location_id, n.starts_on, n.ends_on, n.archived_at
	from private.campaign_names() n;
comment on view public.campaign_names is
	'Names and dates of campaigns for every employee, those of his locations and the company''s; no budgets, no spend.';
revoke all on public.campaign_names from public, anon, authenticated, service_role;
grant select on public.campaign_names to authenticated;

create function private.campaign_is_open(campaign public.campaigns)
returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
	return campaign.archived_at is null and coalesce(campaign.ends_on >= (
		select (now() at time zone s.time_zone)::date from public.settings s
	), true);
end
$$;
comment on function private.campaign_is_open is
	'Whether leads are taken for it: not archived, and its last day is not over in the company''s time zone.';
revoke execute on function private.campaign_is_open from public, anon, authenticated;
