-- Contracts with clients: drafts are edited freely, signing fixes the date and asks for the PDF, and
-- every step leaves an automatic note in the client's history.

create type public.contract_state as enum ('draft', 'signed', 'closed', 'cancelled');

create table public.contracts (
	id bigint generated always as identity primary key,
	version int not null default 1,
	number text not null unique check (number ~ '\S' and char_length(number) <= 40),
	service_id bigint not null references public.services (id),
	client_id bigint not null references public.clients (id),
	campaign_id bigint references public.campaigns (id),
	location_id bigint references public.locations (id),
	amount numeric(12, 2) not null check (amount > 0),
	starts_on date not null default current_date check (starts_on between '2000-01-01' and '2200-01-01'),
	ends_on date not null check (ends_on between '2000-01-01' and '2200-01-01'),
	state public.contract_state not null default 'draft',
	signed_at timestamptz,
	cancelled_reason text check (cancelled_reason ~ '\S' and char_length(cancelled_reason) <= 500),
	notes text check (char_length(notes) <= 4000),
	pdf_path text check (char_length(pdf_path) <= 300),
	pdf_version int not null default 0 check (pdf_version >= 0),
	pdf_stale boolean not null default false,
	created_by uuid default auth.uid(),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint contracts_end_after_they_start check (ends_on >= starts_on),
	constraint contracts_signed_have_a_date check (state not in ('signed', 'closed') or signed_at is not null),
	constraint contracts_cancelled_have_a_reason check ((state = 'cancelled') = (cancelled_reason is not null))
);
comment on table public.contracts is 'Contracts: a service for a client, for an amount in the company''s currency, for a time.';
comment on column public.contracts.number is 'Given by the database: the year and a running number, 2026-00042.';
comment on column public.contracts.campaign_id is 'The campaign that is credited with it.';
comment on column public.contracts.location_id is 'Where it was made; null is the company''s.';
comment on column public.contracts.pdf_path is 'Where the newest PDF lies in Storage; null until there is one.';
comment on column public.contracts.pdf_stale is 'A signed contract''s terms are not what the PDF says: it has to be made anew.';
comment on column public.contracts.created_by is 'The user who made it; no foreign key: contracts outlive accounts.';

create index contracts_service_id_state_idx on public.contracts (service_id, state);
create index contracts_client_id_idx on public.contracts (client_id);
create index contracts_campaign_id_idx on public.contracts (campaign_id);
create index contracts_location_id_idx on public.contracts (location_id);
create index contracts_state_created_at_idx on public.contracts (state, created_at desc, id desc);
create index contracts_pdf_stale_idx on public.contracts (id) where pdf_stale;

create table private.contract_numbers (
	year int primary key,
	last int not null default 0
);
comment on table private.contract_numbers is 'The last running number of contracts given in a year.';
revoke all on private.contract_numbers from public, anon, authenticated, service_role;

-- whoever names a contract
alter table public.leads add constraint leads_contract_id_fkey
	foreign key (contract_id) references public.contracts (id) on delete set null;
alter table public.interactions add constraint interactions_contract_id_fkey
	foreign key (contract_id) references public.contracts (id) on delete set null;
create index if not exists interactions_contract_id_idx on public.interactions (contract_id);
alter table public.invoices add constraint invoices_contract_id_fkey
	foreign key (contract_id) references public.contracts (id);
create index if not exists invoices_contract_id_idx on public.invoices (contract_id);
alter table public.payments add constraint payments_contract_id_fkey
	foreign key (contract_id) references public.contracts (id);
create index if not exists payments_contract_id_idx on public.payments (contract_id);

revoke all on public.contracts from public, anon, authenticated, service_role;
grant select, delete on public.contracts to authenticated;
-- state, signature and PDF change only through calls; the client only by a merge
grant insert (service_id, client_id, campaign_id, location_id, amount, starts_on, ends_on, notes),
	update (service_id, campaign_id, location_id, amount, starts_on, ends_on, notes)
	on public.contracts to authenticated;

alter table public.contracts enable row level security;

create policy "Those who read contracts see their locations' and the company's" on public.contracts
	for select to authenticated
	using (
		(select private.can('contracts.read'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who manage contracts add them" on public.contracts for insert to authenticated
	with check (
		(select private.can('contracts.manage'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who manage contracts edit them" on public.contracts for update to authenticated
	using (
		(select private.can('contracts.manage'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who manage contracts delete what was never signed" on public.contracts for delete to authenticated
	using (
		(select private.can('contracts.manage'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);

create function private.next_contract_number()
returns text
language plpgsql security definer
set search_path = ''
as $$
declare
	this_year constant int := (select extract(year from now() at time zone s.time_zone) from public.settings s);
	given int;
begin
	insert into private.contract_numbers as n (year, last) values (this_year, 1)
	on conflict (year) do update set last = n.last + 1
	returning n.last into given;
	return format('%s-%s', this_year, lpad(given::text, 5, '0'));
end
$$;
comment on function private.next_contract_number is 'The next number of the company''s current year: 2026-00042.';

create function private.apply_contract_rules()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	terms_changed boolean;
begin
	if tg_op = 'DELETE' then
		if old.signed_at is not null then
			perform private.fail('VK422', 'contract_signed', jsonb_build_object('contract_id', old.id, 'number', old.number));
		end if;
		return old;
	end if;
	if tg_op = 'INSERT' then
		new.number := coalesce(new.number, private.next_contract_number());
		if auth.uid() is not null and not private.can('clients.override_blacklist') and exists (
			select from public.clients c, public.settings s
			where c.id = new.client_id and c.blacklisted and s.blacklist_policy = 'refuse'
		) then
			perform private.fail('VK422', 'client_blacklisted', jsonb_build_object('client_id', new.client_id,
				'reason', (select b.reason from public.client_blacklist b where b.client_id = new.client_id)));
		end if;
		return new;
	end if;
	terms_changed := (new.service_id, new.amount, new.starts_on, new.ends_on)
		is distinct from (old.service_id, old.amount, old.starts_on, old.ends_on);
	if new.state <> old.state then
		if (old.state, new.state) not in (('draft', 'signed'), ('draft', 'cancelled'), ('signed', 'closed'), ('signed', 'cancelled')) then
			perform private.fail('VK422', 'contract_state', jsonb_build_object(
				'contract_id', old.id, 'number', old.number, 'from', old.state, 'to', new.state));
		end if;
	elsif old.state in ('closed', 'cancelled') and (terms_changed
		or (new.notes, new.campaign_id, new.location_id) is distinct from (old.notes, old.campaign_id, old.location_id)) then
		perform private.fail('VK422', 'contract_closed', jsonb_build_object(
			'contract_id', old.id, 'number', old.number, 'state', old.state));
	end if;
	if new.state = 'signed' and (old.state = 'draft' or terms_changed) then
		new.signed_at := coalesce(new.signed_at, now());
		new.pdf_stale := true;
	end if;
	return new;
end
$$;
comment on function private.apply_contract_rules is
	'Trigger: number, blacklist, legal states, and a stale PDF when signed terms change; VK422 contract_signed, contract_state, contract_closed, client_blacklisted.';

create trigger contracts_apply_rules before insert or update or delete on public.contracts
	for each row execute function private.apply_contract_rules();
create trigger contracts_touch before update on public.contracts
	for each row execute function private.touch_version();

revoke execute on function private.next_contract_number, private.apply_contract_rules from public, anon, authenticated;
