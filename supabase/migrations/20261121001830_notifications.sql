-- The outbox: messages written in the transaction that causes them, sent by workers afterwards. A
-- worker claims messages for a while, sends them and settles each; one that died loses its claim.

create type public.notification_channel as enum ('telegram', 'email', 'push', 'sms');
create type public.notification_status as enum ('pending', 'sent', 'failed', 'cancelled');

create table public.notifications (
	id bigint generated always as identity primary key,
	channel public.notification_channel not null,
	recipient jsonb not null check (jsonb_typeof(recipient) = 'object'),
	template text not null check (template ~ '^[a-z][a-z0-9_]{0,60}$'),
	payload jsonb not null default '{}' check (jsonb_typeof(payload) = 'object'),
	dedupe_key text not null unique default gen_random_uuid()::text
		check (dedupe_key ~ '\S' and char_length(dedupe_key) <= 200),
	status public.notification_status not null default 'pending',
	attempts int not null default 0,
	next_attempt_at timestamptz not null default now(),
	last_error text check (char_length(last_error) <= 1000),
	sent_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check ((status = 'sent') = (sent_at is not null))
);
comment on table public.notifications is
	'Messages to people: written with what causes them, sent by workers. One per dedupe_key, however often it is asked for.';
comment on column public.notifications.recipient is
	'Whom: {"user_id"}, {"email"}, {"chat_id"} or {"phone"}, and {"language"}.';
comment on column public.notifications.attempts is
	'How often a worker took it; settling names the attempt, so that a late worker changes nothing.';
comment on column public.notifications.next_attempt_at is 'Not before; while a worker has it, when its claim ends.';

