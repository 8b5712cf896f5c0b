-- What the pages of leads read: the list by filters, one lead with all about it, and how quickly
-- people are called.

create function private.require_leads()
returns private.actor
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
begin
	if not 'leads.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "leads.read"}');
	end if;
	return actor;
end
$$;
comment on function private.require_leads is 'The caller, who reads leads: VK401, VK403 not_allowed.';

-- every filter is one condition of its own, so that the planner sees only those that were asked for
create function private.lead_conditions(actor private.actor, filters jsonb)
returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
	field text;
	conditions text[] := '{}';
	condition text;
begin
	for field in select k from jsonb_object_keys(filters) k where filters -> k <> 'null' loop
		condition := case field
			when 'statuses' then format('l.status = any (%L::public.lead_status[])',
				private.list_field(filters, field, 'public.lead_status'))
			when 'campaign_ids' then format('l.campaign_id = any (%L::bigint[])', private.list_field(filters, field, 'bigint'))
			when 'location_id' then format('l.location_id = %L::bigint', private.typed_field(filters, field, 'bigint'))
			when 'source' then format('l.source = %L', private.text_field(filters, field, 80, true))
			when 'words' then private.lead_word_conditions(private.text_field(filters, field, 120, true))
			when 'created_from' then format('l.created_at >= %L', private.typed_field(filters, field, 'timestamptz'))
			when 'created_to' then format('l.created_at < %L', private.typed_field(filters, field, 'timestamptz'))
			when 'mine' then case when private.typed_field(filters, field, 'boolean')::boolean
				then format('l.claimed_by = %L', actor.id) else 'true' end
			when 'unclaimed' then case when private.typed_field(filters, field, 'boolean')::boolean
				then 'l.claimed_by is null' else 'true' end
		end;
		if condition is null then
			perform private.invalid(field);
		end if;
		conditions := conditions || condition;
	end loop;
	if actor.location_id is not null then
		conditions := conditions || format('(l.location_id is null or l.location_id = %s)', actor.location_id);
	end if;
	return coalesce(nullif(array_to_string(conditions, ' and '), ''), 'true');
end
$$;
comment on function private.lead_conditions is
	'The filters of find_leads, and what the actor may see, as SQL conditions on l. VK422 invalid_argument {field}.';

create function private.find_leads(filters jsonb, after_ jsonb, max_rows int)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_leads();
	page_size constant int := least(greatest(coalesce(max_rows, 50), 1), 200);
	wanted constant jsonb := coalesce(filters, '{}');
	last_key constant jsonb := coalesce(after_, '{}');
	found bigint[];
begin
	if jsonb_typeof(wanted) <> 'object' or jsonb_typeof(last_key) <> 'object' then
		perform private.invalid(case when jsonb_typeof(wanted) <> 'object' then 'filters' else 'after' end);
	end if;
	execute format('select array(select l.id from public.leads l where %s
		and ($1 is null or (l.created_at, l.id) < ($1, $2)) order by l.created_at desc, l.id desc limit $3)',
		private.lead_conditions(actor, wanted))
	into found using private.typed_field(last_key, 'created_at', 'timestamptz')::timestamptz,
		coalesce(private.typed_field(last_key, 'id', 'bigint')::bigint, 0), page_size + 1;
	return jsonb_build_object(
		'leads', (
			select coalesce(jsonb_agg(to_jsonb(f) order by i.place), '[]')
			from unnest(found[1:page_size]) with ordinality i (id, place) join public.lead_faces f on f.id = i.id
		),
		'next', (
			select jsonb_build_object('created_at', l.created_at, 'id', l.id)
			from public.leads l where l.id = found[page_size] and cardinality(found) > page_size
		)
	);
end
$$;
comment on function private.find_leads is 'See public.find_leads().';

create function private.lead_twins(lead public.leads, actor private.actor)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(t order by t.created_at desc, t.id desc), '[]') from (
			select f.id, concat_ws(' ', f.last_name, f.first_name) as name, f.status, f.campaign_name, f.claimed_by_name,
				f.rejected_reason, f.created_at
			from private.leads_reached_by(lead.phone, lead.email) o join public.lead_faces f on f.id = o.id
			where o.id <> lead.id and (actor.location_id is null or coalesce(o.location_id, actor.location_id) = actor.location_id)
			order by f.created_at desc, f.id desc limit 20
		) t
	);
