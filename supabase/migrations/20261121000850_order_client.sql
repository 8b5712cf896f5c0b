-- Whose an order is: clients that were merged or blacklisted, and their own assets. For every writer.

create function private.check_order_client()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	client record;
begin
	loop
		-- waits for a merge of this client to end
		select c.merged_into, c.blacklisted into client
		from public.clients c where c.id = new.client_id for key share;
		exit when client.merged_into is null;
		new.client_id := client.merged_into;
	end loop;
	if client.blacklisted and tg_op = 'INSERT' and auth.uid() is not null
		and current_setting('verstak.blacklist', true) is distinct from 'overridden'
		and (select s.blacklist_policy from public.settings s) is distinct from 'warn' then
		perform private.fail('VK422', 'client_blacklisted',
			jsonb_build_object('client_id', new.client_id,
				'reason', (select b.reason from public.client_blacklist b where b.client_id = new.client_id)));
	end if;
	return new;
end
$$;
comment on function private.check_order_client is
	'Trigger: an order of a merged client goes to the one that was kept; nobody signed in makes an order for a blacklisted client unless create_order allowed it (VK422 client_blacklisted). Consoles may: they load history.';

create trigger orders_check_client before insert or update of client_id on public.orders
	for each row execute function private.check_order_client();

create function private.check_order_asset()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if not exists (
		select from public.assets a where a.id = new.asset_id and a.client_id = new.client_id
	) then
		perform private.fail('VK404', 'asset_not_found', jsonb_build_object('asset_id', new.asset_id));
	end if;
	return new;
end
$$;
comment on function private.check_order_asset is
	'Trigger: the asset belongs to the order''s client (VK404 asset_not_found). Only when the asset changes: a merge moves client and asset one after the other.';

-- after orders_check_client, which may change the client: triggers run in the order of their names
create trigger orders_check_the_asset before insert or update of asset_id on public.orders
	for each row when (new.asset_id is not null) execute function private.check_order_asset();

revoke execute on function private.check_order_client, private.check_order_asset
	from public, anon, authenticated;
