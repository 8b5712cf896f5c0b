-- What runs on time, declared once for every stack: the embedded scheduler reads this table; where
-- pg_cron is available (hosted and self-hosted Supabase) triggers keep an equal entry of pg_cron.

do $$
begin
	if exists (select from pg_catalog.pg_available_extensions where name = 'pg_cron') then
		create extension if not exists pg_cron;
	end if;
	if exists (select from pg_catalog.pg_available_extensions where name = 'pg_net') then
		create extension if not exists pg_net;
	end if;
end
$$;

create table private.scheduled_jobs (
	name text primary key check (name ~ '^[a-z][a-z0-9_]{0,60}$'),
	schedule text not null check (schedule ~ '^([1-9]|[1-5][0-9]) seconds$|^\S+( \S+){4}$'),
	kind text not null default 'sql' check (kind in ('sql', 'function')),
	command text not null check (kind = 'sql' or command ~ '^[A-Za-z][A-Za-z0-9_/-]*$'),
	timeout interval not null default '5 minutes' check (timeout between '1 second' and '1 hour'),
	catch_up boolean not null default false,
	active boolean not null default true
);
comment on table private.scheduled_jobs is
	'Jobs on every stack. schedule: five cron fields or "N seconds", UTC. command: SQL, or <name>[/path] of an edge function called by POST with the service key.';
comment on column private.scheduled_jobs.timeout is
	'A run is ended after it. pg_cron does not end SQL; there the statement_timeout of its role does.';
comment on column private.scheduled_jobs.catch_up is
	'Embedded stack: a run missed while it was stopped is made once at start. pg_cron never does.';
revoke all on private.scheduled_jobs from public, anon, authenticated, service_role;

create function private.cron_command(job private.scheduled_jobs)
returns text
language sql immutable
set search_path = ''
as $$
	select case job.kind when 'sql' then job.command else format(
		$command$select net.http_post(
	url := (select decrypted_secret from vault.decrypted_secrets where name = 'project_url') || %L,
	headers := jsonb_build_object('content-type', 'application/json', 'authorization',
		'Bearer ' || (select decrypted_secret from vault.decrypted_secrets where name = 'service_role_key')),
	body := jsonb_build_object('job', %L),
	timeout_milliseconds := %s)$command$,
		'/functions/v1/' || job.command, job.name, (extract(epoch from job.timeout) * 1000)::int
	) end
$$;
comment on function private.cron_command is
	'The SQL pg_cron runs for a job. Functions need the Vault secrets project_url and service_role_key.';

create function private.sync_cron()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	if to_regprocedure('cron.schedule(text,text,text)') is null then
		return null;
	end if;
	if tg_op <> 'INSERT' and (tg_op = 'DELETE' or not new.active or new.name <> old.name) then
		execute 'select cron.unschedule(jobid) from cron.job where jobname = $1' using old.name;
	end if;
	if tg_op <> 'DELETE' and new.active then
		execute 'select cron.schedule($1, $2, $3)'
			using new.name, new.schedule, private.cron_command(new);
	end if;
	return null;
end
$$;
comment on function private.sync_cron is 'Trigger: keeps pg_cron''s entry of a job equal to its row, where there is pg_cron.';
revoke execute on function private.sync_cron, private.cron_command from public, anon, authenticated;

create trigger sync_cron after insert or update or delete on private.scheduled_jobs
	for each row execute function private.sync_cron();

insert into private.scheduled_jobs (name, schedule, command, catch_up)
values ('forget_mutations', '17 3 * * *', 'select private.forget_mutations()', true);
