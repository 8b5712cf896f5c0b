-- Statistics: what each order, lead, contract and payment adds to the figures of a day, kept as sums.
--
-- Every figure is a sum of facts, and a fact is a function of one row (private.order_facts and its
-- sisters). A change of the row writes the difference between its old and new facts into a table of
-- deltas, which nobody waits for and which cannot deadlock; a job folds deltas into the sums: of days
-- and of months, with and without the type, so that whatever is asked is a few thousand rows away.
-- Reports read both. private.recomputed_* give the same figures from the rows themselves.

-- no enum: row-level security keeps the comparison of enums out of indexes, that of texts it lets in
create domain private.stat_cut as text check (value in ('place', 'campaign', 'master', 'service'));
comment on domain private.stat_cut is
	'Which dimension beside day, location and type a sum is cut by; place is none. All three at once would be a row per order.';

create function private.day_of(at timestamptz)
returns date
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (day_of.at at time zone coalesce((select s.time_zone from public.settings s), 'UTC'))::date;
end
$$;
comment on function private.day_of is 'The company''s calendar day of an instant.';

create type private.stat_fact as (
	day date, location_id bigint, type public.order_type, campaign_id bigint, master_id uuid, service_id bigint,
	created int, done int, closed int, refused int, promised int, on_time int, lead_seconds bigint,
	leads int, contacted int, converted int, rejected int, first_calls int, first_call_seconds bigint, contracts int
);
comment on type private.stat_fact is 'What one row adds to the counts of a day.';

create type private.money_fact as (
	cut private.stat_cut, day date, location_id bigint, type public.order_type, campaign_id bigint, master_id uuid,
	service_id bigint, payments int, revenue numeric(14,2), refunded numeric(14,2)
);
comment on type private.money_fact is 'What one payment or refund adds to the money of a day in one cut.';

create table private.stat_deltas (
	id bigint generated always as identity primary key,
	cut private.stat_cut not null check (cut <> 'place'),
	day date not null,
	location_id bigint,
	type public.order_type,
	campaign_id bigint,
	master_id uuid,
	service_id bigint,
	created int not null default 0,
	done int not null default 0,
	closed int not null default 0,
	refused int not null default 0,
	promised int not null default 0,
	on_time int not null default 0,
	lead_seconds bigint not null default 0,
	leads int not null default 0,
	contacted int not null default 0,
	converted int not null default 0,
	rejected int not null default 0,
	first_calls int not null default 0,
	first_call_seconds bigint not null default 0,
	contracts int not null default 0
);
comment on table private.stat_deltas is
	'Changes of the daily counts of orders, leads and contracts that are not in private.stat_sums yet; cause says what made them.';
comment on column private.stat_deltas.lead_seconds is 'Sum of the time from taking an order to its being done.';

create table private.stat_sums (
	like private.stat_deltas including defaults including identity,
	by_type boolean not null,
	monthly boolean not null,
	primary key (id),
	constraint stat_sums_dimensions_key unique nulls not distinct
		(cut, by_type, monthly, day, location_id, type, campaign_id, master_id, service_id)
);
alter table private.stat_deltas add cause jsonb;
comment on table private.stat_sums is 'Counts of orders, leads and contracts of days and months, folded from private.stat_deltas.';
comment on column private.stat_sums.by_type is 'False: all types together, leads and contracts, which have none, too.';
comment on column private.stat_sums.monthly is 'True: the whole month that begins on day.';

create table private.money_deltas (
	id bigint generated always as identity primary key,
	cut private.stat_cut not null check (cut <> 'place'),
	day date not null,
	location_id bigint,
	type public.order_type,
	campaign_id bigint,
	master_id uuid,
	service_id bigint,
	payments int not null default 0,
	revenue numeric(14,2) not null default 0,
	refunded numeric(14,2) not null default 0
);
comment on table private.money_deltas is
	'Changes of the daily money that are not in private.money_sums yet; in the company''s currency.';

create table private.money_sums (
	like private.money_deltas including defaults including identity,
	by_type boolean not null,
	monthly boolean not null,
	primary key (id),
	constraint money_sums_dimensions_key unique nulls not distinct
		(cut, by_type, monthly, day, location_id, type, campaign_id, master_id, service_id)
);
alter table private.money_deltas add cause jsonb;
comment on table private.money_sums is
	'Money received, less refunds, of days and months, in the company''s currency; by_type and monthly as in private.stat_sums.';
-- one campaign's days, for when it had paid for itself
create index money_sums_campaign_day_idx on private.money_sums (campaign_id, day)
	where cut = 'campaign' and not by_type and not monthly;

create table private.stage_days (
	id bigint generated always as identity primary key,
	day date not null,
	location_id bigint not null,
	stage_id bigint not null,
	exits int not null default 0,
	seconds bigint not null default 0,
	constraint stage_days_dimensions_key unique (day, location_id, stage_id)
);
comment on table private.stage_days is 'How many orders left a column on a day and how long they had been there together.';

