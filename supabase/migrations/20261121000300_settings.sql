-- The company's own settings: one row.

create table public.settings (
	id boolean primary key default true check (id),
	version int not null default 1,
	company_name text not null check (company_name ~ '\S' and char_length(company_name) <= 120),
	details text check (char_length(details) <= 2000),
	currency text not null default 'UAH' check (currency ~ '^[A-Z]{3}$'),
	language text not null default 'ru' check (language in ('en', 'ru', 'uk')),
	time_zone text not null default 'Europe/Kyiv' check (char_length(time_zone) <= 60),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.settings is 'Company name, details, currency (ISO 4217), language and time zone (IANA). One row.';

revoke all on public.settings from public, anon, authenticated, service_role;
-- the sign-in page greets with the company's name, in the company's language
grant select (company_name, language) on public.settings to anon;
grant select on public.settings to authenticated;
grant update (company_name, details, currency, language, time_zone) on public.settings to authenticated;

alter table public.settings enable row level security;
create policy "Everybody reads what the public pages show" on public.settings for select to anon
	using (true);
create policy "Everybody signed in reads the company's settings" on public.settings for select to authenticated
	using (true);
create policy "Those who manage settings edit them" on public.settings for update to authenticated
	using ((select private.can('settings.manage')));

create function private.check_time_zone()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	if not exists (select from pg_catalog.pg_timezone_names z where z.name = new.time_zone) then
		perform private.fail('VK422', 'invalid_argument', '{"field": "time_zone"}');
	end if;
	return new;
end
$$;
comment on function private.check_time_zone is 'Trigger: only zones this Postgres knows.';
revoke execute on function private.check_time_zone from public, anon, authenticated;

create trigger settings_check_time_zone before insert or update of time_zone on public.settings
	for each row execute function private.check_time_zone();
create trigger settings_touch before update on public.settings
	for each row execute function private.touch_version();
