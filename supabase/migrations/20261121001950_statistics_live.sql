-- Charts move when money lands: each statement that changes a sum says so once per campaign, to those
-- who may see counts (topic campaigns) and to those who may see money (topic campaign_money).

create function private.say_counts_changed(campaign_id bigint, location_id bigint, kind text)
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	-- what belongs to no campaign is a matter of its location: of it only that figures have moved
	perform realtime.send(jsonb_build_object(
		'campaign_id', campaign_id, 'location_id', case when campaign_id is not null then location_id end,
		'kind', kind, 'at', now()
	), 'campaign_changed', format('campaigns:all:%s', private.current_epoch()), true);
end
$$;
comment on function private.say_counts_changed is
	'Sends campaign_changed {campaign_id, location_id, kind, at} to everybody who reads statistics; neither names nor money.';

create function private.tell_counts_changed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	-- an import says once, at its end, that there is more; a recount is no news
	if 'on' in (current_setting('verstak.quiet_leads', true), current_setting('verstak.quiet_figures', true)) then
		return null;
	end if;
	perform private.say_counts_changed(d.campaign_id, d.location_id, max(d.cause ->> 'kind'))
	from added d where d.cut = 'campaign' group by d.campaign_id, d.location_id;
	return null;
end
$$;
comment on function private.tell_counts_changed is 'Trigger: sends campaign_changed once per campaign and location a statement changed.';
create trigger stat_deltas_tell after insert on private.stat_deltas
	referencing new table as added for each statement execute function private.tell_counts_changed();

create function private.tell_money_changed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	topic constant text := format('campaign_money:all:%s', private.current_epoch());
	change record;
begin
	if current_setting('verstak.quiet_figures', true) = 'on' then
		return null;
	end if;
	for change in
		select d.campaign_id, d.location_id, d.cause from added d where d.cut = 'campaign'
	loop
		perform realtime.send(jsonb_build_object(
			'campaign_id', change.campaign_id,
			'location_id', case when change.campaign_id is not null then change.location_id end,
			'cause', jsonb_build_object('kind', change.cause -> 'kind')
				|| case when change.campaign_id is not null then jsonb_build_object('amount', change.cause -> 'amount') else '{}' end,
			'at', now()
		), 'campaign_money_changed', topic, true);
		perform private.say_counts_changed(change.campaign_id, change.location_id, 'payment');
	end loop;
	return null;
end
$$;
comment on function private.tell_money_changed is
	'Trigger: campaign_money_changed {campaign_id, location_id, cause: {kind, amount}, at} to those who see money of campaigns, who need not see orders and payments; of money without a campaign, and to the rest, the bare fact.';
create trigger money_deltas_tell after insert on private.money_deltas
	referencing new table as added for each statement execute function private.tell_money_changed();

create function private.tell_spend_changed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	topic constant text := format('campaign_money:all:%s', private.current_epoch());
	changed public.campaign_spend := coalesce(new, old);
begin
	perform realtime.send(jsonb_build_object(
		'campaign_id', changed.campaign_id, 'location_id', null,
		'cause', jsonb_build_object('kind', 'spend', 'amount', case when tg_op = 'DELETE' then 0 else new.amount end),
		'at', now()
	), 'campaign_money_changed', topic, true);
	return null;
end
$$;
comment on function private.tell_spend_changed is 'Trigger: campaign_money_changed when money was spent on a campaign, corrected or removed.';
create trigger campaign_spend_tell after insert or update or delete on public.campaign_spend
	for each row execute function private.tell_spend_changed();

create function private.tell_campaign_changed()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.say_counts_changed(new.id, new.location_id, 'campaign');
	return null;
end
$$;
comment on function private.tell_campaign_changed is 'Trigger: campaign_changed when a campaign is made, renamed or archived.';
create trigger campaigns_tell after insert or update on public.campaigns
	for each row execute function private.tell_campaign_changed();

create function private.tell_moves()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	perform private.say_counts_changed(null, d.location_id, 'move') from added d group by d.location_id;
	return null;
end
$$;
comment on function private.tell_moves is
	'Trigger: campaign_changed of kind move when an order changed its column, for the charts of orders by column and of time in each.';
create trigger stage_deltas_tell after insert on private.stage_deltas
	referencing new table as added for each statement execute function private.tell_moves();

revoke execute on function private.say_counts_changed, private.tell_moves, private.tell_counts_changed, private.tell_money_changed, private.tell_spend_changed,
	private.tell_campaign_changed from public, anon, authenticated;