create table private.stage_deltas (like private.stage_days including defaults including identity);
alter table private.stage_deltas add primary key (id);
comment on table private.stage_deltas is 'Changes of private.stage_days that are not folded in yet.';

revoke all on private.stat_sums, private.stat_deltas, private.money_sums, private.money_deltas,
	private.stage_days, private.stage_deltas from public, anon, authenticated, service_role;
grant select on private.stat_sums, private.stat_deltas, private.money_sums, private.money_deltas,
	private.stage_days, private.stage_deltas to authenticated;

alter table private.stat_sums enable row level security;
alter table private.stat_deltas enable row level security;
alter table private.money_sums enable row level security;
alter table private.money_deltas enable row level security;
alter table private.stage_days enable row level security;
alter table private.stage_deltas enable row level security;

create policy "Employees read the counts of the locations they see" on private.stat_sums for select to authenticated
	using (
		(select private.can('statistics.read'))
		and ((select private.sees_location(null)) or location_id = any (array(select private.my_locations())))
	);
create policy "Employees read the counts of the locations they see" on private.stat_deltas for select to authenticated
	using (
		(select private.can('statistics.read'))
		and ((select private.sees_location(null)) or location_id = any (array(select private.my_locations())))
	);
create policy "Employees read the times of the locations they see" on private.stage_days for select to authenticated
	using ((select private.can('statistics.read')) and location_id = any (array(select private.my_locations())));
create policy "Employees read the times of the locations they see" on private.stage_deltas for select to authenticated
	using ((select private.can('statistics.read')) and location_id = any (array(select private.my_locations())));
create policy "Revenue is read by report, and what campaigns earned by campaign" on private.money_sums
	for select to authenticated
	using (
		((select private.can('reports.money'))
			and ((select private.sees_location(null)) or location_id = any (array(select private.my_locations()))))
		or ((select private.can('campaigns.money')) and campaign_id is not null)
	);
create policy "Revenue is read by report, and what campaigns earned by campaign" on private.money_deltas
	for select to authenticated
	using (
		((select private.can('reports.money'))
			and ((select private.sees_location(null)) or location_id = any (array(select private.my_locations()))))
		or ((select private.can('campaigns.money')) and campaign_id is not null)
	);

-- facts ------------------------------------------------------------------------------------------

create function private.order_facts(o public.orders)
returns setof private.stat_fact
language sql stable security definer
set search_path = ''
as $$
	select private.day_of(o.created_at), o.location_id, o.type, o.campaign_id, null::uuid, o.service_id,
		1, 0, 0, 0, 0, 0, 0::bigint, 0, 0, 0, 0, 0, 0::bigint, 0
	where o.id is not null
	union all
	select private.day_of(o.done_at), o.location_id, o.type, o.campaign_id, o.master_id, o.service_id,
		0, 1, 0, 0, (o.promised_at is not null)::int, coalesce(o.done_at <= o.promised_at, false)::int,
		extract(epoch from o.done_at - o.created_at)::bigint, 0, 0, 0, 0, 0, 0::bigint, 0
	where o.done_at is not null
	union all
	select private.day_of(o.closed_at), o.location_id, o.type, o.campaign_id, o.master_id, o.service_id,
		0, 0, (o.refusal_reason is null)::int, (o.refusal_reason is not null)::int, 0, 0, 0::bigint,
		0, 0, 0, 0, 0, 0::bigint, 0
	where o.closed_at is not null
$$;
comment on function private.order_facts is
	'What an order adds to the counts: taken on its first day, done and perhaps in time on another, closed or refused on a third. Nothing for null.';

create function private.lead_facts(l public.leads)
returns setof private.stat_fact
language plpgsql stable security definer
set search_path = ''
as $$
begin
	-- plpgsql keeps its plan: an import asks thousands of times
	return query
		select private.day_of(l.created_at), l.location_id, null::public.order_type, l.campaign_id, null::uuid, l.service_id,
			0, 0, 0, 0, 0, 0, 0::bigint, 1, (l.contacted_at is not null)::int, (l.status = 'converted')::int,
			(l.status = 'rejected')::int, (l.first_call_at is not null)::int,
			coalesce(extract(epoch from l.first_call_at - l.created_at)::bigint, 0), 0
		where l.id is not null;
end
$$;
comment on function private.lead_facts is 'What a lead adds to the counts of the day it came.';

create function private.contract_facts(c public.contracts)
returns setof private.stat_fact
language sql stable security definer
set search_path = ''
as $$
	select private.day_of(c.signed_at), c.location_id, null::public.order_type, c.campaign_id, null::uuid, c.service_id,
		0, 0, 0, 0, 0, 0, 0::bigint, 0, 0, 0, 0, 0, 0::bigint, 1
	where c.signed_at is not null and c.state in ('signed', 'closed')
$$;
comment on function private.contract_facts is 'What a signed contract adds to the counts of its day.';

revoke execute on function private.day_of, private.order_facts, private.lead_facts, private.contract_facts
	from public, anon, authenticated;
grant execute on function private.day_of to authenticated;
