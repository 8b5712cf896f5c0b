-- A client's history as people tell it: calls, notes, messages, and the notes the system writes.

create type public.interaction_kind as enum ('call', 'note', 'message', 'automatic');

create table public.interactions (
	id bigint generated always as identity primary key,
	client_id bigint not null references public.clients (id),
	order_id bigint,
	lead_id bigint,
	contract_id bigint,
	kind public.interaction_kind not null default 'note',
	direction text check (direction in ('in', 'out')),
	body text check (body ~ '\S' and char_length(body) <= 4000),
	template_key text check (template_key ~ '^[a-z][a-z_]{0,59}$'),
	params jsonb not null default '{}' check (jsonb_typeof(params) = 'object' and pg_column_size(params) <= 32000),
	author_id uuid default auth.uid(),
	at timestamptz not null default now(),
	edited_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint interactions_said_or_templated check (
		case kind
			when 'automatic' then template_key is not null and body is null
			else template_key is null and params = '{}' and body is not null
		end
	),
	constraint interactions_directed check (direction is null or kind in ('call', 'message'))
);
comment on table public.interactions is 'What was said with and noted about a client, newest last.';
comment on column public.interactions.template_key is
	'Automatic notes only: the sentence''s name; each reader sees it in his own language, filled from params.';
comment on column public.interactions.author_id is
	'The user (auth.users); null for programs. No foreign key: history outlives accounts.';
comment on column public.interactions.order_id is 'The order it was about, if one; of the same client when written.';

create index interactions_client_id_at_idx on public.interactions (client_id, at desc, id desc);
create index interactions_order_id_idx on public.interactions (order_id);
create index interactions_lead_id_idx on public.interactions (lead_id);
create index interactions_contract_id_idx on public.interactions (contract_id);

revoke all on public.interactions from public, anon, authenticated, service_role;
grant select on public.interactions to authenticated;
grant insert (client_id, order_id, kind, direction, body), update (body) on public.interactions to authenticated;

alter table public.interactions enable row level security;

create policy "Those who read clients read what was said with them, notes of contracts if they read those"
	on public.interactions for select to authenticated
	using (
		(select private.can('clients.read'))
		-- they tell number, amount and dates
		and (template_key is null or template_key not like 'contract\_%' or (select private.can('contracts.read')))
	);
create policy "Those who may update clients write down calls, notes and messages"
	on public.interactions for insert to authenticated
	with check (
		kind <> 'automatic' and author_id = (select auth.uid()) and (select private.can('clients.update'))
	);
create policy "Authors correct what they wrote within a day"
	on public.interactions for update to authenticated
	using (
		kind <> 'automatic' and author_id = (select auth.uid()) and at > now() - interval '24 hours'
		and (select private.can('clients.update'))
	);

create function private.check_interaction()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if tg_op = 'INSERT' then
		if new.order_id is not null and not exists (
			select from public.orders o where o.id = new.order_id and o.client_id = new.client_id
		) then
			perform private.fail('VK422', 'invalid_argument', '{"field": "order_id"}');
		end if;
		return new;
	end if;
	if new.body is distinct from old.body then
		if old.kind = 'automatic' then
			raise exception 'automatic notes cannot be edited' using errcode = '42501';
		end if;
		new.edited_at := now();
	end if;
	return new;
end
$$;
comment on function private.check_interaction is
	'Trigger: the order belongs to the client (VK422 invalid_argument); automatic notes stay as they are (42501).';

create trigger interactions_check before insert or update on public.interactions
	for each row execute function private.check_interaction();
create trigger interactions_touch before update on public.interactions
	for each row execute function private.touch();

create function private.note_on_client(
	client bigint, template text, params jsonb default '{}',
	about_order bigint default null, about_lead bigint default null, about_contract bigint default null
)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	noted bigint;
begin
	insert into public.interactions (client_id, kind, template_key, params, order_id, lead_id, contract_id)
	values (client, 'automatic', template, coalesce(note_on_client.params, '{}'),
		about_order, about_lead, about_contract)
	returning id into noted;
	return noted;
end
$$;
comment on function private.note_on_client is
	'Writes an automatic note: a template''s key and what fills it. Returns its id. Author: whoever is signed in.';

-- the blacklist ----------------------------------------------------------------------------------

create function private.put_on_blacklist(client bigint, reason text)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	delete from public.client_blacklist b where b.client_id = client and put_on_blacklist.reason is null;
	insert into public.client_blacklist as b (client_id, reason)
	select client, put_on_blacklist.reason where put_on_blacklist.reason is not null
	on conflict (client_id) do update set reason = excluded.reason where b.reason <> excluded.reason;
end
$$;
comment on function private.put_on_blacklist is 'Puts a client on the blacklist for a reason; null takes him off.';

create function private.set_blacklist(target bigint, blacklisted boolean, reason text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	changed public.clients;
	earlier text;
	invalid text := case
		when target is null then 'client_id' when blacklisted is null then 'blacklisted'
		when blacklisted and (private.is_blank(reason) or char_length(reason) > 300) then 'reason'
	end;
begin
	if not 'clients.blacklist' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "clients.blacklist"}');
	end if;
	if invalid is not null then
		perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', invalid));
	end if;
	select * into changed from public.clients c where c.id = target and c.merged_into is null for no key update;
	if changed.id is null then
		perform private.fail('VK404', 'client_not_found', jsonb_build_object('client_id', target));
	end if;
	reason := case when set_blacklist.blacklisted then btrim(reason) end;
	select b.reason into earlier from public.client_blacklist b where b.client_id = target;
	if earlier is distinct from set_blacklist.reason then
		perform private.put_on_blacklist(target, set_blacklist.reason);
		perform private.note_on_client(target,
			case when blacklisted then 'client_blacklisted' else 'client_unblacklisted' end,
			jsonb_strip_nulls(jsonb_build_object('reason', reason)));
	end if;
	return (
		select jsonb_build_object('client_id', c.id, 'version', c.version,
			'blacklisted', c.blacklisted, 'blacklist_reason', set_blacklist.reason)
		from public.clients c where c.id = target
	);
end
$$;
comment on function private.set_blacklist is 'See public.set_blacklist().';

create function public.set_blacklist(client_id bigint, blacklisted boolean, reason text default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.set_blacklist(client_id, blacklisted, reason);
end
$$;
comment on function public.set_blacklist is
	'Puts a client on the blacklist, for a reason, or takes him off; writes an automatic note. Setting what is set already changes nothing. Returns {client_id, version, blacklisted, blacklist_reason}. Errors: VK401, VK403 not_allowed, VK404 client_not_found, VK422 invalid_argument.';

revoke execute on function private.check_interaction, private.note_on_client, private.put_on_blacklist,
	private.set_blacklist, public.set_blacklist from public, anon, authenticated;
grant execute on function private.set_blacklist, public.set_blacklist to authenticated;
