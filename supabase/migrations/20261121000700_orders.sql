-- Orders: the cards of the board. Their place, stage, master and location change only through the
-- calls (move_order, assign_order); the rules of 0800 hold for every writer, consoles included.

create type public.payment_state as enum ('none', 'unpaid', 'part', 'paid');

create function private.new_tracking_token()
returns text
language plpgsql volatile
set search_path = ''
as $$
begin
	return translate(encode(extensions.gen_random_bytes(18), 'base64'), '+/', '-_');
end
$$;
comment on function private.new_tracking_token is '24 random characters that may stand in an address (144 bits).';
revoke execute on function private.new_tracking_token from public, anon, authenticated;
-- the default of a column runs with the rights of whoever inserts
grant execute on function private.new_tracking_token to authenticated;

create table public.orders (
	id bigint generated always as identity (start with 155000) primary key,
	version int not null default 1,
	type public.order_type not null default 'repair',
	stage_id bigint not null references public.stages (id),
	rank text collate "C" not null check (rank ~ '^[0-9A-Za-z]*[1-9A-Za-z]$'),
	location_id bigint not null references public.locations (id),
	client_id bigint not null references public.clients (id),
	asset_id bigint references public.assets (id),
	service_id bigint references public.services (id),
	campaign_id bigint references public.campaigns (id),
	lead_id bigint,
	master_id uuid references public.employees (id),
	assigned_at timestamptz,
	seen_at timestamptz,
	accepted_at timestamptz,
	unanswered_at timestamptz,
	address text check (char_length(address) <= 300),
	problem text not null check (problem ~ '\S' and char_length(problem) <= 2000),
	result text check (char_length(result) <= 2000),
	priority int not null default 0 check (priority between 0 and 2),
	promised_at timestamptz check (promised_at between '2000-01-01T00:00:00Z' and '2200-01-01T00:00:00Z'),
	planned_at timestamptz check (planned_at between '2000-01-01T00:00:00Z' and '2200-01-01T00:00:00Z'),
	planned_minutes int check (planned_minutes between 1 and 100000),
	refusal_reason text check (char_length(refusal_reason) <= 500),
	total numeric(12,2) not null default 0 check (total >= 0),
	paid numeric(12,2) not null default 0 check (paid >= 0),
	payment_state public.payment_state not null default 'none',
	comment_count int not null default 0 check (comment_count >= 0),
	photo_count int not null default 0 check (photo_count >= 0),
	tracking_token text not null default private.new_tracking_token() unique
		check (tracking_token ~ '^[A-Za-z0-9_-]{24}$'),
	created_by uuid default auth.uid(),
	stage_entered_at timestamptz not null default now(),
	done_at timestamptz,
	closed_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint orders_stage_id_rank_key unique (stage_id, rank)
);
comment on table public.orders is 'Orders. The id is the number people say: №155026.';
comment on column public.orders.rank is 'Place in the column, ascending in byte order; see private.rank_between().';
comment on column public.orders.priority is '0 normal, 1 high, 2 urgent.';
comment on column public.orders.master_id is 'Who works on it. A new master starts the handshake anew: assigned_at, seen_at, accepted_at.';
comment on column public.orders.unanswered_at is 'When the coordinator was warned that the master does not answer; null while there is no need.';
comment on column public.orders.planned_at is 'When work is planned to start; planned_minutes long.';
comment on column public.orders.total is 'Sum of the lines, kept by trigger. Whoever reads an order reads it; prices of lines need orders.money.';
comment on column public.orders.paid is 'Money received less refunds, kept by payments.';
comment on column public.orders.payment_state is
	'none: nothing invoiced nor paid; unpaid: an invoice is open; part: paid less than the total; paid: the total or more. Payments say none and unpaid, the rest follows from the amounts.';
comment on column public.orders.comment_count is 'Interactions about the order, automatic ones left out; kept by trigger.';
comment on column public.orders.tracking_token is 'What the client''s tracking page is addressed by.';
comment on column public.orders.created_by is 'The user who made it; null for programs and consoles. No foreign key: orders outlive accounts.';
comment on column public.orders.done_at is 'When the work was done; null while it is not. Closing keeps it, reopening takes it back.';
comment on column public.orders.closed_at is 'When the order was closed or refused; null while it is not.';

