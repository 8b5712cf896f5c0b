/** The first line of every staff load, action and endpoint. */
import { error } from '@sveltejs/kit';
import { m } from '$lib/paraglide/messages.js';
import { can, type Actor, type Permission } from './actor.ts';
import { mayOpen, type PageId } from './pages.ts';
import type { Visitor } from './visitor.ts';

type Locals = { visitor: Visitor };

/** @throws 503 when nobody can say who it is, 401 when it is no employee */
export function requireEmployee({ visitor }: Locals): Actor {
	if (visitor.kind === 'employee') return visitor.actor;
	if (visitor.kind === 'unknown') error(503, m.error_unavailable());
	error(401, m.error_not_signed_in());
}

/** @throws 403 when the employee's role lacks the permission; otherwise as requireEmployee */
export function requirePermission(locals: Locals, permission: Permission): Actor {
	const actor = requireEmployee(locals);
	if (!can(actor, permission)) error(403, m.error_not_allowed());
	return actor;
}

/** @throws 403 when the page is not in the employee's menu; otherwise as requireEmployee */
export function requirePage(locals: Locals, page: PageId): Actor {
	const actor = requireEmployee(locals);
	if (!mayOpen(actor, page)) error(403, m.error_not_allowed());
	return actor;
}
