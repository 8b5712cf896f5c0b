-- Schema `realtime`: what migrations, policies and triggers find on a hosted project, with the same
-- names, signatures and semantics, plus the helpers of our own Realtime server (marked "ours").
-- Run as supabase_admin (superuser) at every start: repeatable, and it repairs what was changed.
-- Source: supabase-facts §1.7, §2.1-2.3. Timestamps have no zone, so the cluster runs in UTC.

create schema if not exists realtime;
alter schema realtime owner to supabase_realtime_admin;
grant usage on schema realtime to anon, authenticated, service_role, postgres;
grant anon, authenticated, service_role to supabase_realtime_admin with inherit false;

-- realtime.messages ---------------------------------------------------------------------------
-- A message to a topic. Rows are written by realtime.send() and read back from the WAL; clients
-- never select them. Policies on this table decide who may join a topic (select) and who may
-- send to it (insert).
create table if not exists realtime.messages (
	topic text not null,
	extension text not null,
	payload jsonb,
	event text,
	private boolean default false,
	updated_at timestamp without time zone not null default now(),
	inserted_at timestamp without time zone not null default now(),
	id uuid not null default gen_random_uuid(),
	binary_payload bytea,
	constraint messages_pkey primary key (id, inserted_at),
	constraint messages_payload_exclusive check (payload is null or binary_payload is null)
) partition by range (inserted_at);

create index if not exists messages_inserted_at_topic_index
	on realtime.messages (inserted_at desc, topic)
	where extension = 'broadcast' and private is true;

alter table realtime.messages owner to supabase_realtime_admin;
alter table realtime.messages enable row level security;
revoke all on realtime.messages from public, anon, authenticated, service_role;
grant select, insert, update on realtime.messages to anon, authenticated, service_role;
-- definer triggers of the application are owned by postgres and send through realtime.send();
-- inserts go through the root, so this covers every future partition
grant all on realtime.messages to postgres;

comment on table realtime.messages is
	'Broadcast messages by topic, one partition a day, kept 72 hours. Policies here admit to topics.';

-- Ours. Makes the partitions for yesterday … today + 3 days, drops those older than 72 hours.
-- Safe to run at any time: a partition is built aside and attached, which does not block senders.
create or replace function realtime.ensure_message_partitions() returns void
language plpgsql set search_path = '' as $$
declare
	today date := (now() at time zone 'utc')::date;
	partition_day date;
	partition_name text;
	old_partition text;
begin
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('realtime.messages partitions'));
	for partition_day in
		select day::date
		from pg_catalog.generate_series(today - 1, today + 3, interval '1 day') as day
	loop
		partition_name := 'messages_' || to_char(partition_day, 'YYYY_MM_DD');
		if pg_catalog.to_regclass('realtime.' || partition_name) is null then
			execute format(
				'create table realtime.%I (like realtime.messages including defaults including constraints)',
				partition_name
			);
			execute format('alter table realtime.%I owner to supabase_realtime_admin', partition_name);
			execute format('alter table realtime.%I enable row level security', partition_name);
		end if;
		if not exists (
			select from pg_catalog.pg_inherits
			where inhrelid = pg_catalog.to_regclass('realtime.' || partition_name)
				and inhparent = 'realtime.messages'::regclass
		) then
			execute format(
				'alter table realtime.messages attach partition realtime.%I for values from (%L) to (%L)',
				partition_name, partition_day, partition_day + 1
			);
		end if;
	end loop;

	for old_partition in
		select child.relname
		from pg_catalog.pg_inherits
		join pg_catalog.pg_class child on child.oid = inhrelid
		where inhparent = 'realtime.messages'::regclass
			and child.relname ~ '^messages_\d{4}_\d{2}_\d{2}$'
			and to_date(substr(child.relname, 10), 'YYYY_MM_DD') + 1
				<= (now() at time zone 'utc') - interval '72 hours'
	loop
		execute format('drop table realtime.%I', old_partition);
	end loop;
end
$$;
alter function realtime.ensure_message_partitions() owner to supabase_realtime_admin;
revoke all on function realtime.ensure_message_partitions() from public;
select realtime.ensure_message_partitions();

-- Sending -------------------------------------------------------------------------------------

-- The topic being joined or sent to, as policies on realtime.messages read it; null elsewhere.
create or replace function realtime.topic() returns text
language sql stable set search_path = '' as $$
	select nullif(current_setting('realtime.topic', true), '')
$$;

-- Sends a message to everybody who joined the topic, when the transaction commits.
-- The payload gets an "id" unless it has one. With private = true only members of the private
-- channel of that name receive it. Runs as the caller: row-level security applies to the insert.
-- Never raises: a failure becomes a warning, so that a message cannot undo the business change.
create or replace function realtime.send(
	payload jsonb, event text, topic text, private boolean default true
) returns void
language plpgsql set search_path = '' as $$
declare
	message_id uuid := gen_random_uuid();
	body jsonb := payload;
begin
	if pg_catalog.jsonb_typeof(body) = 'object' and not body ? 'id' then
		body := body || pg_catalog.jsonb_build_object('id', message_id);
	end if;
	perform pg_catalog.set_config('realtime.topic', topic, true);
	insert into realtime.messages (id, topic, event, payload, private, extension)
	values (message_id, send.topic, send.event, body, send.private, 'broadcast');
exception when others then
	raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- As realtime.send(), for bytes.
