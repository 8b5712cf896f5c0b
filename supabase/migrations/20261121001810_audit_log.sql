-- Critical actions: who gave which right, who was hired or dismissed, who signed in from where,
-- what was exported or deleted. Append-only for everybody.

create table public.audit_log (
	id bigint generated always as identity primary key,
	at timestamptz not null default now(),
	actor_id uuid,
	actor_name text,
	action text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
	subject text check (char_length(subject) <= 200),
	details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
	ip inet
);
comment on table public.audit_log is 'Critical actions. Append-only: never updated, never deleted.';
comment on column public.audit_log.actor_id is
	'The user (auth.users); null for programs and consoles. No foreign key: the log outlives accounts.';
comment on column public.audit_log.actor_name is 'The employee''s name at that time.';
comment on column public.audit_log.action is
	'permission.granted, permission.taken, employee.added, employee.role_changed, employee.dismissed, employee.restored, employee.moved, employee.signed_in, factor.enrolled, factor.removed, data.exported, row.deleted, invitation.…';
comment on column public.audit_log.subject is 'Whom or what it was done to: a user''s id, a role, table/row.';

create index audit_log_at_idx on public.audit_log (at);
create index audit_log_actor_id_at_idx on public.audit_log (actor_id, at);
create index audit_log_action_at_idx on public.audit_log (action, at);

revoke all on public.audit_log from public, anon, authenticated, service_role;
grant select on public.audit_log to authenticated;

alter table public.audit_log enable row level security;
create policy "Those who may read the audit log do" on public.audit_log for select to authenticated
	using ((select private.can('audit.read')));

create trigger audit_log_append_only before update or delete on public.audit_log
	for each row execute function private.refuse_rewriting();
create trigger audit_log_no_truncate before truncate on public.audit_log
	for each statement execute function private.refuse_rewriting();

create function private.request_ip()
returns inet
language plpgsql stable
set search_path = ''
as $$
declare
	headers jsonb;
begin
	headers := nullif(current_setting('request.headers', true), '');
	-- the nearest proxy writes last; what stands before it was sent by the client
	return coalesce(headers ->> 'cf-connecting-ip', btrim(regexp_replace(headers ->> 'x-forwarded-for', '^.*,', '')))::inet;
exception when others then
	-- a header says what the sender likes
	return null;
end
$$;
comment on function private.request_ip is
	'The address the API request came from, as the nearest proxy says; null if unknown. For the record, not for deciding anything.';

create function private.audit(
	action text, subject text default null, details jsonb default '{}', actor_id uuid default auth.uid(), ip inet default null
)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into public.audit_log (actor_id, actor_name, action, subject, details, ip)
	values (audit.actor_id, (select e.full_name from public.employees e where e.id = audit.actor_id),
		audit.action, left(audit.subject, 200), coalesce(audit.details, '{}'), coalesce(audit.ip, private.request_ip()));
end
$$;
comment on function private.audit is
	'Writes a critical action to the audit log. The actor is the signed-in user, the address that of the request.';

create function private.audit_permission()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op <> 'INSERT' then
		perform private.audit('permission.taken', old.role::text, jsonb_build_object('permission', old.permission));
	end if;
	if tg_op <> 'DELETE' then
		perform private.audit('permission.granted', new.role::text, jsonb_build_object('permission', new.permission));
	end if;
	return null;
end
$$;
comment on function private.audit_permission is 'Trigger: a cell of the matrix was set or cleared.';
create trigger role_permissions_audit after insert or update or delete on public.role_permissions
	for each row execute function private.audit_permission();

create function private.audit_employee()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op = 'INSERT' then
		perform private.audit('employee.added', new.id::text,
			jsonb_build_object('name', new.full_name, 'role', new.role, 'location_id', new.location_id));
		return null;
	end if;
	perform private.audit('employee.role_changed', new.id::text,
		jsonb_build_object('name', new.full_name, 'from', old.role, 'to', new.role)) where new.role <> old.role;
	perform private.audit('employee.moved', new.id::text,
		jsonb_build_object('name', new.full_name, 'from', old.location_id, 'to', new.location_id))
	where new.location_id is distinct from old.location_id;
	perform private.audit(case when new.active then 'employee.restored' else 'employee.dismissed' end, new.id::text,
		jsonb_build_object('name', new.full_name)) where new.active <> old.active;
	return null;
