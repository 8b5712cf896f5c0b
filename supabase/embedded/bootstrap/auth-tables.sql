-- Tables of GoTrue that lite lacks. Run as supabase_admin after lite made its own.
-- Columns as in GoTrue's migrations (supabase-facts §5.5).

create table if not exists auth.mfa_amr_claims (
	id uuid primary key,
	session_id uuid not null references auth.sessions (id) on delete cascade,
	created_at timestamptz not null,
	updated_at timestamptz not null,
	authentication_method text not null,
	unique (session_id, authentication_method)
);

create index if not exists users_created_at_idx on auth.users (created_at);
