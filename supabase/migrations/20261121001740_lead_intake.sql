-- The door through which other programs send leads, called by the edge function lead-intake alone.
-- It answers refusals as values instead of raising them: an error would take the count of the
-- attempt back with it, and nobody would ever reach a limit.

create table private.intake_attempts (
	who bytea not null,
	minute timestamptz not null,
	attempts int not null default 1,
	primary key (who, minute)
);
comment on table private.intake_attempts is
	'Attempts at the intake by minute. who is a hash of a token or of an address, so that no address is kept.';
create index intake_attempts_minute_idx on private.intake_attempts (minute);
revoke all on private.intake_attempts from public, anon, authenticated, service_role;

create function private.count_attempt(kind text, who text, most int)
returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
	counted int;
begin
	insert into private.intake_attempts as a (who, minute)
	values (sha256(convert_to(kind || ':' || count_attempt.who, 'UTF8')), date_trunc('minute', clock_timestamp()))
	on conflict on constraint intake_attempts_pkey do update set attempts = a.attempts + 1
	returning a.attempts into counted;
	return counted <= most;
end
$$;
comment on function private.count_attempt is 'Counts an attempt; whether it is among the first `most` of its minute.';

create function private.forget_intake_attempts()
returns bigint
language sql security definer
set search_path = ''
as $$
	with gone as (delete from private.intake_attempts where minute < now() - interval '5 minutes' returning 1)
	select count(*) from gone
$$;
comment on function private.forget_intake_attempts is 'For the scheduler: drops counts of past minutes; returns how many.';

insert into private.scheduled_jobs (name, schedule, command)
values ('forget_intake_attempts', '*/5 * * * *', 'select private.forget_intake_attempts()');

create function private.network_of(address text)
returns text
language plpgsql immutable
set search_path = ''
as $$
declare
	parsed inet;
begin
	parsed := coalesce(address, 'unknown')::inet;
	-- one household holds a whole /64 of IPv6
	return case family(parsed) when 6 then network(set_masklen(parsed, 64))::text else host(parsed) end;
exception when data_exception then
	return 'unknown';
end
$$;
comment on function private.network_of is 'Whom an address stands for when attempts are counted: itself, or its /64 of IPv6.';

create function private.refusal(code text, key text, details jsonb default '{}')
returns jsonb
language sql immutable
set search_path = ''
as $$
	select jsonb_build_object('ok', false, 'code', code, 'message', key, 'details', details)
$$;
comment on function private.refusal is 'A domain error as a value: {ok: false, code, message, details}, as private.fail() would raise it.';

create function private.join_lead(target bigint, fields jsonb)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	known public.leads;
begin
	update public.leads l set submissions = l.submissions + 1, last_submitted_at = now(),
		middle_name = coalesce(l.middle_name, fields ->> 'middle_name'),
		last_name = coalesce(l.last_name, fields ->> 'last_name'),
		phone = coalesce(l.phone, fields ->> 'phone'),
		email = coalesce(l.email, fields ->> 'email'),
		message = coalesce(l.message, fields ->> 'message'),
		service_id = coalesce(l.service_id, (fields ->> 'service_id')::bigint)
	where l.id = target returning * into known;
	-- other words than before must not be lost
	if fields ->> 'message' <> known.message and not exists (
		select from public.lead_notes n where n.lead_id = target and n.body = fields ->> 'message'
	) then
		insert into public.lead_notes (lead_id, kind, direction, body, author_id)
		values (target, 'message', 'in', fields ->> 'message', null);
	end if;
end
$$;
comment on function private.join_lead is 'A repeated submission: counted, and what it adds is kept.';

create function private.earlier_submission(fields jsonb, token_id bigint)
returns bigint
language plpgsql stable security definer
set search_path = ''
-- a plan made while the table was empty would scan it from end to end when it has grown
set enable_seqscan = off
as $$
declare
	since constant timestamptz := now() - make_interval(mins => (select s.lead_window_minutes from public.settings s));
	same bigint := (
		select l.id from public.leads l
		where l.api_token_id = token_id and l.idempotency_key = fields ->> 'idempotency_key'
	);
begin
	return coalesce(same, (
		select l.id from private.leads_reached_by(fields ->> 'phone',
			case when fields ->> 'phone' is null then fields ->> 'email' end) l
		where l.campaign_id is not distinct from (fields ->> 'campaign_id')::bigint
			and l.last_submitted_at > since and l.status <> 'rejected'
		order by l.id desc limit 1
	));
