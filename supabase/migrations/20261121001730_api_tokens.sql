-- Tokens by which other programs call us. Only a hash is kept: the token itself is shown once, when
-- it is made. 256 random bits need no slow hash, and looking a hash up tells nothing by its time.

create table public.api_tokens (
	id bigint generated always as identity primary key,
	name text not null check (name ~ '\S' and char_length(name) <= 80),
	prefix text not null check (char_length(prefix) = 8),
	hash bytea not null unique check (length(hash) = 32),
	scopes text[] not null check (cardinality(scopes) between 1 and 20 and scopes <@ '{leads.create}'),
	campaign_id bigint references public.campaigns (id),
	source text check (source ~ '\S' and char_length(source) <= 80),
	expires_at timestamptz,
	revoked_at timestamptz,
	last_used_at timestamptz,
	created_by uuid default auth.uid(),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.api_tokens is 'Tokens of other programs: hashed, scoped, perhaps to one campaign, expiring, revocable at once.';
comment on column public.api_tokens.prefix is 'The first characters, by which people tell tokens apart.';
comment on column public.api_tokens.hash is 'SHA-256 of the token.';
comment on column public.api_tokens.scopes is 'What it may do. leads.create: send leads to the intake.';
comment on column public.api_tokens.campaign_id is 'The only campaign its leads may name, and theirs when they name none.';
comment on column public.api_tokens.source is 'The source its leads get, whatever they say.';
comment on column public.api_tokens.last_used_at is 'To the minute.';
comment on column public.api_tokens.created_by is 'The user who made it; no foreign key: tokens outlive accounts.';

create index api_tokens_campaign_id_idx on public.api_tokens (campaign_id);

alter table public.leads add constraint leads_api_token_id_fkey
	foreign key (api_token_id) references public.api_tokens (id);

revoke all on public.api_tokens from public, anon, authenticated, service_role;
grant select on public.api_tokens to authenticated;

alter table public.api_tokens enable row level security;
create policy "Those who manage tokens read them" on public.api_tokens for select to authenticated
	using ((select private.can('tokens.manage')));

create trigger api_tokens_touch before update on public.api_tokens
	for each row execute function private.touch();

create function private.token_hash(token text)
returns bytea
language sql immutable
set search_path = ''
as $$
	select sha256(convert_to(token, 'UTF8'))
$$;
comment on function private.token_hash is 'What is kept of a token.';

create function private.create_api_token(
	name text, scopes text[], campaign_id bigint, source text, expires_at timestamptz
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	token constant text := 'vk_' || translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
	invalid text;
	made public.api_tokens;
begin
	if not 'tokens.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "tokens.manage"}');
	end if;
	invalid := case
		when private.is_blank(name) or char_length(name) > 80 then 'name'
		when coalesce(cardinality(scopes), 0) = 0 or not scopes <@ '{leads.create}' then 'scopes'
		when create_api_token.campaign_id is not null and not exists (
			select from public.campaigns c where c.id = create_api_token.campaign_id) then 'campaign_id'
		when char_length(source) > 80 then 'source'
		when expires_at <= now() then 'expires_at'
	end;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	insert into public.api_tokens (name, prefix, hash, scopes, campaign_id, source, expires_at, created_by)
	values (btrim(create_api_token.name), left(token, 8), private.token_hash(token), create_api_token.scopes,
		create_api_token.campaign_id, private.clean_text(create_api_token.source), create_api_token.expires_at, actor.id)
	returning * into made;
	perform private.audit('token.created', made.name,
		jsonb_build_object('token_id', made.id, 'prefix', made.prefix, 'scopes', made.scopes, 'expires_at', made.expires_at));
	return (to_jsonb(made) - 'hash') || jsonb_build_object('token', token);
end
$$;
comment on function private.create_api_token is 'See public.create_api_token().';

create function private.revoke_api_token(target bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	gone public.api_tokens;
begin
	if not 'tokens.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "tokens.manage"}');
	end if;
	select * into gone from public.api_tokens t where t.id = target for no key update;
	if gone.id is null then
		perform private.fail('VK404', 'token_not_found', jsonb_build_object('token_id', target));
	end if;
	if gone.revoked_at is null then
		update public.api_tokens t set revoked_at = now() where t.id = target returning * into gone;
		perform private.audit('token.revoked', gone.name,
			jsonb_build_object('token_id', gone.id, 'prefix', gone.prefix, 'last_used_at', gone.last_used_at));
	end if;
	return to_jsonb(gone) - 'hash';
end
$$;
comment on function private.revoke_api_token is 'See public.revoke_api_token().';

create function public.create_api_token(
	name text, scopes text[], campaign_id bigint default null, source text default null,
	expires_at timestamptz default null
)
returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.create_api_token(name, scopes, campaign_id, source, expires_at);
end
$$;
comment on function public.create_api_token is
	'Makes a token for another program. Returns its row and, this once, `token` itself. Errors: VK401, VK403 not_allowed, VK422 invalid_argument name, scopes, campaign_id, source, expires_at.';

create function public.revoke_api_token(token_id bigint) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.revoke_api_token(token_id);
end
$$;
comment on function public.revoke_api_token is
	'Ends a token at once. Returns its row; again: the same. Errors: VK401, VK403 not_allowed, VK404 token_not_found.';

revoke execute on function private.token_hash, private.create_api_token, private.revoke_api_token,
	public.create_api_token, public.revoke_api_token from public, anon, authenticated;
grant execute on function private.create_api_token, private.revoke_api_token, public.create_api_token,
	public.revoke_api_token to authenticated;
