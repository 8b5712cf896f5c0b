-- The company itself: sign-ins, settings, places, staff, catalogue, campaigns. These tables keep their
-- triggers; history of clients and orders (next files) is written as it would have been made.
--
-- Reads the temporary table demo (name, rows), see demo.ts. Every file maps the generator's numbers
-- to ids with nextval() first, so that later files can refer to them.

-- sign-ins, as Auth writes them after an e-mail was confirmed; one hash for all, hashing is slow
insert into auth.users (id, aud, role, email, encrypted_password, email_confirmed_at,
	raw_app_meta_data, raw_user_meta_data, created_at, updated_at)
select p.id, 'authenticated', 'authenticated', p.email,
	case when p.account then hash.value end, now(),
	'{"provider": "email", "providers": ["email"]}',
	jsonb_build_object('sub', p.id, 'email', p.email, 'email_verified', true, 'phone_verified', false),
	now(), now()
from demo
cross join lateral jsonb_to_recordset(demo.rows) p (id uuid, email text, account boolean)
cross join (select extensions.crypt(current_setting('verstak.demo_password'), extensions.gen_salt('bf', 10)) as value) hash
where demo.name = 'people';

insert into auth.identities (id, provider, provider_id, user_id, identity_data, last_sign_in_at, created_at, updated_at)
select gen_random_uuid(), 'email', p.id, p.id,
	jsonb_build_object('sub', p.id, 'email', p.email, 'email_verified', true, 'phone_verified', false),
	null, now(), now()
from demo cross join lateral jsonb_to_recordset(demo.rows) p (id uuid, email text)
where demo.name = 'people';

update public.settings set company_name = 'Мастерская «Верстак»', details = 'ФОП Левченко І. В., Київ',
	currency = 'UAH', language = 'ru', time_zone = 'Europe/Kyiv', public_phone = '+380442900001',
	public_email = 'hello@demo.verstak.test', public_address = 'Киев, ул. Верхний Вал, 24',
	opening_hours = '{"en": "Mon–Sat 9:00–19:00", "ru": "Пн–Сб 9:00–19:00", "uk": "Пн–Сб 9:00–19:00"}';

create temporary table demo_locations on commit drop as
select l.*, nextval(pg_get_serial_sequence('public.locations', 'id')) as id
from demo cross join lateral jsonb_to_recordset(demo.rows) l (number int, name text, address text, phone text)
where demo.name = 'locations' order by l.number;

insert into public.locations (id, name, address, phone) overriding system value
select l.id, l.name, l.address, l.phone from demo_locations l;

insert into public.employees (id, full_name, role, location_id, capacity, phone)
select p.id, p.full_name, p.role::public.employee_role, l.id, p.capacity, p.phone
from demo
cross join lateral jsonb_to_recordset(demo.rows)
	p (id uuid, full_name text, role text, location int, capacity int, phone text)
left join demo_locations l on l.number = p.location
where demo.name = 'people' and p.role <> 'client';

create temporary table demo_services on commit drop as
select s.*, nextval(pg_get_serial_sequence('public.services', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows)
	s (number int, name jsonb, price numeric, norm_minutes int, order_type text, location int)
where demo.name = 'services' order by s.number;

insert into public.services (id, name, price, norm_minutes, order_type, location_id, public, position)
	overriding system value
select s.id, s.name, s.price, s.norm_minutes, s.order_type::public.order_type, l.id, true, s.number
from demo_services s left join demo_locations l on l.number = s.location;

insert into public.employee_skills (employee_id, service_id)
select k.employee_id, s.id
from demo
cross join lateral jsonb_to_recordset(demo.rows) k (employee_id uuid, service int)
join demo_services s on s.number = k.service
where demo.name = 'skills';

insert into public.promotions (title, service_id, starts_on, ends_on, public)
select p.title, s.id, p.starts_on, p.ends_on, true
from demo
cross join lateral jsonb_to_recordset(demo.rows) p (title jsonb, service int, starts_on date, ends_on date)
join demo_services s on s.number = p.service
where demo.name = 'promotions';

create temporary table demo_campaigns on commit drop as
select c.*, nextval(pg_get_serial_sequence('public.campaigns', 'id')) as id
from demo
cross join lateral jsonb_to_recordset(demo.rows)
	c (number int, name text, channel text, service int, location int, budget numeric, starts_on date, ends_on date)
where demo.name = 'campaigns' order by c.number;

insert into public.campaigns (id, name, channel, service_id, location_id, budget, starts_on, ends_on, created_at)
	overriding system value
select c.id, c.name, c.channel, s.id, l.id, c.budget, c.starts_on, c.ends_on, c.starts_on
from demo_campaigns c
left join demo_services s on s.number = c.service
left join demo_locations l on l.number = c.location;

-- four hundred days of spend would be told to four hundred open charts
alter table public.campaign_spend disable trigger user;
insert into public.campaign_spend (campaign_id, day, amount)
select c.id, s.day, s.amount
from demo
cross join lateral jsonb_to_recordset(demo.rows) s (campaign int, day date, amount numeric)
join demo_campaigns c on c.number = s.campaign
where demo.name = 'spend';
alter table public.campaign_spend enable trigger user;
