-- Invitations: how somebody becomes an employee. The token is shown once to who invites; it works
-- only for a person signed in with the invited e-mail.

create table public.invitations (
	id bigint generated always as identity primary key,
	token_hash bytea not null unique check (octet_length(token_hash) = 32),
	email text not null check (email ~ '^[^@\s]+@[^@\s]+$' and email = lower(email) and char_length(email) <= 254),
	role public.employee_role not null,
	location_id bigint references public.locations (id),
	full_name text not null check (full_name ~ '\S' and char_length(full_name) <= 120),
	expires_at timestamptz not null default now() + interval '7 days',
	accepted_at timestamptz,
	accepted_by uuid references public.employees (id),
	revoked_at timestamptz,
	invited_by uuid references public.employees (id),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check (accepted_at is null or revoked_at is null),
	check ((accepted_at is null) = (accepted_by is null))
);
comment on table public.invitations is
	'People invited to work here. Only the SHA-256 of the token is kept. A new invitation of an e-mail revokes the open one.';
comment on column public.invitations.location_id is 'The only location the person will see; null sees all.';
comment on column public.invitations.invited_by is
	'Whose right the invitation rests on: it dies with that right. Null for a console''s.';

create unique index invitations_open_email_key on public.invitations (email)
	where accepted_at is null and revoked_at is null;
create index invitations_location_id_idx on public.invitations (location_id);
create index invitations_invited_by_idx on public.invitations (invited_by);
create index invitations_accepted_by_idx on public.invitations (accepted_by);

revoke all on public.invitations from public, anon, authenticated, service_role;
grant select on public.invitations to authenticated;

alter table public.invitations enable row level security;
create policy "Those who manage employees read invitations, administrators' only administrators"
	on public.invitations for select to authenticated
	using (
		(select private.can('employees.manage'))
		and (role <> 'admin' or (select private.can('employees.manage_admins')))
		and private.sees_location(location_id)
	);

create trigger invitations_touch before update on public.invitations
	for each row execute function private.touch();
select private.record_changes_of('public.invitations', '{employees.manage_admins,audit.read}', '{token_hash}');

create function private.may_appoint(actor private.actor, role public.employee_role, location_id bigint)
returns boolean
language sql immutable
set search_path = ''
as $$
	select 'employees.manage' = any (actor.permissions)
		and (role <> 'admin' or 'employees.manage_admins' = any (actor.permissions))
		and (actor.location_id is null or coalesce(actor.location_id = may_appoint.location_id, false))
$$;
comment on function private.may_appoint is
	'Whether the actor may make somebody an employee of this role and place; the same rule as the policies of employees.';

create function private.actor_of(employee_id uuid)
returns private.actor
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor;
begin
	select e.id, e.full_name, e.role, e.location_id,
		array(select p.permission from public.role_permissions p where p.role = e.role)
	into actor from public.employees e where e.id = employee_id and e.active;
	return actor;
end
$$;
comment on function private.actor_of is 'An active employee with all permissions, whoever calls; all nulls for anybody else.';

create function private.invite_employee(
	email text, role public.employee_role, location_id bigint, full_name text
)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	address constant text := lower(btrim(email));
	token constant text := translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
	made public.invitations;
	invalid constant text := case
		when address is null or address !~ '^[^@\s]+@[^@\s]+$' or char_length(address) > 254 then 'email'
		when role is null then 'role'
		when private.is_blank(full_name) or char_length(full_name) > 120 then 'full_name'
		when location_id is not null and not exists (
			select from public.locations l where l.id = invite_employee.location_id
		) then 'location_id'
	end;
begin
	if not 'employees.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "employees.manage"}');
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	if not private.may_appoint(actor, role, location_id) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission',
			case when role = 'admin' then 'employees.manage_admins' else 'employees.manage' end));
	end if;
	if exists (
		select from public.employees e join auth.users u on u.id = e.id where e.active and lower(u.email) = address
	) then
		perform private.fail('VK409', 'already_employee', jsonb_build_object('email', address));
	end if;
	update public.invitations i set revoked_at = now()
	where i.email = address and i.accepted_at is null and i.revoked_at is null
		and private.may_appoint(actor, i.role, i.location_id);
	begin
		insert into public.invitations (token_hash, email, role, location_id, full_name, invited_by)
		values (extensions.digest(token, 'sha256'), address, role, location_id, btrim(full_name), actor.id)
		returning * into made;
	exception when unique_violation then
		-- an open one of somebody with more rights, or of this very moment
		perform private.fail('VK409', 'already_invited', jsonb_build_object('email', address));
	end;
	perform private.audit('invitation.made', made.id::text,
		jsonb_build_object('email', address, 'role', role, 'location_id', location_id));
	return jsonb_build_object('invitation_id', made.id, 'token', token, 'expires_at', made.expires_at);
