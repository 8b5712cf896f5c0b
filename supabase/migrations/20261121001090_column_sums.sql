-- Number and sum of the orders in columns of finished work, which grow for years and stand on every
-- board: kept as sums, changed by deltas that nobody waits for, folded with the statistics (1915).
-- Open columns are counted from the orders themselves: there are never many.

create table private.column_deltas (
	id bigint generated always as identity primary key,
	location_id bigint not null,
	stage_id bigint not null,
	master_id uuid,
	orders int not null,
	total numeric(14,2) not null
);
comment on table private.column_deltas is 'Changes of private.column_sums that are not folded in yet.';

create table private.column_sums (
	like private.column_deltas including identity,
	primary key (id),
	constraint column_sums_dimensions_key unique nulls not distinct (location_id, stage_id, master_id)
);
comment on table private.column_sums is 'Orders in each column of kind done, closed or refused, by location and master.';

revoke all on private.column_deltas, private.column_sums from public, anon, authenticated, service_role;

create function private.count_finished_order()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
	was public.orders := case when tg_op <> 'INSERT' then old end;
	becomes public.orders := case when tg_op <> 'DELETE' then new end;
begin
	insert into private.column_deltas (location_id, stage_id, master_id, orders, total)
	select c.location_id, c.stage_id, c.master_id, c.orders, c.total
	from (values
		(was.location_id, was.stage_id, was.master_id, -1, -was.total),
		(becomes.location_id, becomes.stage_id, becomes.master_id, 1, becomes.total)
	) c (location_id, stage_id, master_id, orders, total)
	join public.stages s on s.id = c.stage_id and s.kind in ('done', 'closed', 'refused');
	return null;
end
$$;
comment on function private.count_finished_order is 'Trigger: keeps the sums of columns of finished work.';

-- who has neither been done nor closed is in no such column: moves between open columns cost nothing
create trigger orders_count_finished after update on public.orders
	for each row when (
		coalesce(old.done_at, old.closed_at, new.done_at, new.closed_at) is not null
		and (old.stage_id, old.location_id, old.master_id, old.total)
			is distinct from (new.stage_id, new.location_id, new.master_id, new.total)
	) execute function private.count_finished_order();
create trigger orders_count_finished_new after insert on public.orders
	for each row when (coalesce(new.done_at, new.closed_at) is not null)
	execute function private.count_finished_order();
create trigger orders_count_finished_gone after delete on public.orders
	for each row when (coalesce(old.done_at, old.closed_at) is not null)
	execute function private.count_finished_order();

create function private.fold_columns()
returns bigint
language plpgsql security definer
set search_path = ''
as $$
declare
	folded bigint;
begin
	with gone as (delete from private.column_deltas returning *)
	insert into private.column_sums as c (location_id, stage_id, master_id, orders, total)
	select g.location_id, g.stage_id, g.master_id, sum(g.orders), sum(g.total) from gone g
	group by g.location_id, g.stage_id, g.master_id
	on conflict on constraint column_sums_dimensions_key do update set
		orders = c.orders + excluded.orders, total = c.total + excluded.total;
	get diagnostics folded = row_count;
	return folded;
end
$$;
comment on function private.fold_columns is
	'Moves private.column_deltas into private.column_sums; returns how many sums changed. Called by private.fold_statistics(), one at a time.';

create function private.recomputed_columns()
returns table (location_id bigint, stage_id bigint, master_id uuid, orders bigint, total numeric)
language plpgsql stable security definer
set search_path = ''
as $$
begin
	return query
		select o.location_id, o.stage_id, o.master_id, count(*), sum(o.total)
		from public.orders o join public.stages s on s.id = o.stage_id
		where s.kind in ('done', 'closed', 'refused')
		group by o.location_id, o.stage_id, o.master_id;
end
$$;
comment on function private.recomputed_columns is 'private.column_sums as it must be, from orders.';

create function private.rebuild_columns()
returns void
language plpgsql security definer
set search_path = ''
as $$
begin
	delete from private.column_deltas;
	delete from private.column_sums;
	insert into private.column_sums (location_id, stage_id, master_id, orders, total)
	select r.location_id, r.stage_id, r.master_id, r.orders, r.total from private.recomputed_columns() r;
end
$$;
comment on function private.rebuild_columns is
	'Counts the columns anew. Called by private.rebuild_statistics(), which keeps writers and the fold away.';

create view private.column_errors as
	select k.location_id, k.stage_id, k.master_id, sum(k.orders) as orders, sum(k.total) as total
	from (
		select c.location_id, c.stage_id, c.master_id, c.orders, c.total from private.column_sums c
		union all
		select d.location_id, d.stage_id, d.master_id, d.orders, d.total from private.column_deltas d
		union all
		select r.location_id, r.stage_id, r.master_id, -r.orders, -r.total from private.recomputed_columns() r
	) k
	group by k.location_id, k.stage_id, k.master_id
	having sum(k.orders) <> 0 or sum(k.total) <> 0;
comment on view private.column_errors is 'What is too many in private.column_sums. Must be empty, always.';
revoke all on private.column_errors from public, anon, authenticated, service_role;

create function private.columns_now(place bigint, of_master uuid)
returns table (stage_id bigint, orders bigint, total numeric)
language plpgsql stable security definer
set search_path = ''
as $$
declare
	unfinished constant bigint[] := array(select s.id from public.stages s where s.kind not in ('done', 'closed', 'refused'));
	places constant bigint[] := array(select l.id from public.locations l where place is null or l.id = place);
begin
	return query
		select k.stage_id, sum(k.orders)::bigint, sum(k.total)
		from (
			select c.stage_id, c.location_id, c.master_id, c.orders, c.total from private.column_sums c
			union all
			select d.stage_id, d.location_id, d.master_id, d.orders, d.total from private.column_deltas d
		) k
		where (place is null or k.location_id = place) and (of_master is null or k.master_id = of_master)
		group by k.stage_id;
	if of_master is null then
		-- from the index that includes the total
		return query
			select o.stage_id, count(*), sum(o.total) from public.orders o
			where o.location_id = any (places) and o.stage_id = any (unfinished) group by o.stage_id;
	else
		return query
			select o.stage_id, count(*), sum(o.total) from public.orders o
			where o.master_id = of_master and o.stage_id = any (unfinished)
				and (place is null or o.location_id = place)
			group by o.stage_id;
	end if;
end
$$;
comment on function private.columns_now is
	'True number and sum of the orders in each column that has any, of a location and a master (nulls: all).';

revoke execute on function private.count_finished_order, private.fold_columns, private.recomputed_columns,
	private.rebuild_columns, private.columns_now from public, anon, authenticated;
