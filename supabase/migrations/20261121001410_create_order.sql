-- create_order: a call comes in, and one transaction makes of it a client (found by phone or new), an
-- asset, an order in its column, its lines and, if wanted, its assignment.

alter table public.interactions
	add constraint interactions_order_id_fkey foreign key (order_id) references public.orders (id);
create index if not exists interactions_order_id_idx on public.interactions (order_id);

create function private.count_comments()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	lost constant bigint := case when tg_op <> 'INSERT' and old.kind <> 'automatic' then old.order_id end;
	gained constant bigint := case when tg_op <> 'DELETE' and new.kind <> 'automatic' then new.order_id end;
begin
	if lost is distinct from gained then
		update public.orders set comment_count = comment_count + case when id = gained then 1 else -1 end
		where id in (lost, gained);
	end if;
	return null;
end
$$;
comment on function private.count_comments is 'Trigger: keeps orders.comment_count.';
create trigger interactions_count_comments after insert or delete or update of order_id, kind on public.interactions
	for each row execute function private.count_comments();

create function private.intake_warnings(client_id bigint, created boolean, order_id bigint)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
	client public.clients;
	others bigint[];
	skilled boolean;
begin
	select * into client from public.clients c where c.id = intake_warnings.client_id;
	others := array(
		select o.id from public.orders o join public.stages s on s.id = o.stage_id
		where o.client_id = client.id and o.id <> intake_warnings.order_id and s.kind not in ('closed', 'refused')
		order by o.id desc limit 10
	);
	select exists (select from public.employee_skills k where k.employee_id = o.master_id and k.service_id = o.service_id)
	into skilled from public.orders o
	where o.id = intake_warnings.order_id and o.master_id is not null and o.service_id is not null;
	return (
		select coalesce(jsonb_agg(w.warning), '[]') from (values
			(client.blacklisted, jsonb_build_object('key', 'client_blacklisted',
				'params', jsonb_build_object('reason',
					(select b.reason from public.client_blacklist b where b.client_id = client.id)))),
			(cardinality(others) > 0, jsonb_build_object('key', 'client_has_open_orders',
				'params', jsonb_build_object('order_ids', to_jsonb(others)))),
			(not skilled, '{"key": "master_lacks_skill", "params": {}}')
		) w (applies, warning) where w.applies
	);
end
$$;
comment on function private.intake_warnings is
	'What the one who took an order should know: [{key, params}] of client_blacklisted, client_has_open_orders, master_lacks_skill.';

