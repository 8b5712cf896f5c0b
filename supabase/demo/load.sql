-- Writes the demo company from the JSON in `verstak.demo` (see demo.ts), inside its transaction.
-- History is written as it would have been made: the triggers that would date it today are off
-- for this transaction, their rules are kept by the generator and checked by tests.

create temporary table demo on commit drop as
	select current_setting('verstak.demo')::jsonb as data;

-- sign-ins, as Auth writes them after an e-mail was confirmed; one hash for all, hashing is slow
insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at,
	raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
select p.id, 'authenticated', 'authenticated', p.email,
	case when p.account then hash.value end, now(),
	'{"provider": "email", "providers": ["email"]}',
	jsonb_build_object('sub', p.id, 'email', p.email, 'email_verified', true, 'phone_verified', false),
	now(), now()
from demo
cross join lateral jsonb_to_recordset(demo.data -> 'people') p (id uuid, email text, account boolean)
cross join (
	select extensions.crypt(data ->> 'password', extensions.gen_salt('bf', 10)) as value from demo
) hash;

insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
select gen_random_uuid(), 'email', p.id, p.id,
	jsonb_build_object('sub', p.id, 'email', p.email, 'email_verified', true, 'phone_verified', false),
	null, now(), now()
from demo cross join lateral jsonb_to_recordset(demo.data -> 'people') p (id uuid, email text);

update public.settings set company_name = 'Мастерская «Верстак»', details = 'ФОП Левченко І. В., Київ',
	currency = 'UAH', language = 'ru', time_zone = 'Europe/Kyiv';

create temporary table demo_locations on commit drop as
with made as (
	insert into public.locations (name, address)
	select l.value ->> 'name', l.value ->> 'address'
	from demo cross join lateral jsonb_array_elements(demo.data -> 'locations') with ordinality l (value, number)
	order by l.number
	returning id
)
select id, row_number() over (order by id) as number from made;

insert into public.employees (id, full_name, role, location_id, capacity, phone)
select p.id, p.full_name, p.role::public.employee_role, l.id, p.capacity, p.phone
from demo
cross join lateral jsonb_to_recordset(demo.data -> 'people')
	p (id uuid, full_name text, role text, location int, capacity int, phone text)
left join demo_locations l on l.number = p.location
where p.role <> 'client';

create temporary table demo_clients on commit drop as
with made as (
	insert into public.clients (first_name, middle_name, last_name, email, address, source,
		user_id, created_at)
	select c.first_name, c.middle_name, c.last_name, c.email, c.address, c.source,
		c.user_id, now() - interval '95 days'
	from demo
	cross join lateral jsonb_to_recordset(demo.data -> 'clients') c (number int, first_name text,
		middle_name text, last_name text, email text, address text, source text, user_id uuid)
	order by c.number
	returning id, address
)
select id, address, row_number() over (order by id) as number from made;

insert into public.client_blacklist (client_id, reason)
select m.id, c.blacklist_reason
from demo
cross join lateral jsonb_to_recordset(demo.data -> 'clients') c (number int, blacklist_reason text)
join demo_clients m on m.number = c.number
where c.blacklist_reason is not null;

insert into public.client_phones (client_id, phone)
select m.id, phone
from demo
cross join lateral jsonb_to_recordset(demo.data -> 'clients') c (number int, phones jsonb)
join demo_clients m on m.number = c.number
cross join lateral jsonb_array_elements_text(c.phones) phone
on conflict (phone) do nothing;

alter table public.orders disable trigger user;

create temporary table demo_orders on commit drop as
select o.value as data, o.number, private.first_stage((o.value ->> 'stage')::public.stage_kind, l.id) as stage_id,
	l.id as location_id, c.id as client_id, c.address,
	now() - (o.value #>> '{events,0,ago}')::int * interval '1 minute' as taken_at,
	now() - (o.value #>> '{events,-1,ago}')::int * interval '1 minute' as entered_at
from demo
cross join lateral jsonb_array_elements(demo.data -> 'orders') with ordinality o (value, number)
join demo_locations l on l.number = (o.value ->> 'location')::int
join demo_clients c on c.number = (o.value ->> 'client')::int;

create temporary table demo_ids on commit drop as
with made as (
	insert into public.orders (version, type, stage_id, rank, location_id, client_id, master_id, address, problem,
		result, priority, promised_at, refusal_reason, stage_entered_at, closed_at, created_at, updated_at)
	select jsonb_array_length(o.data -> 'events'), (o.data ->> 'type')::public.order_type, o.stage_id,
		-- the newest of a column on top, in ranks that leave room on all sides
		'V' || lpad((row_number() over (partition by o.stage_id order by o.entered_at desc, o.number))::text, 4, '0') || 'V',
		o.location_id, o.client_id, (o.data ->> 'master')::uuid,
		case when (o.data ->> 'address')::boolean then o.address end,
		o.data ->> 'problem', o.data ->> 'result', (o.data ->> 'priority')::int,
		date_trunc('minute', now() + (o.data ->> 'promised_in')::int * interval '1 minute'),
		o.data ->> 'refusal_reason', o.entered_at,
		case when o.data ->> 'stage' in ('closed', 'refused') then o.entered_at end, o.taken_at, o.entered_at
	from demo_orders o
	order by o.number
	returning id
)
select id, row_number() over (order by id) as number from made;

alter table public.orders enable trigger user;
select private.rebuild_search_documents();

insert into public.order_events (order_id, version, kind, actor_id, from_values, to_values, reason, at)
select i.id, e.version, (e.value ->> 'kind')::public.order_event_kind, (e.value ->> 'actor')::uuid,
	case when e.value ->> 'from' is null then '{}' else
		jsonb_build_object('stage_id', private.first_stage((e.value ->> 'from')::public.stage_kind, o.location_id))
		|| case when e.value ->> 'master' is null then '{}' else '{"master_id": null}' end::jsonb
	end,
	jsonb_build_object('stage_id', private.first_stage((e.value ->> 'to')::public.stage_kind, o.location_id))
	|| case
		when e.value ->> 'from' is null then jsonb_build_object('location_id', o.location_id, 'master_id', null)
		when e.value ->> 'master' is null then '{}'
		else jsonb_build_object('master_id', e.value ->> 'master')
	end,
	e.value ->> 'reason', now() - (e.value ->> 'ago')::int * interval '1 minute'
from demo_orders o
join demo_ids i on i.number = o.number
cross join lateral jsonb_array_elements(o.data -> 'events') with ordinality e (value, version)
order by now() - (e.value ->> 'ago')::int * interval '1 minute', i.id, e.version;

-- masters are at work
insert into public.shifts (employee_id, location_id, started_at)
select e.id, e.location_id, now() - interval '2 hours' from public.employees e where e.role = 'master';
