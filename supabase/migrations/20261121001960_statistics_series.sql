-- What the wall draws beside order_report and campaign_report: money over time, and the way from a
-- lead to a finished order.

create function private.money_report(filters jsonb)
returns table (key text, revenue numeric, spend numeric)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	wanted constant private.stat_cut := private.report_cut(filters);
	by_ constant text := coalesce(filters ->> 'by', 'day');
	from_day constant date := coalesce((filters ->> 'from')::date, '-infinity');
	to_day constant date := coalesce((filters ->> 'to')::date, 'infinity');
	actor constant private.actor := private.require_employee();
	place constant bigint := coalesce(actor.location_id, (filters ->> 'location')::bigint);
	of_reports constant boolean := 'reports.money' = any (actor.permissions);
	of_campaigns constant boolean := 'campaigns.money' = any (actor.permissions);
begin
	if not (of_reports or of_campaigns) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "campaigns.money"}');
	end if;
	if by_ not in ('day', 'week', 'month') then
		perform private.fail('VK422', 'invalid_argument', '{"field": "by"}');
	end if;
	return query
	with changes as (
		select r.key, r.revenue, 0::numeric as spend
		from private.revenue_facts(filters || jsonb_build_object('by', by_), wanted, from_day, to_day, place) r
		where of_reports
		union all
		-- what campaigns brought: all of revenue those see who see the money of campaigns and no other
		select private.report_dimension(by_, r.day, null, null, null, null, null), r.revenue, 0
		from private.sum_money(
			case when filters ->> 'service' is null then 'campaign' end, by_, from_day, to_day,
			(filters ->> 'location')::bigint, jsonb_build_object(
				'campaign', filters -> 'campaign', 'service', filters -> 'service', 'attributed', true
			)
		) r
		where not of_reports
		union all
		select private.report_dimension(by_, s.day, null, null, null, null, null), 0, s.amount
		from (
			-- a day is named once
			select s.day, sum(s.amount) as amount
			from public.campaign_spend s join public.campaigns g on g.id = s.campaign_id
			where of_campaigns and s.day between from_day and to_day
				and (filters ->> 'campaign' is null or g.id = (filters ->> 'campaign')::bigint)
				and (filters ->> 'service' is null or g.service_id = (filters ->> 'service')::bigint)
				and (filters ->> 'location' is null or coalesce(g.location_id = (filters ->> 'location')::bigint, true))
			group by s.day
		) s
	)
	select c.key, sum(c.revenue), case when of_campaigns then sum(c.spend) end
	from changes c group by c.key order by c.key;
end
$$;
comment on function private.money_report is 'See public.money_report().';

create function public.money_report(filters jsonb default '{}')
returns table (key text, revenue numeric, spend numeric)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.money_report(filters);
end
$$;
comment on function public.money_report is
	'Money received less refunds, and money spent on campaigns, per day, week (its Monday) or month. filters as order_report, by: day|week|month. With campaigns.money but without reports.money revenue is what campaigns brought; spend is null without campaigns.money. Spend of a campaign without a location counts in each. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

create function private.funnel_report(filters jsonb)
returns table (leads bigint, contacted bigint, converted bigint, orders bigint, done bigint)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	wanted constant private.stat_cut := private.report_cut(filters);
	from_day constant date := coalesce((filters ->> 'from')::date, '-infinity');
	to_day constant date := coalesce((filters ->> 'to')::date, 'infinity');
	actor constant private.actor := private.require_employee();
	place constant bigint := coalesce(actor.location_id, (filters ->> 'location')::bigint);
begin
	if not 'statistics.read' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "statistics.read"}');
	end if;
	if filters ->> 'master' is not null or filters ->> 'by' is not null then
		perform private.fail('VK422', 'invalid_argument', '{"field": "filters"}');
	end if;
	return query
	select coalesce(sum(f.leads), 0)::bigint, coalesce(sum(f.contacted), 0)::bigint,
		coalesce(sum(f.converted), 0)::bigint, coalesce(sum(f.created), 0)::bigint, coalesce(sum(f.done), 0)::bigint
	from private.sum_counts(
		wanted, 'total', from_day, to_day, place,
		jsonb_build_object('campaign', filters -> 'campaign', 'service', filters -> 'service')
	) f;
end
$$;
comment on function private.funnel_report is 'See public.funnel_report().';

create function public.funnel_report(filters jsonb default '{}')
returns table (leads bigint, contacted bigint, converted bigint, orders bigint, done bigint)
language plpgsql stable
set search_path = ''
as $$
begin
	return query select * from private.funnel_report(filters);
end
$$;
comment on function public.funnel_report is
	'Leads that came in those days, how many of them were contacted and converted by now, orders taken and done in those days. filters: {from, to, location, campaign, service}. Errors: VK401, VK403 not_allowed, VK422 invalid_argument.';

revoke execute on function private.money_report, public.money_report,
	private.funnel_report, public.funnel_report from public, anon, authenticated;
grant execute on function private.money_report, public.money_report, private.funnel_report, public.funnel_report
	to authenticated;
