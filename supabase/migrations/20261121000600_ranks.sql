-- Ranks: where a card stands in its column, as text in byte order. A new rank between two others
-- never touches any other row. Digits are 0-9A-Za-z (base 62, ascending in collation "C").
--
-- The first six digits count like a number, so adding to either end of a column steps it and the
-- rank stays eight digits long (about ten million times); in the middle, the gap is halved and the
-- rank grows by a digit in about six halvings. Every rank is drawn at random from the middle half
-- of its gap, so that two people who drop into one gap at the same instant get different ranks.

create function private.rank_step(start text, direction int)
returns text
language plpgsql volatile
set search_path = ''
as $$
declare
	digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
	places constant int := 6;
	limit_ constant bigint := 56800235584; -- 62 ^ places
	value bigint := 0;
	result text := '';
begin
	if start is null then
		value := limit_ / 2;
	else
		for place in 1 .. places loop
			value := value * 62 + strpos(digits, right(rpad(start, place, '0'), 1)) - 1;
		end loop;
	end if;
	value := value + direction * (1000 + floor(random() * 3000)::bigint);
	if value <= 0 or value >= limit_ then
		return null;
	end if;
	for place in 1 .. places loop
		result := substr(digits, (value % 62)::int + 1, 1) || result;
		value := value / 62;
	end loop;
	-- two random digits more, so that simultaneous steps from one card differ; the last is never 0
	return result || substr(digits, 1 + floor(random() * 62)::int, 1)
		|| substr(digits, 2 + floor(random() * 61)::int, 1);
end
$$;
comment on function private.rank_step is
	'A rank some way after (1) or before (-1) start, eight digits long; null when the numbers have run out.';

create function private.rank_between(a text, b text)
returns text
language plpgsql volatile
set search_path = ''
as $$
declare
	digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
	room constant bigint := 238328; -- 62 ^ 3: at least so many ranks to draw from
	gap bigint := 0;
	place int := 0;
	result text := '';
	rest bigint;
begin
	if a collate "C" >= b collate "C" then
		raise exception 'rank_between: % is not before %', a, b using errcode = '22023';
	end if;
	if a is null or b is null then
		result := private.rank_step(coalesce(a, b), case when b is null then 1 else -1 end);
		if result is not null then
			return result;
		end if;
		result := '';
	end if;
	-- the gap between a and b in units of the digit at `place`; before the first rank lies 0,
	-- after the last lies 1.000…
	gap := case when b is null then 1 else 0 end;
	while gap < room loop
		place := place + 1;
		gap := gap * 62
			+ strpos(digits, right(rpad(coalesce(b, ''), place, '0'), 1))
			- strpos(digits, right(rpad(coalesce(a, ''), place, '0'), 1));
		if place > 1000 then
			raise exception 'rank_between: no room after 1000 digits' using errcode = '22023';
		end if;
	end loop;
	-- a plus something from the middle half of the gap, written from the last digit on
	rest := gap / 4 + floor(random() * (gap / 2))::bigint;
	while place > 0 loop
		rest := rest + strpos(digits, right(rpad(coalesce(a, ''), place, '0'), 1)) - 1;
		result := substr(digits, (rest % 62)::int + 1, 1) || result;
		rest := rest / 62;
		place := place - 1;
	end loop;
	-- a rank ending in 0 would have no place before it
	return regexp_replace(result, '0$', '1');
end
$$;
comment on function private.rank_between is
	'A new rank after a and before b (null: the end of the column), drawn at random. 22023 if a is not before b.';

revoke execute on function private.rank_step, private.rank_between
	from public, anon, authenticated;
