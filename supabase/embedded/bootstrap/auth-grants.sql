-- After the auth schema exists (made by @supabase/lite): who may see it. Run as supabase_admin.
grant usage on schema auth to anon, authenticated, service_role, postgres;
grant all on all tables in schema auth to postgres with grant option;
grant all on all sequences in schema auth to postgres with grant option;
grant execute on all functions in schema auth to anon, authenticated, service_role, postgres;
revoke all on all tables in schema auth from anon, authenticated;
revoke create on schema auth from postgres;

-- lite makes the CLI's book-keeping tables; the CLI writes them as postgres
do $$
begin
	if exists (select from pg_catalog.pg_namespace where nspname = 'supabase_migrations') then
		alter schema supabase_migrations owner to postgres;
		drop table if exists supabase_migrations.seed_files;
	end if;
end
$$;
alter table if exists supabase_migrations.schema_migrations owner to postgres;
