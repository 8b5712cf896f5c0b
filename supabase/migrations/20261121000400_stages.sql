-- The board's columns, and which kinds of column an order may go between.

create table public.stages (
	id bigint generated always as identity primary key,
	version int not null default 1,
	name public.translation not null,
	kind public.stage_kind not null,
	colour public.colour not null,
	position int not null,
	wip_limit int check (wip_limit > 0),
	norm_minutes int check (norm_minutes > 0),
	requires_reason boolean not null default false,
	location_id bigint references public.locations (id),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.stages is 'The board''s columns. Companies name, colour and order them; rules rest on `kind`.';
comment on column public.stages.wip_limit is 'How many orders of one location the column takes; null is no limit.';
comment on column public.stages.norm_minutes is 'How long an order should stay here; null is no norm.';
comment on column public.stages.location_id is 'The only location that has this column; null is everywhere.';

create table public.stage_transitions (
	from_kind public.stage_kind not null,
	to_kind public.stage_kind not null,
	permission text not null check (permission ~ '^[a-z_]+\.[a-z_]+$'),
	created_at timestamptz not null default now(),
	primary key (from_kind, to_kind)
);
comment on table public.stage_transitions is
	'Which moves between columns exist at all, and the permission each needs. Same kind: between two columns of it.';

create index stages_location_id_idx on public.stages (location_id);

revoke all on public.stages, public.stage_transitions from public, anon, authenticated, service_role;
grant select, delete on public.stages to authenticated;
grant insert (name, kind, colour, position, wip_limit, norm_minutes, requires_reason, location_id),
	update (name, colour, position, wip_limit, norm_minutes, requires_reason)
	on public.stages to authenticated;
grant select, insert (from_kind, to_kind, permission), update (permission), delete
	on public.stage_transitions to authenticated;

alter table public.stages enable row level security;
alter table public.stage_transitions enable row level security;

create policy "Those who see the board read its columns" on public.stages for select to authenticated
	using (
		(select private.can('board.read'))
		and (location_id is null or location_id = any (array(select private.my_locations())))
	);
create policy "Those who manage stages add columns" on public.stages for insert to authenticated
	with check ((select private.can('stages.manage')) and private.sees_location(location_id));
create policy "Those who manage stages edit columns" on public.stages for update to authenticated
	using ((select private.can('stages.manage')) and private.sees_location(location_id));
create policy "Those who manage stages remove empty columns" on public.stages for delete to authenticated
	using ((select private.can('stages.manage')) and private.sees_location(location_id));

create policy "Those who see the board read its transitions" on public.stage_transitions for select to authenticated
	using ((select private.can('board.read')));
create policy "Those who manage roles add transitions" on public.stage_transitions for insert to authenticated
	with check ((select private.can('roles.manage')));
create policy "Those who manage roles edit transitions" on public.stage_transitions for update to authenticated
	using ((select private.can('roles.manage')));
create policy "Those who manage roles remove transitions" on public.stage_transitions for delete to authenticated
	using ((select private.can('roles.manage')));

create function private.keep_stage_kind()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
	-- rules and statistics of the orders inside rest on these two
	if (new.kind, new.location_id) is distinct from (old.kind, old.location_id) then
		perform private.fail('VK422', 'invalid_argument',
			jsonb_build_object('field', case when new.kind <> old.kind then 'kind' else 'location_id' end));
	end if;
	return new;
end
$$;
comment on function private.keep_stage_kind is 'Trigger: a column''s kind and location never change (VK422 invalid_argument).';
revoke execute on function private.keep_stage_kind from public, anon, authenticated;

create trigger stages_keep_kind before update on public.stages
	for each row execute function private.keep_stage_kind();
create trigger stages_touch before update on public.stages
	for each row execute function private.touch_version();
