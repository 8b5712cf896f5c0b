import type { Role } from '$lib/access/actor.ts';
import { m } from '$lib/paraglide/messages.js';

const names: Record<Role, () => string> = {
	operator: m.role_operator,
	coordinator: m.role_coordinator,
	master: m.role_master,
	marketer: m.role_marketer,
	manager: m.role_manager,
	admin: m.role_admin
};

export const roleName = (role: Role) => names[role]();
