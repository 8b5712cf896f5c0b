-- What employees do with leads: claim, so that no two call the same person, contact, reject, reopen.
-- Every call answers the lead's face and may be repeated: the second time changes nothing.

create function private.lock_lead(actor private.actor, target bigint, permission text)
returns public.leads
language plpgsql security definer
set search_path = ''
as $$
declare
	locked public.leads;
begin
	if not permission = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', jsonb_build_object('permission', permission));
	end if;
	select * into locked from public.leads l where l.id = target for no key update;
	if locked.id is null or not 'leads.read' = any (actor.permissions)
		or actor.location_id <> locked.location_id then
		perform private.fail('VK404', 'lead_not_found', jsonb_build_object('lead_id', target));
	end if;
	return locked;
end
$$;
comment on function private.lock_lead is
	'Locks a lead the actor sees: VK403 not_allowed, VK404 lead_not_found alike for missing and foreign.';

create function private.refuse_closed_lead(lead public.leads)
returns void
language plpgsql stable
set search_path = ''
as $$
begin
	if lead.status in ('converted', 'rejected') then
		perform private.fail('VK422', 'lead_closed', jsonb_build_object(
			'lead_id', lead.id, 'status', lead.status, 'client_id', lead.client_id, 'order_id', lead.order_id,
			'contract_id', lead.contract_id
		));
	end if;
end
$$;
comment on function private.refuse_closed_lead is 'VK422 lead_closed for a lead that was converted or rejected.';

create function private.refuse_claimed_lead(actor private.actor, lead public.leads)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
	-- the claim of somebody dismissed binds nobody
	if lead.claimed_by <> actor.id and exists (
		select from public.employees e where e.id = lead.claimed_by and e.active
	) then
		perform private.fail('VK409', 'lead_claimed', jsonb_build_object(
			'lead_id', lead.id, 'claimed_by', lead.claimed_by, 'claimed_at', lead.claimed_at,
			'claimed_by_name', (select e.full_name from public.employees e where e.id = lead.claimed_by)
		));
	end if;
end
$$;
comment on function private.refuse_claimed_lead is 'VK409 lead_claimed (by whom, when) for a lead an active colleague has claimed.';

