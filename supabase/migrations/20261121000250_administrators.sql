-- Administrators cannot be lost, nor the rights by which they give all others.

create function private.keep_an_administrator()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if old.role = 'admin' and old.active and not (new.role = 'admin' and new.active) then
		-- two administrators deactivating each other at the same instant must not both succeed
		perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('private.keep_an_administrator'));
		if not exists (
			select from public.employees e where e.role = 'admin' and e.active and e.id <> old.id
		) then
			perform private.fail('VK422', 'last_admin', jsonb_build_object('employee_id', old.id));
		end if;
	end if;
	return new;
end
$$;
comment on function private.keep_an_administrator is 'Trigger: the last active administrator cannot be lost (VK422 last_admin).';
revoke execute on function private.keep_an_administrator from public, anon, authenticated;
create trigger employees_keep_an_administrator before update of role, active on public.employees
	for each row execute function private.keep_an_administrator();

create function private.keep_the_way_back()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	if old.role = 'admin' and old.permission in ('roles.read', 'roles.manage', 'employees.manage', 'employees.manage_admins') then
		perform private.fail('VK422', 'admin_right_kept', jsonb_build_object('permission', old.permission));
	end if;
	return coalesce(new, old);
end
$$;
comment on function private.keep_the_way_back is
	'Trigger: administrators keep the rights by which any other right is given (VK422 admin_right_kept).';
revoke execute on function private.keep_the_way_back from public, anon, authenticated;
create trigger role_permissions_keep_the_way_back before update or delete on public.role_permissions
	for each row execute function private.keep_the_way_back();