-- every move writes a new row version, since rank and stage are indexed: leave it room on its page
alter table public.orders set (fillfactor = 85);

create index orders_created_by_idx on public.orders (created_by);
create index orders_stage_id_stage_entered_at_idx on public.orders (stage_id, stage_entered_at desc, id desc);
-- total is included so that a column's sum needs no visit to its rows
create index orders_location_id_stage_id_idx on public.orders (location_id, stage_id) include (total);
create index orders_master_id_stage_id_idx on public.orders (master_id, stage_id);
create index orders_client_id_idx on public.orders (client_id);
create index orders_asset_id_idx on public.orders (asset_id);
-- with the last moment that figures count an order for: reports of two dimensions read the orders themselves
create index orders_service_id_idx on public.orders (service_id, greatest(created_at, done_at, closed_at));
create index orders_campaign_id_idx on public.orders (campaign_id, greatest(created_at, done_at, closed_at));
create index orders_master_id_counted_idx on public.orders (master_id, greatest(created_at, done_at, closed_at));
create index orders_lead_id_idx on public.orders (lead_id);
-- lists of what is rare: urgent orders, and money still to come
create index orders_priority_idx on public.orders (priority, id) where priority > 0;
create index orders_payment_state_idx on public.orders (payment_state, id) where payment_state in ('unpaid', 'part');
create index orders_promised_at_idx on public.orders (promised_at, id) where promised_at is not null;

revoke all on public.orders from public, anon, authenticated, service_role;
grant select on public.orders to authenticated;
grant insert (type, location_id, client_id, asset_id, service_id, campaign_id, address, problem, priority,
		promised_at, planned_at, planned_minutes),
	update (type, asset_id, service_id, campaign_id, address, problem, result, priority, promised_at,
		planned_at, planned_minutes) on public.orders to authenticated;

alter table public.orders enable row level security;

create policy "Those who read orders see their locations', masters see their own"
	on public.orders for select to authenticated
	using (
		((select private.can('orders.read')) and location_id = any (array(select private.my_locations())))
		or (master_id = (select auth.uid()) and (select private.can('orders.work')))
	);
create policy "Those who create orders do so in their locations" on public.orders for insert to authenticated
	with check (
		(select private.can('orders.create')) and location_id = any (array(select private.my_locations()))
	);
create policy "Those who update orders do so in their locations" on public.orders for update to authenticated
	using (
		(select private.can('orders.update')) and location_id = any (array(select private.my_locations()))
	);

-- history ----------------------------------------------------------------------------------------

create type public.order_event_kind as enum ('created', 'moved', 'assigned', 'changed', 'seen', 'accepted',
	'declined', 'undone', 'lines', 'photo', 'invoiced', 'paid', 'planned');

create table public.order_events (
	id bigint generated always as identity primary key,
	order_id bigint not null references public.orders (id),
	version int not null,
	kind public.order_event_kind not null,
	actor_id uuid,
	from_values jsonb not null default '{}',
	to_values jsonb not null default '{}',
	reason text check (char_length(reason) <= 500),
	mutation_id uuid,
	at timestamptz not null default now()
);
comment on table public.order_events is
	'Who did what to an order, from what to what. Append-only: never updated, never deleted.';
comment on column public.order_events.version is 'The order''s version this event made.';
comment on column public.order_events.actor_id is
	'The user (auth.users); null for programs and consoles. No foreign key: history outlives accounts.';

create index order_events_order_id_version_idx on public.order_events (order_id, version);

revoke all on public.order_events from public, anon, authenticated, service_role;
grant select on public.order_events to authenticated;

alter table public.order_events enable row level security;
create policy "Those who see an order see its history" on public.order_events for select to authenticated
	using (exists (select from public.orders o where o.id = order_events.order_id));

create function private.refuse_rewriting()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	raise exception '% is append-only', tg_table_name using errcode = '42501';
end
$$;
comment on function private.refuse_rewriting is 'Trigger: makes a table append-only for everybody, its owner included (42501).';
revoke execute on function private.refuse_rewriting from public, anon, authenticated;

create trigger order_events_append_only before update or delete on public.order_events
	for each row execute function private.refuse_rewriting();
create trigger order_events_no_truncate before truncate on public.order_events
	for each statement execute function private.refuse_rewriting();
