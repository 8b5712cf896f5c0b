-- The gateway's own door to functions: identity and call in one statement, so in one round trip and
-- one transaction. Exists only in the embedded stack; nothing in supabase/migrations may use it.
-- Run as supabase_admin.

create schema if not exists gateway;
revoke all on schema gateway from public;
grant usage on schema gateway to authenticator;

/*
 * Runs one statement as an API role with a caller's claims, as PostgREST does.
 *
 * caller_role: anon, authenticated or service_role (authenticator can become nothing else)
 * claims: the verified token's payload, as JSON text
 * request: {"method", "path", "headers"} of the HTTP request, read by request.method etc.
 * statement: one select with at most the parameter $1
 * arguments: JSON object bound to $1
 * Returns the statement's first column. Raises whatever the statement raises.
 */
create or replace function gateway.call(
	caller_role text, claims text, request json, statement text, arguments json
)
returns text
language plpgsql
-- what PostgREST gives functions that do not pin their own
set search_path = public, extensions
as $$
declare
	answer text;
begin
	perform set_config('request.jwt.claims', claims, true),
		set_config('request.jwt.claim.sub', coalesce(claims::json ->> 'sub', ''), true),
		set_config('request.jwt.claim.role', caller_role, true),
		set_config('request.method', coalesce(request ->> 'method', ''), true),
		set_config('request.path', coalesce(request ->> 'path', ''), true),
		set_config('request.headers', coalesce(request ->> 'headers', '{}'), true),
		set_config('role', caller_role, true);
	execute statement into answer using arguments;
	return answer;
end
$$;
revoke all on function gateway.call from public;
grant execute on function gateway.call to authenticator;
