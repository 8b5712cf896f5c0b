-- What lists show of a lead beside its own columns (names, duplicates, a client's blacklist), and
-- the live messages about it. A lead's version stands for everything on its face.

create function private.leads_reached_by(phone text, email text)
returns setof public.leads
language plpgsql stable security definer
set search_path = ''
-- a plan made while the table was empty would scan it from end to end when it has grown
set enable_seqscan = off
as $$
begin
	-- nothing but phone and e-mail here: with a status beside them the planner would read all open leads
	return query
		select l.* from public.leads l
		where l.phone = leads_reached_by.phone or lower(l.email) = lower(leads_reached_by.email);
end
$$;
comment on function private.leads_reached_by is 'All leads with this phone or this e-mail, whatever became of them.';

create function private.lead_flags(
	lead_id bigint,
	out campaign_name text, out claimed_by_name text, out known_client_id bigint, out blacklisted boolean,
	out duplicates int
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	lead public.leads;
begin
	select * into lead from public.leads l where l.id = lead_flags.lead_id;
	select c.name into campaign_name from public.campaigns c where c.id = lead.campaign_id;
	select e.full_name into claimed_by_name from public.employees e where e.id = lead.claimed_by;
	select c.id, c.blacklisted into known_client_id, blacklisted
	from public.client_phones p join public.clients c on c.id = p.client_id
	where p.phone = lead.phone;
	blacklisted := coalesce(blacklisted, false);
	select count(*) into duplicates
	from private.leads_reached_by(lead.phone, lead.email) l where l.id <> lead.id;
end
$$;
comment on function private.lead_flags is
	'Of a lead: its campaign''s and claimer''s names, the client who has its phone and whether he is blacklisted, and how many other leads have its phone or e-mail.';

create view public.lead_faces with (security_invoker = true) as
	select l.id, l.version, l.first_name, l.middle_name, l.last_name, l.phone, l.email, l.message,
		l.campaign_id, f.campaign_name, l.location_id, l.service_id, l.source, l.utm, l.status,
		l.claimed_by, f.claimed_by_name, l.claimed_at, l.first_call_at, l.contacted_at, l.rejected_reason,
		l.client_id, l.order_id, l.contract_id, f.known_client_id, f.blacklisted, f.duplicates,
		l.submissions, l.last_submitted_at, l.created_at, l.updated_at
	from public.leads l cross join lateral private.lead_flags(l.id) f;
comment on view public.lead_faces is
	'Leads as lists show them, for those who read leads; known_client_id, blacklisted and duplicates come from phone and e-mail.';
revoke all on public.lead_faces from public, anon, authenticated, service_role;
grant select on public.lead_faces to authenticated;

create function private.lead_face(lead_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (select to_jsonb(f) from public.lead_faces f where f.id = lead_face.lead_id);
end
$$;
comment on function private.lead_face is 'A row of public.lead_faces as JSON: what the leads topic and the calls answer.';

create function private.send_to_leads(
	location_id bigint, event text, payload jsonb, except_location bigint default null
)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	epoch bigint := private.current_epoch();
	place bigint;
begin
	-- a lead of no location is everybody's
	for place in
		select l.id from public.locations l where l.id = coalesce(send_to_leads.location_id, l.id) and l.id is distinct from except_location
	loop
		perform realtime.send(payload, event, format('leads:%s:%s', place, epoch), true);
	end loop;
end
$$;
comment on function private.send_to_leads is 'Sends to the leads topic of a location; null is every location''s, perhaps but one.';

create function private.tell_about_lead()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	event constant text := case tg_op when 'INSERT' then 'created' when 'DELETE' then 'removed' else 'changed' end;
	place constant bigint := case tg_op when 'DELETE' then old.location_id else new.location_id end;
	message jsonb;
begin
	if current_setting('verstak.quiet_leads', true) = 'on' then
		return null;
	end if;
	if tg_op = 'DELETE' then
		message := jsonb_build_object('id', old.id, 'version', old.version + 1, 'lead', null);
	else
		message := jsonb_build_object('id', new.id, 'version', new.version, 'lead', private.lead_face(new.id));
	end if;
	message := message || jsonb_build_object('event', event, 'actor_id', auth.uid(), 'at', now());
	if tg_op = 'UPDATE' and new.location_id is distinct from old.location_id then
		perform private.send_to_leads(old.location_id, 'lead_changed',
			message || '{"lead": null, "event": "removed"}', new.location_id)
		where new.location_id is not null;
	end if;
	perform private.send_to_leads(place, 'lead_changed', message);
	return null;
end
$$;
comment on function private.tell_about_lead is
	'Trigger: sends lead_changed {id, version, lead, event, actor_id, at} to those who see the lead; lead is null for those who lost it.';

create trigger leads_tell after insert or update or delete on public.leads
	for each row execute function private.tell_about_lead();

create function private.refresh_leads(phone text, email text, except_lead bigint)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	twin bigint;
begin
	-- never waits for a twin: whoever comes here may hold another (a deleted one, a corrected one), and two
	-- would wait in a circle. One that is being changed this very moment is told by that change
	for twin in
		select l.id from public.leads l
		where l.id in (
			select o.id from private.leads_reached_by(refresh_leads.phone, refresh_leads.email) o
			where o.status in ('new', 'contacted') and o.id is distinct from except_lead
			order by o.id desc limit 20
		)
		order by l.id for no key update skip locked
	loop
		-- a new version tells every list that the flags have changed
		update public.leads l set submissions = l.submissions where l.id = twin;
	end loop;
end
$$;
comment on function private.refresh_leads is
	'Gives the newest 20 open leads with this phone or e-mail a new version, so that their faces are sent again.';

create function private.refresh_duplicates()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op <> 'INSERT' then
		perform private.refresh_leads(old.phone, old.email, old.id);
	end if;
	if tg_op <> 'DELETE' then
		perform private.refresh_leads(new.phone, new.email, new.id);
	end if;
	return null;
end
$$;
comment on function private.refresh_duplicates is 'Trigger: a lead that appears, goes or gets another phone or e-mail changes the faces of its duplicates.';

-- an update of a sibling keeps its phone and e-mail, so this ends after one step
create trigger leads_refresh_duplicates after insert or delete on public.leads
	for each row execute function private.refresh_duplicates();
create trigger leads_refresh_duplicates_of_corrected after update on public.leads
	for each row when (old.phone is distinct from new.phone or old.email is distinct from new.email)
	execute function private.refresh_duplicates();

create function private.refresh_leads_of_client()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.refresh_leads(p.phone, null, null)
	from public.client_phones p where p.client_id = new.id;
	return null;
end
$$;
comment on function private.refresh_leads_of_client is 'Trigger: a client who got on or off the blacklist changes the faces of leads with his phones.';

create trigger clients_refresh_leads after update on public.clients
	for each row when (old.blacklisted <> new.blacklisted)
	execute function private.refresh_leads_of_client();

create function private.refresh_leads_of_phone()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op <> 'INSERT' then
		perform private.refresh_leads(old.phone, null, null);
	end if;
	if tg_op <> 'DELETE' and new.phone is distinct from old.phone then
		perform private.refresh_leads(new.phone, null, null);
	end if;
	return null;
end
$$;
comment on function private.refresh_leads_of_phone is 'Trigger: a phone that became a client''s, or is his no more, changes the faces of leads with it.';

create trigger client_phones_refresh_leads after insert or update or delete on public.client_phones
	for each row execute function private.refresh_leads_of_phone();

create function private.refresh_named_leads()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_table_name = 'campaigns' then
		perform from public.leads l where l.campaign_id = new.id and l.status in ('new', 'contacted')
		order by l.id for no key update;
		update public.leads l set submissions = l.submissions
		where l.campaign_id = new.id and l.status in ('new', 'contacted');
	else
		perform from public.leads l where l.claimed_by = new.id and l.status in ('new', 'contacted')
		order by l.id for no key update;
		update public.leads l set submissions = l.submissions
		where l.claimed_by = new.id and l.status in ('new', 'contacted');
	end if;
	return null;
end
$$;
comment on function private.refresh_named_leads is
	'Trigger: a campaign or a claimer with a new name changes the faces of open leads that show it.';

create trigger campaigns_refresh_leads after update on public.campaigns
	for each row when (old.name <> new.name) execute function private.refresh_named_leads();
create trigger employees_refresh_leads after update on public.employees
	for each row when (old.full_name <> new.full_name) execute function private.refresh_named_leads();

revoke execute on function private.leads_reached_by, private.lead_flags, private.lead_face, private.send_to_leads, private.tell_about_lead,
	private.refresh_leads, private.refresh_duplicates, private.refresh_leads_of_client, private.refresh_leads_of_phone,
	private.refresh_named_leads
	from public, anon, authenticated;
grant execute on function private.lead_flags to authenticated;