end
$$;
comment on function private.earlier_submission is
	'The lead a submission repeats: that of the token''s idempotency key, else of the same phone (or e-mail without a phone) and campaign within settings.lead_window_minutes; null if new.';

create function private.take_lead(fields jsonb, token_id bigint)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	target bigint;
	created boolean := false;
begin
	-- one at a time per token's key and per person, or twenty at once would all be the first
	perform pg_advisory_xact_lock(hashtextextended(k.name, 0))
	from (values (0, 'lead-key:' || token_id || ':' || (fields ->> 'idempotency_key')),
		(1, 'lead:' || coalesce(fields ->> 'phone', lower(fields ->> 'email')))) k (turn, name)
	where k.name is not null order by k.turn;
	target := private.earlier_submission(fields, token_id);
	if target is null then
		target := private.insert_lead(fields, token_id);
		created := true;
	else
		perform private.join_lead(target, fields);
	end if;
	-- what was sent comes back, not what was known: a token must not read other sources' leads
	return (
		select jsonb_build_object('ok', true, 'created', created, 'lead', jsonb_build_object(
			'id', l.id, 'first_name', fields -> 'first_name', 'last_name', fields -> 'last_name',
			'middle_name', fields -> 'middle_name', 'phone_number', fields -> 'phone', 'email', fields -> 'email',
			'advertising_company', fields -> 'campaign_id', 'message', fields -> 'message', 'submissions', l.submissions,
			'created_at', l.created_at
		)) from public.leads l where l.id = target
	);
end
$$;
comment on function private.take_lead is 'Keeps a checked submission as a new lead or joins it to the one it repeats.';

create function private.intake_lead(token text, payload jsonb, ip text, demanded text[])
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	network constant text := private.network_of(ip);
	used public.api_tokens;
	given record;
begin
	if not private.count_attempt('address', network, 60) then
		return private.refusal('VK429', 'too_many_requests', '{"limit": "address", "retry_after": 60}');
	end if;
	select * into used from public.api_tokens t where t.hash = private.token_hash(token);
	if used.id is null or used.revoked_at is not null or used.expires_at <= now() then
		return private.refusal('VK401', 'token_invalid');
	end if;
	if not private.count_attempt('token', used.id::text, 300) then
		return private.refusal('VK429', 'too_many_requests', '{"limit": "token", "retry_after": 60}');
	end if;
	update public.api_tokens t set last_used_at = date_trunc('minute', now())
	where t.id = used.id and t.last_used_at is distinct from date_trunc('minute', now());
	if not 'leads.create' = any (used.scopes) then
		return private.refusal('VK403', 'token_scope', '{"scope": "leads.create"}');
	end if;
	given := private.read_lead(payload, coalesce(demanded, '{first_name}'), used.campaign_id);
	if given.errors <> '{}' then
		return private.refusal('VK422', 'invalid_fields', jsonb_build_object('fields', given.errors, 'limits', given.limits));
	end if;
	return private.take_lead(
		given.fields || case when used.source is not null then jsonb_build_object('source', used.source) else '{}' end,
		used.id
	);
end
$$;
comment on function private.intake_lead is 'See public.intake_lead().';

create function public.intake_lead(token text, payload jsonb, ip text, demanded text[] default '{first_name}')
returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.intake_lead(token, payload, ip, demanded);
end
$$;
comment on function public.intake_lead is
	'Takes a lead from another program; for service_role only. payload as private.read_lead() reads it, phones as E.164; demanded: fields this door insists on. Answers {ok: true, created, lead} or {ok: false, code, message, details}: VK401 token_invalid, VK403 token_scope, VK422 invalid_fields {fields: {field: [keys]}, limits}, VK429 too_many_requests {retry_after: seconds}; 60 a minute per address, 300 per token. Repeats are joined.';

create function private.intake_country()
returns text
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return (select s.phone_country from public.settings s);
end
$$;
comment on function private.intake_country is 'See public.intake_country().';

create function public.intake_country()
returns text
language plpgsql stable set search_path = ''
as $$
begin
	return private.intake_country();
end
$$;
comment on function public.intake_country is 'The country (ISO 3166) whose phones may come without +; for service_role only.';

revoke execute on function private.count_attempt, private.forget_intake_attempts, private.network_of, private.refusal,
	private.join_lead, private.earlier_submission, private.take_lead, private.intake_lead, public.intake_lead,
	private.intake_country, public.intake_country from public, anon, authenticated;
grant execute on function private.intake_lead, public.intake_lead, private.intake_country, public.intake_country
	to service_role;
