-- What every installation starts with: seven columns and the company's settings. Safe to repeat:
-- it fills empty tables only, so it never brings back a column that a company removed.

insert into public.stages (name, kind, colour, position, norm_minutes, requires_reason)
select s.name::jsonb, s.kind::public.stage_kind, s.colour, s.position, s.norm_minutes, s.requires_reason
from (values
	('{"en": "Unassigned", "ru": "Не назначена", "uk": "Не призначена"}', 'unassigned', '#7c8594', 1, 60, false),
	('{"en": "Assigned", "ru": "Назначена", "uk": "Призначена"}', 'assigned', '#4a7fc1', 2, 480, false),
	('{"en": "In progress", "ru": "В работе", "uk": "У роботі"}', 'in_progress', '#b98a2f', 3, 2880, false),
	('{"en": "Waiting", "ru": "Ожидание", "uk": "Очікування"}', 'waiting', '#8d6bb8', 4, 4320, false),
	('{"en": "Done", "ru": "Исполнена", "uk": "Виконана"}', 'done', '#3f9a6b', 5, 2880, false),
	('{"en": "Closed", "ru": "Закрыта", "uk": "Закрита"}', 'closed', '#4f8f95', 6, null::int, false),
	('{"en": "Refused", "ru": "Отказ", "uk": "Відмова"}', 'refused', '#b8616b', 7, null, true)
) s (name, kind, colour, position, norm_minutes, requires_reason)
where not exists (select from public.stages);

insert into public.settings (company_name) values ('Verstak') on conflict (id) do nothing;
