-- Words from outside become a lead's columns: cleaned, checked, and every mistake named at once. The
-- same rules for the intake's door and for imports.

create function private.clean_text(words text, keep_lines boolean default false)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
	-- controls, zero-width and direction marks: nobody sees them, and they make one text look like another
	hidden constant text := '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]';
	clean text := regexp_replace(normalize(words, NFC), hidden, '', 'g');
begin
	clean := case when keep_lines
		then regexp_replace(regexp_replace(clean, '\r\n?', E'\n', 'g'), '\n{3,}', E'\n\n', 'g')
		else regexp_replace(clean, '\s+', ' ', 'g')
	end;
	return case when not private.is_blank(clean) then btrim(clean, E' \t\n\r') end;
end
$$;
comment on function private.clean_text is
	'A text without characters nobody sees, in Unicode''s composed form, on one line unless lines are kept; null when nothing is left.';

create function private.read_text_field(payload jsonb, field text, longest int, demanded boolean, out value text, out mistake text)
language plpgsql immutable
set search_path = ''
as $$
declare
	given constant jsonb := payload -> field;
begin
	if given is null then
		mistake := case when demanded then 'required' end;
	elsif given = 'null' then
		mistake := case when demanded then 'null' end;
	elsif jsonb_typeof(given) not in ('string', 'number') then
		mistake := 'not_text';
	else
		-- cut first: cleaning megabytes to refuse them would be somebody's lever
		value := private.clean_text(left(payload ->> field, longest * 4 + 100), field = 'message');
		mistake := case
			when value is null and demanded then 'blank'
			when char_length(value) > longest or char_length(payload ->> field) > longest * 4 + 100 then 'too_long'
			when field = 'email' and value !~ '^[^@\s<>"(),;:\\]{1,64}@([[:alnum:]-]{1,63}\.)+[[:alnum:]-]{2,63}$' then 'invalid'
			when field = 'phone_number' and value !~ '^\+[1-9][0-9]{6,14}$' then 'invalid'
		end;
	end if;
end
$$;
comment on function private.read_text_field is
	'One text of a payload, cleaned, or what is wrong with it: required, null, blank, not_text, too_long, invalid.';

create function private.read_id_field(payload jsonb, field text, demanded boolean, out value bigint, out mistake text)
language plpgsql immutable
set search_path = ''
as $$
declare
	given constant jsonb := payload -> field;
begin
	if given is null then
		mistake := case when demanded then 'required' end;
	elsif given in ('null', '""') then
		mistake := case when demanded then 'null' end;
	elsif jsonb_typeof(given) not in ('string', 'number') or payload ->> field !~ '^[0-9]{1,18}$' then
		mistake := 'not_id';
	else
		value := (payload ->> field)::bigint;
	end if;
end
$$;
comment on function private.read_id_field is 'One id of a payload, or what is wrong with it: required, null, not_id.';

create function private.read_lead_references(payload jsonb, demanded text[], own_campaign bigint, out fields jsonb, out errors jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	campaign public.campaigns;
	given record;
begin
	errors := '{}';
	fields := '{}';
	select * into given
	from private.read_id_field(payload, 'advertising_company', 'advertising_company' = any (demanded)) c (campaign_id, mistake),
		private.read_id_field(payload, 'service_id', false) s (service_id, service_mistake),
		private.read_id_field(payload, 'location_id', false) l (location_id, location_mistake);
	select * into campaign from public.campaigns c where c.id = coalesce(given.campaign_id, own_campaign);
	given.mistake := case
		when given.mistake is not null then given.mistake
		when given.campaign_id <> own_campaign then 'other_campaign'
		when given.campaign_id is not null and campaign.id is null then 'unknown'
		when campaign.id is not null and not private.campaign_is_open(campaign) then 'closed'
	end;
	given.service_mistake := coalesce(given.service_mistake, case when given.service_id is not null and not exists (
		select from public.services s where s.id = given.service_id and s.archived_at is null
	) then 'unknown' end);
	given.location_mistake := coalesce(given.location_mistake, case when given.location_id is not null and not exists (
		select from public.locations l where l.id = given.location_id
	) then 'unknown' end);
	select coalesce(jsonb_object_agg(m.field, jsonb_build_array(m.mistake)) filter (where m.mistake is not null), '{}')
	into errors
	from (values ('advertising_company', given.mistake), ('service_id', given.service_mistake),
		('location_id', given.location_mistake)) m (field, mistake);
	fields := jsonb_build_object('campaign_id', campaign.id,
		'service_id', coalesce(given.service_id, campaign.service_id),
		'location_id', coalesce(given.location_id, campaign.location_id));
end
$$;
comment on function private.read_lead_references is
	'Campaign, service and location of a payload; what the campaign says about the latter two goes for a lead that does not. Mistakes: required, null, not_id, unknown, closed, other_campaign (than the token''s own).';

create function private.read_lead(
	payload jsonb, demanded text[], own_campaign bigint default null,
	out fields jsonb, out errors jsonb, out limits jsonb
)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	field record;
	given record;
begin
	if jsonb_typeof(payload) is distinct from 'object' then
		fields := '{}';
		limits := '{}';
		errors := '{"payload": ["not_object"]}';
		return;
	end if;
	select r.fields, r.errors, '{}' into fields, errors, limits
	from private.read_lead_references(payload, demanded, own_campaign) r;
	for field in
		select * from (values
			('first_name', 'first_name', 80), ('middle_name', 'middle_name', 80), ('last_name', 'last_name', 80),
			('phone_number', 'phone', 40), ('email', 'email', 254), ('message', 'message', 4000),
			('source', 'source', 80), ('idempotency_key', 'idempotency_key', 100)
		) f (name, target, longest)
	loop
		given := private.read_text_field(payload, field.name, field.longest, field.name = any (demanded));
		fields := fields || jsonb_build_object(field.target, given.value);
		if given.mistake is not null then
			errors := errors || jsonb_build_object(field.name, jsonb_build_array(given.mistake));
		end if;
		if given.mistake = 'too_long' then
			limits := limits || jsonb_build_object(field.name, field.longest);
		end if;
	end loop;
	if fields ->> 'phone' is null and fields ->> 'email' is null and not errors ?| '{phone_number,email}' then
		errors := errors || '{"phone_number": ["required"]}';
	end if;
	-- a tracking link must never cost a lead: what is too long is cut, what is no text is dropped
	fields := fields || jsonb_build_object('utm', (
		select coalesce(jsonb_object_agg(u.key, left(u.value, 200)) filter (where u.value is not null), '{}')
		from (
			select k.key, private.clean_text(left(payload ->> k.key, 1000)) as value
			from unnest('{utm_source,utm_medium,utm_campaign,utm_term,utm_content}'::text[]) k (key)
			where jsonb_typeof(payload -> k.key) in ('string', 'number')
		) u
	));
end
$$;
comment on function private.read_lead is
	'A payload of the intake {first_name, middle_name, last_name, phone_number, email, advertising_company, service_id, location_id, message, source, idempotency_key, utm_…} as columns of leads; errors {field: [keys]} by the payload''s names, limits {field: characters} of what was too long. A phone or an e-mail is always demanded.';

revoke execute on function private.clean_text, private.read_text_field, private.read_id_field,
	private.read_lead_references, private.read_lead from public, anon, authenticated;
