-- auth.uid(), auth.role(), auth.email(), auth.jwt(): the caller's token as policies read it.
-- Same signatures and settings as on hosted. Run as supabase_admin, before the application's migrations.

create or replace function auth.jwt() returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(
		nullif(current_setting('request.jwt.claim', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')
	)::jsonb
$$;

create or replace function auth.uid() returns uuid
language sql stable set search_path = '' as $$
	select coalesce(
		nullif(current_setting('request.jwt.claim.sub', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
	)::uuid
$$;

create or replace function auth.role() returns text
language sql stable set search_path = '' as $$
	select coalesce(
		nullif(current_setting('request.jwt.claim.role', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
	)
$$;

create or replace function auth.email() returns text
language sql stable set search_path = '' as $$
	select coalesce(
		nullif(current_setting('request.jwt.claim.email', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
	)
$$;
