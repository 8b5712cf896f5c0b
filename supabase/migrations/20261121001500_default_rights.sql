-- The rights a new installation starts with. They belong to the schema, as policies do; afterwards
-- administrators edit them, and nothing puts a right back that was taken away.

insert into public.role_permissions (role, permission)
select roles.role::public.employee_role, matrix.permission
from (values
	('board.read', '{operator,coordinator,master,manager,admin}'::text[]),
	('orders.read', '{operator,coordinator,manager,admin}'),
	('orders.create', '{operator,coordinator,manager,admin}'),
	('orders.update', '{coordinator,manager,admin}'),
	('orders.move', '{coordinator,manager,admin}'),
	('orders.assign', '{coordinator,manager,admin}'),
	('orders.work', '{coordinator,master,manager,admin}'),
	('orders.refuse', '{coordinator,manager,admin}'),
	('orders.close', '{coordinator,manager,admin}'),
	('orders.reopen', '{coordinator,manager,admin}'),
	('masters.read', '{operator,coordinator,manager,admin}'),
	('clients.read', '{operator,coordinator,manager,admin}'),
	('clients.create', '{operator,coordinator,manager,admin}'),
	('clients.update', '{coordinator,manager,admin}'),
	('employees.read', '{operator,coordinator,manager,admin}'),
	('employees.manage', '{manager,admin}'),
	('employees.manage_admins', '{admin}'),
	('stages.manage', '{manager,admin}'),
	('locations.manage', '{admin}'),
	('settings.manage', '{admin}'),
	('roles.read', '{manager,admin}'),
	('roles.manage', '{admin}')
) matrix (permission, roles)
cross join lateral unnest(matrix.roles) roles (role);

insert into public.stage_transitions (from_kind, to_kind, permission)
select t.from_kind::public.stage_kind, t.to_kind::public.stage_kind, t.permission
from (values
	('unassigned', 'unassigned', 'orders.move'),
	('unassigned', 'assigned', 'orders.assign'),
	('unassigned', 'in_progress', 'orders.work'),
	('unassigned', 'waiting', 'orders.move'),
	('unassigned', 'done', 'orders.work'),
	('unassigned', 'refused', 'orders.refuse'),
	('assigned', 'unassigned', 'orders.assign'),
	('assigned', 'assigned', 'orders.move'),
	('assigned', 'in_progress', 'orders.work'),
	('assigned', 'waiting', 'orders.work'),
	('assigned', 'done', 'orders.work'),
	('assigned', 'refused', 'orders.refuse'),
	('in_progress', 'unassigned', 'orders.assign'),
	('in_progress', 'assigned', 'orders.move'),
	('in_progress', 'in_progress', 'orders.work'),
	('in_progress', 'waiting', 'orders.work'),
	('in_progress', 'done', 'orders.work'),
	('in_progress', 'refused', 'orders.refuse'),
	('waiting', 'unassigned', 'orders.assign'),
	('waiting', 'assigned', 'orders.move'),
	('waiting', 'in_progress', 'orders.work'),
	('waiting', 'waiting', 'orders.work'),
	('waiting', 'done', 'orders.work'),
	('waiting', 'refused', 'orders.refuse'),
	('done', 'assigned', 'orders.reopen'),
	('done', 'in_progress', 'orders.reopen'),
	('done', 'waiting', 'orders.reopen'),
	('done', 'done', 'orders.move'),
	('done', 'closed', 'orders.close'),
	('closed', 'in_progress', 'orders.reopen'),
	('closed', 'done', 'orders.reopen'),
	('closed', 'closed', 'orders.move'),
	('refused', 'unassigned', 'orders.reopen'),
	('refused', 'closed', 'orders.close'),
	('refused', 'refused', 'orders.move')
) t (from_kind, to_kind, permission);
