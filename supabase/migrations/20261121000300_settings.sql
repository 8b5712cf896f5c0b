-- The company's own settings: one row.

create table public.settings (
	id boolean primary key default true check (id),
	version int not null default 1,
	company_name text not null check (company_name ~ '\S' and char_length(company_name) <= 120),
	details text check (char_length(details) <= 2000),
	currency text not null default 'UAH' check (currency ~ '^[A-Z]{3}$'),
	language text not null default 'ru' check (language in ('en', 'ru', 'uk')),
	time_zone text not null default 'Europe/Kyiv' check (char_length(time_zone) <= 60),
	phone_country text not null default 'UA' check (phone_country ~ '^[A-Z]{2}$'),
	logo_path text check (logo_path ~ '\S' and char_length(logo_path) <= 300),
	public_phone public.e164,
	public_email text check (public_email ~ '^[^@\s]+@[^@\s]+$' and char_length(public_email) <= 254),
	public_address text check (char_length(public_address) <= 300),
	opening_hours public.translation,
	assignment_answer_minutes int check (assignment_answer_minutes between 1 and 10080),
	offer_to_next_master boolean not null default false,
	shift_max_hours int not null default 12 check (shift_max_hours between 1 and 48),
	lead_window_minutes int not null default 30 check (lead_window_minutes between 0 and 10080),
	blacklist_policy text not null default 'refuse' check (blacklist_policy in ('warn', 'refuse')),
	payment_closes_order boolean not null default true,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.settings is
	'Company name, details, currency (ISO 4217), language, time zone (IANA), what the public site says of the company, and the switches of its rules. One row.';
comment on column public.settings.phone_country is 'ISO 3166 country of phones written without one.';
comment on column public.settings.opening_hours is 'As the public site shows them, in every language.';
comment on column public.settings.assignment_answer_minutes is
	'How long a master may leave an assignment unanswered before the board warns; null never warns.';
comment on column public.settings.offer_to_next_master is 'Whether an unanswered assignment goes to the next suitable master.';
comment on column public.settings.shift_max_hours is 'A shift left open longer is closed by rule.';
comment on column public.settings.lead_window_minutes is 'A lead repeated within it joins the first one.';
comment on column public.settings.blacklist_policy is 'What a new order of a blacklisted client meets: warn or refuse.';
comment on column public.settings.payment_closes_order is 'Whether a done order closes once it is paid in full.';

revoke all on public.settings from public, anon, authenticated, service_role;
-- what the sign-in page and the public site show
grant select (company_name, language, currency, public_phone, public_email, public_address, opening_hours, logo_path)
	on public.settings to anon;
grant select on public.settings to authenticated;
grant update (
	company_name, details, currency, language, time_zone, phone_country, logo_path, public_phone,
	public_email, public_address, opening_hours, assignment_answer_minutes, offer_to_next_master,
	shift_max_hours, lead_window_minutes, blacklist_policy, payment_closes_order
) on public.settings to authenticated;

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
