-- Foundations: the schema for definer code, the words (types) every table shares, domain errors
-- and the triggers that keep `updated_at` and `version`.

create schema private;
comment on schema private is
	'Definer functions and tables no client may touch. Never exposed through the Data API.';
revoke all on schema private from public;
-- policies and the public wrappers call functions here under the caller's own role
grant usage on schema private to anon, authenticated, service_role;

create type public.employee_role as enum
	('operator', 'coordinator', 'master', 'marketer', 'manager', 'admin');
create type public.stage_kind as enum
	('unassigned', 'assigned', 'in_progress', 'waiting', 'done', 'closed', 'refused');
create type public.order_type as enum ('consultation', 'diagnostics', 'repair', 'other');
create type public.availability as enum ('free', 'busy', 'break', 'off');

create domain public.e164 as text check (value ~ '^\+[1-9][0-9]{6,14}$');
comment on domain public.e164 is 'A phone number as ITU-T E.164 writes it: +380671234567.';

create domain public.colour as text check (value ~ '^#[0-9a-f]{6}$');
comment on domain public.colour is 'A colour as #rrggbb in lower case.';

create domain public.translation as jsonb check (
	-- a column may be null: without this "is not distinct from" would refuse it
	value is null or (
		jsonb_typeof(value) = 'object'
		and value - array['en', 'ru', 'uk'] = '{}'::jsonb
		and jsonb_typeof(value -> 'en') is not distinct from 'string' and value ->> 'en' ~ '\S'
		and jsonb_typeof(value -> 'ru') is not distinct from 'string' and value ->> 'ru' ~ '\S'
		and jsonb_typeof(value -> 'uk') is not distinct from 'string' and value ->> 'uk' ~ '\S'
	)
);
comment on domain public.translation is 'One short text in every language: {"en", "ru", "uk"}.';

create function private.fail(code text, key text, details jsonb default '{}')
returns void
language plpgsql
set search_path = ''
as $$
begin
	raise exception using errcode = code, message = key, detail = details::text;
end
$$;
comment on function private.fail is
	'Raises a domain error: SQLSTATE VKnnn (nnn as in HTTP), a stable key as message, facts as JSON detail.';
revoke execute on function private.fail from public, anon, authenticated;

create function private.touch()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	new.updated_at := now();
	return new;
end
$$;
comment on function private.touch is 'Trigger: keeps updated_at.';
revoke execute on function private.touch from public, anon, authenticated;

create function private.touch_version()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	new.updated_at := now();
	new.version := old.version + 1;
	return new;
end
$$;
comment on function private.touch_version is 'Trigger: keeps updated_at and counts versions.';
revoke execute on function private.touch_version from public, anon, authenticated;

create function private.is_blank(words text)
returns boolean
language sql immutable
set search_path = ''
as $$
	select coalesce(words, '') ~ '^[\s\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]*$'
$$;
comment on function private.is_blank is 'Whether a text says nothing: null, or only spaces of any alphabet and invisible characters.';
revoke execute on function private.is_blank from public, anon, authenticated;
