-- Last of all migrations: whatever table names a client, a row written for him while he is merged into
-- another goes to the other. A migration after this one that adds such a table repeats this call.

select private.watch_for_merges();