create or replace function realtime.send_binary(
	payload bytea, event text, topic text, private boolean default true
) returns void
language plpgsql set search_path = '' as $$
begin
	perform pg_catalog.set_config('realtime.topic', topic, true);
	insert into realtime.messages (topic, event, binary_payload, private, extension)
	values (send_binary.topic, send_binary.event, send_binary.payload, send_binary.private, 'broadcast');
exception when others then
	raise warning 'WarnSendingBroadcastMessage: %', sqlerrm;
end
$$;

-- For row triggers: sends {operation, schema, table, record, old_record} to a private topic.
-- Both rows go out whole: everybody admitted to the topic sees every column.
create or replace function realtime.broadcast_changes(
	topic_name text, event_name text, operation text, table_name text, table_schema text,
	new record, old record, level text default 'ROW'
) returns void
language plpgsql set search_path = '' as $$
begin
	if level = 'STATEMENT' then
		raise exception 'function can only be triggered for each row, not for each statement';
	end if;
	perform realtime.send(
		pg_catalog.jsonb_build_object(
			'schema', table_schema, 'table', table_name, 'operation', operation,
			'record', new, 'old_record', old
		),
		event_name, topic_name
	);
exception when others then
	raise exception 'Failed to process the row: %', sqlerrm;
end
$$;

-- Access --------------------------------------------------------------------------------------

-- Ours. Asks the policies on realtime.messages whether a caller may read or write a topic.
--   caller: {"role", "claims" (whole token), "headers"}; extensions: of 'broadcast', 'presence'
-- Returns the extensions that are allowed. A policy that raises allows nothing. Whatever happens
-- inside is rolled back: the probe rows are never stored, never replicated.
-- Errors: statement timeout (57014), no partition for today (23514).
create or replace function realtime.check_access(
	action text, topic text, caller jsonb, extensions text[]
) returns text[]
language plpgsql set search_path = '' as $$
declare
	extension_name text;
	probe uuid;
	probes uuid[] := '{}';
	allowed text[] := '{}';
	as_admin boolean := true;
begin
	-- a token for any other role (postgres, supabase_admin) is nobody's business here
	if not exists (
		select from pg_catalog.pg_roles
		where rolname = caller ->> 'role'
			and pg_catalog.pg_has_role('authenticator', oid, 'member') and not rolsuper
	) then
		return allowed;
	end if;
	begin
		if action = 'read' then
			foreach extension_name in array extensions loop
				insert into realtime.messages (topic, extension)
				values (check_access.topic, extension_name) returning id into probe;
				probes := probes || probe;
			end loop;
		end if;
		as_admin := false;
		perform
			-- policies see hosted's search path, not this function's empty one
			pg_catalog.set_config('search_path', '"$user", public, extensions', true),
			pg_catalog.set_config('realtime.topic', topic, true),
			pg_catalog.set_config('request.jwt.claims', caller ->> 'claims', true),
			pg_catalog.set_config('request.jwt.claim.sub', coalesce(caller #>> '{claims,sub}', ''), true),
			pg_catalog.set_config('request.jwt.claim.role', caller ->> 'role', true),
			pg_catalog.set_config('request.headers', coalesce(caller ->> 'headers', '{}'), true),
			pg_catalog.set_config('role', caller ->> 'role', true);
		if action = 'read' then
			-- row by row, so that reading one extension does not hang on a policy about the other
			for i in 1 .. pg_catalog.cardinality(probes) loop
				if exists (
					select from realtime.messages where id = probes[i] and inserted_at = localtimestamp
				) then
					allowed := allowed || extensions[i];
				end if;
			end loop;
		else
			foreach extension_name in array extensions loop
				begin
					insert into realtime.messages (topic, extension)
					values (check_access.topic, extension_name);
					allowed := allowed || extension_name;
				exception when others then null; -- refused
				end;
			end loop;
		end if;
		raise exception using errcode = 'RT000'; -- roll everything back, keep `allowed`
	exception
		when sqlstate 'RT000' then return allowed;
		when others then
			if as_admin then raise; end if;
			return '{}';
	end;
end
$$;
revoke all on function realtime.check_access(text, text, jsonb, text[]) from public;
alter function realtime.check_access(text, text, jsonb, text[]) owner to supabase_realtime_admin;

-- Publications --------------------------------------------------------------------------------
-- supabase_realtime: tables whose changes clients may subscribe to (migrations add them).
-- supabase_realtime_messages_publication: what the Realtime server reads; partitions appear as
-- their root, so that tomorrow's partition needs no change.
do $$
begin
	if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime') then
		create publication supabase_realtime;
	end if;
	if not exists (
		select from pg_catalog.pg_publication where pubname = 'supabase_realtime_messages_publication'
	) then
		create publication supabase_realtime_messages_publication for table realtime.messages;
	end if;
end
$$;
alter publication supabase_realtime owner to postgres;
alter publication supabase_realtime_messages_publication owner to supabase_admin;
alter publication supabase_realtime_messages_publication set table realtime.messages;
alter publication supabase_realtime_messages_publication
	set (publish = 'insert', publish_via_partition_root = true);

alter function realtime.topic() owner to supabase_realtime_admin;
alter function realtime.send(jsonb, text, text, boolean) owner to supabase_realtime_admin;
alter function realtime.send_binary(bytea, text, text, boolean) owner to supabase_realtime_admin;
alter function realtime.broadcast_changes(text, text, text, text, text, record, record, text)
	owner to supabase_realtime_admin;
