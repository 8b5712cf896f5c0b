-- edit_order: several people edit one order; only the same field conflicts.

create function private.editable_fields(actor private.actor, editing public.orders)
returns text[]
language plpgsql stable
set search_path = ''
as $$
begin
	if 'orders.update' = any (actor.permissions) and coalesce(actor.location_id = editing.location_id, true) then
		return '{type,problem,address,priority,promised_at,result,client_id,asset_id,service_id,campaign_id,
			planned_at,planned_minutes,location_id}';
	end if;
	-- its master writes down what he did
	return '{result}';
end
$$;
comment on function private.editable_fields is 'Which fields of an order the actor may edit; he may act on it at all (private.lock_order).';

create function private.put_field(into_order public.orders, field text, value jsonb)
returns public.orders
language plpgsql stable
set search_path = ''
as $$
begin
	if jsonb_typeof(value) = 'string' and private.is_blank(value #>> '{}') then
		value := 'null';
	elsif jsonb_typeof(value) = 'string' then
		value := to_jsonb(btrim(value #>> '{}'));
	end if;
	if field in ('promised_at', 'planned_at') then
		value := to_jsonb(private.typed_field(jsonb_build_object(field, value), field, 'timestamptz'));
	elsif jsonb_typeof(value) not in ('string', 'number', 'null') then
		perform private.invalid(field);
	end if;
	return jsonb_populate_record(into_order, jsonb_build_object(field, value));
exception when data_exception or check_violation then
	perform private.invalid(field);
end
$$;
comment on function private.put_field is 'An order with one field from JSON; VK422 invalid_argument {field} if it does not fit.';

create function private.refuse_field_conflict(
	actor private.actor, current_order public.orders, seen public.orders, wanted public.orders, field text
)
returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
	now_ constant jsonb := to_jsonb(current_order) -> field;
	theirs record;
begin
	if now_ = to_jsonb(seen) -> field or now_ = to_jsonb(wanted) -> field then
		return;
	end if;
	select e.actor_id, e.at, m.full_name into theirs
	from public.order_events e left join public.employees m on m.id = e.actor_id
	where e.order_id = current_order.id and e.to_values ? field
	order by e.version desc, e.id desc limit 1;
	perform private.fail('VK409', 'field_changed', jsonb_build_object(
		'order_id', current_order.id, 'version', current_order.version, 'field', field, 'theirs', now_,
		'by', theirs.actor_id, 'by_name', theirs.full_name, 'at', theirs.at
	));
end
$$;
comment on function private.refuse_field_conflict is
	'VK409 field_changed {field, theirs, by, by_name, at} if the field is neither as the caller saw it nor as he wants it.';

create function private.write_edit(editing public.orders)
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	failed text;
begin
	update public.orders o set
		type = editing.type, problem = editing.problem, address = editing.address, priority = editing.priority,
		promised_at = editing.promised_at, result = editing.result, client_id = editing.client_id,
		asset_id = editing.asset_id, service_id = editing.service_id, campaign_id = editing.campaign_id,
		planned_at = editing.planned_at, planned_minutes = editing.planned_minutes,
		location_id = editing.location_id
	where o.id = editing.id;
exception
	when check_violation or not_null_violation then
		get stacked diagnostics failed = constraint_name;
		if failed = '' then
			get stacked diagnostics failed = column_name;
		end if;
		perform private.invalid(regexp_replace(failed, '^orders_(.*)_check$', '\1'));
	when foreign_key_violation then
		get stacked diagnostics failed = constraint_name;
		perform private.fail('VK404', substring(failed from '^orders_(.*)_id_fkey$') || '_not_found');
end
$$;
comment on function private.write_edit is
	'Writes all editable fields of an order. VK404 <noun>_not_found, VK422 invalid_argument {field}, and what the rules of orders refuse.';

create function private.edit_order(target bigint, changes jsonb, seen jsonb, mutation uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	editing public.orders;
	wanted public.orders;
	theirs public.orders;
	answer jsonb;
	field text;
begin
	if not actor.permissions && '{orders.update,orders.work}' then
		perform private.fail('VK403', 'not_allowed', '{"permission": "orders.update"}');
	end if;
	if target is null or mutation is null then
		perform private.invalid(case when target is null then 'order_id' else 'mutation_id' end);
	elsif jsonb_typeof(changes) is distinct from 'object' or jsonb_typeof(seen) is distinct from 'object' then
		perform private.invalid(case when jsonb_typeof(changes) = 'object' then 'seen' else 'changes' end);
	end if;
	answer := private.repeated_answer(mutation, actor.id, 'edit_order', target);
	if answer is not null then
		return answer;
	end if;
	editing := private.lock_order(actor, target, 'orders.update');
	wanted := editing;
	for field in select k from jsonb_object_keys(changes) k loop
		if not field = any (private.editable_fields(actor, editing)) then
			if field = any (array(select jsonb_object_keys(to_jsonb(editing)))) and not 'orders.update' = any (actor.permissions) then
				perform private.fail('VK403', 'not_allowed', '{"permission": "orders.update"}');
			end if;
			perform private.invalid(field);
		end if;
		if not seen ? field then
			perform private.invalid('seen');
		end if;
		wanted := private.put_field(wanted, field, changes -> field);
		theirs := private.put_field(editing, field, seen -> field);
		perform private.refuse_field_conflict(actor, editing, theirs, wanted, field);
	end loop;
	if wanted.client_id <> editing.client_id and not changes ? 'asset_id' then
		wanted.asset_id := null;
	end if;
	if wanted.location_id <> editing.location_id and actor.location_id is not null then
		perform private.fail('VK404', 'location_not_found', jsonb_build_object('location_id', wanted.location_id));
	end if;
	if wanted is distinct from editing then
		perform private.announce('edit_order', mutation, null);
		perform private.write_edit(wanted);
		perform private.announce(null, null, null);
	end if;
	return private.keep_answer(mutation, actor.id, 'edit_order', target);
end
$$;
comment on function private.edit_order is 'See public.edit_order().';

create function public.edit_order(order_id bigint, changes jsonb, seen jsonb, mutation_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
begin
	return private.edit_order(order_id, changes, seen, mutation_id);
end
$$;
comment on function public.edit_order is
	'Changes fields of an order: type, problem, address, priority, promised_at, result, client_id (drops the asset unless one is named), asset_id, service_id, campaign_id, planned_at, planned_minutes, location_id; its master only result. seen holds what the caller''s screen showed for each of them: other people''s changes of other fields are kept, of the same field refused. Returns the card. Errors: VK401, VK403 not_allowed, VK404 order_not_found and <noun>_not_found, VK409 field_changed {field, theirs, by, by_name, at}, mutation_reused, VK422 invalid_argument {field}, stage_of_other_location, wip_limit_reached, master_at_capacity.';

revoke execute on function private.editable_fields, private.put_field, private.refuse_field_conflict,
	private.write_edit, private.edit_order, public.edit_order from public, anon, authenticated;
grant execute on function private.edit_order, public.edit_order to authenticated;
