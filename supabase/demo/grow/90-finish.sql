-- Puts back the indexes, foreign keys (each is checked) and triggers.

do $$
declare
	found record;
begin
	-- indexes before foreign keys: those were noted first
	for found in
		select p.statement from put_back p order by p.statement like 'alter%', p.place
	loop
		execute found.statement;
	end loop;
	for found in
		select t.id::text as name from grown_tables t
	loop
		execute format('alter table %s enable trigger user', found.name);
	end loop;
end
$$;
