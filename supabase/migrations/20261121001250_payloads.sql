-- Reading what a caller sent as JSON, field by field, with one answer for all that is wrong:
-- VK422 invalid_argument {field}.

create function private.invalid(field text)
returns void
language plpgsql
set search_path = ''
as $$
begin
	perform private.fail('VK422', 'invalid_argument', jsonb_build_object('field', field));
end
$$;
comment on function private.invalid is 'Raises VK422 invalid_argument for a field.';

create function private.only_fields(payload jsonb, fields text[], name text)
returns void
language plpgsql stable
set search_path = ''
as $$
declare
	stranger text;
begin
	if jsonb_typeof(payload) is distinct from 'object' then
		perform private.invalid(name);
	end if;
	select k into stranger from jsonb_object_keys(payload) k where k <> all (fields) limit 1;
	if stranger is not null then
		perform private.invalid(stranger);
	end if;
end
$$;
comment on function private.only_fields is
	'VK422 invalid_argument unless payload is an object of these fields only: a mistyped one must not be lost in silence.';

create function private.text_field(payload jsonb, field text, longest int, required boolean default false)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
	value text := payload ->> field;
begin
	if coalesce(jsonb_typeof(payload -> field), 'null') not in ('null', 'string') or char_length(value) > longest
		or (required and private.is_blank(value)) then
		perform private.invalid(field);
	end if;
	return case when not private.is_blank(value) then btrim(value) end;
end
$$;
comment on function private.text_field is 'A trimmed text of a payload; null when absent or blank, unless required.';

create function private.typed_field(payload jsonb, field text, type regtype)
returns text
language plpgsql stable
set search_path = ''
as $$
declare
	value text := payload ->> field;
	canonical text;
begin
	if value is null then
		return null;
	end if;
	-- Postgres also takes 'tomorrow' for a time
	if jsonb_typeof(payload -> field) not in ('string', 'number', 'boolean')
		or (type = 'timestamptz'::regtype and value !~ '^\d{4}-\d\d-\d\d') then
		perform private.invalid(field);
	end if;
	execute format('select $1::%s::text', type) into canonical using value;
	return canonical;
exception when data_exception or check_violation then
	perform private.invalid(field);
end
$$;
comment on function private.typed_field is
	'A value of a payload in the canonical text of a type, to be cast to it; null when absent.';

create function private.list_field(payload jsonb, field text, type regtype)
returns text[]
language plpgsql stable
set search_path = ''
as $$
begin
	if jsonb_typeof(payload -> field) <> 'array' or jsonb_array_length(payload -> field) > 200 then
		perform private.invalid(field);
	end if;
	return array(
		select private.typed_field(jsonb_build_object(field, i), field, type)
		from jsonb_array_elements(payload -> field) i
	);
end
$$;
comment on function private.list_field is 'A list of a payload, its items in the canonical text of a type.';

revoke execute on function private.invalid, private.only_fields, private.text_field, private.typed_field,
	private.list_field
	from public, anon, authenticated;
