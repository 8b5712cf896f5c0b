-- Tables of GoTrue that lite lacks. Run as supabase_admin after lite made its own; repeatable.
-- Columns as in GoTrue's migrations (supabase-facts §5.5).

create table if not exists auth.mfa_amr_claims (
	id uuid primary key,
	session_id uuid not null references auth.sessions (id) on delete cascade,
	created_at timestamptz not null,
	updated_at timestamptz not null,
	authentication_method text not null,
	unique (session_id, authentication_method)
);

do $$
begin
	if to_regtype('auth.factor_type') is null then
		create type auth.factor_type as enum ('totp', 'webauthn', 'phone');
	end if;
	if to_regtype('auth.factor_status') is null then
		create type auth.factor_status as enum ('unverified', 'verified');
	end if;
end
$$;

create table if not exists auth.mfa_factors (
	id uuid primary key,
	user_id uuid not null references auth.users (id) on delete cascade,
	friendly_name text,
	factor_type auth.factor_type not null,
	status auth.factor_status not null,
	created_at timestamptz not null,
	updated_at timestamptz not null,
	secret text,
	phone text,
	last_challenged_at timestamptz unique
);
create index if not exists mfa_factors_user_id_idx on auth.mfa_factors (user_id);
create unique index if not exists mfa_factors_user_friendly_name_unique
	on auth.mfa_factors (friendly_name, user_id)
	where trim(friendly_name) <> '';

create table if not exists auth.mfa_challenges (
	id uuid primary key,
	factor_id uuid not null references auth.mfa_factors (id) on delete cascade,
	created_at timestamptz not null,
	verified_at timestamptz,
	ip_address inet not null,
	otp_code text
);
create index if not exists mfa_challenges_factor_id_idx on auth.mfa_challenges (factor_id);
create index if not exists mfa_challenges_created_at_idx on auth.mfa_challenges (created_at desc);

-- Ours: the last time step a factor was used with, so that no code is good twice.
create table if not exists gateway.totp_steps (
	factor_id uuid primary key references auth.mfa_factors (id) on delete cascade,
	step bigint not null
);

create index if not exists users_created_at_idx on auth.users (created_at);

-- Ours: lite stores metadata as JSON text inside a jsonb string; policies, triggers and hooks expect
-- the object, as on hosted. The name sorts before the application's triggers.
create or replace function gateway.unwrap_json(value jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(value) = 'string' then (value #>> '{}')::jsonb else value end
$$;

create or replace function gateway.unwrap_user() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.raw_app_meta_data := gateway.unwrap_json(new.raw_app_meta_data);
	new.raw_user_meta_data := gateway.unwrap_json(new.raw_user_meta_data);
	return new;
end
$$;

create or replace function gateway.unwrap_identity() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.identity_data := gateway.unwrap_json(new.identity_data);
	return new;
end
$$;

create or replace trigger "00_unwrap_json" before insert or update on auth.users
	for each row execute function gateway.unwrap_user();
create or replace trigger "00_unwrap_json" before insert or update on auth.identities
	for each row execute function gateway.unwrap_identity();

update auth.users set updated_at = updated_at
where jsonb_typeof(raw_app_meta_data) = 'string' or jsonb_typeof(raw_user_meta_data) = 'string';
update auth.identities set updated_at = updated_at where jsonb_typeof(identity_data) = 'string';