end
$$;
comment on function private.lead_twins is 'The newest 20 other leads with the same phone or e-mail that the actor sees.';

create function private.lead_client(lead public.leads, actor private.actor)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	if not 'clients.read' = any (actor.permissions) then
		return null;
	end if;
	return (
		select jsonb_build_object('id', c.id, 'full_name', c.full_name, 'blacklisted', c.blacklisted,
			'blacklist_reason', (select b.reason from public.client_blacklist b where b.client_id = c.id),
			'by', case when lead.client_id is not null then 'conversion' when lead.phone is not null then 'phone' else 'email' end,
			'orders', (select count(*) from public.orders o where o.client_id = c.id
				and (actor.location_id is null or o.location_id = actor.location_id)))
		from public.clients c where c.id = coalesce(lead.client_id, private.known_client(lead))
	);
end
$$;
comment on function private.lead_client is
	'The client a lead became, or would be if it were converted now, for those who read clients; null if there is none yet.';

create function private.lead_details(target bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_leads();
	found public.leads;
begin
	select * into found from public.leads l where l.id = target;
	if found.id is null or actor.location_id <> found.location_id then
		perform private.fail('VK404', 'lead_not_found', jsonb_build_object('lead_id', target));
	end if;
	return jsonb_build_object(
		'lead', private.lead_face(target),
		'notes', (
			select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'kind', n.kind, 'direction', n.direction,
				'body', n.body, 'author', e.full_name, 'at', n.at) order by n.at desc, n.id desc), '[]')
			from public.lead_notes n left join public.employees e on e.id = n.author_id where n.lead_id = target
		),
		'twins', private.lead_twins(found, actor),
		'client', private.lead_client(found, actor)
	);
end
$$;
comment on function private.lead_details is 'See public.lead_details().';

create function private.first_calls(actor private.actor, since timestamptz)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select jsonb_build_object('leads', count(*), 'called', count(l.first_call_at),
			'seconds', round(avg(greatest(extract(epoch from l.first_call_at - l.created_at), 0)))::bigint)
		from public.leads l
		where l.created_at >= since
			and (actor.location_id is null or l.location_id is null or l.location_id = actor.location_id)
	);
end
$$;
comment on function private.first_calls is
	'Of the leads that came since then: how many, how many were called, and after how many seconds on average.';

create function private.lead_summary()
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_leads();
	zone constant text := (select s.time_zone from public.settings s);
	today constant date := (now() at time zone zone)::date;
begin
	return jsonb_build_object(
		'today', private.first_calls(actor, today::timestamp at time zone zone),
		'week', private.first_calls(actor, (today - 6)::timestamp at time zone zone)
	) || (
		select jsonb_build_object('new', count(*) filter (where l.status = 'new'),
			'mine', count(*) filter (where l.claimed_by = actor.id))
		from public.leads l
		where l.status in ('new', 'contacted')
			and (actor.location_id is null or l.location_id is null or l.location_id = actor.location_id)
	);
end
$$;
comment on function private.lead_summary is 'See public.lead_summary().';

create function private.lead_sources()
returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_leads();
begin
	-- from one value of the index to the next: a million leads have a handful of sources
	return array(
		with recursive s (source) as (
			(select l.source from public.leads l where l.source is not null order by l.source limit 1)
			union all
			select (select l.source from public.leads l where l.source > s.source order by l.source limit 1)
			from s where s.source is not null
		)
		select s.source from s where s.source is not null and actor.id is not null limit 100
	);
end
$$;
comment on function private.lead_sources is 'See public.lead_sources().';

-- a note changes nothing on a lead's face, but whoever has the lead open wants to read it
create function private.tell_about_lead_note()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.send_to_leads(l.location_id, 'lead_noted', jsonb_build_object('id', l.id))
	from public.leads l where l.id = new.lead_id;
	return null;
end
$$;
comment on function private.tell_about_lead_note is 'Trigger: sends lead_noted {id} to those who see the lead.';
create trigger lead_notes_tell after insert on public.lead_notes
	for each row execute function private.tell_about_lead_note();

revoke execute on function private.require_leads, private.lead_conditions, private.find_leads, private.lead_twins,
	private.lead_client, private.lead_details, private.first_calls, private.lead_summary, private.lead_sources,
	private.tell_about_lead_note from public, anon, authenticated;
grant execute on function private.find_leads, private.lead_details, private.lead_summary, private.lead_sources
	to authenticated;
