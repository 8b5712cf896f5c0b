-- The form for people: anybody leaves a name and a phone, without a token. The rules of fields (1703)
-- and of repeats (1740) are the intake's own; the limits and the trap for robots are the form's.

create table private.app_servers (
	address inet primary key check (masklen(address) in (32, 128)),
	created_at timestamptz not null default now()
);
comment on table private.app_servers is
	'Addresses of app servers on other machines, which tell truly whom they ask for. Entered by whoever installs them; without it all their visitors count as one.';
revoke all on private.app_servers from public, anon, authenticated, service_role;

create function private.visitor_network(claimed text)
returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
	peer constant text := private.caller_address();
begin
	-- nobody but the app's own server speaks from this machine; from elsewhere a claim is only a claim
	if peer is null or exists (select from private.app_servers s where host(s.address) = peer) then
		return private.network_of(claimed);
	end if;
	return private.network_of(peer);
end
$$;
comment on function private.visitor_network is
	'Whom to count a submission by: the address that the app''s server names, or of anybody else his own.';

create function private.open_campaign_called(words text)
returns bigint
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (
		select c.id from public.campaigns c
		where (c.id::text = words or private.fold(c.name) = private.fold(words)) and private.campaign_is_open(c)
		order by c.id desc limit 1
	);
end
$$;
comment on function private.open_campaign_called is
	'The campaign a link means by utm_campaign: its number or its name; null for any other word.';

create function private.utm_of_visit(utm jsonb, referrer text)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
	site constant text := substring(lower(left(referrer, 2000)) from '^https?://(?:[^/@]*@)?([a-z0-9][a-z0-9.-]{0,199})(?:[:/?#]|$)');
begin
	if utm ? 'utm_source' or site is null then
		return utm;
	end if;
	return jsonb_build_object('utm_source', site, 'utm_medium', 'referral') || utm;
end
$$;
comment on function private.utm_of_visit is
	'What is known of where a visitor came from: the link''s own marks, or else the site that led here, as analytics call it.';

create function private.read_public_lead(payload jsonb, out fields jsonb, out errors jsonb, out limits jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	asked jsonb := payload;
	given record;
begin
	if jsonb_typeof(payload) = 'object' then
		-- what a form does not ask for a stranger cannot set
		asked := payload - '{source,location_id,idempotency_key}'::text[];
		if coalesce(asked ->> 'advertising_company', '') = '' then
			asked := asked || jsonb_build_object('advertising_company',
				private.open_campaign_called(left(asked ->> 'utm_campaign', 200)));
		end if;
	end if;
	given := private.read_lead(asked, '{first_name}');
	errors := given.errors;
	limits := given.limits;
	if payload -> 'consent' is distinct from 'true' and not errors ? 'payload' then
		errors := errors || '{"consent": ["required"]}';
	end if;
	if coalesce(asked ->> 'service_id', '') <> '' and not errors ? 'service_id' and not exists (
		select from private.public_services() s where s.id = (asked ->> 'service_id')::bigint
	) then
		errors := errors || '{"service_id": ["unknown"]}';
	end if;
	fields := given.fields || jsonb_build_object(
		'source', case when coalesce(payload ->> 'advertising_company', '') = '' then 'site' else 'form' end,
		'utm', private.utm_of_visit(coalesce(given.fields -> 'utm', '{}'), payload ->> 'referrer'));
end
$$;
comment on function private.read_public_lead is
	'A form''s payload as private.read_lead() reads it, and consent (true), website, referrer. Without a campaign of its own it is credited to the open one its link names.';

create function private.submit_public_lead(payload jsonb, visitor text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	given record;
begin
	perform private.take('public_lead', private.visitor_network(visitor), 20, '10 minutes');
	-- a field people do not see: whoever fills it in is a robot, and learns nothing
	if not private.is_blank(payload ->> 'website') then
		return '{"ok": true}';
	end if;
	given := private.read_public_lead(payload);
	if given.errors <> '{}' then
		return private.refusal('VK422', 'invalid_fields', jsonb_build_object('fields', given.errors, 'limits', given.limits));
	end if;
	-- many addresses are cheap; what they may fill is not without end
	perform private.take('public_lead_all', 'all', 600, '10 minutes');
	perform private.take_lead(given.fields, null);
	return '{"ok": true}';
end
$$;
comment on function private.submit_public_lead is 'See public.submit_public_lead().';

create function public.submit_public_lead(payload jsonb, visitor text default null)
returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.submit_public_lead(payload, visitor);
end
$$;
comment on function public.submit_public_lead is
	'For anybody: a request left on a form. payload {first_name, middle_name, last_name, phone_number (E.164), email, message, advertising_company, service_id, consent: true, utm_…, referrer, website}; visitor: the address the app''s server asks for, believed of it alone. Answers {ok: true} or {ok: false, code: VK422, message: invalid_fields, details: {fields: {field: [keys]}, limits}}; of a campaign unknown, closed. Repeats are joined as the intake joins them. Errors: VK429 too_many_requests (20 in 10 minutes from an address, 600 from all).';

create function private.public_form(campaign_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	campaign public.campaigns;
begin
	select * into campaign from public.campaigns c where c.id = public_form.campaign_id;
	return jsonb_build_object(
		'state', case
			when public_form.campaign_id is null then 'open'
			when campaign.id is null then 'unknown'
			when private.campaign_is_open(campaign) then 'open'
			else 'closed' end,
		'service_id', (select s.id from private.public_services() s where s.id = campaign.service_id),
		'country', (select s.phone_country from public.settings s)
	);
end
$$;
comment on function private.public_form is 'See public.public_form().';

create function public.public_form(campaign_id bigint default null)
returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
	return private.public_form(campaign_id);
end
$$;
comment on function public.public_form is
	'For anybody: what a form needs to know of its campaign (null: of none) before it is filled in: {state: open|closed|unknown, service_id of the public catalogue, country (ISO 3166) of phones written without one}.';

revoke execute on function private.visitor_network, private.open_campaign_called, private.utm_of_visit,
	private.read_public_lead, private.submit_public_lead, public.submit_public_lead, private.public_form,
	public.public_form from public, anon, authenticated;
grant execute on function private.submit_public_lead, public.submit_public_lead, private.public_form,
	public.public_form to anon, authenticated;
