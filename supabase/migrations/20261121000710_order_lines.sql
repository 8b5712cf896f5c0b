-- Lines of work and parts. Prices are for those with orders.money and the order's master; what parts
-- cost us stands in a table of its own for those with orders.costs. The order's total follows.

create type public.line_kind as enum ('work', 'part');

create table public.order_lines (
	id bigint generated always as identity primary key,
	version int not null default 1,
	order_id bigint not null references public.orders (id),
	kind public.line_kind not null default 'work',
	service_id bigint references public.services (id),
	title text not null check (title ~ '\S' and char_length(title) <= 200),
	quantity numeric(10,3) not null default 1 check (quantity > 0),
	unit_price numeric(12,2) not null check (unit_price >= 0),
	line_total numeric(12,2) not null generated always as (round(quantity * unit_price, 2)) stored,
	position int not null default 0,
	performed_by uuid references public.employees (id),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.order_lines is 'What an order is paid for: work and parts. The sum is orders.total.';
comment on column public.order_lines.unit_price is 'In the company''s currency.';
comment on column public.order_lines.performed_by is 'Who did this work, if not simply the order''s master.';

create table public.order_line_costs (
	line_id bigint primary key references public.order_lines (id) on delete cascade,
	unit_cost numeric(12,2) not null check (unit_cost >= 0),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table public.order_line_costs is 'What one unit of a line costs the company: margins, for few eyes.';

create index order_lines_order_id_idx on public.order_lines (order_id, position);
create index order_lines_service_id_idx on public.order_lines (service_id);
create index order_lines_performed_by_idx on public.order_lines (performed_by);

revoke all on public.order_lines, public.order_line_costs from public, anon, authenticated, service_role;
grant select, delete,
	insert (order_id, kind, service_id, title, quantity, unit_price, position, performed_by),
	update (kind, service_id, title, quantity, unit_price, position, performed_by)
	on public.order_lines to authenticated;
grant select, delete, insert (line_id, unit_cost), update (unit_cost) on public.order_line_costs to authenticated;

alter table public.order_lines enable row level security;
alter table public.order_line_costs enable row level security;

create policy "Those who see money of an order and its master read its lines" on public.order_lines
	for select to authenticated using (exists (
		select from public.orders o where o.id = order_id
			and ((select private.can('orders.money')) or (o.master_id = (select auth.uid()) and (select private.can('orders.work'))))
	));
create policy "Those who update an order and its master add lines" on public.order_lines
	for insert to authenticated with check (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));
create policy "Those who update an order and its master correct lines" on public.order_lines
	for update to authenticated using (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));
create policy "Those who update an order and its master remove lines" on public.order_lines
	for delete to authenticated using (exists (
		select from public.orders o where o.id = order_id and (
			((select private.can('orders.update')) and o.location_id = any (array(select private.my_locations())))
			or (o.master_id = (select auth.uid()) and (select private.can('orders.work')))
		)
	));

create policy "Those who read costs do, of lines they see" on public.order_line_costs for select to authenticated
	using ((select private.can('orders.costs')) and exists (select from public.order_lines l where l.id = line_id));
create policy "Those who read costs and update orders add them" on public.order_line_costs for insert to authenticated
	with check ((select private.can('orders.costs')) and (select private.can('orders.update'))
		and exists (select from public.order_lines l where l.id = line_id));
create policy "Those who read costs and update orders correct them" on public.order_line_costs for update to authenticated
	using ((select private.can('orders.costs')) and (select private.can('orders.update'))
		and exists (select from public.order_lines l where l.id = line_id));
create policy "Those who read costs and update orders remove them" on public.order_line_costs for delete to authenticated
	using ((select private.can('orders.costs')) and (select private.can('orders.update'))
		and exists (select from public.order_lines l where l.id = line_id));

-- rules ------------------------------------------------------------------------------------------

create function private.check_order_line()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	target constant bigint := case when tg_op = 'DELETE' then old.order_id else new.order_id end;
	kind public.stage_kind;
begin
	-- the order's lock comes first: lines are summed one writer at a time, and none slips in at closing
	select s.kind into kind
	from public.orders o join public.stages s on s.id = o.stage_id
	where o.id = target for no key update of o;
	if kind in ('closed', 'refused') and auth.uid() is not null then
		perform private.fail('VK422', 'order_closed', jsonb_build_object('order_id', target));
	end if;
	if tg_op = 'DELETE' then
		return old;
	end if;
	if tg_op = 'UPDATE' then
		new.version := old.version + 1;
		new.updated_at := now();
	end if;
	return new;
end
$$;
comment on function private.check_order_line is
	'Trigger: nobody signed in changes the lines of a closed or refused order (VK422 order_closed); consoles may, they load history.';
create trigger order_lines_check before insert or update or delete on public.order_lines
	for each row execute function private.check_order_line();

create trigger order_line_costs_touch before update on public.order_line_costs
	for each row execute function private.touch();

create function private.line_faces(lines public.order_lines[], order_id bigint)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
	return (
		select coalesce(jsonb_agg(
			jsonb_build_object('id', l.id, 'kind', l.kind, 'title', l.title, 'quantity', l.quantity) order by l.id
		), '[]')
		from unnest(lines) l where l.order_id = line_faces.order_id
	);
end
$$;
comment on function private.line_faces is
	'Lines as history shows them: without prices, since all who see the order read its history.';

create function private.sum_lines(was public.order_lines[], becomes public.order_lines[])
returns void
language plpgsql security definer
set search_path = ''
as $$
declare
	target bigint;
	before numeric;
	after_ public.orders;
begin
	for target in select distinct l.order_id from unnest(was || becomes) l order by 1 loop
		select o.total into before from public.orders o where o.id = target;
		perform private.announce('order_lines', null, null);
		update public.orders o set total = (
			select coalesce(sum(l.line_total), 0) from public.order_lines l where l.order_id = target
		)
		where o.id = target returning * into after_;
		perform private.announce(null, null, null);
		insert into public.order_events (order_id, version, kind, actor_id, from_values, to_values)
		values (target, after_.version, 'lines', auth.uid(),
			jsonb_build_object('total', before, 'lines', private.line_faces(was, target)),
			jsonb_build_object('total', after_.total, 'lines', private.line_faces(becomes, target)));
	end loop;
end
$$;
comment on function private.sum_lines is
	'After a statement on lines: the totals of their orders, one version and one event of history an order.';

create function private.sum_changed_lines()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	was public.order_lines[] := '{}';
	becomes public.order_lines[] := '{}';
begin
	if tg_op <> 'INSERT' then
		was := array(select l from before l);
	end if;
	if tg_op <> 'DELETE' then
		becomes := array(select l from after l);
	end if;
	perform private.sum_lines(was, becomes);
	return null;
end
$$;
comment on function private.sum_changed_lines is 'Trigger: keeps orders.total, see private.sum_lines().';
create trigger order_lines_sum_inserted after insert on public.order_lines
	referencing new table as after for each statement execute function private.sum_changed_lines();
create trigger order_lines_sum_updated after update on public.order_lines
	referencing old table as before new table as after for each statement execute function private.sum_changed_lines();
create trigger order_lines_sum_deleted after delete on public.order_lines
	referencing old table as before for each statement execute function private.sum_changed_lines();

revoke execute on function private.check_order_line, private.line_faces, private.sum_lines,
	private.sum_changed_lines from public, anon, authenticated;
