/** The staff pages that exist, and who may open them: for the menu, the guard and the way home. */
import { can, type Actor, type Role } from './actor.ts';

export type PageId =
	| 'board'
	| 'dispatch'
	| 'my'
	| 'orders'
	| 'clients'
	| 'leads'
	| 'campaigns'
	| 'services'
	| 'statistics'
	| 'team'
	| 'tokens';
export type StaffPage = { id: PageId; href: string; open: (actor: Actor) => boolean };

const readsBoard = (actor: Actor) => can(actor, 'board.read');

const pages: readonly StaffPage[] = [
	// a master's day starts with his own list; the board comes second
	{ id: 'my', href: '/app/my', open: (actor) => actor.role === 'master' && readsBoard(actor) },
	{ id: 'board', href: '/app/board', open: readsBoard },
	{
		id: 'dispatch',
		href: '/app/dispatch',
		open: (actor) => readsBoard(actor) && can(actor, 'orders.read') && can(actor, 'masters.read')
	},
	{ id: 'orders', href: '/app/orders', open: (actor) => can(actor, 'orders.read') },
	{ id: 'clients', href: '/app/clients', open: (actor) => can(actor, 'clients.read') },
	{ id: 'leads', href: '/app/leads', open: (actor) => can(actor, 'leads.read') },
	{ id: 'campaigns', href: '/app/campaigns', open: (actor) => can(actor, 'campaigns.read') },
	{
		id: 'services',
		href: '/app/services',
		// prices are for those who speak with clients, too
		open: (actor) => can(actor, 'services.manage') || can(actor, 'orders.create')
	},
	{ id: 'statistics', href: '/app/statistics', open: (actor) => can(actor, 'statistics.read') },
	{ id: 'team', href: '/app/team', open: (actor) => can(actor, 'masters.read') },
	{ id: 'tokens', href: '/app/settings/tokens', open: (actor) => can(actor, 'tokens.manage') }
];

/** in menu order */
export const pagesOf = (actor: Actor) => pages.filter((page) => page.open(actor));

/** a phone's bar is as wide as five thumbs; the last is for all the rest */
const BAR = 5;
const leading: Partial<Record<Role, readonly PageId[]>> = {
	operator: ['leads', 'orders', 'clients', 'board'],
	manager: ['board', 'orders', 'statistics', 'leads'],
	admin: ['board', 'orders', 'statistics', 'leads']
};

/** Pages that do not fit a phone's bar; empty when all of them do. Those of the role's day stay. */
export function beyondPhoneBar(actor: Actor): readonly PageId[] {
	const all = pagesOf(actor).map(({ id }) => id);
	if (all.length <= BAR) return [];
	const first = (leading[actor.role] ?? []).filter((id) => all.includes(id));
	return [...new Set([...first, ...all])].slice(BAR - 1);
}

/** Where somebody lands after signing in: the first page of their menu. */
export const homeOf = (actor: Actor) => pagesOf(actor)[0]?.href ?? '/app';

export const mayOpen = (actor: Actor, id: PageId) =>
	pages.some((page) => page.id === id && page.open(actor));
