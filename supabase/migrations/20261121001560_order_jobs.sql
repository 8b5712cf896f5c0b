-- What orders need done on time.

insert into private.scheduled_jobs (name, schedule, command)
values ('warn_unanswered_assignments', '30 seconds', 'select private.warn_unanswered_assignments()');