create table public.push_subscriptions (
	id bigint generated always as identity primary key,
	user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
	-- a worker will post there: a public name, never an address inside our network
	endpoint text not null unique
		check (endpoint ~ '^https://([a-z0-9-]+\.)+[a-z]{2,}(:443)?/\S*$' and char_length(endpoint) <= 1000),
	p256dh text not null check (p256dh ~ '^[A-Za-z0-9_-]{80,100}=?$'),
	auth text not null check (auth ~ '^[A-Za-z0-9_-]{16,32}={0,2}$'),
	user_agent text check (char_length(user_agent) <= 300),
	failures int not null default 0,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.push_subscriptions is
	'Browsers that take push messages (RFC 8030). One endpoint is one browser, so it belongs to who used it last.';
comment on column public.push_subscriptions.failures is 'Refusals in a row; the worker removes dead ones.';

create index notifications_due_idx on public.notifications (next_attempt_at, id) where status = 'pending';
create index notifications_created_at_idx on public.notifications (created_at);
create index push_subscriptions_user_id_idx on public.push_subscriptions (user_id);

revoke all on public.notifications, public.push_subscriptions from public, anon, authenticated, service_role;
grant select on public.notifications to authenticated;
grant select, delete on public.push_subscriptions to authenticated;
grant select, update (failures), delete on public.push_subscriptions to service_role;

alter table public.notifications enable row level security;
alter table public.push_subscriptions enable row level security;

create policy "Those who may read notifications do" on public.notifications for select to authenticated
	using ((select private.can('notifications.read')));
create policy "People read their own browsers" on public.push_subscriptions for select to authenticated
	using (user_id = (select auth.uid()));
create policy "People remove their own browsers" on public.push_subscriptions for delete to authenticated
	using (user_id = (select auth.uid()));

create trigger notifications_touch before update on public.notifications
	for each row execute function private.touch();
create trigger push_subscriptions_touch before update on public.push_subscriptions
	for each row execute function private.touch();

create function private.notify(
	channel public.notification_channel, recipient jsonb, template text, payload jsonb default '{}',
	dedupe_key text default null, not_before timestamptz default now()
)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made bigint;
begin
	insert into public.notifications (channel, recipient, template, payload, dedupe_key, next_attempt_at)
	values (notify.channel, notify.recipient, notify.template, notify.payload,
		coalesce(notify.dedupe_key, gen_random_uuid()::text), coalesce(not_before, now()))
	on conflict on constraint notifications_dedupe_key_key do nothing
	returning id into made;
	return made;
end
$$;
comment on function private.notify is
	'Puts a message into the outbox; returns its id, or null if one of the same dedupe_key was there ever before.';

create function private.cancel_notification(dedupe_key text)
returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.notifications n set status = 'cancelled'
	where n.dedupe_key = cancel_notification.dedupe_key and n.status = 'pending';
	return found;
end
$$;
comment on function private.cancel_notification is 'Takes back a message that was not sent yet; whether there was one.';

create function private.claim_notifications(how_many int)
returns setof public.notifications
language plpgsql security definer
set search_path = ''
as $$
begin
	return query
		update public.notifications n set attempts = n.attempts + 1, next_attempt_at = now() + interval '2 minutes'
		where n.id in (
			select due.id from public.notifications due
			where due.status = 'pending' and due.next_attempt_at <= now()
			order by due.next_attempt_at, due.id
			limit least(greatest(how_many, 0), 500)
			for update skip locked
		)
		returning n.*;
end
$$;
comment on function private.claim_notifications is
	'Takes up to how_many (≤ 500) due messages for two minutes; workers at the same time never get the same one. Each must be settled with its attempts.';

create function private.settle_notification(notification_id bigint, attempt int, problem text, permanent boolean)
returns boolean
language plpgsql security definer
set search_path = ''
as $$
begin
	update public.notifications n set
		status = case
			when problem is null then 'sent'
			when permanent or attempt >= 8 then 'failed'
			else 'pending'
		end::public.notification_status,
		sent_at = case when problem is null then now() end,
		last_error = left(problem, 1000),
		-- 30 s, 1, 2, 4 … min, at most 6 h; up to a fifth more, so that failures do not return in step
		next_attempt_at = now()
			+ least(interval '30 seconds' * power(2, attempt - 1), interval '6 hours') * (1 + random() / 5)
	where n.id = notification_id and n.attempts = attempt and n.status = 'pending';
	return found;
end
$$;
comment on function private.settle_notification is
	'Ends a claim: problem null means sent; otherwise tried again later, or failed when permanent or after 8 attempts. False when the claim was lost to another worker.';

create function public.claim_notifications(how_many int default 50)
returns setof public.notifications
language plpgsql
set search_path = ''
as $$
begin
	return query select * from private.claim_notifications(how_many);
end
$$;
comment on function public.claim_notifications is 'For the worker only (service_role). See private.claim_notifications().';

create function public.settle_notification(
	notification_id bigint, attempt int, problem text default null, permanent boolean default false
)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
	return private.settle_notification(notification_id, attempt, problem, permanent);
end
$$;
comment on function public.settle_notification is 'For the worker only (service_role). See private.settle_notification().';

create function private.subscribe_to_push(endpoint text, p256dh text, auth_key text, user_agent text)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made bigint;
begin
	if auth.uid() is null then
		perform private.fail('VK401', 'not_signed_in');
	end if;
	begin
		insert into public.push_subscriptions as s (user_id, endpoint, p256dh, auth, user_agent)
		values (auth.uid(), subscribe_to_push.endpoint, subscribe_to_push.p256dh, auth_key, left(subscribe_to_push.user_agent, 300))
		on conflict on constraint push_subscriptions_endpoint_key do update
			set user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth,
				user_agent = excluded.user_agent, failures = 0
		returning id into made;
	exception when check_violation or not_null_violation then
		perform private.fail('VK422', 'invalid_argument', '{"field": "endpoint"}');
	end;
	delete from public.push_subscriptions s where s.id in (
		select mine.id from public.push_subscriptions mine where mine.user_id = auth.uid()
		order by mine.updated_at desc, mine.id desc offset 20
	);
	return made;
end
$$;
comment on function private.subscribe_to_push is 'See public.subscribe_to_push().';

create function public.subscribe_to_push(endpoint text, p256dh text, auth_key text, user_agent text default null)
returns bigint
language plpgsql
set search_path = ''
as $$
begin
	return private.subscribe_to_push(endpoint, p256dh, auth_key, user_agent);
end
$$;
comment on function public.subscribe_to_push is
	'Sends push messages of the signed-in user to this browser from now on (the values of PushSubscription.toJSON()); an endpoint known for another person is taken over, of more than 20 the oldest goes. Errors: VK401, VK422 invalid_argument.';

create function private.silence_the_dismissed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	delete from public.push_subscriptions s where s.user_id = new.id;
	return null;
end
$$;
comment on function private.silence_the_dismissed is 'Trigger: who no longer works here gets no push messages.';
create trigger employees_silence_the_dismissed after update of active on public.employees
	for each row when (old.active and not new.active) execute function private.silence_the_dismissed();

create function private.forget_notifications()
returns int
language plpgsql security definer
set search_path = ''
as $$
declare
	forgotten int;
begin
	delete from public.notifications n
	where n.created_at < now() - interval '90 days' and n.status <> 'pending';
	get diagnostics forgotten = row_count;
	return forgotten;
end
$$;
comment on function private.forget_notifications is 'Removes settled messages older than 90 days; returns how many.';
insert into private.scheduled_jobs (name, schedule, command, catch_up)
values ('forget_notifications', '41 3 * * *', 'select private.forget_notifications()', true);

revoke execute on function private.notify, private.cancel_notification, private.claim_notifications,
	private.settle_notification, public.claim_notifications, public.settle_notification, private.subscribe_to_push,
	public.subscribe_to_push, private.silence_the_dismissed, private.forget_notifications
	from public, anon, authenticated;
grant execute on function private.subscribe_to_push, public.subscribe_to_push to authenticated;
grant execute on function private.claim_notifications, private.settle_notification, public.claim_notifications,
	public.settle_notification to service_role;