create function private.claim_lead(target bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.work');
begin
	perform private.refuse_closed_lead(lead);
	perform private.refuse_claimed_lead(actor, lead);
	update public.leads l set claimed_by = actor.id, claimed_at = now()
	where l.id = target and l.claimed_by is distinct from actor.id;
	return private.lead_face(target);
end
$$;
comment on function private.claim_lead is 'See public.claim_lead().';

create function private.release_lead(target bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.work');
begin
	perform private.refuse_closed_lead(lead);
	if not 'employees.manage' = any (actor.permissions) then
		perform private.refuse_claimed_lead(actor, lead);
	end if;
	update public.leads l set claimed_by = null, claimed_at = null
	where l.id = target and l.claimed_by is not null;
	return private.lead_face(target);
end
$$;
comment on function private.release_lead is 'See public.release_lead().';

create function private.release_leads_of_dismissed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform from public.leads l where l.claimed_by = new.id and l.status in ('new', 'contacted')
	order by l.id for no key update;
	update public.leads l set claimed_by = null, claimed_at = null
	where l.claimed_by = new.id and l.status in ('new', 'contacted');
	return null;
end
$$;
comment on function private.release_leads_of_dismissed is
	'Trigger: the open leads of somebody who does not work here any more are anybody''s.';

create trigger employees_release_leads after update on public.employees
	for each row when (old.active and not new.active) execute function private.release_leads_of_dismissed();

create function private.check_words(words text, field text, longest int)
returns text
language plpgsql immutable
set search_path = ''
as $$
begin
	if char_length(words) > longest then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', field));
	end if;
	return case when not private.is_blank(words) then btrim(words) end;
end
$$;
comment on function private.check_words is 'The trimmed text or null if it says nothing; VK422 invalid_argument when longer than allowed.';

create function private.mark_lead_contacted(target bigint, note text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.work');
	said constant text := private.check_words(note, 'note', 4000);
begin
	perform private.refuse_closed_lead(lead);
	perform private.refuse_claimed_lead(actor, lead);
	if said is not null and not exists (
		-- the same words by the same person a moment ago are a double click
		select from public.lead_notes n where n.lead_id = target and n.author_id = actor.id
			and n.body = said and n.at > now() - interval '1 minute'
	) then
		insert into public.lead_notes (lead_id, kind, direction, body, author_id)
		values (target, 'call', 'out', said, actor.id);
	end if;
	update public.leads l set status = 'contacted', contacted_at = now(),
		first_call_at = coalesce(l.first_call_at, now()),
		claimed_by = actor.id,
		claimed_at = case when l.claimed_by = actor.id then l.claimed_at else now() end
	where l.id = target;
	return private.lead_face(target);
end
$$;
comment on function private.mark_lead_contacted is 'See public.mark_lead_contacted().';

create function private.reject_lead(target bigint, reason text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.work');
	why constant text := private.check_words(reason, 'reason', 500);
begin
	if why is null then
		perform private.fail('VK422', 'lead_reason_required', jsonb_build_object('lead_id', target));
	end if;
	if lead.status = 'rejected' and lead.rejected_reason = why then
		return private.lead_face(target);
	end if;
	perform private.refuse_closed_lead(lead);
	perform private.refuse_claimed_lead(actor, lead);
	update public.leads l set status = 'rejected', rejected_reason = why where l.id = target;
	return private.lead_face(target);
end
$$;
comment on function private.reject_lead is 'See public.reject_lead().';

create function private.reopen_lead(target bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	lead public.leads := private.lock_lead(actor, target, 'leads.work');
begin
	if lead.status = 'converted' then
		perform private.refuse_closed_lead(lead);
	end if;
	update public.leads l set rejected_reason = null,
		status = case when l.contacted_at is null then 'new' else 'contacted' end::public.lead_status
	where l.id = target and l.status = 'rejected';
	return private.lead_face(target);
end
$$;
comment on function private.reopen_lead is 'See public.reopen_lead().';

-- the public calls -----------------------------------------------------------------------------------

create function public.claim_lead(lead_id bigint) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.claim_lead(lead_id);
end
$$;
comment on function public.claim_lead is
	'Takes a lead for the caller, so that nobody else calls the same person. Returns its face. Errors: VK401, VK403 not_allowed, VK404 lead_not_found, VK409 lead_claimed {claimed_by, claimed_by_name, claimed_at}, VK422 lead_closed.';

create function public.release_lead(lead_id bigint) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.release_lead(lead_id);
end
$$;
comment on function public.release_lead is
	'Gives a lead back: the own one, a dismissed colleague''s, or anybody''s by those who manage employees. Returns its face. Errors as claim_lead.';

create function public.mark_lead_contacted(lead_id bigint, note text default null) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.mark_lead_contacted(lead_id, note);
end
$$;
comment on function public.mark_lead_contacted is
	'Somebody reached out: keeps the time of the first call, the note, and claims the lead. Returns its face. Errors as claim_lead, VK422 invalid_argument note.';

create function public.reject_lead(lead_id bigint, reason text) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.reject_lead(lead_id, reason);
end
$$;
comment on function public.reject_lead is
	'Ends a lead that came to nothing. Returns its face. Errors as claim_lead, VK422 lead_reason_required, invalid_argument reason.';

create function public.reopen_lead(lead_id bigint) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.reopen_lead(lead_id);
end
$$;
comment on function public.reopen_lead is
	'Takes a rejection back. Returns the lead''s face. Errors: VK401, VK403 not_allowed, VK404 lead_not_found, VK422 lead_closed for a converted one.';

revoke execute on function private.lock_lead, private.refuse_closed_lead, private.refuse_claimed_lead,
	private.claim_lead, private.release_lead, private.release_leads_of_dismissed, private.check_words,
	private.mark_lead_contacted, private.reject_lead, private.reopen_lead, public.claim_lead, public.release_lead,
	public.mark_lead_contacted, public.reject_lead, public.reopen_lead
	from public, anon, authenticated;
grant execute on function private.claim_lead, private.release_lead, private.mark_lead_contacted,
	private.reject_lead, private.reopen_lead, public.claim_lead, public.release_lead,
	public.mark_lead_contacted, public.reject_lead, public.reopen_lead to authenticated;
