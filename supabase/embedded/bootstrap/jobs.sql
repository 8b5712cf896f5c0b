-- The scheduler's own tables: what runs when, and what happened. Exists only in the embedded stack;
-- nothing in supabase/migrations may use it. Run as supabase_admin at every start; safe to repeat.

create schema if not exists jobs;
revoke all on schema jobs from public;

create table if not exists jobs.jobs (
	name text primary key,
	-- five fields as pg_cron reads them, six with seconds in front, or 'N seconds'; UTC
	schedule text not null,
	kind text not null check (kind in ('sql', 'function')),
	-- sql: statements for the schema's owner; function: <name>[/path] of an edge function
	command text not null,
	timeout interval not null default '5 minutes',
	-- whether a run that was missed while nothing was running is made, once, at the next start
	catch_up boolean not null default false,
	active boolean not null default true,
	-- false: made by hand, and left alone when the declared jobs are read again
	declared boolean not null default false,
	-- no due time up to this one is run any more
	seen_until timestamptz not null default now()
);
comment on table jobs.jobs is 'What the embedded scheduler runs. Rows of private.scheduled_jobs are copied here.';

create table if not exists jobs.runs (
	id bigint generated always as identity primary key,
	job text not null references jobs.jobs (name) on delete cascade,
	due_at timestamptz not null,
	started_at timestamptz not null default clock_timestamp(),
	finished_at timestamptz,
	state text not null default 'running'
		check (state in ('running', 'succeeded', 'failed', 'timed_out', 'abandoned')),
	result text,
	error text,
	-- two schedulers cannot both take one due time
	unique (job, due_at)
);
comment on table jobs.runs is 'One row per run: result or error, shortened. Old rows are dropped.';
create index if not exists runs_job_started_idx on jobs.runs (job, started_at desc);
grant usage on schema jobs to postgres;
grant select on jobs.jobs, jobs.runs to postgres;

/*
 * Copies the jobs that migrations declare, if they do. A job that is not declared any more is
 * dropped with its history; one whose schedule is new counts its due times from now.
 */
create or replace function jobs.read_declared() returns void
language plpgsql set search_path = '' as $$
begin
	if pg_catalog.to_regclass('private.scheduled_jobs') is null then
		return;
	end if;
	delete from jobs.jobs j
	where j.declared and not exists (select from private.scheduled_jobs d where d.name = j.name);
	insert into jobs.jobs as j (name, schedule, kind, command, timeout, catch_up, active, declared)
	select d.name, d.schedule, d.kind, d.command, d.timeout, d.catch_up, d.active, true
	from private.scheduled_jobs d
	on conflict (name) do update set
		seen_until = case when j.schedule <> excluded.schedule then now() else j.seen_until end,
		schedule = excluded.schedule, kind = excluded.kind, command = excluded.command,
		timeout = excluded.timeout, catch_up = excluded.catch_up, active = excluded.active,
		declared = true
	where (j.schedule, j.kind, j.command, j.timeout, j.catch_up, j.active, j.declared)
		is distinct from (excluded.schedule, excluded.kind, excluded.command, excluded.timeout,
			excluded.catch_up, excluded.active, true);
end
$$;

/*
 * Takes one due time of a job. Returns the run's id, or null when another scheduler took it or it is
 * past already. The caller holds the job's advisory lock, so a row still 'running' has lost its runner.
 */
create or replace function jobs.begin_run(job_name text, due timestamptz) returns bigint
language plpgsql set search_path = '' as $$
declare
	run_id bigint;
begin
	update jobs.jobs set seen_until = greatest(seen_until, due) where name = job_name and active;
	if not found then
		return null;
	end if;
	insert into jobs.runs (job, due_at) values (job_name, due)
	on conflict (job, due_at) do nothing returning id into run_id;
	if run_id is not null then
		update jobs.runs set state = 'abandoned', finished_at = clock_timestamp(),
			error = 'The scheduler ended before the job did.'
		where job = job_name and state = 'running' and id <> run_id;
	end if;
	return run_id;
end
$$;

create or replace function jobs.finish_run(
	run_id bigint, new_state text, new_result text, new_error text, keep int
) returns void
language sql set search_path = '' as $$
	update jobs.runs set state = new_state, finished_at = clock_timestamp(),
		result = left(new_result, 2000), error = left(new_error, 2000)
	where id = run_id;
	delete from jobs.runs where id in (
		select r.id from jobs.runs r
		where r.job = (select job from jobs.runs where id = run_id) and r.state <> 'running'
		order by r.started_at desc, r.id desc offset keep
	);
$$;
revoke all on all functions in schema jobs from public;
