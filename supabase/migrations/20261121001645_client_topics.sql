-- Live topics of clients. They carry no epoch: `track:<tracking token>` opens to whoever holds the
-- link, `client:<user id>` to the registered client alone. Staff topics are in 0900.

create function private.may_hear_as_client(topic text)
returns boolean
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return case split_part(topic, ':', 1)
		when 'track' then exists (
			select from public.orders o where o.tracking_token = substr(may_hear_as_client.topic, 7)
		)
		when 'client' then topic = 'client:' || auth.uid() and private.my_client() is not null
		else false
	end;
exception when others then
	-- a policy that raises would refuse all topics with an error nobody can read
	return false;
end
$$;
comment on function private.may_hear_as_client is
	'Whether the caller may listen to a topic of clients: track by possession of the token, client by being that user. Never raises.';

create policy "Whoever holds an order's link hears what becomes of it" on realtime.messages
	for select to anon
	using (
		extension = 'broadcast'
		and topic = (select realtime.topic())
		and (select private.may_hear_as_client((select realtime.topic())))
	);

create function private.tell_client()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	-- also who registered with a record that was merged into this one
	listeners constant uuid[] := array(
		select c.user_id from public.clients c
		where (c.id = new.client_id or c.merged_into = new.client_id) and c.user_id is not null
	);
	topics constant text[] := array(select 'client:' || l from unnest(listeners) l)
		|| case when tg_op = 'UPDATE' then array['track:' || new.tracking_token] end;
	message jsonb;
begin
	if topics <> '{}' then
		message := private.client_view(new.id) || jsonb_build_object('id', new.id, 'at', now());
		perform realtime.send(message, 'order_changed', t.topic, true) from unnest(topics) t (topic);
	end if;
	return null;
end
$$;
comment on function private.tell_client is
	'Trigger: sends order_changed with private.client_view() to those who hold the order''s link and to its registered client; nobody holds the link of an order just made.';

create trigger orders_tell_client after update on public.orders
	for each row when (
		old.stage_id <> new.stage_id or old.promised_at is distinct from new.promised_at
		or old.payment_state <> new.payment_state or old.client_id <> new.client_id
	)
	execute function private.tell_client();
create trigger orders_tell_client_of_new after insert on public.orders
	for each row execute function private.tell_client();

revoke execute on function private.may_hear_as_client, private.tell_client from public, anon, authenticated;
grant execute on function private.may_hear_as_client to anon, authenticated;
