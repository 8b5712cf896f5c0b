-- Leads from a file: first a preview that says of every row what would happen, then the same for real.

create function private.open_duplicate(phone text, email text, campaign_id bigint)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select l.id from private.leads_reached_by(open_duplicate.phone,
			case when open_duplicate.phone is null then open_duplicate.email end) l
		where l.campaign_id is not distinct from open_duplicate.campaign_id
			and l.status in ('new', 'contacted')
		order by l.id limit 1
	);
end
$$;
comment on function private.open_duplicate is
	'The oldest open lead of the campaign with this phone or, when there is no phone, this e-mail; null if none.';

create function private.insert_lead(fields jsonb, token_id bigint default null)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made bigint;
begin
	insert into public.leads (first_name, middle_name, last_name, phone, email, message, campaign_id, location_id,
		service_id, source, utm, api_token_id, idempotency_key)
	select f.first_name, f.middle_name, f.last_name, f.phone, f.email, f.message, f.campaign_id, f.location_id,
		f.service_id, f.source, f.utm, insert_lead.token_id, case when insert_lead.token_id is not null then f.idempotency_key end
	from jsonb_populate_record(null::public.leads, fields) f
	returning id into made;
	return made;
end
$$;
comment on function private.insert_lead is 'Adds a lead of what private.read_lead() gave; returns its id.';

create function private.import_lead(actor private.actor, payload jsonb, line int)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	given record := private.read_lead(payload, '{first_name}');
	twin bigint;
begin
	if actor.location_id <> (given.fields ->> 'location_id')::bigint then
		given.errors := given.errors || '{"location_id": ["unknown"]}';
	end if;
	if given.errors <> '{}' then
		return jsonb_build_object('row', line, 'action', 'error', 'errors', given.errors, 'limits', given.limits);
	end if;
	twin := private.open_duplicate(given.fields ->> 'phone', given.fields ->> 'email',
		(given.fields ->> 'campaign_id')::bigint);
	if twin is not null then
		return jsonb_build_object('row', line, 'action', 'duplicate', 'lead_id', twin);
	end if;
	return jsonb_build_object('row', line, 'action', 'create', 'fields', given.fields,
		'same', concat_ws(' ', given.fields ->> 'campaign_id',
			coalesce(given.fields ->> 'phone', lower(given.fields ->> 'email'))));
end
$$;
comment on function private.import_lead is 'What one row of an import comes to: {row, action create|duplicate|error, lead_id?, errors?, limits?, fields?, same?}; rows with one `same` are one person''s for one campaign.';

create function private.settle_twins(outcome jsonb[])
returns jsonb
language sql immutable
set search_path = ''
as $$
	select jsonb_agg(
		case when first_row < number and o ->> 'action' = 'create'
			then jsonb_build_object('row', number, 'action', 'duplicate', 'of_row', first_row)
			else o - 'same' end
		order by number
	)
	from (
		select o, number, min(number) filter (where o ? 'same') over (partition by o -> 'same') as first_row
		from unnest(outcome) with ordinality u (o, number)
	) rows
$$;
comment on function private.settle_twins is 'The outcome of an import''s rows, where a row that repeats one further up is its duplicate (of_row).';

create function private.insert_leads(outcome jsonb)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	answer jsonb;
begin
	-- one statement: what triggers do once for a statement is most of the cost of a row
	with rows as (
		select r.o, r.o -> 'fields' as fields, r.number,
			count(*) filter (where r.o ? 'fields') over (order by r.number) as place
		from jsonb_array_elements(outcome) with ordinality r (o, number)
	), made as (
		insert into public.leads (first_name, middle_name, last_name, phone, email, message, campaign_id,
			location_id, service_id, source, utm)
		select f.first_name, f.middle_name, f.last_name, f.phone, f.email, f.message, f.campaign_id,
			f.location_id, f.service_id, f.source, f.utm
		from rows r cross join lateral jsonb_populate_record(null::public.leads, r.fields) f
		where r.fields is not null order by r.number
		returning id
	), placed as (
		select m.id, row_number() over (order by m.id) as place from made m
	)
	select jsonb_agg(case
		when r.fields is not null then r.o - 'fields' || jsonb_build_object('lead_id', p.id)
		when r.o ? 'of_row' then r.o || jsonb_build_object('lead_id', t.id)
		else r.o end order by r.number)
	into answer
	from rows r left join placed p on p.place = r.place
	left join rows tr on tr.number = (r.o ->> 'of_row')::bigint
	left join placed t on t.place = tr.place;
	return answer;
end
$$;
comment on function private.insert_leads is 'Adds the leads of an import''s outcome and puts their ids in.';

create function private.import_leads(rows jsonb, dry_run boolean)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	preview constant boolean := coalesce(dry_run, true);
	done jsonb[] := '{}';
	outcome jsonb;
	counts jsonb;
	ignored text;
	line record;
begin
	if not '{data.import,leads.work,leads.read}'::text[] <@ actor.permissions then
		perform private.fail('VK403', 'not_allowed', '{"permission": "data.import"}');
	end if;
	if jsonb_typeof(rows) is distinct from 'array' or jsonb_array_length(rows) not between 1 and 2000 then
		perform private.fail('VK422', 'invalid_argument', '{"field": "rows"}');
	end if;
	for line in select r.value, r.ordinality::int as number from jsonb_array_elements(rows) with ordinality r loop
		done := array_append(done, private.import_lead(actor, line.value, line.number));
	end loop;
	outcome := private.settle_twins(done);
	if preview then
		outcome := (select jsonb_agg(o - 'fields' order by n) from jsonb_array_elements(outcome) with ordinality u (o, n));
	else
		-- thousands of messages would be noise: one at the end says that there is more
		ignored := set_config('verstak.quiet_leads', 'on', true);
		outcome := private.insert_leads(outcome);
		ignored := set_config('verstak.quiet_leads', '', true);
	end if;
	select jsonb_build_object('created', count(*) filter (where o ->> 'action' = 'create'),
		'duplicates', count(*) filter (where o ->> 'action' = 'duplicate'),
		'errors', count(*) filter (where o ->> 'action' = 'error'))
	into counts from jsonb_array_elements(outcome) o;
	if not preview and (counts ->> 'created')::int > 0 then
		perform private.say_counts_changed(null, null, 'lead');
		perform private.send_to_leads(null, 'leads_imported', jsonb_build_object('created', counts -> 'created'));
	end if;
	return counts || jsonb_build_object('dry_run', preview, 'rows', outcome);
end
$$;
comment on function private.import_leads is 'See public.import_leads().';

create function public.import_leads(rows jsonb, dry_run boolean default true) returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.import_leads(rows, dry_run);
end
$$;
comment on function public.import_leads is
	'Adds leads from up to 2,000 rows with the intake''s field names (phones as E.164). Answers {dry_run, created, duplicates, errors, rows: [{row, action create|duplicate|error, lead_id, of_row, errors, limits}]}; wrong rows and duplicates of open leads are left out, the rest is added unless dry_run. Boards of leads hear leads_imported once. Errors: VK401, VK403 not_allowed, VK422 invalid_argument rows.';

revoke execute on function private.open_duplicate, private.insert_lead, private.import_lead,
	private.settle_twins, private.insert_leads, private.import_leads, public.import_leads from public, anon, authenticated;
grant execute on function private.import_leads, public.import_leads to authenticated;