end
$$;
comment on function private.invite_employee is 'See public.invite_employee().';

create function public.invite_employee(
	email text, role public.employee_role, location_id bigint, full_name text
)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.invite_employee(email, role, location_id, full_name);
end
$$;
comment on function public.invite_employee is
	'Invites somebody to work here; the open invitation of the same e-mail is revoked. Returns {invitation_id, token, expires_at}: the token is never shown again. Errors: VK401, VK403 not_allowed, VK409 already_employee, already_invited, VK422 invalid_argument.';

create function private.revoke_invitation(invitation_id bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	revoked public.invitations;
begin
	if not 'employees.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "employees.manage"}');
	end if;
	update public.invitations i set revoked_at = coalesce(i.revoked_at, now())
	where i.id = invitation_id and i.accepted_at is null and private.may_appoint(actor, i.role, i.location_id)
	returning * into revoked;
	if revoked.id is null then
		perform private.fail('VK404', 'invitation_not_found');
	end if;
	perform private.audit('invitation.revoked', revoked.id::text, jsonb_build_object('email', revoked.email));
end
$$;
comment on function private.revoke_invitation is 'See public.revoke_invitation().';

create function public.revoke_invitation(invitation_id bigint)
returns void
language plpgsql
set search_path = ''
as $$
begin
	perform private.revoke_invitation(invitation_id);
end
$$;
comment on function public.revoke_invitation is
	'Takes back an invitation that nobody accepted. Errors: VK401, VK403 not_allowed, VK404 invitation_not_found (alike for missing, accepted and not yours to give).';

create function private.accept_invitation(token text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	invited public.invitations;
	address constant text := (
		select lower(u.email) from auth.users u where u.id = auth.uid() and u.email_confirmed_at is not null
	);
begin
	if auth.uid() is null then
		perform private.fail('VK401', 'not_signed_in');
	end if;
	select * into invited from public.invitations i
	where i.token_hash = extensions.digest(coalesce(token, ''), 'sha256') for update;
	if invited.id is null or invited.email is distinct from address
		or invited.revoked_at is not null or invited.accepted_at is not null or invited.expires_at <= now()
		or (invited.invited_by is not null and not coalesce(
			private.may_appoint(private.actor_of(invited.invited_by), invited.role, invited.location_id), false))
	then
		perform private.fail('VK404', 'invitation_not_found');
	end if;
	if exists (select from public.employees e where e.id = auth.uid() and e.active) then
		perform private.fail('VK409', 'already_employee', jsonb_build_object('email', address));
	end if;
	insert into public.employees as e (id, full_name, role, location_id)
	values (auth.uid(), invited.full_name, invited.role, invited.location_id)
	on conflict (id) do update set full_name = excluded.full_name, role = excluded.role,
		location_id = excluded.location_id, active = true;
	update public.invitations i set accepted_at = now(), accepted_by = auth.uid() where i.id = invited.id;
	perform private.audit('invitation.accepted', invited.id::text, jsonb_build_object('role', invited.role));
	return jsonb_build_object('role', invited.role, 'location_id', invited.location_id);
end
$$;
comment on function private.accept_invitation is 'See public.accept_invitation().';

create function public.accept_invitation(token text)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.accept_invitation(token);
end
$$;
comment on function public.accept_invitation is
	'Makes the signed-in user an employee, as the invitation says; one who left works here again. Returns {role, location_id}. Errors: VK401, VK404 invitation_not_found (alike for unknown, expired, revoked, used, meant for another or unconfirmed e-mail, and given by somebody who lost the right to), VK409 already_employee.';

revoke execute on function private.may_appoint, private.actor_of, private.invite_employee, public.invite_employee,
	private.revoke_invitation, public.revoke_invitation, private.accept_invitation, public.accept_invitation
	from public, anon, authenticated;
grant execute on function private.invite_employee, public.invite_employee, private.revoke_invitation,
	public.revoke_invitation, private.accept_invitation, public.accept_invitation to authenticated;