end
$$;
comment on function private.audit_employee is 'Trigger: somebody was hired, dismissed, restored, moved or got another role.';
create trigger employees_audit after insert or update on public.employees
	for each row execute function private.audit_employee();

create function private.audit_sign_in()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	session record;
begin
	select s.user_id, s.ip, s.user_agent into session from auth.sessions s
	join public.employees e on e.id = s.user_id and e.active
	where s.id = new.session_id;
	if session.user_id is not null and new.authentication_method <> 'token_refresh' then
		perform private.audit('employee.signed_in', session.user_id::text,
			jsonb_strip_nulls(jsonb_build_object('method', new.authentication_method,
				'user_agent', left(session.user_agent, 300))),
			session.user_id, session.ip::inet);
	end if;
	return null;
exception when others then
	-- whatever is wrong here must not lock the staff out
	raise warning 'sign-in not audited: %', sqlerrm;
	return null;
end
$$;
comment on function private.audit_sign_in is
	'Trigger of auth.mfa_amr_claims: an employee''s session began, or was raised by a second factor (method totp). Never raises.';

create function private.audit_factor()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	factor constant jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
	owner_id constant uuid := factor ->> 'user_id';
	enrolled constant boolean := tg_op <> 'DELETE' and new.status = 'verified'
		and (tg_op = 'INSERT' or old.status <> 'verified');
	removed constant boolean := tg_op = 'DELETE' and old.status = 'verified';
begin
	if (enrolled or removed) and exists (select from public.employees e where e.id = owner_id) then
		perform private.audit(case when enrolled then 'factor.enrolled' else 'factor.removed' end, owner_id::text,
			jsonb_build_object('factor_type', factor ->> 'factor_type'), coalesce(auth.uid(), owner_id));
		-- what an administrator hears hangs on it: his sessions without the factor lose it now
		perform private.bump_epoch()
		where exists (select from public.employees e where e.id = owner_id and e.active and e.role = 'admin');
	end if;
	return null;
end
$$;
comment on function private.audit_factor is
	'Trigger of auth.mfa_factors: an employee''s second factor was set up or removed; with an administrator''s begins a new epoch of live topics.';

-- Auth's tables belong to Supabase: a trigger is all a migration may add, and only where it is let
do $$
begin
	-- a row there says how a session began; at that time the session knows from where
	if has_table_privilege(current_user, 'auth.mfa_amr_claims', 'trigger') then
		create trigger verstak_audit_sign_in after insert on auth.mfa_amr_claims
			for each row execute function private.audit_sign_in();
	end if;
	if has_table_privilege(current_user, 'auth.mfa_factors', 'trigger') then
		create trigger verstak_audit_factor after insert or update or delete on auth.mfa_factors
			for each row execute function private.audit_factor();
	end if;
end
$$;

create function private.record_export(subject text, details jsonb)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	if not 'data.export' = any ((private.require_employee()).permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "data.export"}');
	end if;
	if private.is_blank(subject) or char_length(subject) > 200 then
		perform private.fail('VK422', 'invalid_argument', '{"field": "subject"}');
	end if;
	if jsonb_typeof(details) is distinct from 'object' or pg_column_size(details) > 8192 then
		perform private.fail('VK422', 'invalid_argument', '{"field": "details"}');
	end if;
	perform private.audit('data.exported', subject, details);
end
$$;
comment on function private.record_export is 'See public.record_export().';

create function public.record_export(subject text, details jsonb default '{}')
returns void
language plpgsql
set search_path = ''
as $$
begin
	perform private.record_export(subject, details);
end
$$;
comment on function public.record_export is
	'Writes into the audit log that the caller exports data: subject names what (orders), details filter and number of rows. Called before the file is made. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.request_ip, private.audit, private.audit_permission, private.audit_employee,
	private.audit_sign_in, private.audit_factor, private.record_export, public.record_export
	from public, anon, authenticated;
grant execute on function private.record_export, public.record_export to authenticated;
