-- Spend from a file: first a preview that says of every day what would happen, then the same for real.

create function private.read_spend(rows jsonb)
returns table (line int, day date, amount numeric, noted boolean, note text, mistakes jsonb)
language sql stable
set search_path = ''
as $$
	select r.line, r.day, r.amount, r.noted, r.note, jsonb_strip_nulls(jsonb_build_object(
		'day', case when r.day is null or r.day not between '2000-01-01' and '2200-01-01' then 'invalid' end,
		'amount', case when r.amount is null then 'invalid' when r.amount > 9999999999.99 then 'too_large' end,
		'note', case when char_length(r.note) > 300 then 'too_long' end
	))
	from (
		select g.ordinality::int as line,
			case when g.value ->> 'day' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and pg_input_is_valid(g.value ->> 'day', 'date')
				then (g.value ->> 'day')::date end as day,
			case when g.value ->> 'amount' ~ '^[0-9]{1,15}(\.[0-9]{1,2})?$' then (g.value ->> 'amount')::numeric end as amount,
			coalesce(g.value ? 'note', false) as noted, private.clean_text(g.value ->> 'note') as note
		from jsonb_array_elements(rows) with ordinality g (value, ordinality)
	) r
$$;
comment on function private.read_spend is
	'Rows {day, amount, note} as spend (noted: whether a note is given, an empty one too), or what is wrong with them: {field: invalid | too_large | too_long}.';

create function private.import_campaign_spend(campaign_id bigint, rows jsonb, dry_run boolean)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
	actor private.actor := private.require_employee();
	preview constant boolean := coalesce(dry_run, true);
	outcome jsonb;
begin
	if not 'campaigns.manage' = any (actor.permissions) then
		perform private.fail('VK403', 'not_allowed', '{"permission": "campaigns.manage"}');
	end if;
	if not private.manages_campaign(campaign_id) then
		perform private.fail('VK404', 'campaign_not_found', jsonb_build_object('campaign_id', campaign_id));
	end if;
	if jsonb_typeof(rows) is distinct from 'array' or jsonb_array_length(rows) not between 1 and 1000 then
		perform private.fail('VK422', 'invalid_argument', '{"field": "rows"}');
	end if;
	select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('row', o.line, 'day', o.day, 'amount', o.amount,
		'note', o.kept, 'before', o.before, 'action', o.action, 'of_row', o.of_row,
		'errors', case when o.action = 'error' then o.mistakes end)) order by o.line)
	into outcome
	from (
		select r.*, s.amount as before, case when r.noted then r.note else s.note end as kept,
			case when r.first_line < r.line then r.first_line end as of_row, case
			when r.mistakes <> '{}' then 'error'
			when r.first_line < r.line then 'duplicate'
			when s.id is null then 'create'
			when s.amount = r.amount and (not r.noted or s.note is not distinct from r.note) then 'same'
			else 'change' end as action
		from (
			select g.*, min(g.line) filter (where g.mistakes = '{}') over (partition by g.day) as first_line
			from private.read_spend(import_campaign_spend.rows) g
		) r
		left join public.campaign_spend s on s.campaign_id = import_campaign_spend.campaign_id and s.day = r.day
	) o;
	if not preview then
		insert into public.campaign_spend (campaign_id, day, amount, note)
		select import_campaign_spend.campaign_id, o.day, o.amount, o.note
		from jsonb_to_recordset(outcome) o (action text, day date, amount numeric, note text)
		where o.action in ('create', 'change')
		on conflict on constraint campaign_spend_campaign_id_day_key do update
			set amount = excluded.amount, note = excluded.note;
	end if;
	return jsonb_build_object('dry_run', preview, 'rows', outcome) || (
		select jsonb_build_object('created', count(*) filter (where o ->> 'action' = 'create'),
			'changed', count(*) filter (where o ->> 'action' = 'change'),
			'errors', count(*) filter (where o ->> 'action' in ('error', 'duplicate')))
		from jsonb_array_elements(outcome) o
	);
end
$$;
comment on function private.import_campaign_spend is 'See public.import_campaign_spend().';

create function public.import_campaign_spend(campaign_id bigint, rows jsonb, dry_run boolean default true)
returns jsonb
language plpgsql set search_path = ''
as $$
begin
	return private.import_campaign_spend(campaign_id, rows, dry_run);
end
$$;
comment on function public.import_campaign_spend is
	'Enters spend of up to 1,000 days, rows {day: YYYY-MM-DD, amount, note}. Answers {dry_run, created, changed, errors, rows: [{row, day, amount, note, before, action create|change|same|duplicate|error, of_row, errors}]}; wrong rows and days named twice are left out, a day already entered gets the new amount, and the note if one is given (an empty one removes it); nothing is written when dry_run. Errors: VK401, VK403 not_allowed, VK404 campaign_not_found, VK422 invalid_argument rows.';

revoke execute on function private.read_spend, private.import_campaign_spend, public.import_campaign_spend
	from public, anon, authenticated;
grant execute on function private.import_campaign_spend, public.import_campaign_spend to authenticated;
