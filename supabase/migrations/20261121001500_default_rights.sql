-- The rights a new installation starts with. They belong to the schema, as policies do; afterwards
-- administrators edit them, and nothing puts a right back that was taken away.

insert into public.role_permissions (role, permission)
select roles.role::public.employee_role, matrix.permission
from (values
	-- the board and orders
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
	('views.share', '{coordinator,manager,admin}'),
	-- money of orders: lines' prices, totals, invoices, payments; costs are what parts cost us
	('orders.money', '{operator,coordinator,manager,admin}'),
	('orders.costs', '{manager,admin}'),
	('invoices.manage', '{coordinator,manager,admin}'),
	('payments.record', '{coordinator,manager,admin}'),
	('payments.refund', '{manager,admin}'),
	-- masters and their time
	('masters.read', '{operator,coordinator,manager,admin}'),
	('shifts.read', '{coordinator,manager,admin}'),
	('shifts.correct', '{coordinator,manager,admin}'),
	-- clients and what is theirs: phones, assets, interactions
	('clients.read', '{operator,coordinator,manager,admin}'),
	('clients.create', '{operator,coordinator,manager,admin}'),
	('clients.update', '{operator,coordinator,manager,admin}'),
	('clients.blacklist', '{coordinator,manager,admin}'),
	('clients.override_blacklist', '{manager,admin}'),
	('clients.merge', '{manager,admin}'),
	-- leads, catalogue, campaigns, contracts
	('leads.read', '{operator,manager,admin}'),
	('leads.work', '{operator,manager,admin}'),
	('leads.convert', '{operator,manager,admin}'),
	('services.manage', '{marketer,manager,admin}'),
	('campaigns.read', '{marketer,manager,admin}'),
	('campaigns.manage', '{marketer,admin}'),
	('campaigns.money', '{marketer,manager,admin}'),
	('contracts.read', '{manager,admin}'),
	('contracts.manage', '{manager,admin}'),
	-- statistics: counts for everybody; reports and revenue by day, place and master
	('statistics.read', '{operator,coordinator,master,marketer,manager,admin}'),
	('reports.read', '{coordinator,manager,admin}'),
	('reports.money', '{manager,admin}'),
	('data.export', '{manager,admin}'),
	('data.import', '{manager,admin}'),
	-- the company
	('employees.read', '{operator,coordinator,manager,admin}'),
	('employees.manage', '{manager,admin}'),
	('employees.manage_admins', '{admin}'),
	('stages.manage', '{manager,admin}'),
	('locations.manage', '{admin}'),
	('settings.manage', '{admin}'),
	('roles.read', '{manager,admin}'),
	('roles.manage', '{admin}'),
	('tokens.manage', '{admin}'),
	('notifications.read', '{admin}'),
	('audit.read', '{admin}'),
	('backups.manage', '{admin}')
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