create function private.allow_blacklisted(actor private.actor, payload jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
	ignored text;
	overrides boolean := private.typed_field(payload, 'override_blacklist', 'boolean')::boolean;
begin
	ignored := set_config('verstak.blacklist', case
		when overrides and 'clients.override_blacklist' = any (actor.permissions) then 'overridden' else ''
	end, true);
end
$$;
comment on function private.allow_blacklisted is
	'Tells the order''s trigger that this caller may, and wants to, take an order of a blacklisted client.';

create function private.insert_order(payload jsonb, place bigint, client bigint)
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	made public.orders;
	failed text;
begin
	made.service_id := private.typed_field(payload, 'service_id', 'bigint')::bigint;
	made.master_id := private.typed_field(payload, 'master_id', 'uuid')::uuid;
	made.stage_id := private.first_stage(
		case when made.master_id is null then 'unassigned' else 'assigned' end::public.stage_kind, place);
	made.asset_id := private.intake_asset(payload, client);
	made.type := coalesce(private.typed_field(payload, 'type', 'public.order_type')::public.order_type,
		(select s.order_type from public.services s where s.id = made.service_id), 'repair');
	for attempt in 1 .. 6 loop
		begin
			insert into public.orders (location_id, client_id, asset_id, service_id, campaign_id, lead_id, type,
				stage_id, master_id, problem, address, priority, promised_at, planned_at, planned_minutes)
			values (
				place, client, made.asset_id, made.service_id,
				private.typed_field(payload, 'campaign_id', 'bigint')::bigint,
				private.typed_field(payload, 'lead_id', 'bigint')::bigint, made.type, made.stage_id, made.master_id,
				private.text_field(payload, 'problem', 2000, true), private.text_field(payload, 'address', 300),
				coalesce(private.typed_field(payload, 'priority', 'int')::int, 0),
				private.typed_field(payload, 'promised_at', 'timestamptz')::timestamptz,
				private.typed_field(payload, 'planned_at', 'timestamptz')::timestamptz,
				private.typed_field(payload, 'planned_minutes', 'int')::int
			) returning id into made.id;
			return made.id;
		exception
			when unique_violation then
				-- somebody else took the same place on top of the column: draw again
				if attempt > 5 then
					raise;
				end if;
			when check_violation then
				get stacked diagnostics failed = constraint_name;
				perform private.invalid(substring(failed from '^orders_(.*)_check$'));
			when foreign_key_violation then
				get stacked diagnostics failed = constraint_name;
				perform private.fail('VK404', substring(failed from '^orders_(.*)_id_fkey$') || '_not_found');
		end;
	end loop;
end
$$;
comment on function private.insert_order is
	'Writes a new order on top of its column. VK404 service_not_found, campaign_not_found, lead_not_found, VK422 invalid_argument, and what the rules of orders refuse.';

create function private.create_order(payload jsonb, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	answer jsonb;
	place bigint;
	client record;
	made bigint;
begin
	if not 'orders.create' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.create"}');
	end if;
	if payload ->> 'master_id' is not null and not 'orders.assign' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.assign"}');
	end if;
	if mutation is null then
		perform private.invalid('mutation_id');
	end if;
	perform private.only_fields(payload, '{phone,first_name,middle_name,last_name,email,client_id,asset_id,asset,
		type,service_id,problem,address,priority,promised_at,planned_at,planned_minutes,location_id,campaign_id,
		lead_id,source,lines,master_id,override_blacklist}', 'payload');
	answer := private.repeated_answer(mutation, actor.id, 'create_order', null);
	if answer is not null then
		return answer;
	end if;
	place := private.intake_place(actor, payload);
	select * into client from private.intake_client(actor, payload);
	perform private.announce('create_order', mutation, null);
	perform private.allow_blacklisted(actor, payload);
	made := private.insert_order(payload, place, client.id);
	perform private.allow_blacklisted(actor, '{}');
	perform private.intake_lines(payload, made);
	perform private.announce(null, null, null);
	return private.keep_answer(mutation, actor.id, 'create_order', made, jsonb_build_object(
		'order_id', made, 'client_id', (select o.client_id from public.orders o where o.id = made),
		'client_created', client.created, 'warnings', private.intake_warnings(client.id, client.created, made)
	));
end
$$;
comment on function private.create_order is 'See public.create_order().';

create function public.create_order(payload jsonb, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.create_order(payload, mutation_id);
end
$$;
comment on function public.create_order is
	'Takes an order. payload: phone (E.164) and names, or client_id; asset_id or asset {kind, brand, model, serial, description}; type, service_id, problem, address, priority, promised_at, planned_at, planned_minutes, location_id, campaign_id, lead_id, source, lines [{kind, title, quantity, unit_price, service_id}], master_id, override_blacklist. Returns {order_id, client_id, client_created, card, warnings [{key, params}]}; the same mutation_id again: the same answer. Errors: VK401, VK403 not_allowed, VK404 client_not_found, asset_not_found, service_not_found, campaign_not_found, lead_not_found, location_not_found, master_not_found, VK409 phone_of_other_client, mutation_reused, VK422 invalid_argument {field}, client_blacklisted {client_id, reason}, master_at_capacity, master_inactive, wip_limit_reached.';

revoke execute on function private.count_comments, private.intake_warnings, private.allow_blacklisted,
	private.insert_order, private.create_order, public.create_order from public, anon, authenticated;
grant execute on function private.create_order, public.create_order to authenticated;
