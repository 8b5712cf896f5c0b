-- The public calls behind the pages of leads.

create function public.find_leads(filters jsonb default '{}', after jsonb default null, max_rows int default 50)
returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
	return private.find_leads(filters, after, max_rows);
end
$$;
comment on function public.find_leads is
	'Leads the caller may see, the newest first, at most 200 a page: {leads (faces), next (what to pass as after) or null}. filters, all optional and all needed: statuses, campaign_ids (arrays), location_id, source, words (names, e-mail, digits of the phone), created_from, created_to (exclusive), mine, unclaimed (booleans). Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

create function public.lead_details(lead_id bigint)
returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
	return private.lead_details(lead_id);
end
$$;
comment on function public.lead_details is
	'All that a lead''s page shows: {lead (its face), notes (newest first), twins (other leads of the same phone or e-mail), client {id, full_name, blacklisted, blacklist_reason, by phone|email|conversion, orders} or null}. Errors: VK401, VK403 not_allowed, VK404 lead_not_found, alike for missing and foreign.';

create function public.lead_summary()
returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
	return private.lead_summary();
end
$$;
comment on function public.lead_summary is
	'Of the leads the caller may see: {new, mine (open ones he claimed), today, week (the last seven days) {leads, called, seconds (to the first call, on average; null when nobody was called)}}. Days are the company''s, a lead counts on the day it came. Errors: VK401, VK403 not_allowed.';

create function public.lead_sources()
returns text[]
language plpgsql stable set search_path = ''
as $$
begin
	return private.lead_sources();
end
$$;
comment on function public.lead_sources is
	'The sources leads name, at most 100, for a filter. Errors: VK401, VK403 not_allowed.';

revoke execute on function public.find_leads, public.lead_details, public.lead_summary, public.lead_sources
	from public, anon, authenticated;
grant execute on function public.find_leads, public.lead_details, public.lead_summary, public.lead_sources
	to authenticated;
