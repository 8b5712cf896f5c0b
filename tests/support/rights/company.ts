import type { RightsTopic } from './rights.ts';

export const companyRights: RightsTopic = {
	calls: [
		{ name: 'my_permissions', needs: 'everybody', statement: 'select public.my_permissions()' },
		{ name: 'my_topics', needs: 'everybody', statement: 'select public.my_topics()' }
	],
	helpers: [
		'private.can',
		'private.my_id',
		'private.may_join',
		'private.may_send',
		'private.my_locations',
		'private.my_permissions',
		'private.my_topics',
		'private.sees_location'
	],
	attempts: `
locations | select | employee | select * from public.locations where id = :location
locations | insert | locations.manage | insert into public.locations (name) values ('New') returning id
locations | update | locations.manage | update public.locations set name = 'New' where id = :location returning id
locations | delete | nobody | delete from public.locations where id = :location returning id
role_permissions | select | roles.read | select * from public.role_permissions
role_permissions | insert | roles.manage roles.read | insert into public.role_permissions (role, permission) values ('marketer', 'orders.create') returning role
role_permissions | update | nobody | update public.role_permissions set permission = 'orders.fly' where role = 'operator' returning role
role_permissions | delete | roles.manage roles.read | delete from public.role_permissions where role = 'operator' returning role
settings | select | everybody | select * from public.settings
settings | insert | nobody | insert into public.settings (company_name) values ('New') returning id
settings | update | settings.manage | update public.settings set company_name = 'New' returning id
settings | delete | nobody | delete from public.settings returning id
stages | select | board.read | select * from public.stages
stages | insert | stages.manage board.read | insert into public.stages (name, kind, colour, position) values ('{"en": "N", "ru": "Н", "uk": "Н"}', 'waiting', '#123456', 50) returning id
stages | update | stages.manage board.read | update public.stages set colour = '#123456' returning id
stages | delete | stages.manage board.read | delete from public.stages where kind = 'waiting' returning id
stage_transitions | select | board.read | select * from public.stage_transitions
stage_transitions | insert | roles.manage board.read | insert into public.stage_transitions (from_kind, to_kind, permission) values ('unassigned', 'closed', 'orders.move') returning permission
stage_transitions | update | roles.manage board.read | update public.stage_transitions set permission = 'orders.move' returning permission
stage_transitions | delete | roles.manage board.read | delete from public.stage_transitions returning permission
`
};
