-- Leads: people who asked for something and are not clients yet, and what was said with them. They
-- come by intake (1740), by import (1703) or by hand; what happens to them goes through calls (1702).

create type public.lead_status as enum ('new', 'contacted', 'converted', 'rejected');

create table public.leads (
	id bigint generated always as identity primary key,
	version int not null default 1,
	first_name text not null check (first_name ~ '\S' and char_length(first_name) <= 80),
	middle_name text check (middle_name ~ '\S' and char_length(middle_name) <= 80),
	last_name text check (last_name ~ '\S' and char_length(last_name) <= 80),
	phone public.e164,
	email text check (email ~ '^[^@\s]+@[^@\s]+$' and char_length(email) <= 254),
	message text check (message ~ '\S' and char_length(message) <= 4000),
	campaign_id bigint references public.campaigns (id),
	location_id bigint references public.locations (id),
	service_id bigint references public.services (id),
	source text check (source ~ '\S' and char_length(source) <= 80),
	utm jsonb not null default '{}' check (
		jsonb_typeof(utm) = 'object'
		and utm - '{utm_source,utm_medium,utm_campaign,utm_term,utm_content}'::text[] = '{}'
		and not jsonb_path_exists(utm, '$.* ? (@.type() != "string" || !(@ like_regex "^.{1,200}$" flag "s"))')
	),
	status public.lead_status not null default 'new',
	claimed_by uuid references public.employees (id),
	claimed_at timestamptz,
	first_call_at timestamptz,
	contacted_at timestamptz,
	rejected_reason text check (rejected_reason ~ '\S' and char_length(rejected_reason) <= 500),
	client_id bigint references public.clients (id),
	order_id bigint references public.orders (id),
	-- references contracts (1720) and api_tokens (1730)
	contract_id bigint,
	api_token_id bigint,
	idempotency_key text check (idempotency_key ~ '\S' and char_length(idempotency_key) <= 100),
	submissions int not null default 1 check (submissions > 0),
	last_submitted_at timestamptz not null default now(),
	conversion_id uuid,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint leads_can_be_reached check (phone is not null or email is not null),
	constraint leads_are_claimed_by_somebody check ((claimed_by is null) = (claimed_at is null)),
	constraint leads_contacted_have_a_time check (status <> 'contacted' or contacted_at is not null),
	constraint leads_rejected_have_a_reason check ((status = 'rejected') = (rejected_reason is not null)),
	constraint leads_converted_are_clients check ((status = 'converted') = (client_id is not null))
);
comment on table public.leads is 'People who asked for something: each is contacted, then converted into a client or rejected with a reason.';
comment on column public.leads.location_id is 'Where it is worked; null while anybody of any location may.';
comment on column public.leads.first_call_at is 'When somebody first reached out; minus created_at it is the time to first call.';
comment on column public.leads.submissions is 'How often the same person sent the same thing within the window that joins repeats.';
comment on column public.leads.conversion_id is 'The mutation id of the conversion, so that a repeated call gets the same answer.';

create index leads_status_created_at_idx on public.leads (status, created_at desc, id desc);
-- under row-level security a comparison of enums is no index condition (not leakproof); this order still is
create index leads_created_at_idx on public.leads (created_at desc, id desc);
create index leads_location_id_idx on public.leads (location_id);
create index leads_campaign_id_idx on public.leads (campaign_id, created_at desc);
create index leads_service_id_idx on public.leads (service_id);
create index leads_claimed_by_idx on public.leads (claimed_by);
create index leads_client_id_idx on public.leads (client_id);
create index leads_order_id_idx on public.leads (order_id);
create index leads_contract_id_idx on public.leads (contract_id);
create index leads_api_token_id_idx on public.leads (api_token_id);
create unique index leads_api_token_id_idempotency_key_key on public.leads (api_token_id, idempotency_key);
create index leads_phone_idx on public.leads (phone);
create index leads_email_idx on public.leads (lower(email));

create table public.lead_notes (
	id bigint generated always as identity primary key,
	lead_id bigint not null references public.leads (id) on delete cascade,
	kind public.interaction_kind not null default 'note' check (kind <> 'automatic'),
	direction text check (direction in ('in', 'out')),
	body text not null check (body ~ '\S' and char_length(body) <= 4000),
	author_id uuid default auth.uid(),
	at timestamptz not null default now(),
	constraint lead_notes_directed check (direction is null or kind in ('call', 'message'))
);
comment on table public.lead_notes is 'What was said with a lead; a conversion carries it over into the client''s interactions.';
comment on column public.lead_notes.author_id is 'The employee; null for the lead''s own words. No foreign key: notes outlive accounts.';
create index lead_notes_lead_id_idx on public.lead_notes (lead_id, at);

-- an order and a client's interaction remember the lead they came from
alter table public.orders add constraint orders_lead_id_fkey foreign key (lead_id) references public.leads (id);
create index if not exists orders_lead_id_idx on public.orders (lead_id);
alter table public.interactions add constraint interactions_lead_id_fkey
	foreign key (lead_id) references public.leads (id);
create index if not exists interactions_lead_id_idx on public.interactions (lead_id);

revoke all on public.leads, public.lead_notes from public, anon, authenticated, service_role;
grant select, delete on public.leads to authenticated;
grant insert (first_name, middle_name, last_name, phone, email, message, campaign_id, location_id, service_id, source),
	update (first_name, middle_name, last_name, phone, email, message, campaign_id, location_id, service_id, source)
	on public.leads to authenticated;
grant select, insert (lead_id, kind, direction, body) on public.lead_notes to authenticated;

alter table public.leads enable row level security;
alter table public.lead_notes enable row level security;

create policy "Those who read leads see their locations' and those of none" on public.leads
	for select to authenticated
	using (
		(select private.can('leads.read'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who work leads add them" on public.leads for insert to authenticated
	with check (
		(select private.can('leads.work'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who work leads correct them" on public.leads for update to authenticated
	using (
		(select private.can('leads.work'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who work leads delete what came to nothing" on public.leads for delete to authenticated
	using (
		(select private.can('leads.work')) and status <> 'converted'
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);

create policy "Those who see a lead see its notes" on public.lead_notes for select to authenticated
	using (exists (select from public.leads l where l.id = lead_notes.lead_id));
create policy "Those who work leads add notes" on public.lead_notes for insert to authenticated
	with check (
		(select private.can('leads.work')) and exists (select from public.leads l where l.id = lead_notes.lead_id)
	);

create trigger leads_touch before update on public.leads
	for each row execute function private.touch_version();
