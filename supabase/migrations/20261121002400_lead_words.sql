-- What the list of leads is searched by: names, e-mail and phone of each as folded words, so that
-- Cyrillic and Latin spellings meet and any part of a number finds it.

create table private.lead_words (
	lead_id bigint primary key references public.leads (id) on delete cascade,
	folded text not null
);
comment on table private.lead_words is 'What search finds leads by: private.fold() of names and e-mail, and the phone''s digits.';
create index lead_words_folded_trgm_idx on private.lead_words using gin (folded extensions.gin_trgm_ops);
create index leads_source_idx on public.leads (source) where source is not null;

revoke all on private.lead_words from public, anon, authenticated, service_role;

create function private.lead_text(lead public.leads)
returns text
language plpgsql stable
set search_path = ''
as $$
begin
	return concat_ws(' ',
		private.fold(concat_ws(' ', lead.last_name, lead.first_name, lead.middle_name, lead.email)), substr(lead.phone, 2));
end
$$;
comment on function private.lead_text is 'The folded words of a lead.';

create function private.keep_words_of_new_leads()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.lead_words (lead_id, folded)
	select a.id, private.lead_text(row(a.*)::public.leads) from added a;
	return null;
end
$$;
comment on function private.keep_words_of_new_leads is 'Trigger: new leads can be searched for.';

create function private.keep_words_of_lead()
returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
	insert into private.lead_words (lead_id, folded) values (new.id, private.lead_text(new))
	on conflict (lead_id) do update set folded = excluded.folded;
	return null;
end
$$;
comment on function private.keep_words_of_lead is 'Trigger: a corrected lead is found by what it says now.';

create trigger leads_keep_words after insert on public.leads
	referencing new table as added
	for each statement execute function private.keep_words_of_new_leads();
create trigger leads_keep_words_of_corrected after update on public.leads
	for each row when (
		(old.first_name, old.middle_name, old.last_name, old.email, old.phone)
		is distinct from (new.first_name, new.middle_name, new.last_name, new.email, new.phone)
	)
	execute function private.keep_words_of_lead();

create function private.lead_word_conditions(query text)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
	words text[] := private.search_words(query);
begin
	-- a number is one word however it is spaced
	if query ~ '^[\s+().\-/0-9]+$' then
		words := array[regexp_replace(query, '\D', '', 'g')];
	end if;
	return coalesce((
		select string_agg(format('exists (select from private.lead_words w where w.lead_id = l.id and w.folded like %L)',
			'%' || w || '%'), ' and ')
		from unnest(words) w where w <> ''
	), 'false');
end
$$;
comment on function private.lead_word_conditions is 'Words of a question, all of them needed, as SQL conditions on l.';

revoke execute on function private.lead_text, private.keep_words_of_new_leads, private.keep_words_of_lead,
	private.lead_word_conditions from public, anon, authenticated;
